//! The SQL of conversations and of what each member keeps of them.
//! Every query starts from a conversation or from the person who asks.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;
use uuid::Uuid;

use super::{ConversationRow, Lowest, MAX_HIDDEN_TOLD, MemberRow};
use crate::ids::{ConversationId, NumberId, UserId};

/// The rows and their locks, in the order of ids: everyone who changes conversations passes here first.
/// SQLite has one writer, so its transaction is the lock.
pub async fn lock(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    tx.sql((
        "select * from conversations where id in (select unhex(value) from jsonb_each($1)) order by id",
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
                                        last_seq, version, members_version, member_count, created_at, active_at, number_id, number, party)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing",
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
        .bind(row.number_id)
        .bind(row.number.as_deref())
        .bind(row.party.as_deref())
        .run()
        .await?;
    Ok(rows == 1)
}

pub async fn find_direct(db: &mut Conn, direct_key: &str) -> Result<Option<(ConversationId,)>> {
    db.sql("select id from conversations where direct_key = $1").bind(direct_key).optional().await
}

/// The thread of a number with somebody.
pub async fn find_line(db: &mut Conn, number_id: NumberId, party: &str) -> Result<Option<(ConversationId,)>> {
    db.sql("select id from conversations where number_id = $1 and party = $2")
        .bind(number_id)
        .bind(party)
        .optional()
        .await
}

/// The newest thread between these two, whoever had the number then.
pub async fn find_last_line(
    db: &mut Conn,
    number: &str,
    party: &str,
) -> Result<Option<(ConversationId, NumberId, Option<Timestamp>)>> {
    db.sql("select id, number_id, opted_out_at from conversations where number = $1 and party = $2 order by id desc limit 1")
        .bind(number)
        .bind(party)
        .optional()
        .await
}

/// All threads of a number and their locks, in the order of ids.
pub async fn lock_of_number(tx: &mut Tx, number_id: NumberId) -> Result<Vec<ConversationRow>> {
    tx.sql((
        "select * from conversations where number_id = $1 order by id",
        "select * from conversations where number_id = $1 order by id for update",
    ))
    .bind(number_id)
    .all()
    .await
}

pub async fn count_of_number(db: &mut Conn, number_id: NumberId) -> Result<i64> {
    let (count,): (i64,) =
        db.sql("select count(*) from conversations where number_id = $1").bind(number_id).one().await?;
    Ok(count)
}

/// After a change of members in many of them at once.
pub async fn save_members_versions(tx: &mut Tx, rows: &[ConversationRow]) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        v: i64,
        m: i64,
        n: i64,
    }
    tx.sql((
        "update conversations set version = i.value ->> 'v', members_version = i.value ->> 'm', member_count = i.value ->> 'n'
           from jsonb_each($1) i where conversations.id = unhex(i.value ->> 'c')",
        "update conversations set version = i.v, members_version = i.m, member_count = i.n
           from jsonb_to_recordset($1) as i(c uuid, v bigint, m bigint, n bigint) where conversations.id = i.c",
    ))
    .bind(json_list(rows.iter().map(|row| Row {
        c: hex(row.id.0),
        v: row.version,
        m: row.members_version,
        n: row.member_count,
    })))
    .run()
    .await?;
    Ok(())
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
                members_version = $8, member_count = $9, active_at = $10, opted_out_at = $11 where id = $1",
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
    .bind(row.opted_out_at)
    .run()
    .await?;
    Ok(())
}

/// The same for many, as far as messages change them.
pub async fn save_all(tx: &mut Tx, rows: impl Iterator<Item = &ConversationRow>) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        q: i64,
        v: i64,
        a: i64,
        o: Option<i64>,
    }
    tx.sql((
        "update conversations set last_seq = i.value ->> 'q', version = i.value ->> 'v', active_at = i.value ->> 'a', opted_out_at = i.value ->> 'o'
           from jsonb_each($1) i where conversations.id = unhex(i.value ->> 'c')",
        "update conversations set last_seq = i.q, version = i.v, active_at = i.a, opted_out_at = i.o
           from jsonb_to_recordset($1) as i(c uuid, q bigint, v bigint, a bigint, o bigint) where conversations.id = i.c",
    ))
    .bind(json_list(rows.map(|row| Row {
        c: hex(row.id.0),
        q: row.last_seq,
        v: row.version,
        a: row.active_at.micros(),
        o: row.opted_out_at.map(convo_db::Timestamp::micros),
    })))
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
        "select * from conversations where id in (select unhex(value) from jsonb_each($1))",
        "select * from conversations where id = any($1)",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// My rows of these conversations.
pub async fn list_memberships(db: &mut Conn, user_id: UserId, ids: &[ConversationId]) -> Result<Vec<MemberRow>> {
    db.sql((
        "select * from members where user_id = $1 and active and conversation_id in (select unhex(value) from jsonb_each($2))",
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
        "select i.id, h.seq from (select unhex(value) as id from jsonb_each($2)) i
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
                       and m.kind <> 'system' and m.deleted_at is null and m.sender_id is distinct from b.user_id
                       and not exists (select 1 from hidden_messages h where h.conversation_id = m.conversation_id and h.user_id = b.user_id and h.seq = m.seq)
                     limit 1000) unread)
           from members b where b.user_id = $1 and b.active and b.conversation_id in (select unhex(value) from jsonb_each($2))",
        "select b.conversation_id, (select count(*) from (
                    select 1 from messages m where m.conversation_id = b.conversation_id and m.seq > b.read_seq and m.seq >= b.visible_from
                       and m.kind <> 'system' and m.deleted_at is null and m.sender_id is distinct from b.user_id
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
        "select * from members where active and conversation_id in (select unhex(value) from jsonb_each($1)) order by conversation_id, joined_at, user_id",
        "select * from members where active and conversation_id = any($1) order by conversation_id, joined_at, user_id",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}
