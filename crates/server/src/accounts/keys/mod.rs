//! The Ed25519 keys that sign access tokens: made once in the database, shared by all nodes, rotated on command.
//! A token proves who signed in; whether that session still lives is asked elsewhere, each time.

mod store;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use convo_db::{Db, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::future::Cache;
use serde::{Deserialize, Serialize};

use super::tokens;
use crate::{
    clock::Clock,
    error::{Error, Result},
    ids::{SessionId, UserId},
};

/// Short, because a token outlives neither its session nor a change of role by more than a second, but clients should notice rotation.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How often the table is read again, so that a rotation reaches every node.
pub const RELOAD_EVERY: Duration = Duration::from_secs(10);
/// A signature costs 60 µs to check, so each is checked once.
const MAX_VERIFIED_TOKENS: u64 = 50_000;
/// A new key signs only when every node has read it, or some would refuse its tokens.
const SIGNS_AFTER: Duration = Duration::from_secs(2 * RELOAD_EVERY.as_secs());

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub sub: UserId,
    pub sid: SessionId,
    pub iat: i64,
    pub exp: i64,
}

pub struct Keys {
    loaded: RwLock<Arc<Loaded>>,
    /// By the hash of the token, so that no usable token lies in memory for long.
    verified: Cache<Vec<u8>, Verified>,
}

struct Loaded {
    active: Signing,
    /// Signs until the nodes know the active one.
    previous: Option<Signing>,
    verifying: HashMap<String, Verifying>,
}

struct Signing {
    kid: String,
    key: EncodingKey,
    made_at: Timestamp,
}

struct Verifying {
    key: DecodingKey,
    /// Retired keys count until the tokens they signed have run out.
    until: Option<Timestamp>,
}

#[derive(Clone)]
struct Verified {
    kid: Arc<str>,
    claims: Claims,
}

impl Keys {
    /// Makes the first key if there is none; a unique slot decides between nodes that start together.
    pub async fn load(db: &Db, clock: &Clock) -> Result<Self> {
        let mut tx = db.begin().await?;
        store::insert_if_none_is_active(&mut tx, &new_key(clock.now())?).await?;
        tx.commit().await?;
        Ok(Self {
            loaded: RwLock::new(Arc::new(Loaded::read(db).await?)),
            verified: Cache::builder().max_capacity(MAX_VERIFIED_TOKENS).time_to_live(TOKEN_LIFETIME).build(),
        })
    }

    pub async fn reload(&self, db: &Db) -> Result<()> {
        let loaded = Arc::new(Loaded::read(db).await?);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(())
    }

    pub fn sign(&self, user_id: UserId, session_id: SessionId, now: Timestamp) -> Result<String> {
        let loaded = self.loaded();
        let signing = match &loaded.previous {
            Some(previous) if now < loaded.active.made_at.plus(SIGNS_AFTER) => previous,
            _ => &loaded.active,
        };
        let iat = now.unix_seconds();
        let claims = Claims { sub: user_id, sid: session_id, iat, exp: now.plus(TOKEN_LIFETIME).unix_seconds() };
        let header = Header { kid: Some(signing.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &signing.key).map_err(Error::internal)
    }

    /// Whether we signed it and it has not run out. An unknown key is looked up by the reload of each node, not here:
    /// else anybody could make us read the table with invented tokens.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Claims> {
        let loaded = self.loaded();
        let key = tokens::hash(token);
        let verified = match self.verified.get(&key).await {
            Some(verified) => verified,
            None => {
                let verified = loaded.check_signature(token).ok_or_else(not_valid)?;
                self.verified.insert(key, verified.clone()).await;
                verified
            }
        };
        if !loaded.counts(&verified.kid, now) {
            return Err(not_valid());
        }
        if verified.claims.exp <= now.unix_seconds() {
            return Err(Error::unauthorized("token_expired", "The access token has run out. Refresh it."));
        }
        Ok(verified.claims)
    }

    fn loaded(&self) -> Arc<Loaded> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Retires the active key and makes a new one: `convo keys rotate`.
pub async fn rotate(db: &Db, clock: &Clock) -> Result<String> {
    let key = new_key(clock.now())?;
    let mut tx = db.begin().await?;
    store::retire_active(&mut tx).await?;
    store::insert_if_none_is_active(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(key.kid)
}

fn new_key(now: Timestamp) -> Result<store::Key> {
    let kid = BASE64_URL_SAFE_NO_PAD.encode(tokens::random::<12>()?);
    Ok(store::Key { kid, seed: tokens::random::<32>()?.to_vec(), created_at: now })
}

fn not_valid() -> Error {
    Error::unauthorized("token_invalid", "The access token is not valid. Refresh it, or sign in again.")
}

impl Loaded {
    async fn read(db: &Db) -> Result<Self> {
        let mut signing = vec![];
        let mut verifying = HashMap::new();
        let mut replaced_at: Option<Timestamp> = None;
        for key in store::list_newest_first(&mut db.read()).await? {
            let (public, private) =
                key_pair(&key.seed).map_err(|e| Error::internal(anyhow::anyhow!("signing key {}: {e}", key.kid)))?;
            let until = replaced_at.map(|at| at.plus(SIGNS_AFTER).plus(TOKEN_LIFETIME));
            verifying.insert(key.kid.clone(), Verifying { key: public, until });
            signing.push(Signing { kid: key.kid, key: private, made_at: key.created_at });
            replaced_at = Some(key.created_at);
        }
        let mut signing = signing.into_iter();
        let active = signing
            .next()
            .ok_or_else(|| Error::internal(anyhow::anyhow!("there is no signing key; start the server once more")))?;
        Ok(Self { active, previous: signing.next(), verifying })
    }

    fn counts(&self, kid: &str, now: Timestamp) -> bool {
        self.verifying.get(kid).is_some_and(|key| key.until.is_none_or(|until| now < until))
    }

    fn check_signature(&self, token: &str) -> Option<Verified> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        // By our clock, in `verify`, at each use.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying.get(&kid)?.key, &validation).ok()?.claims;
        Some(Verified { kid: kid.into(), claims })
    }
}

fn key_pair(seed: &[u8]) -> anyhow::Result<(DecodingKey, EncodingKey)> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed)?;
    let private = EncodingKey::from_ed_der(pair.to_pkcs8()?.as_ref());
    Ok((DecodingKey::from_ed_der(pair.public_key().as_ref()), private))
}
