//! How many texts went through numbers, by day. A day that is well past is counted once and kept; what is younger
//! is counted where it stands, so that no report ever reads more than the texts of some two days.

pub mod access;
mod store;

use std::time::Duration;

use convo_db::Timestamp;

use crate::{app::App, billing::ledger::Mode, error::Result};

pub const DAY: Duration = Duration::from_secs(86_400);
/// What reports look back.
pub const DAYS: i64 = 30;
/// A day is counted when it has been over for so long: by then carriers have told how nearly all of its texts ended.
const SETTLED_AFTER: Duration = DAY;
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// Texts of one day in one direction.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TextDay {
    /// Days since 1 January 1970, in UTC.
    pub day: i64,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    pub received: bool,
    pub texts: i64,
    pub segments: i64,
    pub price_micros: i64,
    pub delivered: i64,
    pub failed: i64,
}

pub fn day_of(at: Timestamp) -> i64 {
    at.unix_seconds().div_euclid(86_400)
}

/// When that day begins.
pub fn start_of(day: i64) -> Timestamp {
    Timestamp::from_micros(day.saturating_mul(86_400_000_000))
}

pub fn start(app: &App) {
    app.repeat(LOOK_EVERY, "Texts of past days were not counted", |app| async move { count_past_days(&app).await });
}

/// Counts the days that are well past and were not counted yet. Two nodes that do it at once keep the same.
pub async fn count_past_days(app: &App) -> Result<()> {
    let now = app.clock.now();
    let until = day_of(now.minus(SETTLED_AFTER));
    let oldest = day_of(now) - DAYS - 1;
    let mut tx = app.begin_batch().await?;
    let from = store::counted_until(&mut tx).await?.unwrap_or(oldest).max(oldest);
    if from >= until {
        return Ok(());
    }
    store::count_days(&mut tx, start_of(from), start_of(until)).await?;
    store::set_counted_until(&mut tx, until).await?;
    tx.commit().await
}
