//! The SQL of inbound parts: whole batches, one statement for each step.
//! A row is written once for each part that a carrier hands over, whatever becomes of it.

use convo_db::{Conn, Result, Timestamp, Tx, json_list};
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
}

/// Those that are new: what the carrier hands over again, under an id that we know, is not.
pub async fn record(tx: &mut Tx, carrier: &str, parts: &[NewPart<'_>], now: Timestamp) -> Result<Vec<InboundRow>> {
    tx.sql((
        "insert into inbound_parts (id, carrier, carrier_id, from_party, to_party, reference, part, parts, encoding, body, sent_at, heard_at)
         select unhex(value ->> 'i'), $2, value ->> 'c', value ->> 'f', value ->> 't', value ->> 'r', value ->> 'p', value ->> 'n', value ->> 'e', unhex(value ->> 'b'), value ->> 's', $3
           from json_each($1) where true on conflict do nothing
         returning id, from_party, to_party, reference, part, parts, encoding, body, sent_at",
        "insert into inbound_parts (id, carrier, carrier_id, from_party, to_party, reference, part, parts, encoding, body, sent_at, heard_at)
         select i.i, $2, i.c, i.f, i.t, i.r, i.p, i.n, i.e, decode(i.b, 'hex'), i.s, $3
           from jsonb_to_recordset($1) as i(i uuid, c text, f text, t text, r text, p bigint, n bigint, e text, b text, s bigint) on conflict do nothing
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
           from json_each($2) i cross join inbound_parts p on p.carrier = $1 and p.from_party = i.value ->> 'f' and p.to_party = i.value ->> 't' and p.reference = i.value ->> 'r'
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
        "update inbound_parts set outcome = $2 where id in (select unhex(value) from json_each($1))",
        "update inbound_parts set outcome = $2 where id = any($1)",
    ))
    .bind_ids(ids.iter().copied())
    .bind(outcome)
    .run()
    .await
}
