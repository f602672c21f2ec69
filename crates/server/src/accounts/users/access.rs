//! What others may ask about people.
//! A suspended person keeps their name in old conversations, but is neither found nor added.

use std::collections::HashSet;

use convo_db::{Conn, Timestamp};

use super::{Me, User, store};
use crate::{
    error::{Error, Result},
    ids::UserId,
};

/// As everybody sees them; unknown ids are left out.
pub async fn public_profiles(db: &mut Conn, ids: &[UserId]) -> Result<Vec<User>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    store::find_public(db, ids).await
}

/// All of them exist and none is suspended.
pub async fn check_can_be_added(db: &mut Conn, ids: &[UserId]) -> Result<()> {
    let different = ids.iter().collect::<HashSet<_>>().len();
    if i64::try_from(different).ok() == Some(store::count_active(db, ids).await?) {
        Ok(())
    } else {
        Err(Error::not_found("user"))
    }
}

pub async fn get_me(db: &mut Conn, id: UserId) -> Result<Me> {
    store::find_me(db, id).await?.ok_or_else(|| Error::not_found("user"))
}

pub async fn get_public(db: &mut Conn, id: UserId) -> Result<User> {
    store::find_public(db, &[id]).await?.pop().ok_or_else(|| Error::not_found("user"))
}

/// By somebody who has it, or by a registration that waits for its mail.
pub async fn is_username_taken(db: &mut Conn, username_key: &str, now: Timestamp) -> Result<bool> {
    store::is_username_taken(db, username_key, now).await
}

pub async fn has_administrator(db: &mut Conn) -> Result<bool> {
    store::has_administrator(db).await
}

const MAX_SEARCH_CHARS: usize = 100;

/// Names by prefix, of the user name, the full name and each of its words; email and phone only as a whole.
pub async fn search(db: &mut Conn, text: &str, limit: i64) -> Result<Vec<User>> {
    store::search(db, &patterns(text), limit.clamp(1, super::SEARCH_LIMIT)).await
}

/// Nobody has an empty email or phone, so an empty search finds everybody by name only.
pub fn patterns(text: &str) -> store::Wanted {
    // No name is longer, and neither engine takes all that could be sent.
    let text: String = text.chars().filter(|c| *c != '\0').take(MAX_SEARCH_CHARS).collect();
    let text = text.as_str();
    let folded = super::fold(text.trim().trim_start_matches('@'));
    let escaped = folded.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    store::Wanted {
        prefix: format!("{escaped}%"),
        inside: format!("% {escaped}%"),
        email_key: super::fold(text),
        // Whoever does not look for a number need not wait for the plans of the world to be read.
        phone: text.contains('+').then(|| super::check_phone(text).ok().flatten()).flatten().unwrap_or_default(),
    }
}
