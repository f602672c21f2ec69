//! The SQL of single messages, pages of them, reactions and edits.
//! A page never shows what lies outside the reader's spans, nor what they deleted for themselves.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;
use uuid::Uuid;

use super::{Delivery, DeliveryState, Message, MessageKind, Reaction};
use crate::ids::{ConversationId, UserId};

/// A row with its reactions as a JSON list of `[emoji, user id in hex]`, in the order in which they were made.
#[derive(sqlx::FromRow)]
pub struct MessageRow {
    conversation_id: ConversationId,
    seq: i64,
    version: i64,
    kind: MessageKind,
    sender_id: Option<UserId>,
    client_id: Option<Uuid>,
    body: String,
    system: Option<String>,
    reply_to_seq: Option<i64>,
    reactions: Option<String>,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    delivery: Option<DeliveryState>,
    failure: Option<i64>,
    segments: Option<i64>,
    price_micros: Option<i64>,
    due_at: Option<Timestamp>,
}

/// One of a page, with the bytes of bodies and reactions up to and with it, as the database counts them.
#[derive(sqlx::FromRow)]
struct WeighedRow {
    #[sqlx(flatten)]
    row: MessageRow,
    bytes: i64,
}

/// What one answer may carry.
#[derive(Clone, Copy)]
pub struct Room {
    pub rows: i64,
    pub bytes: i64,
}

/// As many as there is room for, but always one, so that whoever pages comes to an end.
pub struct Page {
    pub messages: Vec<Message>,
    pub has_more: bool,
    /// What is left; less than nothing if the first alone is too large.
    pub room: Room,
}

impl Page {
    pub fn is_too_much(&self) -> bool {
        self.has_more || self.room.bytes < 0
    }

    /// The queries give one more than there is room for, if there is one.
    fn cut(rows: Vec<WeighedRow>, room: Room) -> Self {
        let found = rows.len();
        let mut page = Self { messages: vec![], has_more: false, room };
        for WeighedRow { row, bytes } in rows {
            if page.room.rows == 0 || (bytes > room.bytes && !page.messages.is_empty()) {
                break;
            }
            page.room = Room { rows: page.room.rows - 1, bytes: room.bytes - bytes };
            page.messages.push(row.into());
        }
        page.has_more = page.messages.len() < found;
        page
    }
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let mut reactions: Vec<Reaction> = vec![];
        let pairs: Vec<(String, Uuid)> =
            row.reactions.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        for (emoji, user) in pairs {
            match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
                Some(reaction) => reaction.user_ids.push(UserId(user)),
                None => reactions.push(Reaction { emoji, user_ids: vec![UserId(user)] }),
            }
        }
        Self {
            conversation_id: row.conversation_id,
            seq: row.seq,
            version: row.version,
            kind: row.kind,
            sender_id: row.sender_id,
            client_id: row.client_id,
            body: row.body,
            system: row.system.and_then(|json| serde_json::from_str(&json).ok()),
            reply_to_seq: row.reply_to_seq,
            reactions,
            created_at: row.created_at,
            edited_at: row.edited_at,
            deleted_at: row.deleted_at,
            delivery: row.delivery.map(|state| Delivery {
                state,
                failure: row.failure,
                segments: row.segments.unwrap_or(1),
                price_micros: row.price_micros.unwrap_or(0),
                due_at: row.due_at,
            }),
        }
    }
}

fn messages(rows: Vec<MessageRow>) -> Vec<Message> {
    rows.into_iter().map(Message::from).collect()
}

/// The message, if this reader may see it.
pub async fn find(db: &mut Conn, conversation_id: ConversationId, seq: i64, reader: UserId) -> Result<Option<Message>> {
    let row: Option<MessageRow> = db
        .sql(
            "select m.* from messages_with_reactions m
              where m.conversation_id = $1 and m.seq = $2
                and exists (select 1 from member_spans s where s.conversation_id = $1 and s.user_id = $3 and $2 >= s.from_seq and (s.to_seq is null or $2 <= s.to_seq))
                and not exists (select 1 from hidden_messages h where h.conversation_id = $1 and h.user_id = $3 and h.seq = $2)",
        )
        .bind(conversation_id)
        .bind(seq)
        .bind(reader)
        .optional()
        .await?;
    Ok(row.map(Message::from))
}

