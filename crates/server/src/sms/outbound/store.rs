//! The SQL of the outbox: whole batches, one statement for each step.
//! Except for the claim, the caller holds the locks of the conversations.

use convo_carriers::Receipt;
use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;

use super::{Leaving, PartState, UnknownText};
use crate::{
    billing::ledger::Mode,
    chat::messages::Message,
    ids::{ConversationId, NumberId, PartId, UserId},
    sms::{carriers::Allowance, encoding_name},
};

/// A segment of a text, with whose money it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PartRow {
    pub id: PartId,
    pub conversation_id: ConversationId,
    pub seq: i64,
    pub number_id: NumberId,
    pub from_party: String,
    pub to_party: String,
    pub reference: i64,
    pub part: i64,
    pub parts: i64,
    pub encoding: String,
    pub text: String,
    pub price_micros: i64,
    pub state: PartState,
    pub due_at: Timestamp,
    pub lease_number: i64,
    pub attempts: i64,
    pub carrier_id: Option<String>,
    pub failure: Option<i64>,
    pub detail: Option<String>,
    pub user_id: UserId,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
}

pub async fn insert(tx: &mut Tx, leaving: &[(&Message, &Leaving)], now: Timestamp) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        c: String,
        q: i64,
        n: String,
        r: &'a str,
        f: &'a str,
        t: &'a str,
        g: i64,
        p: usize,
        o: usize,
        e: &'static str,
        x: &'a str,
        m: i64,
        w: bool,
        d: i64,
    }
    let rows = leaving.iter().flat_map(|(message, text)| {
        let parts = text.texts.len();
        text.texts.iter().zip(1..).map(move |(segment, part)| Row {
            i: hex(PartId::new().0),
            c: hex(message.conversation_id.0),
            q: message.seq,
            n: hex(text.number_id.0),
            r: &text.carrier,
            f: &text.from,
            t: &text.to,
            // Differs between the texts of a conversation that are underway at once.
            g: message.seq & 0xff,
            p: part,
            o: parts,
            e: encoding_name(text.encoding),
            x: segment,
            m: text.price_micros,
            w: text.exempt,
            d: text.due_at.micros(),
        })
    });
    tx.sql((
        "insert into parts (id, conversation_id, seq, number_id, carrier, from_party, to_party, reference, part, parts, encoding, text, price_micros, exempt, state, due_at, created_at, changed_at)
         select unhex(value ->> 'i'), unhex(value ->> 'c'), value ->> 'q', unhex(value ->> 'n'), value ->> 'r', value ->> 'f', value ->> 't', value ->> 'g', value ->> 'p', value ->> 'o', value ->> 'e', value ->> 'x', value ->> 'm', value ->> 'w', 'queued', value ->> 'd', $2, $2
           from jsonb_each($1)",
        "insert into parts (id, conversation_id, seq, number_id, carrier, from_party, to_party, reference, part, parts, encoding, text, price_micros, exempt, state, due_at, created_at, changed_at)
         select i.i, i.c, i.q, i.n, i.r, i.f, i.t, i.g, i.p, i.o, i.e, i.x, i.m, i.w, 'queued', i.d, $2, $2
           from jsonb_to_recordset($1) as i(i uuid, c uuid, q bigint, n uuid, r text, f text, t text, g bigint, p bigint, o bigint, e text, x text, m bigint, w boolean, d bigint)",
    ))
    .bind(json_list(rows))
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Of these, whom nobody of this installation texts.
pub async fn list_suppressed(db: &mut Conn, parties: &[&str]) -> Result<Vec<(String,)>> {
    db.sql((
        "select s.party from jsonb_each($1) i cross join suppressions s on s.party = i.value",
        "select s.party from suppressions s where s.party in (select jsonb_array_elements_text($1))",
    ))
    .bind(json_list(parties))
    .all()
    .await
}

