//! What an administrator says of an SMPP account; most of it has a value that most carriers want.
//! A password prints as `***`, and no setting makes us trust a server that nobody vouches for.

use std::{fmt, time::Duration};

use convo_phone::Country;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
use utoipa::ToSchema;

use crate::World;

const MAX_SYSTEM_ID_BYTES: usize = 15;
/// The protocol says 8; carriers that give longer ones want them whole.
const MAX_PASSWORD_BYTES: usize = 64;
const MAX_SYSTEM_TYPE_BYTES: usize = 12;
const MAX_WINDOW: u16 = 10_000;
const MAX_SEGMENTS_PER_SECOND: u32 = 100_000;
const MAX_TIMEOUT_SECS: u32 = 3_600;
/// The relative time of the protocol counts days in two digits, and no carrier keeps a text longer.
const MAX_VALIDITY_SECS: u32 = 30 * 24 * 3_600;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppSettings)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub host: String,
    #[serde(default = "default_port")]
    pub port: u16,
    /// Absent: the link is in clear, and so is the password.
    #[serde(default)]
    pub tls: Option<Tls>,
    pub system_id: String,
    #[serde(default)]
    #[schema(value_type = String, write_only)]
    pub password: Password,
    #[serde(default)]
    pub system_type: String,
    #[serde(default)]
    pub bind: Bind,
    /// Where short codes, and numbers without their country, are at home.
    #[schema(value_type = String)]
    pub country: Country,
    /// A test server is no way to the world, whatever it answers.
    #[serde(default = "live")]
    pub world: World,
    /// Parts on the wire without an answer.
    #[serde(default = "default_window")]
    pub window: u16,
    #[serde(default = "default_rate")]
    pub segments_per_second: u32,
    #[serde(default)]
    pub text: Text,
    #[serde(default)]
    pub addresses: Addresses,
    #[serde(default)]
    pub message_ids: MessageIds,
    #[serde(default)]
    pub timing: Timing,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppTls)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The name in the server's certificate; the host, if absent.
    #[serde(default)]
    pub server_name: Option<String>,
    /// Certificates in PEM that are trusted as well as those that browsers trust: of a carrier with an authority of its own.
    #[serde(default)]
    pub extra_roots_pem: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppBind)]
#[serde(rename_all = "snake_case")]
pub enum Bind {
    /// One connection for both ways.
    #[default]
    Transceiver,
    /// A connection for each way.
    Pair,
}

/// How texts are written on this link.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppText)]
#[serde(default, deny_unknown_fields)]
pub struct Text {
    pub default_alphabet: DefaultAlphabet,
    pub long_messages: LongMessages,
    pub receipts: Receipts,
    /// How long the carrier tries; as long as it likes, if absent.
    pub validity_secs: Option<u32>,
}

/// What data coding 0 means to the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppDefaultAlphabet)]
#[serde(rename_all = "snake_case")]
pub enum DefaultAlphabet {
    /// GSM 7 bit, one septet in each octet.
    #[default]
    Unpacked,
    /// GSM 7 bit, as on the radio.
    Packed,
    Latin1,
}

/// How the carrier learns which part of a longer message this is.
///
/// There is no 16 bit reference: its header is one octet longer, and a text is cut for the shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppLongMessages)]
#[serde(rename_all = "snake_case")]
pub enum LongMessages {
    /// A header before the text.
    #[default]
    Header,
    /// The parameters `sar_msg_ref_num`, `sar_total_segments` and `sar_segment_seqnum`.
    Sar,
    /// Header and text in the parameter `message_payload`.
    MessagePayload,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppReceipts)]
#[serde(rename_all = "snake_case")]
pub enum Receipts {
    #[default]
    Always,
    OnFailure,
    Never,
}

/// Type of number and numbering plan, by what the address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppAddresses)]
#[serde(default, deny_unknown_fields)]
pub struct Addresses {
    pub number: TypeOfNumber,
    pub short_code: TypeOfNumber,
    pub name: TypeOfNumber,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppTypeOfNumber)]
