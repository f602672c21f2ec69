//! What an administrator says of a carrier: how it is reached, what it carries, what its texts cost.
//! The same in the settings file (`[carriers.<name>]`) and on the pages of administrators.

use std::collections::BTreeMap;

use convo_carriers::{World, smpp};
use convo_phone::Party;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SIMULATOR;

const MAX_NAME_BYTES: usize = 30;
const MAX_PREFIXES: usize = 1_000;
const MAX_PREFIX_DIGITS: usize = 15;
const MAX_SEGMENTS_PER_SENDER_SECOND: u32 = 10_000;
/// A thousand of the currency for one segment: more is a slip.
const MAX_MICROS: i64 = 1_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarrierSettings {
    /// Switched off, it has no link: what waits for it leaves by another carrier that may, or waits on.
    #[serde(default = "yes")]
    pub enabled: bool,
    pub smpp: smpp::Settings,
    #[serde(default)]
    pub routes: Routes,
    #[serde(default)]
    pub prices: Prices,
    /// Segments a second of one sending number, as networks demand it of some (one a second of a long code in the US).
    #[serde(default)]
    pub segments_per_sender_second: Option<u32>,
}

/// Which texts leave by a carrier, where more than one would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Routes {
    /// Digits with which the receiver's number begins, the country's code first; everywhere, if there is none. The longest that fits goes first.
    pub prefixes: Vec<String>,
    /// Of those that fit equally well the lowest goes first.
    pub priority: i32,
    /// It also takes texts from numbers of other carriers of its world; most carriers refuse senders that they do not know.
    pub any_sender: bool,
    /// Its link is down for so long before other carriers take what waits for it: a restart is shorter.
    pub failover_after_secs: u32,
}

impl Default for Routes {
    fn default() -> Self {
        Self { prefixes: vec![], priority: 100, any_sender: false, failover_after_secs: 10 }
    }
}

/// Of a segment, in millionths of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prices {
    /// Wherever no prefix says something else.
    pub text_micros: i64,
    /// By the digits with which the receiver's number begins; the longest counts.
    pub by_prefix: BTreeMap<String, i64>,
    pub inbound_micros: i64,
}

/// What is wrong, for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WrongSettings(pub String);

impl CarrierSettings {
    pub fn world(&self) -> World {
        self.smpp.world
    }

    /// Whether they can work at all.
    pub fn check(&self) -> Result<(), WrongSettings> {
        self.smpp.check().map_err(|error| WrongSettings(error.to_string()))?;
        let digits = |text: &String| {
            (1..=MAX_PREFIX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let prices = [self.prices.text_micros, self.prices.inbound_micros];
        let rules = [
            (
                self.routes.prefixes.iter().chain(self.prices.by_prefix.keys()).all(digits),
                "a prefix is 1 to 15 digits that begin with the country's code, such as \"4477\"".to_owned(),
            ),
            (
                self.routes.prefixes.len() <= MAX_PREFIXES && self.prices.by_prefix.len() <= MAX_PREFIXES,
                format!("use at most {MAX_PREFIXES} prefixes"),
            ),
            (
                prices.iter().chain(self.prices.by_prefix.values()).all(|micros| (0..=MAX_MICROS).contains(micros)),
                format!("a price is 0 to {MAX_MICROS} millionths"),
            ),
            (
                self.segments_per_sender_second.is_none_or(|rate| (1..=MAX_SEGMENTS_PER_SENDER_SECOND).contains(&rate)),
                format!("`segments_per_sender_second` must be 1 to {MAX_SEGMENTS_PER_SENDER_SECOND}"),
            ),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, message)) => Err(WrongSettings(message)),
            None => Ok(()),
        }
    }
}

impl Routes {
    /// How many digits of the receiver's number speak for this carrier; `None` if it does not carry there.
    pub fn fit(&self, party: &Party) -> Option<usize> {
        if self.prefixes.is_empty() {
            return Some(0);
        }
        let to = digits_of(party)?;
        self.prefixes.iter().filter(|prefix| to.starts_with(prefix.as_str())).map(String::len).max()
    }
}

impl Prices {
    pub fn text_micros(&self, party: &Party) -> i64 {
        let to = digits_of(party).unwrap_or_default();
        let listed = self.by_prefix.iter().filter(|(prefix, _)| to.starts_with(prefix.as_str()));
        listed.max_by_key(|(prefix, _)| prefix.len()).map_or(self.text_micros, |(_, micros)| *micros)
    }
}

/// Short codes count as their country, names as nothing.
fn digits_of(party: &Party) -> Option<String> {
    match party {
        Party::Number(number) => Some(number.to_string().trim_start_matches('+').to_owned()),
        Party::ShortCode(code) => Some(code.country.calling_code().to_string()),
        Party::Name(_) => None,
    }
}

/// Numbers and parts keep it, addresses and variables contain it.
pub fn check_name(name: &str) -> Result<(), WrongSettings> {
    let fits = (1..=MAX_NAME_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    match name {
        SIMULATOR => Err(WrongSettings("the simulated carrier is always there; choose another name".to_owned())),
        _ if fits => Ok(()),
        _ => Err(WrongSettings(format!(
            "a carrier's name is 1 to {MAX_NAME_BYTES} small letters, digits and hyphens, such as \"acme-uk\""
        ))),
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(more: &str) -> Result<CarrierSettings, String> {
        let text = format!(r#"{{"smpp":{{"host":"smsc.example","system_id":"convo","country":"GB"}}{more}}}"#);
        let settings: CarrierSettings = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        settings.check().map(|()| settings).map_err(|error| error.to_string())
    }

    #[test]
    fn the_longest_prefix_decides_where_and_how_much() {
        let more = r#","routes":{"prefixes":["44","4477"]},"prices":{"text_micros":9,"by_prefix":{"44":5,"447":3}}"#;
        let settings = settings(more).unwrap();
        for (to, fit, micros) in [
            ("+447700900123", Some(4), 3),
            ("+442079460123", Some(2), 5),
            ("+12025550123", None, 9),
            ("short:GB:60300", Some(2), 5),
            ("ACME", None, 9),
        ] {
            let to: Party = to.parse().unwrap();
            assert_eq!((settings.routes.fit(&to), settings.prices.text_micros(&to)), (fit, micros), "{to}");
        }
    }

    #[test]
    fn without_prefixes_it_carries_everywhere() {
        let party = "+12025550123".parse().unwrap();
        assert_eq!(settings("").unwrap().routes.fit(&party), Some(0));
    }

    #[test]
    fn slips_are_told() {
        for (more, told) in [
            (r#","routes":{"prefixes":["+44"]}"#, "a prefix is"),
            (r#","routes":{"prefixes":[""]}"#, "a prefix is"),
            (r#","prices":{"text_micros":-1}"#, "a price is"),
            (r#","prices":{"by_prefix":{"44":9000000000}}"#, "a price is"),
            (r#","segments_per_sender_second":0"#, "segments_per_sender_second"),
            (r#","route":{}"#, "route"),
        ] {
            let error = settings(more).unwrap_err();
            assert!(error.contains(told), "{more}: {error}");
        }
    }

    #[test]
    fn names_are_small() {
        assert!(check_name("acme-uk").is_ok());
        for name in ["", "simulator", "Acme", "acme_uk", "a carrier", &"x".repeat(31)] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