/// One statement looks who said STOP and takes the due ones out of the queue: `submitting`, or `suppressed` for those.
/// Only the holder of the carrier's lease calls it.
pub async fn claim(
    tx: &mut Tx,
    carrier: &str,
    lease_number: i64,
    now: Timestamp,
    limit: i64,
    allowance: &Allowance,
) -> Result<Vec<(PartId, bool)>> {
    #[derive(Serialize)]
    struct Less {
        n: String,
        l: i64,
    }
    tx.sql((
        "update parts set lease_number = $2, attempts = attempts + 1, changed_at = $3,
                state = case when (not exempt and exists (select 1 from conversations c where c.id = parts.conversation_id and c.opted_out_at is not null))
                               or exists (select 1 from suppressions s where s.party = parts.to_party) then 'queued' else 'submitting' end
          where id in (
            select d.id from (
                select p.id, p.number_id, row_number() over (partition by p.number_id order by p.due_at, p.id) as place from (
                    select id, number_id, due_at from parts
                     where carrier = $1 and state = 'queued' and due_at <= $3 and number_id not in (select unhex(value ->> 'n') from jsonb_each($6) where value ->> 'l' < 1)
                     order by due_at, id limit $4) p) d
              left join jsonb_each($6) l on unhex(l.value ->> 'n') = d.number_id
             where d.place <= coalesce(l.value ->> 'l', $5))
         returning id, state = 'queued'",
        "update parts set lease_number = $2, attempts = attempts + 1, changed_at = $3,
                state = case when (not exempt and exists (select 1 from conversations c where c.id = parts.conversation_id and c.opted_out_at is not null))
                               or exists (select 1 from suppressions s where s.party = parts.to_party) then 'queued' else 'submitting' end
          where id in (
            select d.id from (
                select p.id, p.number_id, row_number() over (partition by p.number_id order by p.due_at, p.id) as place from (
                    select id, number_id, due_at from parts
                     where carrier = $1 and state = 'queued' and due_at <= $3 and number_id not in (select n from jsonb_to_recordset($6) as i(n uuid, l bigint) where l < 1)
                     order by due_at, id limit $4 for update skip locked) p) d
              left join jsonb_to_recordset($6) as l(n uuid, l bigint) on l.n = d.number_id
             where d.place <= coalesce(l.l, $5))
         returning id, state = 'queued'",
    ))
    .bind(carrier)
    .bind(lease_number)
    .bind(now)
    .bind(limit)
    .bind(allowance.each)
    .bind(json_list(allowance.less.iter().map(|(id, left)| Less { n: hex(id.0), l: *left })))
    .all()
    .await
}

