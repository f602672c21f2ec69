//! The SQL of memberships and their spans.
//! The caller holds the conversation's lock for every write.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;

use crate::{
    chat::conversations::{ConversationRow, MemberRole, MemberRow},
    ids::{ConversationId, UserId},
};

/// Joins these people, or joins them again: everything counts from `from_seq` on, nothing before it is unread.
pub struct Joining {
    pub conversation_id: ConversationId,
    pub people: Vec<(UserId, MemberRole)>,
    pub from_seq: i64,
    /// The last seq before they joined.
    pub last_seq: i64,
    pub version: i64,
    pub now: Timestamp,
}

pub async fn join(tx: &mut Tx, joining: &Joining) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        u: String,
        r: MemberRole,
    }
    let rows = || json_list(joining.people.iter().map(|(id, role)| Row { u: hex(id.0), r: *role }));
    tx.sql((
        "insert into members (conversation_id, user_id, role, active, joined_at, visible_from, joined_version, version, delivered_seq, read_seq)
         select $2, unhex(value ->> 'u'), value ->> 'r', true, $3, $4, $5, $5, $6, $6 from jsonb_each($1) where true
         on conflict (conversation_id, user_id) do update set role = excluded.role, active = true, joined_at = excluded.joined_at,
            visible_from = excluded.visible_from, joined_version = excluded.joined_version, version = excluded.version, delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq,
            ended_at = null, mine_version = members.mine_version + 1, archived_at = null, marked_unread = false",
        "insert into members (conversation_id, user_id, role, active, joined_at, visible_from, joined_version, version, delivered_seq, read_seq)
         select $2, i.u, i.r, true, $3, $4, $5, $5, $6, $6 from jsonb_to_recordset($1) as i(u uuid, r text)
         on conflict (conversation_id, user_id) do update set role = excluded.role, active = true, joined_at = excluded.joined_at,
            visible_from = excluded.visible_from, joined_version = excluded.joined_version, version = excluded.version, delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq,
            ended_at = null, mine_version = members.mine_version + 1, archived_at = null, marked_unread = false",
    ))
    .bind(rows())
    .bind(joining.conversation_id)
    .bind(joining.now)
    .bind(joining.from_seq)
    .bind(joining.version)
    .bind(joining.last_seq)
    .run()
    .await?;
    // A span that would begin inside an older one replaces it: then they see that part anyway.
    tx.sql((
        "delete from member_spans where conversation_id = $2 and from_seq >= $3 and user_id in (select unhex(value ->> 'u') from jsonb_each($1))",
        "delete from member_spans where conversation_id = $2 and from_seq >= $3 and user_id in (select i.u from jsonb_to_recordset($1) as i(u uuid))",
    ))
    .bind(rows())
    .bind(joining.conversation_id)
    .bind(joining.from_seq)
    .run()
    .await?;
    tx.sql((
        "insert into member_spans (conversation_id, user_id, from_seq) select $2, unhex(value ->> 'u'), $3 from jsonb_each($1)",
        "insert into member_spans (conversation_id, user_id, from_seq) select $2, i.u, $3 from jsonb_to_recordset($1) as i(u uuid)",
    ))
    .bind(rows())
    .bind(joining.conversation_id)
    .bind(joining.from_seq)
    .run()
    .await?;
    Ok(())
}

/// Joins one person to many conversations with all of their past, or gives them another role there. Nothing before is unread.
pub async fn join_all(
    tx: &mut Tx,
    rows: &[ConversationRow],
    user_id: UserId,
    role: MemberRole,
    now: Timestamp,
) -> Result<()> {
    tx.sql((
        "insert into members (conversation_id, user_id, role, active, joined_at, visible_from, joined_version, version, delivered_seq, read_seq)
         select unhex(value ->> 'c'), $2, $3, true, $4, 1, value ->> 'v', value ->> 'v', value ->> 'q', value ->> 'q' from jsonb_each($1) where true
         on conflict (conversation_id, user_id) do update set role = excluded.role, active = true, visible_from = 1, version = excluded.version, ended_at = null,
            joined_version = case when members.active then members.joined_version else excluded.joined_version end",
        "insert into members (conversation_id, user_id, role, active, joined_at, visible_from, joined_version, version, delivered_seq, read_seq)
         select i.c, $2, $3, true, $4, 1, i.v, i.v, i.q, i.q from jsonb_to_recordset($1) as i(c uuid, q bigint, v bigint)
         on conflict (conversation_id, user_id) do update set role = excluded.role, active = true, visible_from = 1, version = excluded.version, ended_at = null,
            joined_version = case when members.active then members.joined_version else excluded.joined_version end",
    ))
    .bind(places(rows))
    .bind(user_id)
    .bind(role)
    .bind(now)
    .run()
    .await?;
    // Whoever reads the number reads all of it, as if there had never been an end.
    tx.sql((
        "delete from member_spans where user_id = $2 and conversation_id in (select unhex(value ->> 'c') from jsonb_each($1))",
        "delete from member_spans where user_id = $2 and conversation_id in (select i.c from jsonb_to_recordset($1) as i(c uuid))",
    ))
    .bind(places(rows))
    .bind(user_id)
    .run()
    .await?;
    tx.sql((
        "insert into member_spans (conversation_id, user_id, from_seq) select unhex(value ->> 'c'), $2, 1 from jsonb_each($1)",
        "insert into member_spans (conversation_id, user_id, from_seq) select i.c, $2, 1 from jsonb_to_recordset($1) as i(c uuid)",
    ))
    .bind(places(rows))
    .bind(user_id)
    .run()
    .await?;
    Ok(())
}

