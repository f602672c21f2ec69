//! The SQL of appending: whole batches, one statement for each step.
//! The caller holds the locks that `lock` takes.

use std::collections::HashMap;

use convo_db::{Conn, JsonList, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;

use super::{Draft, Fresh};
use crate::{
    chat::{
        conversations::{ConversationKind, MemberRole},
        messages::{DeliveryState, MessageKind},
    },
    error::{self, Error},
    ids::{ConversationId, NumberId},
};

/// What the log knows of one draft before it is appended.
#[derive(Debug, sqlx::FromRow)]
pub struct State {
    item: i64,
    kind: ConversationKind,
    pub last_seq: i64,
    pub version: i64,
    pub members_version: i64,
    number_id: Option<NumberId>,
    party: Option<String>,
    pub opted_out_at: Option<Timestamp>,
    role: Option<MemberRole>,
    pub repeat_seq: Option<i64>,
    pub is_member: bool,
    is_suspended: bool,
    /// Something of somebody else is unread for the sender.
    pub unread: bool,
    reply_is_visible: bool,
}

impl State {
    /// Permission to send, decided under the lock that every change of such a right takes.
    pub fn allows(&self, draft: &Draft) -> error::Result<()> {
        if !self.is_member || self.is_suspended {
            return Err(Error::not_found("conversation"));
        }
        if self.role == Some(MemberRole::Reader) {
            return Err(Error::forbidden(
                "readers_only_read",
                "This number is shared with you to read. Ask its owner to let you answer.",
            ));
        }
        if draft.kind == MessageKind::Note && self.kind != ConversationKind::Sms {
            return Err(Error::invalid("note", "note_elsewhere", "Notes are for conversations with a phone."));
        }
        if draft.reply_to_seq.is_some() && !self.reply_is_visible {
            return Err(Error::invalid(
                "reply_to_seq",
                "reply_not_found",
                "The message you reply to is not there any more. Send it without the quote.",
            ));
        }
        Ok(())
    }
}

impl State {
    /// Whom a text goes to, and from which number; `None` for what stays among people.
    pub fn line(&self, draft: &Draft) -> Option<(NumberId, &str)> {
        match draft.kind {
            MessageKind::Text => self.number_id.zip(self.party.as_deref()),
            _ => None,
        }
    }
}

/// SQLite has one writer, so its transaction is the lock; PostgreSQL locks the rows in the order of their ids.
pub async fn lock(tx: &mut Tx, drafts: &[Draft]) -> Result<()> {
    if tx.is_postgres() {
        tx.sql("select 1 from conversations where id = any($1) order by id for update")
            .bind_ids(drafts.iter().map(|draft| draft.conversation_id.0))
            .run()
            .await?;
    }
    Ok(())
}

/// One state per draft, in their order; `None` where there is no such conversation.
pub async fn look(db: &mut Conn, drafts: &[Draft]) -> Result<Vec<Option<State>>> {
    #[derive(Serialize)]
    struct Item {
        i: usize,
        c: String,
        s: String,
        k: String,
        r: Option<i64>,
    }
    let items = drafts.iter().enumerate().map(|(i, draft)| Item {
        i,
        c: hex(draft.conversation_id.0),
        s: hex(draft.sender_id.0),
        k: hex(draft.client_id),
        r: draft.reply_to_seq,
    });
    let rows: Vec<State> = db
        .sql((
            "select i.value ->> 'i' as item, c.kind, c.last_seq, c.version, c.members_version, c.number_id, c.party, c.opted_out_at, b.role, old.seq as repeat_seq,
                    coalesce(b.active, false) as is_member, u.suspended_at is not null as is_suspended,
                    coalesce(b.read_seq < c.last_seq and exists (
                        select 1 from messages n where n.conversation_id = c.id and n.seq > b.read_seq and n.seq >= b.visible_from
                           and n.kind <> 'system' and n.deleted_at is null and n.sender_id is distinct from b.user_id
                           and not exists (select 1 from hidden_messages h where h.conversation_id = c.id and h.user_id = b.user_id and h.seq = n.seq)), false) as unread,
                    i.value ->> 'r' is not null and exists (
                        select 1 from messages q join member_spans s on s.conversation_id = q.conversation_id and s.user_id = b.user_id
                         where q.conversation_id = c.id and q.seq = i.value ->> 'r' and q.deleted_at is null and q.kind <> 'system'
                           and q.seq >= s.from_seq and (s.to_seq is null or q.seq <= s.to_seq)) as reply_is_visible
               from jsonb_each($1) i
               cross join conversations c on c.id = unhex(i.value ->> 'c')
               left join members b on b.conversation_id = c.id and b.user_id = unhex(i.value ->> 's')
               left join users u on u.id = b.user_id
               left join messages old on old.conversation_id = c.id and old.sender_id = unhex(i.value ->> 's') and old.client_id = unhex(i.value ->> 'k')",
            // Each look-up stands alone, so that no plan can ever read a whole table beside a batch:
            // while statistics are young, the planner of PostgreSQL would join with a scan of all messages.
            "select i.i as item, c.kind, c.last_seq, c.version, c.members_version, c.number_id, c.party, c.opted_out_at, b.role,
                    (select old.seq from messages old
                      where old.conversation_id = i.c and old.sender_id = i.s and old.client_id = i.k) as repeat_seq,
                    coalesce(b.active, false) as is_member, coalesce(b.is_suspended, false) as is_suspended,
                    coalesce(b.read_seq < c.last_seq and exists (
                        select 1 from messages n where n.conversation_id = c.id and n.seq > b.read_seq and n.seq >= b.visible_from
                           and n.kind <> 'system' and n.deleted_at is null and n.sender_id is distinct from b.user_id
                           and not exists (select 1 from hidden_messages h where h.conversation_id = c.id and h.user_id = b.user_id and h.seq = n.seq)), false) as unread,
                    i.r is not null and exists (
                        select 1 from messages q join member_spans s on s.conversation_id = q.conversation_id and s.user_id = b.user_id
                         where q.conversation_id = c.id and q.seq = i.r and q.deleted_at is null and q.kind <> 'system'
                           and q.seq >= s.from_seq and (s.to_seq is null or q.seq <= s.to_seq)) as reply_is_visible
               from jsonb_to_recordset($1) as i(i bigint, c uuid, s uuid, k uuid, r bigint)
               cross join lateral (select * from conversations where id = i.c limit 1) c
               left join lateral (
                    select m.user_id, m.active, m.role, m.read_seq, m.visible_from,
                           (select u.suspended_at is not null from users u where u.id = m.user_id) as is_suspended
                      from members m where m.conversation_id = i.c and m.user_id = i.s limit 1) b on true",
        ))
        .bind(json_list(items))
        .all()
        .await?;
    let mut states: Vec<Option<State>> = drafts.iter().map(|_| None).collect();
    for row in rows {
        if let Some(slot) = usize::try_from(row.item).ok().and_then(|item| states.get_mut(item)) {
            *slot = Some(row);
        }
    }
    Ok(states)
}

/// What is appended: each conversation at its new end, the messages, and the watermarks of who had nothing unread.
pub(super) struct Appended<'a> {
    pub ends: &'a [End],
    pub fresh: &'a [Fresh],
    pub now: Timestamp,
}

