//! Requests that cost money, or make what a transaction of ours does not reach, are repeated safely: the same `Idempotency-Key` again makes nothing new.
//! It keeps what a request made, never what it answered: a repetition tells how that thing is now.

mod store;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use convo_db::{Conn, Timestamp};
use serde::Serialize;
use uuid::{Builder, Uuid};

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

/// Where it may be left out, because nothing is lost if a request is repeated.
impl OptionalFromRequestParts<App> for IdempotencyKey {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Option<Self>> {
        let Some(key) = parts.headers.get(HEADER) else { return Ok(None) };
        match key.to_str() {
            Ok(key) if !key.is_empty() && key.len() <= MAX_BYTES => Ok(Some(Self(key.to_owned()))),
            _ => Err(Error::bad_request(
                "idempotency_key_invalid",
                "An `Idempotency-Key` has 1 to 200 visible characters.",
            )),
        }
    }
}

impl IdempotencyKey {
    /// What the first request with this key made, if it was this wish.
    pub async fn made(&self, db: &mut Conn, user_id: UserId, wish: &impl Serialize) -> Result<Option<Uuid>> {
        match store::find(db, user_id, &self.0).await? {
            Some((known, made)) if known == fingerprint(wish)? => Ok(Some(made)),
            Some(_) => Err(reused()),
            None => Ok(None),
        }
    }

    /// The same for the same key of the same person, and nobody's else: for what is made elsewhere under an id that we choose.
    pub fn id_for(&self, user_id: UserId) -> Uuid {
        let hash = tokens::hash(&format!("{user_id}:{}", self.0));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Builder::from_random_bytes(bytes).into_uuid()
    }

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
        let fingerprint = fingerprint(wish)?;
        if store::insert(tx, user_id, &self.0, &fingerprint, fresh, now).await? == 1 {
            return Ok(fresh);
        }
        match store::find(tx, user_id, &self.0).await? {
            Some((known, made)) if known == fingerprint => Ok(made),
            Some(_) => Err(reused()),
            None => Err(Error::internal(anyhow::anyhow!("an idempotency key was there and is gone"))),
        }
    }
}

fn fingerprint(wish: &impl Serialize) -> Result<Vec<u8>> {
    Ok(tokens::hash(&serde_json::to_string(wish).map_err(Error::internal)?))
}

fn reused() -> Error {
    Error::conflict(
        "idempotency_key_reused",
        "That `Idempotency-Key` was used for something else. Send a new one for a new wish.",
    )
}
