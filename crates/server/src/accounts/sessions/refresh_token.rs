//! The refresh token: which session, which generation, and a proof that we made it.
//! The database holds one secret a session, so that the successor of a token can be given again without storing tokens.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::ids::SessionId;

const ID_BYTES: usize = 16;
const GENERATION_BYTES: usize = 8;

pub struct RefreshToken {
    pub session_id: SessionId,
    pub generation: i64,
    bytes: Vec<u8>,
}

pub fn write(session_id: SessionId, generation: i64, secret: &[u8]) -> String {
    let mut bytes = [&session_id.0.into_bytes()[..], &generation.to_be_bytes()].concat();
    let proof = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &bytes);
    bytes.extend_from_slice(proof.as_ref());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl RefreshToken {
    /// Only its form; `is_genuine` needs the secret of the session.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let session_id = SessionId(Uuid::from_slice(bytes.get(..ID_BYTES)?).ok()?);
        let generation = i64::from_be_bytes(bytes.get(ID_BYTES..ID_BYTES + GENERATION_BYTES)?.try_into().ok()?);
        Some(Self { session_id, generation, bytes })
    }

    pub fn is_genuine(&self, secret: &[u8]) -> bool {
        let (said, proof) = self.bytes.split_at(ID_BYTES + GENERATION_BYTES);
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret), said, proof).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_genuine_only_whole_and_with_its_secret() {
        let id = SessionId::new();
        let token = write(id, 7, b"secret");
        let parsed = RefreshToken::parse(&token).expect("its form");
        assert_eq!((parsed.session_id, parsed.generation), (id, 7));
        assert!(parsed.is_genuine(b"secret"));
        assert!(!parsed.is_genuine(b"another"));
        assert!(!RefreshToken::parse(&token[..60]).expect("its form").is_genuine(b"secret"));
        for wrong in ["", "AAAA", "not base64!"] {
            assert!(RefreshToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