#[derive(Serialize)]
pub(super) struct End {
    c: String,
    q: i64,
    v: i64,
}

impl End {
    pub fn new(id: ConversationId, last_seq: i64, version: i64) -> Self {
        Self { c: hex(id.0), q: last_seq, v: version }
    }
}

/// On PostgreSQL at once, because each statement is a journey there and back.
pub(super) async fn append(tx: &mut Tx, appended: &Appended<'_>) -> Result<()> {
    if tx.is_postgres() { append_at_once(tx, appended).await } else { append_in_steps(tx, appended).await }
}

async fn append_at_once(tx: &mut Tx, appended: &Appended<'_>) -> Result<()> {
    tx.sql(
        "with ends as (
            update conversations set last_seq = i.q, version = i.v, active_at = $2
              from jsonb_to_recordset($1) as i(c uuid, q bigint, v bigint) where conversations.id = i.c),
         marks as (
            update members set delivered_seq = i.q, read_seq = i.q, version = i.v
              from jsonb_to_recordset($4) as i(c uuid, u uuid, q bigint, v bigint) where conversation_id = i.c and user_id = i.u)
         insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, reply_to_seq, created_at, delivery, segments, price_micros, due_at)
         select i.c, i.q, i.v, i.t, i.s, i.k, i.b, i.r, $2, i.d, i.n, i.p, i.a
           from jsonb_to_recordset($3) as i(c uuid, q bigint, v bigint, t text, s uuid, k uuid, b text, r bigint, d text, n bigint, p bigint, a bigint)",
    )
    .bind(json_list(appended.ends))
    .bind(appended.now)
    .bind(messages(appended.fresh))
    .bind(marks(appended.fresh))
    .run()
    .await?;
    Ok(())
}

