//! The SQL of verifications and of what came for them.
//! Every query starts from the person who waits, or from the number on which they do.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;

use super::VerificationStatus;
use crate::{
    billing::ledger::Mode,
    ids::{CodeId, NumberId, TemporaryId, UserId, VerificationId},
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct VerificationRow {
    pub id: VerificationId,
    pub user_id: UserId,
    pub service: String,
    pub service_name: String,
    pub number_id: Option<NumberId>,
    pub temporary_id: Option<TemporaryId>,
    pub number: Option<String>,
    pub carrier: String,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    pub country: String,
    pub price_micros: i64,
    pub status: VerificationStatus,
    pub code: Option<String>,
    pub words: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TextRow {
    pub id: CodeId,
    pub verification_id: VerificationId,
    pub from_party: String,
    pub body: String,
    pub code: Option<String>,
    pub late: bool,
    pub received_at: Timestamp,
}

/// False if somebody waits for a code of that service on that number.
pub async fn insert(tx: &mut Tx, row: &VerificationRow) -> Result<bool> {
    let rows = tx
        .sql(
            "insert into verifications (id, user_id, service, service_name, number_id, temporary_id, number, carrier, mode, country, price_micros, status, words, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing",
        )
        .bind(row.id)
        .bind(row.user_id)
        .bind(&row.service)
        .bind(&row.service_name)
        .bind(row.number_id)
        .bind(row.temporary_id)
        .bind(row.number.as_deref())
        .bind(&row.carrier)
        .bind(row.mode.as_str())
        .bind(&row.country)
        .bind(row.price_micros)
        .bind(row.status)
        .bind(&row.words)
        .bind(row.created_at)
        .bind(row.expires_at)
        .run()
        .await?;
    Ok(rows == 1)
}

/// Writes back what was changed under the lock.
pub async fn save(tx: &mut Tx, row: &VerificationRow) -> Result<()> {
    tx.sql("update verifications set temporary_id = $2, number = $3, status = $4, code = $5, words = $6, ended_at = $7, version = $8 where id = $1")
        .bind(row.id)
        .bind(row.temporary_id)
        .bind(row.number.as_deref())
        .bind(row.status)
        .bind(row.code.as_deref())
        .bind(&row.words)
        .bind(row.ended_at)
        .bind(row.version)
        .run()
        .await?;
    Ok(())
}

pub async fn find(db: &mut Conn, id: VerificationId) -> Result<Option<VerificationRow>> {
    db.sql("select * from verifications where id = $1").bind(id).optional().await
}

pub async fn find_of(db: &mut Conn, user_id: UserId, id: VerificationId) -> Result<Option<VerificationRow>> {
    db.sql("select * from verifications where user_id = $1 and id = $2").bind(user_id).bind(id).optional().await
}

/// The row and its lock, after the numbers' and before the wallets'.
pub async fn lock(tx: &mut Tx, id: VerificationId) -> Result<Option<VerificationRow>> {
    tx.sql(("select * from verifications where id = $1", "select * from verifications where id = $1 for update"))
        .bind(id)
        .optional()
        .await
}

pub async fn find_waiting(db: &mut Conn, number_id: NumberId, service: &str) -> Result<Option<VerificationRow>> {
    db.sql("select * from verifications where number_id = $1 and service = $2 and status = 'waiting'")
        .bind(number_id)
        .bind(service)
        .optional()
        .await
}

/// One creation of each person at a time, so that what is counted holds until the commit. Taken before every other lock.
pub async fn take_turn(tx: &mut Tx, user_id: UserId) -> Result<u64> {
    tx.sql((
        "select 1 where $1 is not null",
        "select 1 from (select pg_advisory_xact_lock(hashtextextended(cast(cast($1 as uuid) as text), 0))) turn",
    ))
    .bind(user_id)
    .run()
    .await
}

pub async fn count_open(db: &mut Conn, user_id: UserId) -> Result<i64> {
    let (count,): (i64,) = db
        .sql("select count(*) from verifications where user_id = $1 and status in ('ordering', 'waiting')")
        .bind(user_id)
        .one()
        .await?;
    Ok(count)
}

pub async fn list_due(db: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<(VerificationId,)>> {
    db.sql("select id from verifications where status in ('ordering', 'waiting') and expires_at <= $1 order by expires_at, id limit $2")
        .bind(now)
        .bind(limit)
        .all()
        .await
}

/// Those that are open on a number that was given back, or is not shared with their creators to answer any more.
pub async fn list_shut_out(db: &mut Conn, limit: i64) -> Result<Vec<(VerificationId,)>> {
    db.sql(
        "select v.id from verifications v join numbers n on n.id = v.number_id
          where v.status in ('ordering', 'waiting')
            and (n.state <> 'owned'
                 or v.user_id <> n.user_id and not exists (select 1 from number_shares s where s.number_id = n.id and s.user_id = v.user_id and s.role = 'answer'))
          order by v.expires_at, v.id limit $1",
    )
    .bind(limit)
    .all()
    .await
}

pub async fn has_served(db: &mut Conn, number: &str, service: &str) -> Result<bool> {
    let (has_served,): (bool,) = db
        .sql("select exists (select 1 from verifications where number = $1 and service = $2)")
        .bind(number)
        .bind(service)
        .one()
        .await?;
    Ok(has_served)
}

/// On lent numbers, begun since then and not at their code.
pub async fn count_unpaid_lent(db: &mut Conn, user_id: UserId, since: Timestamp) -> Result<i64> {
    let (count,): (i64,) = db
        .sql("select count(*) from verifications where user_id = $1 and number_id is null and status <> 'completed' and created_at > $2")
        .bind(user_id)
        .bind(since)
        .one()
        .await?;
    Ok(count)
}

/// With their locks: those that began on these numbers since then, whose creators may still answer from them.
pub async fn lock_on_numbers(tx: &mut Tx, ids: &[NumberId], since: Timestamp) -> Result<Vec<VerificationRow>> {
    tx.sql((
        "select v.* from verifications v join numbers n on n.id = v.number_id
          where v.number_id in (select unhex(value) from jsonb_each($1)) and v.created_at >= $2
            and (v.user_id = n.user_id or exists (select 1 from number_shares s where s.number_id = n.id and s.user_id = v.user_id and s.role = 'answer'))
          order by v.id",
        "select v.* from verifications v join numbers n on n.id = v.number_id
          where v.number_id = any($1) and v.created_at >= $2
            and (v.user_id = n.user_id or exists (select 1 from number_shares s where s.number_id = n.id and s.user_id = v.user_id and s.role = 'answer'))
          order by v.id for update of v",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .bind(since)
    .all()
    .await
}

/// The same on numbers that are lent.
pub async fn lock_on_temporaries(tx: &mut Tx, ids: &[TemporaryId], since: Timestamp) -> Result<Vec<VerificationRow>> {
    tx.sql((
        "select * from verifications where temporary_id in (select unhex(value) from jsonb_each($1)) and created_at >= $2 order by id",
        "select * from verifications where temporary_id = any($1) and created_at >= $2 order by id for update",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .bind(since)
    .all()
    .await
}

/// Who texted for which of these, and how many texts each has.
pub async fn list_senders(db: &mut Conn, ids: &[VerificationId]) -> Result<Vec<(VerificationId, String, i64)>> {
    db.sql((
        "select verification_id, from_party, count(*) from verification_texts where verification_id in (select unhex(value) from jsonb_each($1)) group by 1, 2",
        "select verification_id, from_party, count(*) from verification_texts where verification_id = any($1) group by 1, 2",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

pub async fn insert_texts(tx: &mut Tx, texts: &[TextRow]) -> Result<u64> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        v: String,
        f: &'a str,
        b: &'a str,
        c: Option<&'a str>,
        l: bool,
        r: i64,
    }
    tx.sql((
        "insert into verification_texts (id, verification_id, from_party, body, code, late, received_at)
         select unhex(value ->> 'i'), unhex(value ->> 'v'), value ->> 'f', value ->> 'b', value ->> 'c', value ->> 'l', value ->> 'r'
           from jsonb_each($1) where true on conflict do nothing",
        "insert into verification_texts (id, verification_id, from_party, body, code, late, received_at)
         select i.i, i.v, i.f, i.b, i.c, i.l, i.r
           from jsonb_to_recordset($1) as i(i uuid, v uuid, f text, b text, c text, l boolean, r bigint) on conflict do nothing",
    ))
    .bind(json_list(texts.iter().map(|text| Row {
        i: hex(text.id.0),
        v: hex(text.verification_id.0),
        f: &text.from_party,
        b: &text.body,
        c: text.code.as_deref(),
        l: text.late,
        r: text.received_at.micros(),
    })))
    .run()
    .await
}

pub async fn list_texts(db: &mut Conn, id: VerificationId) -> Result<Vec<TextRow>> {
    db.sql("select * from verification_texts where verification_id = $1 order by id limit 200").bind(id).all().await
}
