//! Invitations: links that let somebody register where registration is by invitation.
//! The secret is shown once, to the administrator who made it.

pub mod access;
pub mod actions;
pub mod routes;
mod store;

use convo_db::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::InvitationId;

pub const MAX_USES: i64 = 1000;
pub const DEFAULT_EXPIRES_IN_SECS: u64 = 7 * 24 * 3600;
pub const MAX_EXPIRES_IN_SECS: u64 = 365 * 24 * 3600;
/// The list shows so many of the newest.
pub const LIST_LIMIT: i64 = 200;

#[derive(Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct Invitation {
    pub id: InvitationId,
    /// Shown once, when it is made.
    #[sqlx(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    pub max_uses: i64,
    pub uses: i64,
}
