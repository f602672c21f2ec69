//! The ledger: double entry, only ever added to. A transfer takes from one account and gives the same to another,
//! so that it balances by its shape (as in TigerBeetle); a wallet's row holds the sum of its transfers.
//! It never lets a wallet fall below its credit limit, and never does twice what has one key.

pub mod access;
pub mod actions;
mod store;

use convo_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    error::{Error, MissingMoney, Result},
    ids::{TransferId, UserId},
};

pub use store::Wallet;

/// One unit of the currency.
pub const UNIT: i64 = 1_000_000;
/// No single transfer moves more, and no wallet holds more: a thousand million units. Clients can count to nine times that.
pub const MAX_MICROS: i64 = 1_000_000_000 * UNIT;
pub const MAX_ABOUT_CHARS: usize = 200;

/// Play money pays for what is simulated, real money for what is real; neither ever pays for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Test,
    Live,
}

/// Each account has one wallet of each mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WalletId {
    pub user_id: UserId,
    pub mode: Mode,
}

/// One side of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// What the owner may spend.
    Wallet,
    /// Set aside for something that is not certain yet.
    Held,
    /// Payment providers, from whom money comes.
    Payments,
    /// Administrators, who give and take by hand.
    Administrators,
    /// What was earned with phone numbers.
    Numbers,
    /// What was earned with texts.
    Texts,
}

/// A movement that is wished for.
#[derive(Debug, Clone)]
pub struct Transfer {
    pub wallet: WalletId,
    /// Happens once, whoever repeats it. It begins with what it is for: `top_up:…`, `number:…`.
    pub key: String,
    pub from: Account,
    pub to: Account,
    /// 1 to `MAX_MICROS`.
    pub amount_micros: i64,
    /// For people: what it was for.
    pub about: String,
    pub made_by: Option<UserId>,
}

/// A movement that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow, ToSchema)]
pub struct Transferred {
    pub id: TransferId,
    #[serde(skip)]
    pub key: String,
    #[serde(skip)]
    pub user_id: UserId,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    #[sqlx(try_from = "String")]
    pub from_account: Account,
    #[sqlx(try_from = "String")]
    pub to_account: Account,
    pub amount_micros: i64,
    /// Of the wallet, afterwards.
    pub balance_micros: i64,
    pub about: String,
    #[serde(skip)]
    pub made_by: Option<UserId>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Transfer {
    /// Spends at once.
    pub fn charge(wallet: WalletId, key: String, to: Account, amount_micros: i64, about: String) -> Self {
        Self { wallet, key, from: Account::Wallet, to, amount_micros, about, made_by: None }
    }

    /// Sets aside what may have to be paid; ends with `settle` or `release`.
    pub fn hold(wallet: WalletId, key: String, amount_micros: i64, about: String) -> Self {
        Self::charge(wallet, key, Account::Held, amount_micros, about)
    }
}

impl Transferred {
    /// Gives a charge back, whole and once.
    pub fn refund(&self) -> Transfer {
        self.follow("refund", self.to_account, Account::Wallet)
    }

    /// What was held is spent. One hold ends in one way: `settle` and `release` have one key between them.
    pub fn settle(&self, to: Account) -> Transfer {
        self.follow("end", Account::Held, to)
    }

    /// What was held can be spent on something else again.
    pub fn release(&self) -> Transfer {
        self.follow("end", Account::Held, Account::Wallet)
    }

    fn follow(&self, what: &str, from: Account, to: Account) -> Transfer {
        Transfer {
            wallet: self.wallet(),
            key: format!("{}#{what}", self.key),
            from,
            to,
            amount_micros: self.amount_micros,
            about: self.about.clone(),
            made_by: None,
        }
    }

    pub fn wallet(&self) -> WalletId {
        WalletId { user_id: self.user_id, mode: self.mode }
    }

    /// The same movement as that one, which has the same key.
    fn is(&self, other: &Transfer) -> bool {
        (self.user_id, self.mode) == (other.wallet.user_id, other.wallet.mode)
            && (self.from_account, self.to_account) == (other.from, other.to)
            && self.amount_micros == other.amount_micros
    }
}

/// Why a transfer did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The wallet has less; so much more would do.
    NotEnough(MissingMoney),
    /// Another movement has that key: of two ways to end a hold, the other one came first.
    OtherwiseDone,
    /// The amount is none, or the wallet would hold more than it can.
    Amount,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotEnough(missing) => Self::payment_required(
                missing,
                format!("The wallet lacks {}. Top it up, then try again; nothing was charged.", Units(missing.micros)),
            ),
            Refusal::OtherwiseDone => {
                Self::conflict("already_settled", "That was settled otherwise in the meantime. Look again.")
            }
            Refusal::Amount => Self::invalid(
                "amount_micros",
                "amount_invalid",
                format!("Use a millionth to {} units, in millionths, and no wallet holds more.", MAX_MICROS / UNIT),
            ),
        }
    }
}

/// Millionths as people write them: at least two digits after the point.
struct Units(i64);

impl std::fmt::Display for Units {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (units, micros) = (self.0 / UNIT, (self.0 % UNIT).abs());
        let digits = format!("{micros:06}");
        let rest = digits.trim_end_matches('0');
        write!(f, "{units}.{rest:0<2}")
    }
}

impl Mode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl TryFrom<String> for Mode {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        match text.as_str() {
            "test" => Ok(Self::Test),
            "live" => Ok(Self::Live),
            _ => Err(Error::internal(anyhow::anyhow!("the mode {text:?} is not known"))),
        }
    }
}

impl Account {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Held => "held",
            Self::Payments => "payments",
            Self::Administrators => "administrators",
            Self::Numbers => "numbers",
            Self::Texts => "texts",
        }
    }
}

impl TryFrom<String> for Account {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        [Self::Wallet, Self::Held, Self::Payments, Self::Administrators, Self::Numbers, Self::Texts]
            .into_iter()
            .find(|account| account.as_str() == text)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("the account {text:?} is not known")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_write_them() {
        for (micros, text) in
            [(0, "0.00"), (1, "0.000001"), (7_500, "0.0075"), (1_200_000, "1.20"), (12_000_000, "12.00")]
        {
            assert_eq!(Units(micros).to_string(), text);
        }
    }
}
