//! What was waited for: lists, exports, and how often and how fast codes came.
//! It only reads, and only what is one's own.

mod csv;
pub mod figures;
pub mod routes;
mod store;

use convo_db::{Conn, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{VerificationRow, VerificationStatus};
use crate::{
    error::Result,
    ids::{UserId, VerificationId},
};

pub const PAGE: i64 = 50;
pub const MAX_PAGE: i64 = 200;
/// Of one file; the next one goes on where it ended.
pub const MAX_EXPORT: i64 = 10_000;
/// Of one person.
pub const EXPORTS_A_MINUTE: u32 = 20;
/// The newest, of which figures are made.
pub const MAX_COUNTED: i64 = 100_000;

/// Which of one's verifications.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub service: Option<String>,
    pub status: Option<VerificationStatus>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Folded.
    pub words: String,
    pub before: Option<VerificationId>,
}

/// Verifications of a time, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::FromRow, ToSchema)]
pub struct VerificationCounts {
    pub begun: i64,
    pub completed: i64,
    /// Not at their end yet.
    pub waiting: i64,
}

pub async fn count_since(db: &mut Conn, user_id: UserId, from: Timestamp) -> Result<VerificationCounts> {
    Ok(store::count_since(db, user_id, from).await?)
}

/// A page, the newest first, and where the next one begins.
pub async fn list(
    db: &mut Conn,
    user_id: UserId,
    filter: &Filter,
    limit: i64,
) -> Result<(Vec<VerificationRow>, Option<VerificationId>)> {
    let mut rows = store::list(db, user_id, filter, limit + 1).await?;
    let is_more = i64::try_from(rows.len()).is_ok_and(|found| found > limit);
    if is_more {
        rows.pop();
    }
    let next = rows.last().filter(|_| is_more).map(|row| row.id);
    Ok((rows, next))
}