async fn append_in_steps(tx: &mut Tx, appended: &Appended<'_>) -> Result<()> {
    tx.sql(
        "update conversations set last_seq = i.value ->> 'q', version = i.value ->> 'v', active_at = $2
           from jsonb_each($1) i where conversations.id = unhex(i.value ->> 'c')",
    )
    .bind(json_list(appended.ends))
    .bind(appended.now)
    .run()
    .await?;
    tx.sql(
        "insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, reply_to_seq, created_at, delivery, segments, price_micros, due_at)
         select unhex(value ->> 'c'), value ->> 'q', value ->> 'v', value ->> 't', unhex(value ->> 's'), unhex(value ->> 'k'), value ->> 'b', value ->> 'r', $2, value ->> 'd', value ->> 'n', value ->> 'p', value ->> 'a'
           from jsonb_each($1)",
    )
    .bind(messages(appended.fresh))
    .bind(appended.now)
    .run()
    .await?;
    let marks = marks(appended.fresh);
    if marks.is_empty() {
        return Ok(());
    }
    tx.sql(
        "update members set delivered_seq = i.value ->> 'q', read_seq = i.value ->> 'q', version = i.value ->> 'v'
           from jsonb_each($1) i where conversation_id = unhex(i.value ->> 'c') and user_id = unhex(i.value ->> 'u')",
    )
    .bind(marks)
    .run()
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct Row<'a> {
    c: String,
    q: i64,
    v: i64,
    t: MessageKind,
    s: Option<String>,
    k: Option<String>,
    b: &'a str,
    r: Option<i64>,
    #[serde(flatten)]
    delivery: Option<Way>,
}

/// Only texts of the phone network have it.
#[derive(Serialize)]
struct Way {
    d: DeliveryState,
    n: i64,
    p: i64,
    a: Option<i64>,
}

fn messages(fresh: &[Fresh]) -> JsonList<Row<'_>> {
    json_list(fresh.iter().map(|Fresh { message, .. }| Row {
        c: hex(message.conversation_id.0),
        q: message.seq,
        v: message.version,
        t: message.kind,
        s: message.sender_id.map(|id| hex(id.0)),
        k: message.client_id.map(hex),
        b: &message.body,
        r: message.reply_to_seq,
        delivery: message.delivery.as_ref().map(|way| Way {
            d: way.state,
            n: way.segments,
            p: way.price_micros,
            a: way.due_at.map(Timestamp::micros),
        }),
    }))
}

#[derive(Serialize)]
struct Mark {
    c: String,
    u: String,
    q: i64,
    v: i64,
}

/// Sending reads: but only for those who had nothing unread. The last of each sender in each conversation.
fn marks(fresh: &[Fresh]) -> JsonList<Mark> {
    let mut marks = HashMap::new();
    for Fresh { message, .. } in fresh.iter().filter(|fresh| fresh.moves_watermarks) {
        if let Some(sender) = message.sender_id {
            // A later one always has the higher seq.
            marks.insert((message.conversation_id, sender), (message.seq, message.version));
        }
    }
    json_list(marks.into_iter().map(|((c, u), (q, v))| Mark { c: hex(c.0), u: hex(u.0), q, v }))
}
