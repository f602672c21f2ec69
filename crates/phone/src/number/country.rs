//! A country that has a numbering plan.
//! Knows no names of countries: clients have them in their own languages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Kind, Number, plan};

/// Two capital letters of ISO 3166-1 (and `XK`, `AC`, `TA`, which numbering plans have and the list has not).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// Not the two letters of a country with a numbering plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no country with phone numbers has this code")]
pub struct UnknownCountry;

impl Country {
    /// Every country with a numbering plan of its own, in the order of their letters.
    pub fn all() -> Vec<Self> {
        plan::countries()
    }

    /// Two capital letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters")
    }

    /// What its numbers begin with, without the plus: 44.
    pub fn calling_code(self) -> u16 {
        plan::calling_code(self).unwrap_or_default()
    }

    /// A valid number of this kind, to show what one looks like. It may be somebody's: never send to it.
    pub fn example(self, kind: Kind) -> Option<Number> {
        Number::of(&plan::example(self, kind)?)
    }

    /// For tables of ours, whose countries a test looks up.
    pub(crate) const fn listed(letters: &[u8; 2]) -> Self {
        Self(*letters)
    }

    pub(super) fn from_letters(letters: &str) -> Option<Self> {
        let letters: [u8; 2] = letters.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_alphabetic).then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    /// Two letters, in any case.
    fn from_str(text: &str) -> Result<Self, UnknownCountry> {
        let country = Self::from_letters(text).ok_or(UnknownCountry)?;
        if plan::calling_code(country).is_some() { Ok(country) } else { Err(UnknownCountry) }
    }
}

impl TryFrom<String> for Country {
    type Error = UnknownCountry;

    fn try_from(text: String) -> Result<Self, UnknownCountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
