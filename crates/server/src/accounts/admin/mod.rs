//! What administrators do with accounts, and the local outbox that they read.
//! There is always an administrator left who is not suspended.

pub mod access;
pub mod actions;
pub mod routes;
mod store;

use convo_db::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::users::User;
use crate::caller::Role;

pub const PAGE_LIMIT: i64 = 100;

/// An account as administrators see it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow, ToSchema)]
pub struct AdminUser {
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub user: User,
    pub email: String,
    pub email_verified: bool,
    #[sqlx(try_from = "String")]
    pub role: Role,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub suspended_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