/// Messages at known places, for whoever may see them already.
pub async fn list_at(db: &mut Conn, places: &[(ConversationId, i64)]) -> Result<Vec<Message>> {
    #[derive(Serialize)]
    struct Place {
        c: String,
        q: i64,
    }
    if places.is_empty() {
        return Ok(vec![]);
    }
    let rows: Vec<MessageRow> = db
        .sql((
            "select m.* from jsonb_each($1) i cross join messages_with_reactions m on m.conversation_id = unhex(i.value ->> 'c') and m.seq = i.value ->> 'q'",
            "select m.* from jsonb_to_recordset($1) as i(c uuid, q bigint) join messages_with_reactions m on m.conversation_id = i.c and m.seq = i.q",
        ))
        .bind(json_list(places.iter().map(|(id, seq)| Place { c: hex(id.0), q: *seq })))
        .all()
        .await?;
    Ok(messages(rows))
}

/// Visible messages with `seq < before`, the newest ones first.
pub async fn list_before(
    db: &mut Conn,
    conversation_id: ConversationId,
    reader: UserId,
    before: i64,
    room: Room,
) -> Result<Page> {
    let rows: Vec<WeighedRow> = db
        .sql(
            "select * from (
               select p.*, sum(octet_length(p.body) + coalesce(octet_length(p.reactions), 0)) over (order by p.seq desc) as bytes from (
                 select m.* from messages_with_reactions m
                  where m.conversation_id = $1 and m.seq < $3
                    and exists (select 1 from member_spans s where s.conversation_id = $1 and s.user_id = $2 and m.seq >= s.from_seq and (s.to_seq is null or m.seq <= s.to_seq))
                    and not exists (select 1 from hidden_messages h where h.conversation_id = $1 and h.user_id = $2 and h.seq = m.seq)
                  order by m.seq desc limit $4) p) w
              where w.bytes - octet_length(w.body) - coalesce(octet_length(w.reactions), 0) <= $5 order by w.seq desc",
        )
        .bind(conversation_id)
        .bind(reader)
        .bind(before)
        .bind(room.rows + 1)
        .bind(room.bytes)
        .all()
        .await?;
    Ok(Page::cut(rows, room))
}

/// Visible messages with `seq > after`, the oldest ones first.
pub async fn list_after(
    db: &mut Conn,
    conversation_id: ConversationId,
    reader: UserId,
    after: i64,
    room: Room,
) -> Result<Page> {
    let rows: Vec<WeighedRow> = db
        .sql(
            "select * from (
               select p.*, sum(octet_length(p.body) + coalesce(octet_length(p.reactions), 0)) over (order by p.seq) as bytes from (
                 select m.* from messages_with_reactions m
                  where m.conversation_id = $1 and m.seq > $3
                    and exists (select 1 from member_spans s where s.conversation_id = $1 and s.user_id = $2 and m.seq >= s.from_seq and (s.to_seq is null or m.seq <= s.to_seq))
                    and not exists (select 1 from hidden_messages h where h.conversation_id = $1 and h.user_id = $2 and h.seq = m.seq)
                  order by m.seq limit $4) p) w
              where w.bytes - octet_length(w.body) - coalesce(octet_length(w.reactions), 0) <= $5 order by w.seq",
        )
        .bind(conversation_id)
        .bind(reader)
        .bind(after)
        .bind(room.rows + 1)
        .bind(room.bytes)
        .all()
        .await?;
    Ok(Page::cut(rows, room))
}

