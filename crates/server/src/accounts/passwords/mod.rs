//! Passwords: what is good enough, and how they are hashed (Argon2id), a few at a time.
//! A password is never stored, logged or kept longer than its check takes.

pub mod actions;
pub mod routes;
mod store;

use std::time::Duration;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use zxcvbn::zxcvbn;

use super::tokens;
use crate::{
    app::App,
    config::Limits,
    error::{Error, Result},
    turns::Turns,
};

pub const MIN_CHARS: usize = 10;
pub const MAX_CHARS: usize = 200;
/// zxcvbn: 0 is the worst, 4 the best.
pub const MIN_SCORE: u8 = 3;
/// Judging grows faster than its input; a password this long is strong or was typed by a cat.
const MAX_JUDGED_CHARS: usize = 72;
/// Of each name and address that a password is compared with.
const MAX_KNOWN_CHARS: usize = 100;
/// Anybody may ask, and a long password keeps a core busy for a moment.
const JUDGED_AT_ONCE: usize = 2;
/// How long somebody waits for their turn before they hear 503.
const MAX_WAIT: Duration = Duration::from_secs(3);

/// Hashes and verifies, a few at once: each takes 19 MiB, and a crowd of strangers must not take them all.
pub struct Hasher {
    turns: Turns,
    argon2: Argon2<'static>,
    nobodys: String,
}

impl Hasher {
    pub fn new(limits: &Limits) -> anyhow::Result<Self> {
        let params = Params::new(limits.hash_memory_kib, limits.hash_passes, 1, None)
            .map_err(|e| anyhow::anyhow!("`limits.hash_memory_kib` or `limits.hash_passes`: {e}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys =
            argon2.hash_password(b"nobody has this one").map_err(|e| anyhow::anyhow!("Argon2: {e}"))?.to_string();
        let busy = "Too many people sign in at this moment. Try again in a moment.";
        Ok(Self { turns: Turns::new(limits.hashes_at_once, MAX_WAIT, busy), argon2, nobodys })
    }

    pub async fn hash(&self, password: String) -> Result<String> {
        let argon2 = self.argon2.clone();
        self.turns
            .take(move || argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string()))
            .await?
            .map_err(|e| Error::internal(anyhow::anyhow!("Argon2: {e}")))
    }

    /// Takes as long for nobody (`None`) as for somebody, so that time does not tell who has an account.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let argon2 = self.argon2.clone();
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobodys.clone());
        let right = self
            .turns
            .take(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(right && known)
    }
}

/// 128 random bits in groups that can be read aloud.
pub fn generate() -> Result<String> {
    let letters = crate::ids::encode(uuid::Uuid::from_bytes(tokens::random::<16>()?));
    Ok(letters.as_bytes().chunks(7).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"))
}

/// The turns in which passwords are judged.
pub fn judging() -> Turns {
    Turns::new(JUDGED_AT_ONCE, MAX_WAIT, "Too many passwords are judged at this moment. Try again in a moment.")
}

/// What we think of a password.
pub struct Judgement {
    pub score: u8,
    pub problem: Option<Error>,
    pub warning: Option<String>,
}

/// `known` is what an attacker would try first: the user name, the address.
pub async fn judge(app: &App, password: &str, known: &[String]) -> Result<Judgement> {
    let chars = password.chars().count();
    let judged = beginning(password, MAX_JUDGED_CHARS);
    let known: Vec<String> = known.iter().map(|text| beginning(text, MAX_KNOWN_CHARS)).collect();
    let (score, warning) = app
        .judging
        .take(move || {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let entropy = zxcvbn(&judged, &known);
            (
                u8::from(entropy.score()),
                entropy.feedback().and_then(|feedback| feedback.warning()).map(|warning| warning.to_string()),
            )
        })
        .await?;
    let problem = if chars < MIN_CHARS {
        Some(Error::invalid("password", "password_too_short", format!("Use at least {MIN_CHARS} characters.")))
    } else if chars > MAX_CHARS {
        Some(Error::invalid("password", "password_too_long", format!("Use at most {MAX_CHARS} characters.")))
    } else if score < MIN_SCORE {
        Some(Error::invalid(
            "password",
            "password_too_weak",
            "That password is easy to guess. Use several uncommon words.",
        ))
    } else {
        None
    };
    Ok(Judgement { score, problem, warning })
}

pub async fn check(app: &App, password: &str, known: &[String]) -> Result<()> {
    judge(app, password, known).await?.problem.map_or(Ok(()), Err)
}

fn beginning(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}