pub async fn list(db: &mut Conn, ids: &[PartId]) -> Result<Vec<PartRow>> {
    db.sql((
        "select p.*, n.user_id, n.mode from jsonb_each($1) i cross join parts p on p.id = unhex(i.value) join numbers n on n.id = p.number_id",
        "select p.*, n.user_id, n.mode from parts p join numbers n on n.id = p.number_id where p.id = any($1)",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// Every part of these messages with its lock, in the order of their places: a claim takes parts without the locks of their threads.
pub async fn lock_of_messages(tx: &mut Tx, places: &[(ConversationId, i64)]) -> Result<Vec<PartRow>> {
    #[derive(Serialize)]
    struct Place {
        c: String,
        q: i64,
    }
    tx.sql((
        "select p.*, n.user_id, n.mode from jsonb_each($1) i cross join parts p on p.conversation_id = unhex(i.value ->> 'c') and p.seq = i.value ->> 'q'
           join numbers n on n.id = p.number_id order by p.conversation_id, p.seq, p.part",
        "select p.*, n.user_id, n.mode from jsonb_to_recordset($1) as i(c uuid, q bigint)
          cross join lateral (select * from parts where conversation_id = i.c and seq = i.q order by part limit 255 for update) p
           join numbers n on n.id = p.number_id order by p.conversation_id, p.seq, p.part",
    ))
    .bind(json_list(places.iter().map(|(id, seq)| Place { c: hex(id.0), q: *seq })))
    .all()
    .await
}

/// The places of these parts, by their ids.
pub async fn list_places(db: &mut Conn, ids: &[PartId]) -> Result<Vec<(PartId, ConversationId, i64)>> {
    db.sql((
        "select p.id, p.conversation_id, p.seq from jsonb_each($1) i cross join parts p on p.id = unhex(i.value)",
        "select p.id, p.conversation_id, p.seq from parts p where p.id = any($1)",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// Texts that leave in spite of a STOP, among the last hundred segments of this thread.
pub async fn count_exempt(db: &mut Conn, id: ConversationId, since: Timestamp) -> Result<(i64,)> {
    db.sql(
        "select count(distinct p.seq) from (select seq, exempt, created_at from parts where conversation_id = $1 order by seq desc limit 100) p
          where p.exempt and p.created_at > $2",
    )
    .bind(id)
    .bind(since)
    .one()
    .await
}

/// Of one number, what has not left.
pub async fn list_queued_of_number(db: &mut Conn, number_id: NumberId) -> Result<Vec<(PartId, ConversationId, i64)>> {
    db.sql("select id, conversation_id, seq from parts where number_id = $1 and state = 'queued'")
        .bind(number_id)
        .all()
        .await
}

/// Those that the carrier knows under one of these ids.
pub async fn list_by_carrier_ids(
    db: &mut Conn,
    carrier: &str,
    ids: &[&str],
) -> Result<Vec<(String, PartId, ConversationId, i64, String)>> {
    db.sql((
        "select p.carrier_id, p.id, p.conversation_id, p.seq, p.to_party from jsonb_each($2) i cross join parts p on p.carrier = $1 and p.carrier_id = i.value",
        "select p.carrier_id, p.id, p.conversation_id, p.seq, p.to_party from jsonb_array_elements_text($2) as i(id)
          cross join lateral (select * from parts where carrier = $1 and carrier_id = i.id limit 1) p",
    ))
    .bind(carrier)
    .bind(json_list(ids))
    .all()
    .await
}

/// No other part has these ids from now on.
pub async fn free_ids(tx: &mut Tx, carrier: &str, bearers: &[(&str, PartId)]) -> Result<u64> {
    #[derive(Serialize)]
    struct Bearer<'a> {
        c: &'a str,
        i: String,
    }
    if bearers.is_empty() {
        return Ok(0);
    }
    tx.sql((
        "update parts set carrier_id = null where id in (
           select p.id from jsonb_each($2) i cross join parts p on p.carrier = $1 and p.carrier_id = i.value ->> 'c' where p.id <> unhex(i.value ->> 'i'))",
        "update parts set carrier_id = null where id in (
           select p.id from jsonb_to_recordset($2) as i(c text, i uuid)
            cross join lateral (select id from parts where carrier = $1 and carrier_id = i.c limit 1) p where p.id <> i.i)",
    ))
    .bind(carrier)
    .bind(json_list(bearers.iter().map(|(id, part)| Bearer { c: id, i: hex(part.0) })))
    .run()
    .await
}

/// Unknown parts between these two: a late receipt that fits one of them alone tells of it.
pub async fn list_unknown(
    db: &mut Conn,
    carrier: &str,
    from: &str,
    to: &str,
) -> Result<Vec<(PartId, ConversationId, i64, String)>> {
    db.sql(
        "select id, conversation_id, seq, text from parts
          where carrier = $1 and from_party = $2 and to_party = $3 and state = 'unknown' and carrier_id is null order by id limit 50",
    )
    .bind(carrier)
    .bind(from)
    .bind(to)
    .all()
    .await
}

/// The newest first, of everybody.
pub async fn list_without_news(db: &mut Conn, before: PartId, limit: i64) -> Result<Vec<UnknownText>> {
    db.sql(
        "select p.id, p.from_party, p.to_party, p.carrier, p.part, p.parts, p.detail, p.created_at, p.changed_at, n.user_id
           from parts p join numbers n on n.id = p.number_id
          where p.state = 'unknown' and p.id < $1 order by p.id desc limit $2",
    )
    .bind(before)
    .bind(limit)
    .all()
    .await
}

/// What somebody with an older lease put on the wire and never told about.
pub async fn list_left_on_the_wire(
    db: &mut Conn,
    carrier: &str,
    lease_number: i64,
    limit: i64,
) -> Result<Vec<(PartId, ConversationId, i64)>> {
    db.sql(
        "select id, conversation_id, seq from parts where carrier = $1 and state = 'submitting' and lease_number < $2 order by id limit $3",
    )
    .bind(carrier)
    .bind(lease_number)
    .bind(limit)
    .all()
    .await
}

pub async fn save(tx: &mut Tx, parts: &[PartRow], now: Timestamp) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        s: PartState,
        d: i64,
        c: Option<&'a str>,
        f: Option<i64>,
        t: Option<&'a str>,
    }
    tx.sql((
        "update parts set state = i.value ->> 's', due_at = i.value ->> 'd', carrier_id = i.value ->> 'c', failure = i.value ->> 'f', detail = i.value ->> 't', changed_at = $2
           from jsonb_each($1) i where parts.id = unhex(i.value ->> 'i')",
        "update parts set state = i.s, due_at = i.d, carrier_id = i.c, failure = i.f, detail = i.t, changed_at = $2
           from jsonb_to_recordset($1) as i(i uuid, s text, d bigint, c text, f bigint, t text) where parts.id = i.i",
    ))
    .bind(json_list(parts.iter().map(|part| Row {
        i: hex(part.id.0),
        s: part.state,
        d: part.due_at.micros(),
        c: part.carrier_id.as_deref(),
        f: part.failure,
        t: part.detail.as_deref(),
    })))
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// One row for each form of the id, so that any of them finds it.
pub async fn keep_early(tx: &mut Tx, carrier: &str, receipts: &[&Receipt], now: Timestamp) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        c: &'a str,
        r: String,
    }
    let rows = receipts.iter().flat_map(|receipt| {
        let json = serde_json::to_string(receipt).expect("a receipt is plain data");
        receipt.ids.iter().map(move |id| Row { i: hex(uuid::Uuid::now_v7()), c: id, r: json.clone() })
    });
    tx.sql((
        "insert into early_receipts (id, carrier, carrier_id, receipt, heard_at) select unhex(value ->> 'i'), $2, value ->> 'c', value ->> 'r', $3 from jsonb_each($1)",
        "insert into early_receipts (id, carrier, carrier_id, receipt, heard_at) select i.i, $2, i.c, i.r, $3 from jsonb_to_recordset($1) as i(i uuid, c text, r text)",
    ))
    .bind(json_list(rows))
    .bind(carrier)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// What came early for these ids, in the order in which it came.
pub async fn list_early(db: &mut Conn, carrier: &str, ids: &[&str]) -> Result<Vec<(String, String)>> {
    db.sql((
        "select e.carrier_id, e.receipt from jsonb_each($2) i cross join early_receipts e on e.carrier = $1 and e.carrier_id = i.value order by e.id",
        "select e.carrier_id, e.receipt from jsonb_array_elements_text($2) as i(id)
          cross join lateral (select * from early_receipts where carrier = $1 and carrier_id = i.id limit 100) e order by e.id",
    ))
    .bind(carrier)
    .bind(json_list(ids))
    .all()
    .await
}

pub async fn forget_early(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.sql("delete from early_receipts where heard_at < $1").bind(before).run().await
}