/// Visible messages up to `last_seq` that changed after `version`, in the order in which they did.
pub async fn list_changed(
    db: &mut Conn,
    conversation_id: ConversationId,
    reader: UserId,
    (version, last_seq): (i64, i64),
    room: Room,
) -> Result<Page> {
    let rows: Vec<WeighedRow> = db
        .sql(
            "select * from (
               select p.*, sum(octet_length(p.body) + coalesce(octet_length(p.reactions), 0)) over (order by p.version) as bytes from (
                 select m.* from messages_with_reactions m
                  where m.conversation_id = $1 and m.changed and m.version > $3 and m.seq <= $4
                    and exists (select 1 from member_spans s where s.conversation_id = $1 and s.user_id = $2 and m.seq >= s.from_seq and (s.to_seq is null or m.seq <= s.to_seq))
                    and not exists (select 1 from hidden_messages h where h.conversation_id = $1 and h.user_id = $2 and h.seq = m.seq)
                  order by m.version limit $5) p) w
              where w.bytes - octet_length(w.body) - coalesce(octet_length(w.reactions), 0) <= $6 order by w.version",
        )
        .bind(conversation_id)
        .bind(reader)
        .bind(version)
        .bind(last_seq)
        .bind(room.rows + 1)
        .bind(room.bytes)
        .all()
        .await?;
    Ok(Page::cut(rows, room))
}

/// A line of the system's own, at the next place; the caller holds the lock and has counted.
pub async fn insert_system(tx: &mut Tx, message: &Message) -> Result<()> {
    let system = serde_json::to_string(&message.system).expect("a system line is plain data");
    tx.sql("insert into messages (conversation_id, seq, version, kind, body, system, created_at) values ($1, $2, $3, 'system', '', $4, $5)")
        .bind(message.conversation_id)
        .bind(message.seq)
        .bind(message.version)
        .bind(system)
        .bind(message.created_at)
        .run()
        .await?;
    Ok(())
}

/// Texts that arrived and lines that answer them, at their places.
pub async fn insert_of_phone(tx: &mut Tx, messages: &[Message]) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        c: String,
        q: i64,
        v: i64,
        t: MessageKind,
        b: &'a str,
        y: Option<String>,
        d: Option<DeliveryState>,
        n: Option<i64>,
        p: Option<i64>,
        a: i64,
    }
    tx.sql((
        "insert into messages (conversation_id, seq, version, kind, body, system, created_at, delivery, segments, price_micros)
         select unhex(value ->> 'c'), value ->> 'q', value ->> 'v', value ->> 't', value ->> 'b', value ->> 'y', value ->> 'a', value ->> 'd', value ->> 'n', value ->> 'p' from jsonb_each($1)",
        "insert into messages (conversation_id, seq, version, kind, body, system, created_at, delivery, segments, price_micros)
         select i.c, i.q, i.v, i.t, i.b, i.y, i.a, i.d, i.n, i.p
           from jsonb_to_recordset($1) as i(c uuid, q bigint, v bigint, t text, b text, y text, d text, n bigint, p bigint, a bigint)",
    ))
    .bind(json_list(messages.iter().map(|message| Row {
        c: hex(message.conversation_id.0),
        q: message.seq,
        v: message.version,
        t: message.kind,
        b: &message.body,
        y: message.system.as_ref().map(|system| serde_json::to_string(system).expect("a system line is plain data")),
        d: message.delivery.as_ref().map(|delivery| delivery.state),
        n: message.delivery.as_ref().map(|delivery| delivery.segments),
        p: message.delivery.as_ref().map(|delivery| delivery.price_micros),
        a: message.created_at.micros(),
    })))
    .run()
    .await?;
    Ok(())
}

/// What a text that left shows from a version on.
pub struct DeliveryChange<'a> {
    pub id: ConversationId,
    pub seq: i64,
    pub version: i64,
    pub delivery: &'a Delivery,
}

pub async fn save_deliveries(tx: &mut Tx, changes: &[DeliveryChange<'_>]) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        q: i64,
        v: i64,
        d: DeliveryState,
        f: Option<i64>,
        p: i64,
        a: Option<i64>,
    }
    tx.sql((
        "update messages set version = i.value ->> 'v', changed = true, delivery = i.value ->> 'd', failure = i.value ->> 'f', price_micros = i.value ->> 'p', due_at = i.value ->> 'a'
           from jsonb_each($1) i where conversation_id = unhex(i.value ->> 'c') and seq = i.value ->> 'q'",
        "update messages set version = i.v, changed = true, delivery = i.d, failure = i.f, price_micros = i.p, due_at = i.a
           from jsonb_to_recordset($1) as i(c uuid, q bigint, v bigint, d text, f bigint, p bigint, a bigint) where conversation_id = i.c and seq = i.q",
    ))
    .bind(json_list(changes.iter().map(|change| Row {
        c: hex(change.id.0),
        q: change.seq,
        v: change.version,
        d: change.delivery.state,
        f: change.delivery.failure,
        p: change.delivery.price_micros,
        a: change.delivery.due_at.map(Timestamp::micros),
    })))
    .run()
    .await?;
    Ok(())
}

