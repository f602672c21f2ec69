//! Signing in and staying signed in: sessions with short access tokens and a refresh token that rotates.
//! A session that ended is refused everywhere within a second, whatever tokens of it still exist.

pub mod access;
pub mod actions;
pub mod attempts;
mod refresh_token;
pub mod routes;
mod store;

use std::{sync::Arc, time::Duration};

use convo_db::Timestamp;
use moka::future::Cache;
use serde::Serialize;
use utoipa::ToSchema;

use super::users::Me;
use crate::{
    caller::Role,
    error::{Error, Result},
    ids::{SessionId, UserId},
};

/// Without a refresh for so long, a session ends by itself.
pub const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long the refresh token before the current one gives the same successor again.
pub const REFRESH_GRACE: Duration = Duration::from_secs(30);
/// `last_used_at` is only shown, so it may lag.
const LAST_USED_EVERY: Duration = Duration::from_secs(60);
/// How long a node may believe what it read about a session.
const CHECK_LIFETIME: Duration = Duration::from_secs(1);
const MAX_CHECKS: u64 = 100_000;

/// Why a session ended; clients are told by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    Logout,
    Ended,
    PasswordChanged,
    Suspended,
    RefreshReused,
    Expired,
}

impl EndReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Ended => "ended",
            Self::PasswordChanged => "password_changed",
            Self::Suspended => "suspended",
            Self::RefreshReused => "refresh_reused",
            Self::Expired => "expired",
        }
    }
}

/// What signing in and refreshing give.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    pub access_token: String,
    pub expires_in_secs: u64,
    /// Left out when it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    pub session_id: SessionId,
    pub user: Me,
}

/// One place where I am signed in.
#[derive(Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct SessionInfo {
    pub id: SessionId,
    pub current: bool,
    pub user_agent: String,
    pub ip: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Timestamp,
}

/// What a request needs to know of its session.
#[derive(Debug, Clone)]
pub struct Check {
    pub user_id: UserId,
    pub role: Role,
    pub expires_at: Timestamp,
    pub last_used_at: Timestamp,
}

/// What was read about live sessions within the last second.
pub struct SessionCache(Cache<SessionId, Check>);

impl Default for SessionCache {
    fn default() -> Self {
        Self::new()
    }
}

impl SessionCache {
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(MAX_CHECKS).time_to_live(CHECK_LIFETIME).build())
    }

    /// Many requests of one session at once read it once.
    async fn get(&self, id: SessionId, read: impl Future<Output = Result<Check>>) -> Result<Check> {
        self.0.try_get_with(id, read).await.map_err(Arc::unwrap_or_clone)
    }

    pub async fn forget(&self, ids: &[SessionId]) {
        for id in ids {
            self.0.invalidate(id).await;
        }
    }
}

pub fn ended() -> Error {
    Error::unauthorized("session_ended", "This session is over. Sign in again.")
}

/// Told only to who proved to be the person.
pub fn suspended() -> Error {
    Error::forbidden("suspended", "This account is suspended. Ask your administrator.")
}