/// Ends one person's membership in many conversations.
pub async fn end_all(tx: &mut Tx, rows: &[ConversationRow], user_id: UserId, now: Timestamp) -> Result<()> {
    tx.sql((
        "update members set active = false, version = i.value ->> 'v', ended_at = $3
           from jsonb_each($1) i where conversation_id = unhex(i.value ->> 'c') and user_id = $2",
        "update members set active = false, version = i.v, ended_at = $3
           from jsonb_to_recordset($1) as i(c uuid, v bigint) where conversation_id = i.c and user_id = $2",
    ))
    .bind(places(rows))
    .bind(user_id)
    .bind(now)
    .run()
    .await?;
    tx.sql((
        "update member_spans set to_seq = i.value ->> 'q' from jsonb_each($1) i where conversation_id = unhex(i.value ->> 'c') and user_id = $2",
        "update member_spans set to_seq = i.q from jsonb_to_recordset($1) as i(c uuid, q bigint) where conversation_id = i.c and user_id = $2",
    ))
    .bind(places(rows))
    .bind(user_id)
    .run()
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct Place {
    c: String,
    q: i64,
    v: i64,
}

fn places(rows: &[ConversationRow]) -> convo_db::JsonList<Place> {
    json_list(rows.iter().map(|row| Place { c: hex(row.id.0), q: row.last_seq, v: row.version }))
}

/// Of one person, in many conversations.
pub async fn list_of_person(db: &mut Conn, user_id: UserId, rows: &[ConversationRow]) -> Result<Vec<MemberRow>> {
    db.sql((
        "select * from members where user_id = $1 and conversation_id in (select unhex(value) from jsonb_each($2))",
        "select * from members where user_id = $1 and conversation_id = any($2)",
    ))
    .bind(user_id)
    .bind_ids(rows.iter().map(|row| row.id.0))
    .all()
    .await
}

/// Ends a membership with the version that the caller has set; what was said so far is the end of its span.
pub async fn end(tx: &mut Tx, row: &ConversationRow, user_id: UserId, now: Timestamp) -> Result<()> {
    tx.sql(
        "update members set active = false, role = 'member', version = $3, ended_at = $4 where conversation_id = $1 and user_id = $2",
    )
    .bind(row.id)
    .bind(user_id)
    .bind(row.members_version)
    .bind(now)
    .run()
    .await?;
    tx.sql("update member_spans set to_seq = $3 where conversation_id = $1 and user_id = $2 and to_seq is null")
        .bind(row.id)
        .bind(user_id)
        .bind(row.last_seq)
        .run()
        .await?;
    Ok(())
}

pub async fn set_role(tx: &mut Tx, id: ConversationId, user_id: UserId, role: MemberRole, version: i64) -> Result<()> {
    tx.sql("update members set role = $3, version = $4 where conversation_id = $1 and user_id = $2")
        .bind(id)
        .bind(user_id)
        .bind(role)
        .bind(version)
        .run()
        .await?;
    Ok(())
}

pub async fn list_by_users(db: &mut Conn, id: ConversationId, user_ids: &[UserId]) -> Result<Vec<MemberRow>> {
    db.sql((
        "select * from members where conversation_id = $1 and user_id in (select unhex(value) from jsonb_each($2)) order by user_id",
        "select * from members where conversation_id = $1 and user_id = any($2) order by user_id",
    ))
    .bind(id)
    .bind_ids(user_ids.iter().map(|id| id.0))
    .all()
    .await
}

/// Active members by id, one page.
pub async fn list(db: &mut Conn, id: ConversationId, after: UserId, limit: i64) -> Result<Vec<MemberRow>> {
    db.sql("select * from members where conversation_id = $1 and active and user_id > $2 order by user_id limit $3")
        .bind(id)
        .bind(after)
        .bind(limit)
        .all()
        .await
}

/// Whose rows changed for others after `version`, ended ones too.
pub async fn list_changed(db: &mut Conn, id: ConversationId, version: i64, limit: i64) -> Result<Vec<MemberRow>> {
    db.sql("select * from members where conversation_id = $1 and version > $2 order by version, user_id limit $3")
        .bind(id)
        .bind(version)
        .bind(limit)
        .all()
        .await
}

pub async fn is_visible(db: &mut Conn, id: ConversationId, user_id: UserId, seq: i64) -> Result<bool> {
    let (visible,): (bool,) = db
        .sql("select exists (select 1 from member_spans where conversation_id = $1 and user_id = $2 and $3 >= from_seq and (to_seq is null or $3 <= to_seq))")
        .bind(id)
        .bind(user_id)
        .bind(seq)
        .one()
        .await?;
    Ok(visible)
}

/// For delivery: the active members, each with the spans that they may see.
pub async fn list_audience(db: &mut Conn, id: ConversationId) -> Result<Vec<(UserId, i64, Option<i64>)>> {
    db.sql(
        "select s.user_id, s.from_seq, s.to_seq from member_spans s
           join members b on b.conversation_id = s.conversation_id and b.user_id = s.user_id
          where s.conversation_id = $1 and b.active order by s.user_id",
    )
    .bind(id)
    .all()
    .await
}

pub async fn members_version(db: &mut Conn, id: ConversationId) -> Result<Option<(i64,)>> {
    db.sql("select members_version from conversations where id = $1").bind(id).optional().await
}

pub async fn list_conversations_of(db: &mut Conn, user_id: UserId) -> Result<Vec<(ConversationId,)>> {
    db.sql("select conversation_id from members where user_id = $1 and active").bind(user_id).all().await
}

/// Takes the locks of all conversations of this person, in the order of ids.
pub async fn lock_conversations_of(tx: &mut Tx, user_id: UserId) -> Result<()> {
    if tx.is_postgres() {
        tx.sql("select 1 from conversations where id in (select conversation_id from members where user_id = $1 and active) order by id for update").bind(user_id).run().await?;
    }
    Ok(())
}
