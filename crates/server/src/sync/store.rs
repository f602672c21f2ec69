//! The SQL of heads.
//! It starts from the person who asks.

use convo_db::{Conn, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{ConversationId, UserId};

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct HeadCursor {
    pub active_at: i64,
    pub id: ConversationId,
}

#[derive(sqlx::FromRow)]
pub struct HeadRow {
    pub conversation_id: ConversationId,
    pub active: bool,
    pub version: i64,
    pub last_seq: i64,
    pub mine_version: i64,
    pub active_at: i64,
}

/// The newest first; an ended membership stands where it ended, and so tells nothing of what was said since.
/// One that becomes newer while somebody pages is not missed: its event reaches the socket that pages.
pub async fn list_heads(db: &mut Conn, user_id: UserId, after: Option<HeadCursor>, limit: i64) -> Result<Vec<HeadRow>> {
    let after = after.unwrap_or(HeadCursor { active_at: i64::MAX, id: ConversationId(Uuid::max()) });
    db.sql(
        "select m.conversation_id, m.active, c.version, c.last_seq, m.mine_version, coalesce(m.ended_at, c.active_at) as active_at
           from members m join conversations c on c.id = m.conversation_id
          where m.user_id = $1 and (coalesce(m.ended_at, c.active_at), c.id) < ($2, $3)
          order by coalesce(m.ended_at, c.active_at) desc, c.id desc limit $4",
    )
    .bind(user_id)
    .bind(after.active_at)
    .bind(after.id)
    .bind(limit)
    .all()
    .await
}

pub async fn user_version(db: &mut Conn, user_id: UserId) -> Result<i64> {
    let (version,): (i64,) = db.sql("select user_version from users where id = $1").bind(user_id).one().await?;
    Ok(version)
}
