//! Why something is not a phone number, said so that whoever typed it can put it right.
//! Never holds what was typed.

use serde::Serialize;

/// Serialized as its code. A number that nobody has is not among these: ask [`super::Number::describe`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    #[error("This is not a phone number.")]
    NotANumber,
    #[error("The number needs its country code, as in +44.")]
    MissingCountryCode,
    #[error("No country has this country code.")]
    UnknownCountryCode,
    #[error("The number is too short; perhaps the area code is missing.")]
    TooShort,
    #[error("The number is too long.")]
    TooLong,
    #[error("Numbers of this country are shorter or longer than this one.")]
    Impossible,
}

impl Unreadable {
    /// Stable, for programs; the sentence (`Display`) is for people and may change.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::MissingCountryCode => "missing_country_code",
            Self::UnknownCountryCode => "unknown_country_code",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Impossible => "impossible",
        }
    }
}
