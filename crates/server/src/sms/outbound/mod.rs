//! Texts on their way out: a row for each segment, from its acceptance to its end.
//! A part moves only forward, and nothing is ever put on the wire twice by itself.

pub mod actions;
pub mod routes;
mod store;

use std::time::Duration;

use convo_carriers::{Failure, Outcome, Submission};
use convo_db::Timestamp;
use convo_phone::sms;

use crate::{
    chat::messages::{Delivery, DeliveryState},
    ids::{NumberId, PartId, UserId},
};

pub use store::PartRow;

/// Carriers pass over longer texts, and nobody wants to pay for one by mistake (1,600 septets, as elsewhere in the trade).
pub const MAX_PARTS: usize = 10;
/// A part that was certainly not accepted waits so long before it is tried again; each time twice as long, up to a minute.
const TRY_AGAIN: Duration = Duration::from_secs(1);
const TRY_AGAIN_AT_MOST: Duration = Duration::from_secs(60);
/// Receipts of ids that nobody knows yet are kept so long.
pub const KEEP_EARLY_RECEIPTS: Duration = Duration::from_secs(24 * 3600);

/// A text that a person may send, as far as the conversation is concerned.
pub struct Wish<'a> {
    /// Which item of its batch it is.
    pub item: usize,
    pub number_id: NumberId,
    pub party: &'a str,
    pub body: &'a str,
    pub opted_out_at: Option<Timestamp>,
    pub due_in: Duration,
    pub max_price_micros: Option<i64>,
    /// Of its charge: the same for every repetition.
    pub key: String,
}

/// A text that is cut and paid, and gets its rows in the outbox together with its message.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub number_id: NumberId,
    pub carrier: String,
    pub from: String,
    pub to: String,
    pub encoding: sms::Encoding,
    pub texts: Vec<String>,
    /// Of each part.
    pub price_micros: i64,
    /// The confirmation of a STOP leaves in spite of it.
    pub exempt: bool,
    pub due_at: Timestamp,
}

impl Leaving {
    pub fn delivery(&self) -> Delivery {
        let segments = i64::try_from(self.texts.len()).unwrap_or(i64::MAX);
        Delivery {
            state: DeliveryState::Queued,
            failure: None,
            segments,
            price_micros: self.price_micros * segments,
            due_at: Some(self.due_at),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PartState {
    Queued,
    /// Committed before the wire: after a crash nobody knows whether it left.
    Submitting,
    Submitted,
    Delivered,
    Undelivered,
    Rejected,
    /// They said STOP, or an administrator did, before it left.
    Suppressed,
    Cancelled,
    Unknown,
    /// An administrator gave up waiting for news of an unknown one.
    Closed,
}

/// A segment of a text of which nobody knows whether it was sent. What it says is its people's own.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct UnknownText {
    pub id: PartId,
    #[sqlx(rename = "from_party")]
    pub from: String,
    #[sqlx(rename = "to_party")]
    pub to: String,
    pub carrier: String,
    /// Which of its segments, counted from one.
    pub part: i64,
    pub parts: i64,
    /// What is known of how it got lost.
    pub detail: Option<String>,
    pub created_at: Timestamp,
    /// Since when nobody knows.
    #[sqlx(rename = "changed_at")]
    pub since: Timestamp,
    /// Whose number it left from; `users` has their name.
    #[sqlx(rename = "user_id")]
    pub owner_id: UserId,
}

/// What somebody tells of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Wire(Submission),
    Receipt(Outcome),
    /// It was found suppressed when it was to be sent.
    Suppressed,
    /// Its sender took it back, or another part of its text was refused.
    Cancelled,
    Closed,
}

impl PartState {
    /// Where the news takes it; `None` if they are old, or say nothing that it did not know.
    pub fn after(self, news: &News) -> Option<Self> {
        use PartState::{
            Cancelled, Closed, Delivered, Queued, Rejected, Submitted, Submitting, Suppressed, Undelivered, Unknown,
        };
        Some(match (self, news) {
            (Submitting | Unknown, News::Wire(Submission::Accepted { .. })) => Submitted,
            (Submitting | Unknown, News::Wire(Submission::Refused { .. })) => Rejected,
            (Submitting, News::Wire(Submission::Throttled { .. } | Submission::Unreachable)) => Queued,
            (Submitting, News::Wire(Submission::Unknown { .. })) => Unknown,
            (Submitting | Submitted | Unknown, News::Receipt(Outcome::Delivered)) => Delivered,
            (Submitting | Submitted | Unknown, News::Receipt(Outcome::Undelivered { .. })) => Undelivered,
            (Submitting | Unknown, News::Receipt(Outcome::Underway)) => Submitted,
            (Queued, News::Suppressed) => Suppressed,
            (Queued, News::Cancelled) => Cancelled,
            (Unknown, News::Closed) => Closed,
            _ => return None,
        })
    }

    /// Its price goes back: it never reached the carrier, or the carrier did not take it.
    pub fn is_refunded(self) -> bool {
        matches!(self, Self::Rejected | Self::Suppressed | Self::Cancelled)
    }

    /// As its message shows it.
    pub fn shown(self) -> DeliveryState {
        match self {
            Self::Queued | Self::Submitting => DeliveryState::Queued,
            Self::Submitted => DeliveryState::Submitted,
            Self::Delivered => DeliveryState::Delivered,
            Self::Undelivered | Self::Rejected | Self::Suppressed => DeliveryState::Failed,
            Self::Cancelled => DeliveryState::Cancelled,
            Self::Unknown | Self::Closed => DeliveryState::Unknown,
        }
    }
}

/// What a message shows of its parts. `Cancelled` only if all were; a part beside a refused one is not worth telling.
pub fn delivery_of(parts: &[PartRow]) -> Delivery {
    let shown = parts.iter().map(|part| part.state.shown()).min().unwrap_or(DeliveryState::Queued);
    Delivery {
        state: shown,
        failure: parts.iter().find(|part| part.state.shown() == DeliveryState::Failed).and_then(|part| part.failure),
        segments: i64::try_from(parts.len()).unwrap_or(i64::MAX),
        price_micros: parts.iter().filter(|part| !part.state.is_refunded()).map(|part| part.price_micros).sum(),
        due_at: parts.iter().filter(|part| part.state == PartState::Queued).map(|part| part.due_at).max(),
    }
}

/// How long a part waits that was tried so often and certainly not accepted.
pub fn try_again_in(attempts: i64) -> Duration {
    TRY_AGAIN.saturating_mul(1 << attempts.clamp(0, 6)).min(TRY_AGAIN_AT_MOST)
}

/// Of those that are the installation's own, not the network's: the code that a message shows.
pub fn failure_code(failure: Failure) -> i64 {
    i64::from(failure.code())
}

/// They said STOP before it left (Twilio's dictionary has the same number).
pub const OPTED_OUT: i64 = 21_610;
