//! Numbers of the installation that are lent to verifications, one at a time, and bought where more are needed.
//! What comes for one of them is never put into a thread, and never shown to whoever has it next.

pub mod access;
pub mod actions;
pub mod jobs;
mod store;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use store::TemporaryRow;

/// After a verification its number rests so long, because texts for it may still come.
pub const COOL_DOWN: Duration = Duration::from_secs(600);
/// What nobody needed for so long is given back.
pub const IDLE: Duration = Duration::from_secs(86_400);
/// Of the whole installation.
pub const MAX_NUMBERS: i64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TemporaryState {
    /// The carrier was asked, or is about to be; it may have sold it.
    Ordering,
    Owned,
    Releasing,
    Released,
}