#[serde(deny_unknown_fields)]
pub struct TypeOfNumber {
    pub ton: u8,
    pub npi: u8,
}

/// How the id of a receipt says that of its submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppMessageIds)]
#[serde(rename_all = "snake_case")]
pub enum MessageIds {
    /// Found out from the receipts of this link.
    #[default]
    Auto,
    Same,
    /// Submissions are answered in decimal, receipts are hexadecimal.
    ReceiptHexadecimal,
    /// Submissions are answered in hexadecimal, receipts are decimal.
    ReceiptDecimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SmppTiming)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// How often the carrier is asked whether it is still there; 0 is never.
    pub enquire_link_secs: u32,
    /// For connecting, TLS and the bind together.
    pub bind_timeout_secs: u32,
    pub response_timeout_secs: u32,
    /// A link on which nothing at all arrives for so long is opened anew.
    pub inactivity_secs: u32,
}

/// Only [`Password::expose`] gives it away.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Password(String);

/// What is wrong with the settings, for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("smpp: {0}")]
pub struct WrongSettings(String);

impl Settings {
    /// Whether they can work at all.
    pub fn check(&self) -> Result<(), WrongSettings> {
        let secs = 1..=MAX_TIMEOUT_SECS;
        let timing = &self.timing;
        let rules = [
            (!self.host.trim().is_empty(), "`host` is missing".to_owned()),
            (self.port > 0, "`port` is 0; most carriers have 2775".to_owned()),
            (!self.system_id.is_empty(), "`system_id` is missing; the carrier gave it with the password".to_owned()),
            (fits(&self.system_id, MAX_SYSTEM_ID_BYTES), limit("system_id", MAX_SYSTEM_ID_BYTES)),
            (fits(self.password.expose(), MAX_PASSWORD_BYTES), limit("password", MAX_PASSWORD_BYTES)),
            (fits(&self.system_type, MAX_SYSTEM_TYPE_BYTES), limit("system_type", MAX_SYSTEM_TYPE_BYTES)),
            ((1..=MAX_WINDOW).contains(&self.window), format!("`window` must be 1 to {MAX_WINDOW}")),
            (
                (1..=MAX_SEGMENTS_PER_SECOND).contains(&self.segments_per_second),
                format!("`segments_per_second` must be 1 to {MAX_SEGMENTS_PER_SECOND}"),
            ),
            (
                self.text.validity_secs.is_none_or(|validity| (60..=MAX_VALIDITY_SECS).contains(&validity)),
                format!("`text.validity_secs` must be 60 to {MAX_VALIDITY_SECS}"),
            ),
            (
                timing.enquire_link_secs <= MAX_TIMEOUT_SECS,
                format!("`timing.enquire_link_secs` must be 0 to {MAX_TIMEOUT_SECS}"),
            ),
            (secs.contains(&timing.bind_timeout_secs), range("bind_timeout_secs")),
            (secs.contains(&timing.response_timeout_secs), range("response_timeout_secs")),
            (secs.contains(&timing.inactivity_secs), range("inactivity_secs")),
        ];
        if let Some((_, message)) = rules.into_iter().find(|(holds, _)| !holds) {
            return Err(WrongSettings(message));
        }
        self.tls.as_ref().map_or(Ok(()), |tls| tls.extra_roots().map(drop))
    }
}

impl Tls {
    pub(super) fn extra_roots(&self) -> Result<Vec<CertificateDer<'static>>, WrongSettings> {
        let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(self.extra_roots_pem.as_bytes()).collect();
        match roots {
            Ok(roots) if roots.is_empty() != self.extra_roots_pem.trim().is_empty() => {
                Err(WrongSettings("`tls.extra_roots_pem` has no certificate in PEM".to_owned()))
            }
            Ok(roots) => Ok(roots),
            Err(error) => Err(WrongSettings(format!("`tls.extra_roots_pem` cannot be read: {error}"))),
        }
    }
}

