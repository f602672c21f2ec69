//! Ids: UUIDs of version 7 inside, a prefix and 26 characters of Crockford base 32 outside (the TypeID format).
//! An id of one kind is never taken for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// 128 bits as 26 characters, most significant first; the first character holds three bits.
pub fn encode(id: Uuid) -> String {
    let bits = id.as_u128();
    (0..LENGTH)
        .map(|i| char::from(ALPHABET[usize::try_from((bits >> (5 * (LENGTH - 1 - i))) & 31).expect("five bits")]))
        .collect()
}

/// `None` for anything that `encode` does not write.
pub fn decode(text: &str) -> Option<Uuid> {
    let bytes = text.as_bytes();
    if bytes.len() != LENGTH || bytes[0] > b'7' {
        return None;
    }
    let mut bits = 0u128;
    for byte in bytes {
        let digit = ALPHABET.iter().position(|letter| letter == byte)?;
        bits = bits << 5 | digit as u128;
    }
    Some(Uuid::from_u128(bits))
}

#[derive(Debug, thiserror::Error)]
#[error("not an id of this kind: it looks like {0}…")]
pub struct WrongId(&'static str);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = WrongId;
            fn from_str(text: &str) -> Result<Self, WrongId> {
                text.strip_prefix(concat!($prefix, "_")).and_then(decode).map(Self).ok_or(WrongId($prefix))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$")))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

id!(UserId, "usr");
id!(SessionId, "ses");
id!(InvitationId, "inv");
id!(PictureId, "pic");
id!(MailId, "mail");
id!(ConversationId, "conv");
id!(TransferId, "trf");
id!(
    /// The ownership of a phone number, from its purchase to its end.
    NumberId,
    "num"
);
id!(
    /// A phone of the simulated world.
    HandsetId,
    "hs"
);
id!(
    /// One segment of a text on its way out.
    PartId,
    "part"
);
id!(
    /// Somebody who waits for the code of a service.
    VerificationId,
    "ver"
);
id!(
    /// A text that came for a verification.
    CodeId,
    "code"
);
id!(
    /// A number of the installation that is lent to verifications; also the key of its order.
    TemporaryId,
    "tmp"
);

#[cfg(test)]
mod tests {
    use super::*;

    /// From the TypeID specification, `spec/valid.json`.
    #[test]
    fn ids_follow_the_published_vectors() {
        for (text, uuid) in [
            ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
            ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            ("0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
            ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ] {
            let uuid: Uuid = uuid.parse().expect("a UUID");
            assert_eq!(encode(uuid), text);
            assert_eq!(decode(text), Some(uuid));
        }
        for wrong in ["", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0123456789abcdefghjkmnpqri", "0123456789ABCDEFGHJKMNPQRS"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
        assert!("usr_01h455vb4pex5vsknk084sn02q".parse::<UserId>().is_ok());
        assert!("conv_01h455vb4pex5vsknk084sn02q".parse::<UserId>().is_err());
    }
}
