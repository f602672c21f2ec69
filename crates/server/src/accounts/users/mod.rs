//! People: who they are to others (`User`), to themselves (`Me`), and the rules for names and addresses.
//! It decides nothing about passwords and sessions.

pub mod access;
pub mod actions;
pub mod routes;
mod store;

use convo_db::Timestamp;
use convo_phone::Number;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::pictures::PictureUrl;
use crate::{
    caller::Role,
    error::{Error, Result},
    ids::UserId,
    text,
};

pub use store::NewUser;

pub const MAX_FULL_NAME_CHARS: usize = 80;
pub const MAX_ABOUT_CHARS: usize = 300;
pub const MAX_EMAIL_BYTES: usize = 254;
const USERNAME_CHARS: std::ops::RangeInclusive<usize> = 3..=30;
const MAX_TIME_ZONE_BYTES: usize = 64;
/// The languages of the web client and of our mails.
pub const LANGUAGES: [&str; 2] = ["en", "de"];
pub const SEARCH_LIMIT: i64 = 50;

/// A person as everybody sees them.
#[derive(Debug, Clone, Serialize, sqlx::FromRow, ToSchema)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub full_name: String,
    pub about: String,
    #[sqlx(rename = "picture_id")]
    pub avatar_url: Option<PictureUrl>,
}

/// A person as they see themselves.
#[derive(Debug, Clone, Serialize, sqlx::FromRow, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub user: User,
    pub email: String,
    pub email_verified: bool,
    pub phone: Option<String>,
    #[sqlx(try_from = "String")]
    pub role: Role,
    pub time_zone: String,
    pub language: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Rises whenever something of mine outside conversations changes.
    pub user_version: i64,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl TryFrom<String> for Role {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        match text.as_str() {
            "user" => Ok(Self::User),
            "admin" => Ok(Self::Admin),
            _ => Err(Error::internal(anyhow::anyhow!("the role {text:?} is not known"))),
        }
    }
}

/// One form for everything that looks alike, here and not in the databases, because they would fold differently.
pub fn fold(text: &str) -> String {
    let folded = text.nfkc().collect::<String>().to_lowercase().nfkc().collect::<String>();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name as it is shown; `fold` of it is unique. Of the letters of the world only a to z, because many others look like them;
/// a full name may have them all.
pub fn check_username(text: &str) -> Result<String> {
    let name: String = text.trim().nfkc().take(2 * USERNAME_CHARS.end()).collect();
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !USERNAME_CHARS.contains(&name.chars().count()) {
        return Err(Error::invalid("username", "username_length", "Use 3 to 30 characters."));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(is_allowed) {
        return Err(Error::invalid(
            "username",
            "username_characters",
            "Use the letters a to z, digits, `.`, `_` and `-`, beginning with a letter or digit.",
        ));
    }
    Ok(name)
}

/// As it was typed, with its domain in lower case: some servers tell the case of the local part apart.
pub fn check_email(text: &str) -> Result<String> {
    let wrong = || Error::invalid("email", "email_invalid", "Write an email address, such as ana@example.org.");
    let text = text.trim();
    if text.len() > MAX_EMAIL_BYTES || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(wrong());
    }
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let address = format!("{local}@{}", domain.to_lowercase());
    if !domain.contains('.') || address.parse::<lettre::Address>().is_err() {
        return Err(wrong());
    }
    Ok(address)
}

/// May be empty: then the user name is shown.
pub fn check_full_name(text: &str) -> Result<String> {
    let name = text::line(text);
    if name.chars().count() > MAX_FULL_NAME_CHARS || text.contains('\0') {
        return Err(Error::invalid("full_name", "full_name_invalid", "Use up to 80 characters on one line."));
    }
    Ok(name)
}

pub fn check_about(text: &str) -> Result<String> {
    let about = text::lines(text);
    if about.chars().count() > MAX_ABOUT_CHARS || text.contains('\0') {
        return Err(Error::invalid("about", "about_too_long", "Use up to 300 characters."));
    }
    Ok(about)
}

/// As people write it, with the code of its country; kept as E.164. An empty one takes the phone away.
pub fn check_phone(text: &str) -> Result<Option<String>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match Number::parse(text, None) {
        Ok(number) => Ok(Some(number.to_string())),
        Err(why) => Err(Error::invalid(
            "phone",
            "phone_invalid",
            format!("{why} Write it with its country code, such as +49 30 901820."),
        )),
    }
}

/// A name of the IANA database by its form: which ones exist, each client knows better than a list of ours.
pub fn check_time_zone(text: &str) -> Result<String> {
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+');
    if text.is_empty() || text.len() > MAX_TIME_ZONE_BYTES || !text.bytes().all(is_allowed) {
        return Err(Error::invalid(
            "time_zone",
            "time_zone_invalid",
            "Use a name of the IANA database, such as Europe/Berlin.",
        ));
    }
    Ok(text.to_owned())
}

pub fn check_language(text: &str) -> Result<String> {
    if LANGUAGES.contains(&text) {
        Ok(text.to_owned())
    } else {
        Err(Error::invalid(
            "language",
            "language_unknown",
            "Use one of the languages that `GET /api/auth/options` names.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_one() {
        assert_eq!(fold("Ａｎａ"), fold("ana"));
        assert_eq!(fold("ÅNGSTRÖM"), fold("a\u{30a}ngstro\u{308}m"));
        assert_eq!(fold("  Ana   Maria "), "ana maria");
    }

    #[test]
    fn user_names_keep_to_the_rules() {
        for right in ["ana", "a.b-c_d", "9lives", "ａｎａ", " trimmed "] {
            assert!(check_username(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "ab",
            ".ana",
            "a na",
            "a@b",
            "ana\u{200b}",
            "Łukasz",
            "аnа",
            "ana\u{301}",
            &"x".repeat(31),
            &"x".repeat(100_000),
        ] {
            assert!(check_username(wrong).is_err(), "{wrong:.40}");
        }
    }

    #[test]
    fn addresses_and_phones_are_checked() {
        assert_eq!(check_email(" Ana@Example.ORG ").expect("right"), "Ana@example.org");
        for wrong in ["", "ana", "ana@host", "a b@example.org", "ana@example.org\r\nBcc: x@example.org", "@example.org"]
        {
            assert!(check_email(wrong).is_err(), "{wrong}");
        }
        assert_eq!(check_phone("+49 (30) 90-18.20").expect("right").as_deref(), Some("+4930901820"));
        assert_eq!(check_phone(" ").expect("right"), None);
        assert_eq!(check_phone("tel:+44-20-7946-0018").expect("right").as_deref(), Some("+442079460018"));
        for wrong in ["030 901820", "+0301234567", "+12", "+1234567890123456", "+49x", "+2101234567", "call me"] {
            assert!(check_phone(wrong).is_err(), "{wrong}");
        }
    }
}
