//! What administrators see of accounts.
//! Callers have shown that they are administrators.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use convo_db::Conn;

use super::{AdminUser, PAGE_LIMIT, store};
use crate::{
    accounts::users,
    error::{Error, Result},
    ids::UserId,
};

pub async fn get(db: &mut Conn, id: UserId) -> Result<AdminUser> {
    store::find(db, id).await?.ok_or_else(|| Error::not_found("user"))
}

/// A page by user name, suspended accounts too, and the cursor of the next.
pub async fn list(
    db: &mut Conn,
    search: &str,
    cursor: Option<&str>,
    limit: Option<i64>,
) -> Result<(Vec<AdminUser>, Option<String>)> {
    let limit = limit.unwrap_or(PAGE_LIMIT / 2).clamp(1, PAGE_LIMIT);
    let after = cursor.map(read_cursor).transpose()?.unwrap_or_default();
    let wanted = users::access::patterns(search);
    let mut page = store::list(db, &wanted.prefix, &wanted.inside, &wanted.email_key, &after, limit + 1).await?;
    let more = i64::try_from(page.len()).is_ok_and(|found| found > limit);
    if more {
        page.pop();
    }
    let next = page.last().filter(|_| more).map(|last| BASE64_URL_SAFE_NO_PAD.encode(users::fold(&last.user.username)));
    Ok((page, next))
}

fn read_cursor(cursor: &str) -> Result<String> {
    let wrong = || Error::invalid("cursor", "cursor_invalid", "Use `next_cursor` of the page before as it is.");
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?).map_err(|_| wrong())?;
    if text.contains('\0') { Err(wrong()) } else { Ok(text) }
}
