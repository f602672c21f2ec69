//! What a number is for, as its numbering plan says.
//! Never says what is behind it now: numbers are ported, and a line may take texts or not.

use serde::{Deserialize, Serialize};

/// The stored names never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    FixedLine,
    Mobile,
    /// Where the plan does not tell them apart, as in North America.
    FixedLineOrMobile,
    TollFree,
    PremiumRate,
    /// Caller and called share the price.
    SharedCost,
    Voip,
    /// One number for a person, wherever they are.
    Personal,
    Pager,
    /// One number for a company, whichever office answers ("universal access number").
    Company,
    Voicemail,
}

impl Kind {
    pub const ALL: [Self; 11] = [
        Self::FixedLine,
        Self::Mobile,
        Self::FixedLineOrMobile,
        Self::TollFree,
        Self::PremiumRate,
        Self::SharedCost,
        Self::Voip,
        Self::Personal,
        Self::Pager,
        Self::Company,
        Self::Voicemail,
    ];

    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::FixedLine => "fixed_line",
            Self::Mobile => "mobile",
            Self::FixedLineOrMobile => "fixed_line_or_mobile",
            Self::TollFree => "toll_free",
            Self::PremiumRate => "premium_rate",
            Self::SharedCost => "shared_cost",
            Self::Voip => "voip",
            Self::Personal => "personal",
            Self::Pager => "pager",
            Self::Company => "company",
            Self::Voicemail => "voicemail",
        }
    }

    /// Whether a phone that takes texts is to be expected.
    pub fn is_mobile(self) -> bool {
        matches!(self, Self::Mobile | Self::FixedLineOrMobile)
    }
}
