//! The SQL of inbound parts: whole batches, one statement for each step.
//! A row is written once for each part that a carrier hands over, whatever becomes of it.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;
use uuid::Uuid;

/// A part that arrived, and perhaps still waits for others.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct InboundRow {
    pub id: Uuid,
    pub from_party: String,
    pub to_party: String,
    /// Empty if it is alone.
    pub reference: String,
    pub part: i64,
    pub parts: i64,
    pub encoding: String,
    pub body: Vec<u8>,
    pub sent_at: Timestamp,
}

#[derive(Serialize)]
pub struct NewPart<'a> {
    pub i: String,
    pub c: Option<&'a str>,
    pub f: String,
    pub t: String,
    pub r: &'a str,
    pub p: i64,
    pub n: i64,
    pub e: &'static str,
    /// In hex.
    pub b: String,
    pub s: i64,
    /// The connection that brought it.
    pub z: Option<String>,
    /// It needs no answer by which we would know it again.
    pub a: bool,
}

/// A part that nobody answered yet, on the connection that brought it last.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UnansweredRow {
    #[sqlx(flatten)]
    pub part: InboundRow,
    pub session: Option<Uuid>,
}

impl NewPart<'_> {
    /// The same sender, receiver and payload, on another connection.
    pub fn comes_again(&self, row: &UnansweredRow) -> bool {
        let part = &row.part;
        self.z.is_some()
            && row.session.map(hex) != self.z
            && (self.f.as_str(), self.t.as_str(), self.r)
                == (part.from_party.as_str(), part.to_party.as_str(), part.reference.as_str())
            && (self.p, self.n, self.e) == (part.part, part.parts, part.encoding.as_str())
            && self.b == hex_of(&part.body)
    }
}

pub fn hex_of(body: &[u8]) -> String {
    body.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Those that are new: what the carrier hands over again, under an id that we know, is not.
pub async fn record(tx: &mut Tx, carrier: &str, parts: &[NewPart<'_>], now: Timestamp) -> Result<Vec<InboundRow>> {
    tx.sql((
        "insert into inbound_parts (id, carrier, carrier_id, from_party, to_party, reference, part, parts, encoding, body, sent_at, heard_at, session, answered)
         select unhex(value ->> 'i'), $2, value ->> 'c', value ->> 'f', value ->> 't', value ->> 'r', value ->> 'p', value ->> 'n', value ->> 'e', unhex(value ->> 'b'), value ->> 's', $3, unhex(value ->> 'z'), value ->> 'a'
           from jsonb_each($1) where true on conflict do nothing
         returning id, from_party, to_party, reference, part, parts, encoding, body, sent_at",
        "insert into inbound_parts (id, carrier, carrier_id, from_party, to_party, reference, part, parts, encoding, body, sent_at, heard_at, session, answered)
         select i.i, $2, i.c, i.f, i.t, i.r, i.p, i.n, i.e, decode(i.b, 'hex'), i.s, $3, i.z, i.a
           from jsonb_to_recordset($1) as i(i uuid, c text, f text, t text, r text, p bigint, n bigint, e text, b text, s bigint, z uuid, a boolean) on conflict do nothing
         returning id, from_party, to_party, reference, part, parts, encoding, body, sent_at",
    ))
    .bind(json_list(parts))
    .bind(carrier)
    .bind(now)
    .all()
    .await
}

/// Parts that wait, between these two and under this reference each; oldest first.
pub async fn list_waiting(db: &mut Conn, carrier: &str, texts: &[(&str, &str, &str)]) -> Result<Vec<InboundRow>> {
    #[derive(Serialize)]
    struct Which<'a> {
        f: &'a str,
        t: &'a str,
        r: &'a str,
    }
    db.sql((
        "select p.id, p.from_party, p.to_party, p.reference, p.part, p.parts, p.encoding, p.body, p.sent_at
           from jsonb_each($2) i cross join inbound_parts p on p.carrier = $1 and p.from_party = i.value ->> 'f' and p.to_party = i.value ->> 't' and p.reference = i.value ->> 'r'
          where p.outcome is null order by p.id",
        "select p.id, p.from_party, p.to_party, p.reference, p.part, p.parts, p.encoding, p.body, p.sent_at
           from jsonb_to_recordset($2) as i(f text, t text, r text)
          cross join lateral (select * from inbound_parts where carrier = $1 and from_party = i.f and to_party = i.t and reference = i.r and outcome is null limit 1000) p order by p.id",
    ))
    .bind(carrier)
    .bind(json_list(texts.iter().map(|(f, t, r)| Which { f, t, r })))
    .all()
    .await
}

/// Parts that wait since before that moment, with those that belong to them.
pub async fn list_overdue(db: &mut Conn, carrier: &str, before: Timestamp, limit: i64) -> Result<Vec<InboundRow>> {
    db.sql(
        "select id, from_party, to_party, reference, part, parts, encoding, body, sent_at from inbound_parts
          where carrier = $1 and outcome is null and heard_at < $2 order by id limit $3",
    )
    .bind(carrier)
    .bind(before)
    .bind(limit)
    .all()
    .await
}

/// What became of these parts.
pub async fn save_outcome(tx: &mut Tx, ids: &[Uuid], outcome: &str) -> Result<u64> {
    tx.sql((
        "update inbound_parts set outcome = $2 where id in (select unhex(value) from jsonb_each($1))",
        "update inbound_parts set outcome = $2 where id = any($1)",
    ))
    .bind_ids(ids.iter().copied())
    .bind(outcome)
    .run()
    .await
}

/// Since that moment, on other connections than this one; oldest first.
pub async fn list_unanswered(
    db: &mut Conn,
    carrier: &str,
    session: &str,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<UnansweredRow>> {
    db.sql((
        "select id, from_party, to_party, reference, part, parts, encoding, body, sent_at, session from inbound_parts
          where carrier = $1 and not answered and session <> unhex($2) and heard_at > $3 order by heard_at, id limit $4",
        "select id, from_party, to_party, reference, part, parts, encoding, body, sent_at, session from inbound_parts
          where carrier = $1 and not answered and session <> cast($2 as uuid) and heard_at > $3 order by heard_at, id limit $4",
    ))
    .bind(carrier)
    .bind(session)
    .bind(since)
    .bind(limit)
    .all()
    .await
}

pub async fn save_sessions(tx: &mut Tx, absorbed: &[(Uuid, Option<String>)]) -> Result<u64> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        z: Option<&'a str>,
    }
    tx.sql((
        "update inbound_parts set session = unhex(i.value ->> 'z') from jsonb_each($1) i where inbound_parts.id = unhex(i.value ->> 'i')",
        "update inbound_parts set session = i.z from jsonb_to_recordset($1) as i(i uuid, z uuid) where inbound_parts.id = i.i",
    ))
    .bind(json_list(absorbed.iter().map(|(id, session)| Row { i: hex(*id), z: session.as_deref() })))
    .run()
    .await
}

/// What these connections brought until then.
pub async fn mark_answered(tx: &mut Tx, carrier: &str, sessions: &[Uuid], through: Timestamp) -> Result<u64> {
    tx.sql((
        "update inbound_parts set answered = true
          where carrier = $2 and not answered and heard_at <= $3 and session in (select unhex(value) from jsonb_each($1))",
        "update inbound_parts set answered = true where carrier = $2 and not answered and heard_at <= $3 and session = any($1)",
    ))
    .bind_ids(sessions.iter().copied())
    .bind(carrier)
    .bind(through)
    .run()
    .await
}
