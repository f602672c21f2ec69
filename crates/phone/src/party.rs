//! Who is on the other side of a text: a number, a short code of a country, or a name.
//! Never says whether one may answer; a name cannot be answered, which its type shows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::number::{Country, Number, Unreadable};
use crate::sms;

/// The address of a text's sender or receiver. As text, and stored: `+447700900461`, `short:US:24273`, `Acme Bank`.
/// No two parties have the same text: a short code's is longer than a name may be, and a name has a letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Party {
    Number(Number),
    ShortCode(ShortCode),
    Name(Name),
}

/// What is neither a number, nor a short code, nor a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAParty {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("A short code is three to eight digits.")]
    ShortCode,
    #[error("A sender's name is at most eleven letters, digits and signs, with at least one letter.")]
    Name,
}

/// A few digits that only one country's networks know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortCode {
    pub country: Country,
    digits: String,
}

/// An alphanumeric sender (3GPP TS 23.040, 9.1.2.5): at most eleven septets of the GSM alphabet, of which `^{}\[~]|€` take two, with at least one letter.
/// Kept as written, without spaces around it: two that differ in case alone are two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Party {
    /// Reads what a person typed or a carrier says. A letter makes it a name, unless it is too long for one (1-800-FLOWERS);
    /// three to six digits that are no number of the country are a short code there.
    pub fn parse(text: &str, country: Country) -> Result<Self, NotAParty> {
        let text = text.trim();
        if let Some(code) = stored_short_code(text) {
            return Ok(Self::ShortCode(code));
        }
        if text.chars().any(char::is_alphabetic) {
            return match Name::new(text) {
                Ok(name) => Ok(Self::Name(name)),
                Err(error) => Number::parse(text, Some(country)).map(Self::Number).map_err(|_| error),
            };
        }
        let is_short = (3..=6).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        match Number::parse(text, Some(country)) {
            Ok(number) if !is_short || number.describe().is_valid => Ok(Self::Number(number)),
            _ if is_short => ShortCode::new(country, text).map(Self::ShortCode),
            Ok(number) => Ok(Self::Number(number)),
            Err(error) => Err(error.into()),
        }
    }

    /// The country, if there is one to tell: names have none.
    pub fn country(&self) -> Option<Country> {
        match self {
            Self::Number(number) => number.country(),
            Self::ShortCode(code) => Some(code.country),
            Self::Name(_) => None,
        }
    }
}

/// `short:US:24273`. What only looks like it (`short:US:1`) may be a name.
fn stored_short_code(text: &str) -> Option<ShortCode> {
    let (country, digits) = text.strip_prefix("short:")?.split_once(':')?;
    ShortCode::new(country.parse().ok()?, digits).ok()
}

impl ShortCode {
    /// Three to eight digits. There is no list of them in the world: whether it exists, its country's networks know.
    pub fn new(country: Country, digits: &str) -> Result<Self, NotAParty> {
        let fits = (3..=8).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if fits { Ok(Self { country, digits: digits.to_owned() }) } else { Err(NotAParty::ShortCode) }
    }

    pub fn digits(&self) -> &str {
        &self.digits
    }
}

impl Name {
    /// The most septets that the address of a short message holds.
    pub const MAX_SEPTETS: usize = 11;

    pub fn new(text: &str) -> Result<Self, NotAParty> {
        let text = text.trim();
        let septets = sms::encode_gsm7(text).ok_or(NotAParty::Name)?;
        let fits = septets.len() <= Self::MAX_SEPTETS
            && text.chars().any(char::is_alphabetic)
            && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAParty::Name) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Party {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(out),
            Self::ShortCode(ShortCode { country, digits }) => write!(out, "short:{country}:{digits}"),
            Self::Name(Name(name)) => out.write_str(name),
        }
    }
}

impl FromStr for Party {
    type Err = NotAParty;

    /// Reads the stored form alone.
    fn from_str(text: &str) -> Result<Self, NotAParty> {
        if let Some(code) = stored_short_code(text) {
            return Ok(Self::ShortCode(code));
        }
        if text.chars().any(char::is_alphabetic) {
            return Name::new(text).map(Self::Name);
        }
        Ok(Self::Number(Number::from_e164(text)?))
    }
}

impl TryFrom<String> for Party {
    type Error = NotAParty;

    fn try_from(text: String) -> Result<Self, NotAParty> {
        text.parse()
    }
}

impl From<Party> for String {
    fn from(party: Party) -> Self {
        party.to_string()
    }
}
