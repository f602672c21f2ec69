//! What people see at a glance: their account, what happened in it, and for administrators how the server does.
//! It only reads, and never more than some days or a page of anything.

pub mod access;
mod process;
pub mod routes;
mod store;

pub use process::begin;

use std::time::Duration;

use convo_db::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    billing::ledger::{Mode, Wallet},
    ids::NumberId,
    sms::verifications::history::VerificationCounts,
};

/// Numbers whose paid time ends so soon are named.
pub const SOON: Duration = Duration::from_secs(7 * 86_400);
pub const MAX_ENDING: usize = 5;
pub const RECENT: usize = 6;
pub const PAGE: usize = 30;
pub const MAX_PAGE: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboard {
    /// ISO 4217.
    pub currency: String,
    /// Days since 1 January 1970 in UTC: the last of `texts` and `costs`, which go back 30 days.
    pub today: i64,
    /// Of the numbers that I own. Days without texts are left out.
    pub texts: Vec<TextsOfDay>,
    /// What was spent, less what came back. Days without costs are left out.
    pub costs: Vec<CostOfDay>,
    pub numbers: NumbersAtAGlance,
    /// Of the same 30 days.
    pub verifications: VerificationCounts,
    pub wallets: Vec<Wallet>,
    /// What needs me, the most urgent first.
    pub warnings: Vec<Warning>,
    pub limits: Vec<Limit>,
    /// The newest of `GET /api/user/activity`.
    pub recent: Vec<Activity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextsOfDay {
    pub day: i64,
    pub sent: i64,
    pub received: i64,
    /// Of those that were sent.
    pub delivered: i64,
    pub failed: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow, ToSchema)]
pub struct CostOfDay {
    pub day: i64,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    /// The account of the ledger that it was paid to: `texts`, `numbers`, …
    pub kind: String,
    pub amount_micros: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NumbersAtAGlance {
    pub owned: usize,
    /// By others, with me.
    pub shared: usize,
    /// Of mine, what is paid for no longer than a week; the first one first, up to five.
    pub ending: Vec<EndingNumber>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndingNumber {
    pub id: NumberId,
    pub number: String,
    pub label: String,
    pub mode: Mode,
    pub monthly_micros: i64,
    pub paid_until: Timestamp,
    pub auto_renew: bool,
    /// It ends then, whatever is in the wallet.
    pub cancelled: bool,
}

/// What somebody has to do something about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// What is paid for has passed: it still receives, and is given back at `grace_until`.
    NumberUnpaid {
        id: NumberId,
        number: String,
        grace_until: Timestamp,
    },
    /// It renews itself a day before `paid_until`, but with those before it the wallet lacks that much.
    NumberLacksMoney {
        id: NumberId,
        number: String,
        paid_until: Timestamp,
        mode: Mode,
        missing_micros: i64,
    },
    /// It ends, because it does not renew itself.
    NumberEnds {
        id: NumberId,
        number: String,
        paid_until: Timestamp,
    },
    /// Of the texts of the last seven days.
    ManyFailed {
        failed: i64,
        sent: i64,
    },
    WalletOverdrawn {
        mode: Mode,
        balance_micros: i64,
        credit_limit_micros: i64,
    },
    EmailUnverified,
}

/// How much of something there may be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Limit {
    /// `numbers`; `credit`, which is in millionths of the currency.
    pub name: &'static str,
    pub used: i64,
    pub max: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    ToppedUp,
    /// An administrator gave (above zero) or took.
    Adjusted,
    NumberBought,
    NumberRenewed,
    /// Anything else that was paid for.
    Spent,
    SignedIn,
    /// Somebody shared a number with me.
    NumberShared,
    /// Somebody replied STOP to a number of mine.
    OptedOut,
    /// Of one day.
    TextsFailed,
}

/// Something that happened in an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Activity {
    pub kind: ActivityKind,
    pub at: Timestamp,
    /// Which wallet, where it is about money.
    pub mode: Option<Mode>,
    pub amount_micros: Option<i64>,
    /// A number of mine or one that is shared with me.
    pub number: Option<String>,
    /// The other side: a phone, the reason of an administrator, a browser.
    pub about: Option<String>,
    pub count: Option<i64>,
    /// Where it stands in the list.
    #[serde(skip)]
    pub place: Place,
}

/// Newest first; of one moment, the higher id first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
pub struct Place {
    pub micros: i64,
    pub id: uuid::Uuid,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SystemHealth {
    pub version: &'static str,
    /// `sqlite` or `postgresql`.
    pub database: &'static str,
    /// How long a small question to it took.
    pub database_answer_micros: u64,
    /// Whether other nodes can be reached; on one node always.
    pub bus: bool,
    pub process: Process,
    /// Of this node.
    pub sockets: usize,
    pub carriers: Vec<CarrierHealth>,
    pub jobs: Vec<QueueHealth>,
    /// Oldest job that is due and was not begun.
    pub late_secs: u64,
}

/// Of this node. What the system does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct Process {
    /// Of one core, over a fifth of a second.
    pub cpu_percent: Option<f64>,
    pub cores: usize,
    pub memory_bytes: Option<u64>,
    pub uptime_secs: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CarrierHealth {
    pub name: String,
    pub mode: Mode,
    /// False: an administrator switched it off.
    pub enabled: bool,
    /// The node that has the link now; null while none has.
    pub linked_by: Option<String>,
    pub queued: i64,
    /// Since when the oldest text waits that could have left.
    pub waiting_since: Option<Timestamp>,
    pub on_the_wire: i64,
    /// Nobody knows whether they were sent.
    pub unknown: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct QueueHealth {
    pub queue: String,
    /// They wait, run, or are tried again later.
    pub waiting: i64,
    pub parked: i64,
    #[serde(skip)]
    pub due_at: Option<Timestamp>,
}

impl Activity {
    fn new(kind: ActivityKind, at: Timestamp, id: uuid::Uuid) -> Self {
        Self {
            kind,
            at,
            mode: None,
            amount_micros: None,
            number: None,
            about: None,
            count: None,
            place: Place { micros: at.micros(), id },
        }
    }
}
