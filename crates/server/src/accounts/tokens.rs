//! Secrets that travel in links: random, shown once, stored only as a hash.
//! They carry no meaning and are never written to a log.

use aws_lc_rs::{digest, rand};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::error::{Error, Result};

const BYTES: usize = 32;

/// Random bytes from the one source of secrets.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Error::internal(anyhow::anyhow!("the system gave no random bytes")))?;
    Ok(bytes)
}

/// A new secret and the hash to store. A plain hash is enough, because 256 random bits cannot be guessed.
pub fn new() -> Result<(String, Vec<u8>)> {
    let token = BASE64_URL_SAFE_NO_PAD.encode(random::<BYTES>()?);
    let hash = hash(&token);
    Ok((token, hash))
}

pub fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}
