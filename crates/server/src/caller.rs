//! Who is asking: extracted from the access token of a request, once, before any handler.
//! A handler without one of these types is public.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    accounts::sessions,
    app::App,
    error::{Error, Result},
    ids::{SessionId, UserId},
};

/// A person with a live session, not suspended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    User,
    Admin,
}

/// An administrator of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator(pub Caller);

impl FromRequestParts<App> for Caller {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let token = bearer(&parts.headers).ok_or_else(|| {
            Error::unauthorized("token_missing", "Sign in, and send the access token as `Authorization: Bearer …`.")
        })?;
        Self::authenticate(app, token).await
    }
}

impl Caller {
    pub async fn authenticate(app: &App, token: &str) -> Result<Self> {
        sessions::access::authenticate(app, token).await
    }

    /// Past every cache: for those who will not be asked again for a while.
    pub async fn is_live(&self, app: &App) -> bool {
        sessions::access::is_live(app, self).await
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        match caller.role {
            Role::Admin => Ok(Self(caller)),
            Role::User => {
                Err(Error::forbidden("administrators_only", "Only an administrator of this server may do that."))
            }
        }
    }
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}
