//! Numbers that nobody of this installation texts, whatever they said to whom: the administrators' list.
//! It is read where a text is accepted and again when it would leave; nothing here stops or moves a text.

pub mod actions;
pub mod routes;
mod store;

use convo_db::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::UserId;

/// Taken with one request.
pub const MAX_LINES: usize = 1_000;
pub const MAX_REASON_CHARS: usize = 200;
pub const PAGE: i64 = 50;
pub const MAX_PAGE: i64 = 200;

#[derive(Debug, Clone, Serialize, sqlx::FromRow, ToSchema)]
pub struct Suppression {
    /// E.164.
    #[sqlx(rename = "party")]
    pub number: String,
    pub reason: String,
    /// The administrator who put it here; `users` has their name.
    pub made_by: UserId,
    pub created_at: Timestamp,
}