impl Receipts {
    /// The octet `registered_delivery`.
    pub(super) fn octet(self) -> u8 {
        match self {
            Self::Never => 0,
            Self::Always => 1,
            Self::OnFailure => 2,
        }
    }
}

impl Timing {
    pub(super) fn enquire_link(&self) -> Option<Duration> {
        (self.enquire_link_secs > 0).then(|| seconds(self.enquire_link_secs))
    }

    pub(super) fn bind_timeout(&self) -> Duration {
        seconds(self.bind_timeout_secs)
    }

    pub(super) fn response_timeout(&self) -> Duration {
        seconds(self.response_timeout_secs)
    }

    pub(super) fn inactivity(&self) -> Duration {
        seconds(self.inactivity_secs)
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self { enquire_link_secs: 30, bind_timeout_secs: 30, response_timeout_secs: 60, inactivity_secs: 300 }
    }
}

impl Default for Addresses {
    fn default() -> Self {
        Self {
            number: TypeOfNumber { ton: 1, npi: 1 },
            short_code: TypeOfNumber { ton: 3, npi: 0 },
            name: TypeOfNumber { ton: 5, npi: 0 },
        }
    }
}

impl Password {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

/// Settings from the environment may have taken digits for a number. What is wrong is said without the value.
impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Whole(u64),
        }
        match Written::deserialize(deserializer) {
            Ok(Written::Text(text)) => Ok(Self(text)),
            Ok(Written::Whole(number)) => Ok(Self(number.to_string())),
            Err(_) => Err(D::Error::custom("a password is a text; put it into quotes")),
        }
    }
}

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

fn default_port() -> u16 {
    2775
}

fn default_window() -> u16 {
    10
}

fn default_rate() -> u32 {
    10
}

fn live() -> World {
    World::Live
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(u64::from(count))
}

/// A string of the protocol ends with a zero, so it cannot hold one.
fn fits(text: &str, max_bytes: usize) -> bool {
    text.len() <= max_bytes && text.is_ascii() && !text.contains('\0')
}

fn limit(name: &str, max_bytes: usize) -> String {
    format!("`{name}` must be at most {max_bytes} ASCII characters")
}

fn range(name: &str) -> String {
    format!("`timing.{name}` must be 1 to {MAX_TIMEOUT_SECS}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(more: &str) -> Result<Settings, String> {
        let text = format!(r#"{{"host":"smsc.example","system_id":"convo","password":"hidden","country":"GB"{more}}}"#);
        let settings: Settings = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        settings.check().map(|()| settings).map_err(|error| error.to_string())
    }

    #[test]
    fn four_settings_are_enough() {
        let settings = settings("").unwrap();
        assert_eq!((settings.port, settings.window, settings.segments_per_second), (2775, 10, 10));
        assert_eq!(settings.bind, Bind::Transceiver);
        assert_eq!(settings.world, World::Live);
        assert_eq!(settings.timing.enquire_link_secs, 30);
    }

    #[test]
    fn the_password_is_never_shown() {
        let settings = settings("").unwrap();
        assert!(!format!("{settings:?}").contains("hidden"));
        assert!(!serde_json::to_string(&settings).unwrap().contains("hidden"));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        for (more, named) in [
            (r#","port":0"#, "`port`"),
            (r#","window":0"#, "`window`"),
            (r#","segments_per_second":0"#, "`segments_per_second`"),
            (r#","system_type":"0123456789abc""#, "`system_type`"),
            (r#","text":{"validity_secs":1}"#, "`text.validity_secs`"),
            (r#","timing":{"response_timeout_secs":0}"#, "`timing.response_timeout_secs`"),
            (r#","tls":{"extra_roots_pem":"no certificate"}"#, "`tls.extra_roots_pem`"),
            (r#","acept_any":true"#, "acept_any"),
        ] {
            let error = settings(more).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
