//! Waiting for the code of a service, on a number of one's own or on one that is lent for it.
//! A verification is its creator's alone: what comes for it, nobody else ever reads here.

pub mod access;
pub mod actions;
pub mod history;
pub mod matching;
pub mod routes;
mod store;

use std::time::Duration;

use convo_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    billing::ledger::Mode,
    ids::{CodeId, NumberId, VerificationId},
};

pub use store::{TextRow, VerificationRow};

/// In minutes; who says nothing waits for `USUAL_MINUTES`.
pub const MINUTES: std::ops::RangeInclusive<u64> = 1..=60;
pub const USUAL_MINUTES: u64 = 20;
/// Of one person at once.
pub const MAX_OPEN: i64 = 50;
/// Of one person: verifications begun and cancelled, codes asked of the simulated services.
pub const CHANGES_A_MINUTE: u32 = 60;
/// Kept of one verification; more are dropped, because nobody waits for so many.
pub const MAX_TEXTS: i64 = 50;
/// A text that names the service is put to a verification of an own number that ended so short ago.
pub const LATE: Duration = Duration::from_secs(3_600);
/// The same on a lent number, whatever the text says.
pub const LATE_ON_TEMPORARY: Duration = Duration::from_secs(7 * 86_400);
/// A carrier's clock may be so much behind ours.
pub const CLOCKS_DIFFER: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum VerificationStatus {
    /// A number is being had for it.
    Ordering,
    /// The code may come.
    Waiting,
    /// The code came.
    Completed,
    /// No code came in time.
    Expired,
    /// By whoever waited.
    Cancelled,
    /// No number could be had.
    Failed,
}

impl VerificationStatus {
    pub fn is_open(self) -> bool {
        matches!(self, Self::Ordering | Self::Waiting)
    }
}

/// A verification as its creator sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ServiceVerification)]
pub struct Verification {
    pub id: VerificationId,
    /// Of a known service its id, else its name in small letters.
    pub service: String,
    pub service_name: String,
    /// The number of one's own that it waits on.
    pub number_id: Option<NumberId>,
    /// A number that is lent for it.
    pub temporary: bool,
    /// E.164; null while it is being had.
    pub number: Option<String>,
    pub country: String,
    pub mode: Mode,
    /// Paid by the first code, and by nothing else.
    pub price_micros: i64,
    pub status: VerificationStatus,
    /// As one types it.
    pub code: Option<String>,
    /// From its creation to its code.
    pub took_ms: Option<i64>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Rises with every change: of two, the higher one is true.
    pub version: i64,
}

/// A text that came for a verification.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerificationText {
    pub id: CodeId,
    /// As one types it; null if the text has none.
    pub code: Option<String>,
    /// Null on a lent number that was not paid for, because no code came in time.
    pub text: Option<String>,
    pub from: String,
    /// It came when the verification was over.
    pub late: bool,
    pub received_at: Timestamp,
}

impl VerificationRow {
    pub fn seen(&self) -> Verification {
        let row = self.clone();
        let took_ms = row.took_ms();
        Verification {
            id: row.id,
            service: row.service,
            service_name: row.service_name,
            number_id: row.number_id,
            temporary: row.number_id.is_none(),
            number: row.number,
            country: row.country,
            mode: row.mode,
            price_micros: row.price_micros,
            status: row.status,
            code: row.code,
            took_ms,
            created_at: row.created_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            version: row.version,
        }
    }

    fn took_ms(&self) -> Option<i64> {
        let took = self.ended_at.filter(|_| self.status == VerificationStatus::Completed)?.since(self.created_at);
        i64::try_from(took.as_millis()).ok()
    }

    /// What a lent number received is shown to who paid for it: else one could cancel, and read the code that comes a moment later.
    pub fn shows_texts(&self) -> bool {
        self.number_id.is_some() || self.price_micros == 0 || self.status == VerificationStatus::Completed
    }
}

impl TextRow {
    pub fn seen(self, verification: &VerificationRow) -> VerificationText {
        let is_shown = verification.shows_texts();
        VerificationText {
            id: self.id,
            code: self.code.filter(|_| is_shown),
            text: Some(self.body).filter(|_| is_shown),
            from: self.from_party,
            late: self.late,
            received_at: self.received_at,
        }
    }
}

pub fn start(app: &App) {
    app.repeat(LOOK_EVERY, "Verifications did not end", |app| async move { actions::end_due(&app).await });
}
