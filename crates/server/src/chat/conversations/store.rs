//! The SQL of conversations and of what each member keeps of them.
//! Every query starts from a conversation or from the person who asks.

use convo_db::{Conn, Result, Tx};
use serde::Serialize;
use uuid::Uuid;

use super::{ConversationRow, Lowest, MAX_HIDDEN_TOLD, MemberRow};
use crate::ids::{ConversationId, UserId};

/// The rows and their locks, in the order of ids: everyone who changes conversations passes here first.
/// SQLite has one writer, so its transaction is the lock.
pub async fn lock(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    tx.sql((
        "select * from conversations where id in (select unhex(value) from json_each($1)) order by id",
        "select * from conversations where id = any($1) order by id for update",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

pub async fn find(db: &mut Conn, id: ConversationId) -> Result<Option<ConversationRow>> {
    db.sql("select * from conversations where id = $1").bind(id).optional().await
}

/// Only while they are a member.
pub async fn find_active_member(db: &mut Conn, id: ConversationId, user_id: UserId) -> Result<Option<MemberRow>> {
    db.sql("select * from members where conversation_id = $1 and user_id = $2 and active")
        .bind(id)
        .bind(user_id)
        .optional()
        .await
}

/// False if these two people have one already, or this client created the group before.
pub async fn insert(
    tx: &mut Tx,
    row: &ConversationRow,
    direct_key: Option<&str>,
    client_id: Option<Uuid>,
) -> Result<bool> {
    let rows = tx
        .sql(
            "insert into conversations (id, kind, title, description, picture_id, show_past, direct_key, created_by, client_id,
                                        last_seq, version, members_version, member_count, created_at, active_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing",
        )
        .bind(row.id)
        .bind(row.kind)
        .bind(row.title.as_deref())
        .bind(&row.description)
        .bind(row.picture_id)
        .bind(row.show_past)
        .bind(direct_key)
        .bind(row.created_by)
        .bind(client_id)
        .bind(row.last_seq)
        .bind(row.version)
        .bind(row.members_version)
        .bind(row.member_count)
        .bind(row.created_at)
        .bind(row.active_at)
        .run()
        .await?;
    Ok(rows == 1)
}

pub async fn find_direct(db: &mut Conn, direct_key: &str) -> Result<Option<(ConversationId,)>> {
    db.sql("select id from conversations where direct_key = $1").bind(direct_key).optional().await
}

pub async fn find_created(db: &mut Conn, created_by: UserId, client_id: Uuid) -> Result<Option<(ConversationId,)>> {
    db.sql("select id from conversations where created_by = $1 and client_id = $2")
        .bind(created_by)
        .bind(client_id)
        .optional()
        .await
}

/// Writes back what an action changed under the lock.
pub async fn save(tx: &mut Tx, row: &ConversationRow) -> Result<()> {
    tx.sql(
        "update conversations set title = $2, description = $3, picture_id = $4, show_past = $5, last_seq = $6, version = $7,
                members_version = $8, member_count = $9, active_at = $10 where id = $1",
    )
    .bind(row.id)
    .bind(row.title.as_deref())
    .bind(&row.description)
    .bind(row.picture_id)
    .bind(row.show_past)
    .bind(row.last_seq)
    .bind(row.version)
    .bind(row.members_version)
    .bind(row.member_count)
    .bind(row.active_at)
    .run()
    .await?;
    Ok(())
}

/// What one member keeps of it; `mine_version` rises with each call.
pub async fn save_mine(tx: &mut Tx, member: &MemberRow) -> Result<()> {
    tx.sql(
        "update members set mine_version = $3, muted_until = $4, archived_at = $5, pinned_at = $6, marked_unread = $7
          where conversation_id = $1 and user_id = $2",
    )
    .bind(member.conversation_id)
    .bind(member.user_id)
    .bind(member.mine_version)
    .bind(member.muted_until)
    .bind(member.archived_at)
    .bind(member.pinned_at)
    .bind(member.marked_unread)
    .run()
    .await?;
    Ok(())
}

pub async fn lowest(db: &mut Conn, id: ConversationId) -> Result<Lowest> {
    db.sql(
        "select coalesce(min(delivered_seq), 0) as delivered_seq, coalesce(min(read_seq), 0) as read_seq
           from members where conversation_id = $1 and active",
    )
    .bind(id)
    .one()
    .await
}

pub async fn list_hidden(db: &mut Conn, id: ConversationId, user_id: UserId) -> Result<Vec<i64>> {
    let seqs: Vec<(i64,)> = db
        .sql("select seq from hidden_messages where conversation_id = $1 and user_id = $2 order by seq desc limit $3")
        .bind(id)
        .bind(user_id)
        .bind(MAX_HIDDEN_TOLD)
        .all()
        .await?;
    Ok(seqs.into_iter().map(|(seq,)| seq).collect())
}

/// Where a list goes on.
#[derive(Debug, Clone, Copy, Serialize, serde::Deserialize)]
pub struct ListCursor {
    pub pinned: bool,
    pub active_at: i64,
    pub id: ConversationId,
}

/// Pinned ones first, then by their last message; one page.
pub async fn list(
    db: &mut Conn,
    user_id: UserId,
    archived: bool,
    after: Option<ListCursor>,
    limit: i64,
) -> Result<Vec<(ConversationId, i64, bool)>> {
    let after = after.unwrap_or(ListCursor { pinned: true, active_at: i64::MAX, id: ConversationId(Uuid::max()) });
    db.sql(
        "select c.id, c.active_at, m.pinned_at is not null
           from members m join conversations c on c.id = m.conversation_id
          where m.user_id = $1 and m.active and (m.archived_at is not null) = $2
            and (case when m.pinned_at is not null then 1 else 0 end, c.active_at, c.id) < ($3, $4, $5)
          order by case when m.pinned_at is not null then 1 else 0 end desc, c.active_at desc, c.id desc limit $6",
    )
    .bind(user_id)
    .bind(archived)
    .bind(i32::from(after.pinned))
    .bind(after.active_at)
    .bind(after.id)
    .bind(limit)
    .all()
    .await
}

pub async fn list_by_ids(db: &mut Conn, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    db.sql((
        "select * from conversations where id in (select unhex(value) from json_each($1))",
        "select * from conversations where id = any($1)",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// My rows of these conversations.
pub async fn list_memberships(db: &mut Conn, user_id: UserId, ids: &[ConversationId]) -> Result<Vec<MemberRow>> {
    db.sql((
        "select * from members where user_id = $1 and active and conversation_id in (select unhex(value) from json_each($2))",
        "select * from members where user_id = $1 and active and conversation_id = any($2)",
    ))
    .bind(user_id)
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// Of each the newest that are told, newest first.
pub async fn list_hidden_of(
    db: &mut Conn,
    user_id: UserId,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, i64)>> {
    db.sql((
        "select i.id, h.seq from (select unhex(value) as id from json_each($2)) i
           join hidden_messages h on h.conversation_id = i.id and h.user_id = $1
            and h.seq >= coalesce((select n.seq from hidden_messages n where n.conversation_id = i.id and n.user_id = $1 order by n.seq desc limit 1 offset $3 - 1), 0)
          order by h.seq desc",
        "select i.id, h.seq from unnest($2::uuid[]) i (id)
           cross join lateral (select n.seq from hidden_messages n where n.conversation_id = i.id and n.user_id = $1 order by n.seq desc limit $3) h
          order by h.seq desc",
    ))
    .bind(user_id)
    .bind_ids(ids.iter().map(|id| id.0))
    .bind(MAX_HIDDEN_TOLD)
    .all()
    .await
}

/// How many messages wait for this person, capped at 1000 each.
pub async fn count_unread(
    db: &mut Conn,
    user_id: UserId,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, i64)>> {
    db.sql((
        "select b.conversation_id, (select count(*) from (
                    select 1 from messages m where m.conversation_id = b.conversation_id and m.seq > b.read_seq and m.seq >= b.visible_from
                       and m.kind = 'text' and m.deleted_at is null and m.sender_id <> b.user_id
                       and not exists (select 1 from hidden_messages h where h.conversation_id = m.conversation_id and h.user_id = b.user_id and h.seq = m.seq)
                     limit 1000) unread)
           from members b where b.user_id = $1 and b.active and b.conversation_id in (select unhex(value) from json_each($2))",
        "select b.conversation_id, (select count(*) from (
                    select 1 from messages m where m.conversation_id = b.conversation_id and m.seq > b.read_seq and m.seq >= b.visible_from
                       and m.kind = 'text' and m.deleted_at is null and m.sender_id <> b.user_id
                       and not exists (select 1 from hidden_messages h where h.conversation_id = m.conversation_id and h.user_id = b.user_id and h.seq = m.seq)
                     limit 1000) unread)
           from members b where b.user_id = $1 and b.active and b.conversation_id = any($2)",
    ))
    .bind(user_id)
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// The active members of those of these conversations that are small enough to be shown with them.
pub async fn list_members_of(db: &mut Conn, ids: &[ConversationId]) -> Result<Vec<MemberRow>> {
    db.sql((
        "select * from members where active and conversation_id in (select unhex(value) from json_each($1)) order by conversation_id, joined_at, user_id",
        "select * from members where active and conversation_id = any($1) order by conversation_id, joined_at, user_id",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}
