//! The SQL of watermarks: whole batches, one statement for each step.
//! The caller holds the locks of the conversations.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;

use super::batcher::Mark;
use crate::{
    chat::conversations::{ConversationRow, MemberRow},
    ids::{ConversationId, UserId},
};

pub async fn list_members(db: &mut Conn, marks: &[Mark]) -> Result<Vec<MemberRow>> {
    #[derive(Serialize)]
    struct Who {
        c: String,
        u: String,
    }
    db.sql((
        "select m.* from jsonb_each($1) i cross join members m on m.conversation_id = unhex(i.value ->> 'c') and m.user_id = unhex(i.value ->> 'u') where m.active",
        "select m.* from jsonb_to_recordset($1) as i(c uuid, u uuid)
          cross join lateral (select * from members where conversation_id = i.c and user_id = i.u limit 1) m where m.active",
    ))
    .bind(json_list(marks.iter().map(|mark| Who { c: hex(mark.conversation_id.0), u: hex(mark.user_id.0) })))
    .all()
    .await
}

pub async fn save_members(tx: &mut Tx, members: &[MemberRow]) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        u: String,
        d: i64,
        r: i64,
        v: i64,
        m: i64,
        n: bool,
    }
    tx.sql((
        "update members set delivered_seq = i.value ->> 'd', read_seq = i.value ->> 'r', version = i.value ->> 'v', mine_version = i.value ->> 'm', marked_unread = i.value ->> 'n'
           from jsonb_each($1) i where conversation_id = unhex(i.value ->> 'c') and user_id = unhex(i.value ->> 'u')",
        "update members set delivered_seq = i.d, read_seq = i.r, version = i.v, mine_version = i.m, marked_unread = i.n
           from jsonb_to_recordset($1) as i(c uuid, u uuid, d bigint, r bigint, v bigint, m bigint, n boolean) where conversation_id = i.c and user_id = i.u",
    ))
    .bind(json_list(members.iter().map(|row| Row {
        c: hex(row.conversation_id.0),
        u: hex(row.user_id.0),
        d: row.delivered_seq,
        r: row.read_seq,
        v: row.version,
        m: row.mine_version,
        n: row.marked_unread,
    })))
    .run()
    .await?;
    Ok(())
}

pub async fn save_versions(tx: &mut Tx, rows: &[ConversationRow]) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        v: i64,
    }
    tx.sql((
        "update conversations set version = i.value ->> 'v' from jsonb_each($1) i where conversations.id = unhex(i.value ->> 'c')",
        "update conversations set version = i.v from jsonb_to_recordset($1) as i(c uuid, v bigint) where conversations.id = i.c",
    ))
    .bind(json_list(rows.iter().map(|row| Row { c: hex(row.id.0), v: row.version })))
    .run()
    .await?;
    Ok(())
}

/// One row where a watermark rose, so that "read at" can be told.
pub async fn insert_history(
    tx: &mut Tx,
    risen: &[(ConversationId, UserId, &'static str, i64)],
    now: Timestamp,
) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        u: String,
        k: &'static str,
        q: i64,
    }
    tx.sql((
        "insert into receipts (conversation_id, user_id, kind, seq, at)
         select unhex(value ->> 'c'), unhex(value ->> 'u'), value ->> 'k', value ->> 'q', $2 from jsonb_each($1) where true on conflict do nothing",
        "insert into receipts (conversation_id, user_id, kind, seq, at)
         select i.c, i.u, i.k, i.q, $2 from jsonb_to_recordset($1) as i(c uuid, u uuid, k text, q bigint) on conflict do nothing",
    ))
    .bind(json_list(risen.iter().map(|(c, u, k, q)| Row { c: hex(c.0), u: hex(u.0), k, q: *q })))
    .bind(now)
    .run()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub struct MessageReceiptRow {
    pub user_id: UserId,
    pub delivered_seq: i64,
    pub read_seq: i64,
    pub delivered_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
}

/// The active members who could see it, each with the moment when their watermark first reached it.
pub async fn list_of_message(db: &mut Conn, id: ConversationId, seq: i64) -> Result<Vec<MessageReceiptRow>> {
    db.sql(
        "select b.user_id, b.delivered_seq, b.read_seq,
                (select r.at from receipts r where r.conversation_id = b.conversation_id and r.user_id = b.user_id and r.kind = 'delivered' and r.seq >= $2 order by r.seq limit 1) as delivered_at,
                (select r.at from receipts r where r.conversation_id = b.conversation_id and r.user_id = b.user_id and r.kind = 'read' and r.seq >= $2 order by r.seq limit 1) as read_at
           from members b where b.conversation_id = $1 and b.active and b.visible_from <= $2 order by b.user_id",
    )
    .bind(id)
    .bind(seq)
    .all()
    .await
}
