//! Why a text did not arrive, in the few ways that people can do something about.
//! Carriers' own codes are kept beside it as detail, never shown instead of it.

use serde::{Deserialize, Serialize};

/// The numbers are those that Twilio's users know from its error dictionary; they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub enum Failure {
    /// The carrier's queue is full.
    QueueOverflow,
    /// The carrier has closed our account.
    AccountSuspended,
    /// The phone is off or out of reach.
    Unreachable,
    /// The receiver or their carrier blocks us.
    Blocked,
    /// No phone has this number.
    UnknownHandset,
    /// A landline, or a carrier that takes no texts.
    Landline,
    /// Held back as unwanted by the carrier.
    Filtered,
    /// The carrier does not say.
    Unspecified,
    /// It did not arrive in the time that it was allowed.
    Expired,
    /// The sender may not be used on this route.
    SenderRefused,
    /// A live route refuses numbers that exist in films only.
    Fictional,
}

impl Failure {
    pub const ALL: [Self; 11] = [
        Self::QueueOverflow,
        Self::AccountSuspended,
        Self::Unreachable,
        Self::Blocked,
        Self::UnknownHandset,
        Self::Landline,
        Self::Filtered,
        Self::Unspecified,
        Self::Expired,
        Self::SenderRefused,
        Self::Fictional,
    ];

    pub fn code(self) -> u16 {
        match self {
            Self::QueueOverflow => 30001,
            Self::AccountSuspended => 30002,
            Self::Unreachable => 30003,
            Self::Blocked => 30004,
            Self::UnknownHandset => 30005,
            Self::Landline => 30006,
            Self::Filtered => 30007,
            Self::Unspecified => 30008,
            Self::Expired => 30036,
            Self::SenderRefused => 21606,
            Self::Fictional => 21211,
        }
    }
}

/// A number that no failure has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no failure has the code {0}")]
pub struct UnknownCode(u16);

impl From<Failure> for u16 {
    fn from(failure: Failure) -> Self {
        failure.code()
    }
}

impl TryFrom<u16> for Failure {
    type Error = UnknownCode;
    fn try_from(code: u16) -> Result<Self, UnknownCode> {
        Self::ALL.into_iter().find(|failure| failure.code() == code).ok_or(UnknownCode(code))
    }
}
