//! Requests that cost money are repeated safely: the same `Idempotency-Key` again makes nothing new.
//! It keeps what a request made, never what it answered: a repetition tells how that thing is now.

mod store;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use convo_db::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    accounts::tokens,
    app::{App, Tx},
    error::{Error, Result},
    ids::UserId,
};

const HEADER: &str = "idempotency-key";
const MAX_BYTES: usize = 200;

/// The header of that name (draft-ietf-httpapi-idempotency-key-header): 1 to 200 visible characters that the client made up.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(String);

impl FromRequestParts<App> for IdempotencyKey {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        let key = parts.headers.get(HEADER).and_then(|key| key.to_str().ok()).unwrap_or_default();
        if key.is_empty() || key.len() > MAX_BYTES {
            return Err(Self::missing());
        }
        Ok(Self(key.to_owned()))
    }
}

/// Where only some wishes cost money.
impl OptionalFromRequestParts<App> for IdempotencyKey {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>> {
        if !parts.headers.contains_key(HEADER) {
            return Ok(None);
        }
        <Self as FromRequestParts<App>>::from_request_parts(parts, app).await.map(Some)
    }
}

impl IdempotencyKey {
    pub fn missing() -> Error {
        Error::bad_request(
            "idempotency_key_missing",
            "This costs money, so it must be safe to repeat: send a header `Idempotency-Key` with 1 to 200 characters, new for each wish and the same for each repetition.",
        )
    }

    /// What this request makes: `fresh` if it is the first with this key, else what the first one made.
    /// `wish` is all that was asked, its kind included; another wish with the same key is refused.
    pub async fn claim(
        &self,
        tx: &mut Tx,
        user_id: UserId,
        wish: &impl Serialize,
        fresh: Uuid,
        now: Timestamp,
    ) -> Result<Uuid> {
        let fingerprint = tokens::hash(&serde_json::to_string(wish).map_err(Error::internal)?);
        if store::insert(tx, user_id, &self.0, &fingerprint, fresh, now).await? == 1 {
            return Ok(fresh);
        }
        let (known, made) = store::find(tx, user_id, &self.0).await?;
        if known != fingerprint {
            return Err(Error::conflict(
                "idempotency_key_reused",
                "That `Idempotency-Key` was used for something else. Send a new one for a new wish.",
            ));
        }
        Ok(made)
    }
}
