//! Answers "where does everything stand" and "what happened since".
//! It only reads.

use std::time::Duration;

use super::{Changes, HEADS_A_MINUTE, HEADS_PAGE, Head, Heads, Known, MAX_CHANGES, store, store::HeadCursor};
use crate::{
    accounts::users,
    app::App,
    caller::Caller,
    chat::{conversations, members, messages},
    error::{Error, Result},
    http::cursor,
    ids::{ConversationId, UserId},
};

pub async fn heads(app: &App, user_id: UserId, after: Option<&str>) -> Result<Heads> {
    app.limit_person("heads", user_id, HEADS_A_MINUTE, Duration::from_secs(60))?;
    let after: Option<HeadCursor> = after.map(cursor::decode).transpose()?;
    let mut db = app.db.snapshot().await?;
    let rows = store::list_heads(&mut db, user_id, after, HEADS_PAGE).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|len| len == HEADS_PAGE);
    let next_cursor = rows
        .last()
        .filter(|_| is_full)
        .map(|row| cursor::encode(&HeadCursor { active_at: row.active_at, id: row.conversation_id }));
    let user_version = store::user_version(&mut db, user_id).await?;
    let heads = rows
        .into_iter()
        .map(|row| match row.active {
            true => Head {
                conversation_id: row.conversation_id,
                version: row.version,
                last_seq: row.last_seq,
                mine_version: row.mine_version,
                removed: false,
            },
            false => {
                Head { conversation_id: row.conversation_id, version: 0, last_seq: 0, mine_version: 0, removed: true }
            }
        })
        .collect();
    Ok(Heads { heads, user_version, next_cursor })
}

pub async fn changes(app: &App, caller: &Caller, id: ConversationId, known: Known) -> Result<Changes> {
    if known.version < 0 || known.last_seq < 0 {
        return Err(Error::malformed("`version` and `last_seq` are 0 or more."));
    }
    let mut db = app.db.snapshot().await?;
    let reader = conversations::access::to_read(&mut db, caller.user_id, id).await?;
    let (row, me) = (reader.conversation(), reader.member());
    let missed = messages::access::list_since(&mut db, &reader, known.version, known.last_seq, MAX_CHANGES).await?;
    let is_too_much = missed.is_none();
    let mut news = missed.unwrap_or_default();
    let mut changed = members::access::list_changed(&mut db, id, known.version, MAX_CHANGES + 1).await?;
    // A position ahead of ours comes from a database that was restored to an earlier day.
    // A membership that began after it may show more of the past than the one before.
    let reset = me.joined_version > known.version
        || known.version > row.version
        || known.last_seq > row.last_seq
        || is_too_much
        || i64::try_from(news.len() + changed.len()).is_ok_and(|rows| rows > MAX_CHANGES);
    if reset {
        news.clear();
        changed.clear();
    }
    let named: std::collections::BTreeSet<_> = changed
        .iter()
        .map(|member| member.user_id)
        .chain(news.iter().filter_map(|message| message.sender_id))
        .collect();
    let users = users::access::public_profiles(&mut db, &named.into_iter().collect::<Vec<_>>()).await?;
    let (unread_count, lowest, mine) = conversations::access::counts(&mut db, &reader).await?;
    Ok(Changes {
        version: row.version,
        last_seq: row.last_seq,
        reset,
        conversation: row.summary(),
        messages: news,
        members: changed.iter().map(conversations::MemberRow::member).collect(),
        users,
        mine: Some(mine).filter(|_| me.mine_version != known.mine_version),
        unread_count,
        lowest,
    })
}

/// Rises when something of this person outside conversations changed.
pub async fn user_version(app: &App, user_id: UserId) -> Result<i64> {
    Ok(store::user_version(&mut app.db.read(), user_id).await?)
}