pub async fn save_edit(tx: &mut Tx, message: &Message, replaced: &str) -> Result<()> {
    tx.sql("insert into message_edits (conversation_id, seq, version, body, replaced_at) values ($1, $2, $3, $4, $5)")
        .bind(message.conversation_id)
        .bind(message.seq)
        .bind(message.version)
        .bind(replaced)
        .bind(message.edited_at)
        .run()
        .await?;
    tx.sql("update messages set body = $3, edited_at = $4, version = $5, changed = true where conversation_id = $1 and seq = $2")
        .bind(message.conversation_id)
        .bind(message.seq)
        .bind(&message.body)
        .bind(message.edited_at)
        .bind(message.version)
        .run()
        .await?;
    Ok(())
}

/// Leaves a tombstone: body, history and reactions are gone.
pub async fn erase(tx: &mut Tx, message: &Message) -> Result<()> {
    tx.sql("delete from message_edits where conversation_id = $1 and seq = $2")
        .bind(message.conversation_id)
        .bind(message.seq)
        .run()
        .await?;
    tx.sql("delete from reactions where conversation_id = $1 and seq = $2")
        .bind(message.conversation_id)
        .bind(message.seq)
        .run()
        .await?;
    tx.sql("update messages set body = '', reply_to_seq = null, deleted_at = $3, version = $4, changed = true where conversation_id = $1 and seq = $2")
        .bind(message.conversation_id)
        .bind(message.seq)
        .bind(message.deleted_at)
        .bind(message.version)
        .run()
        .await?;
    Ok(())
}

pub async fn list_edits(db: &mut Conn, conversation_id: ConversationId, seq: i64) -> Result<Vec<(String, Timestamp)>> {
    db.sql("select body, replaced_at from message_edits where conversation_id = $1 and seq = $2 order by version")
        .bind(conversation_id)
        .bind(seq)
        .all()
        .await
}

pub async fn count_edits(db: &mut Conn, conversation_id: ConversationId, seq: i64) -> Result<i64> {
    let (count,): (i64,) = db
        .sql("select count(*) from message_edits where conversation_id = $1 and seq = $2")
        .bind(conversation_id)
        .bind(seq)
        .one()
        .await?;
    Ok(count)
}

/// Marks that something about the message changed.
pub async fn touch(tx: &mut Tx, conversation_id: ConversationId, seq: i64, version: i64) -> Result<()> {
    tx.sql("update messages set version = $3, changed = true where conversation_id = $1 and seq = $2")
        .bind(conversation_id)
        .bind(seq)
        .bind(version)
        .run()
        .await?;
    Ok(())
}

pub async fn insert_reaction(
    tx: &mut Tx,
    conversation_id: ConversationId,
    seq: i64,
    emoji: &str,
    user_id: UserId,
    now: Timestamp,
) -> Result<()> {
    tx.sql("insert into reactions (conversation_id, seq, emoji, user_id, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing")
        .bind(conversation_id)
        .bind(seq)
        .bind(emoji)
        .bind(user_id)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub async fn delete_reaction(
    tx: &mut Tx,
    conversation_id: ConversationId,
    seq: i64,
    emoji: &str,
    user_id: UserId,
) -> Result<()> {
    tx.sql("delete from reactions where conversation_id = $1 and seq = $2 and emoji = $3 and user_id = $4")
        .bind(conversation_id)
        .bind(seq)
        .bind(emoji)
        .bind(user_id)
        .run()
        .await?;
    Ok(())
}

/// False if it was hidden before.
pub async fn hide(tx: &mut Tx, conversation_id: ConversationId, user_id: UserId, seq: i64) -> Result<bool> {
    let rows = tx
        .sql("insert into hidden_messages (conversation_id, user_id, seq) values ($1, $2, $3) on conflict do nothing")
        .bind(conversation_id)
        .bind(user_id)
        .bind(seq)
        .run()
        .await?;
    Ok(rows == 1)
}
