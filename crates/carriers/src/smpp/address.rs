//! Addresses as SMPP has them (type of number, numbering plan, characters), to parties and back.
//! Never guesses a country other than the account's own.

use convo_phone::{Country, Name, Number, Party, ShortCode};

use super::pdu::{Fields, TooShort, latin1, put_string};
use super::settings::{Addresses, TypeOfNumber};

const INTERNATIONAL: u8 = 1;
const NATIONAL: u8 = 2;
const NETWORK_SPECIFIC: u8 = 3;
const SUBSCRIBER: u8 = 4;
const ALPHANUMERIC: u8 = 5;
const ABBREVIATED: u8 = 6;

/// The most digits that a short code is given; longer ones are numbers, whatever their type says.
const MAX_SHORT_DIGITS: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub ton: u8,
    pub npi: u8,
    pub characters: Vec<u8>,
}

impl Address {
    /// `None` for a name with letters that the protocol's strings cannot say.
    pub fn of(party: &Party, types: &Addresses) -> Option<Self> {
        let (TypeOfNumber { ton, npi }, text) = match party {
            Party::Number(number) => (types.number, number.digits().to_string()),
            Party::ShortCode(code) => (types.short_code, code.digits().to_owned()),
            Party::Name(name) => (types.name, name.as_str().to_owned()),
        };
        let characters: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(letter).ok()).collect();
        Some(Self { ton, npi, characters: characters? })
    }

    pub fn read(fields: &mut Fields<'_>) -> Result<Self, TooShort> {
        Ok(Self { ton: fields.octet()?, npi: fields.octet()?, characters: fields.string().to_vec() })
    }

    pub fn put(&self, out: &mut Vec<u8>) {
        out.extend([self.ton, self.npi]);
        put_string(out, &self.characters);
    }

    /// Who it is. `None` if it is nobody: empty, a digit or two, more digits than any number has.
    pub fn party(&self, country: Country) -> Option<Party> {
        let text = latin1(&self.characters);
        if text.chars().any(char::is_alphabetic) {
            return name(&text).map(Party::Name);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if let Some(abroad) = text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
            return international(abroad.trim_start_matches('+'));
        }
        let is_short = (3..=MAX_SHORT_DIGITS).contains(&digits.len());
        match self.ton {
            INTERNATIONAL => international(&digits).or_else(|| short_code(country, &digits)),
            NETWORK_SPECIFIC | ABBREVIATED if is_short => short_code(country, &digits),
            NATIONAL => Party::parse(&digits, country).ok(),
            SUBSCRIBER | ALPHANUMERIC if is_short => Party::parse(&digits, country).ok(),
            _ => of_unknown_type(&digits, country),
        }
    }
}

/// Most carriers that do not say the type give the whole number without its plus; some give it as dialled at home.
fn of_unknown_type(digits: &str, country: Country) -> Option<Party> {
    let is_valid = |party: &Party| matches!(party, Party::Number(number) if number.describe().is_valid);
    let abroad = international(digits);
    if digits.starts_with(&country.calling_code().to_string())
        && let Some(abroad) = abroad.clone().filter(is_valid)
    {
        return Some(abroad);
    }
    let at_home = Party::parse(digits, country).ok();
    at_home.clone().filter(is_valid).or_else(|| abroad.filter(is_valid)).or(at_home)
}

fn international(digits: &str) -> Option<Party> {
    let text = format!("+{digits}");
    Number::parse(&text, None).or_else(|_| Number::from_e164(&text)).ok().map(Party::Number)
}

fn short_code(country: Country, digits: &str) -> Option<Party> {
    ShortCode::new(country, digits).ok().map(Party::ShortCode)
}

/// A name that breaks the rules is shortened, not lost: the text behind it was sent to somebody.
fn name(text: &str) -> Option<Name> {
    if let Ok(name) = Name::new(text) {
        return Some(name);
    }
    let plain: String = text.chars().map(|sign| if sign.is_ascii_graphic() { sign } else { ' ' }).collect();
    (1..=plain.len().min(Name::MAX_SEPTETS)).rev().find_map(|length| Name::new(&plain[..length]).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ton: u8, text: &str, country: &str) -> String {
        let address = Address { ton, npi: 1, characters: text.bytes().collect() };
        address.party(country.parse().unwrap()).map_or_else(|| "nobody".to_owned(), |party| party.to_string())
    }

    #[test]
    fn senders_are_read_as_carriers_write_them() {
        for (ton, text, country, read_as) in [
            (1, "447700900461", "GB", "+447700900461"),
            (1, "+447700900461", "US", "+447700900461"),
            (0, "447400123456", "GB", "+447400123456"),
            (0, "447400123456", "US", "+447400123456"),
            (0, "00447400123456", "DE", "+447400123456"),
            (0, "07400123456", "GB", "+447400123456"),
            (2, "7400123456", "GB", "+447400123456"),
            (0, "2015550123", "US", "+12015550123"),
            (0, "12015550123", "US", "+12015550123"),
            (0, "4915123456789", "DE", "+4915123456789"),
            (5, "Acme Bank", "GB", "Acme Bank"),
            (0, "Acme", "GB", "Acme"),
            (5, "24273", "US", "short:US:24273"),
            (3, "24273", "US", "short:US:24273"),
            (6, "60300", "GB", "short:GB:60300"),
            (0, "60300", "GB", "short:GB:60300"),
            (1, "888", "GB", "short:GB:888"),
            (5, "A very long name", "GB", "A very long"),
            (0, "", "GB", "nobody"),
            (1, "1", "GB", "nobody"),
        ] {
            assert_eq!(read(ton, text, country), read_as, "ton {ton} {text:?} in {country}");
        }
    }

    #[test]
    fn parties_are_written_by_what_they_are() {
        let types = Addresses::default();
        for (party, ton, npi, text) in
            [("+447700900461", 1, 1, "447700900461"), ("short:GB:60300", 3, 0, "60300"), ("Acme", 5, 0, "Acme")]
        {
            let address = Address::of(&party.parse().unwrap(), &types).unwrap();
            assert_eq!(address, Address { ton, npi, characters: text.bytes().collect() });
        }
        assert_eq!(Address::of(&"ΔΔ Δ".parse().unwrap(), &types), None);
    }
}
