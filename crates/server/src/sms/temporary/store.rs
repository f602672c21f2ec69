//! The SQL of numbers that are lent.
//! Whoever changes one compares its state, or holds the verification that has it.

use convo_db::{Conn, Result, Timestamp, Tx, json_list};

use super::TemporaryState;
use crate::{
    billing::ledger::Mode,
    ids::{TemporaryId, VerificationId},
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TemporaryRow {
    pub id: TemporaryId,
    pub number: String,
    pub carrier: String,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    pub country: String,
    pub state: TemporaryState,
    pub verification_id: Option<VerificationId>,
    pub free_at: Timestamp,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The one that rested longest and never served that service, with its lock; what others are just taking is passed over.
pub async fn find_free(
    tx: &mut Tx,
    carrier: &str,
    country: &str,
    service: &str,
    now: Timestamp,
) -> Result<Option<TemporaryRow>> {
    tx.sql((
        "select * from temporary_numbers t
          where carrier = $1 and country = $2 and state = 'owned' and verification_id is null and free_at <= $4
            and not exists (select 1 from verifications v where v.number = t.number and v.service = $3)
          order by free_at, id limit 1",
        "select * from temporary_numbers t
          where carrier = $1 and country = $2 and state = 'owned' and verification_id is null and free_at <= $4
            and not exists (select 1 from verifications v where v.number = t.number and v.service = $3)
          order by free_at, id limit 1 for update skip locked",
    ))
    .bind(carrier)
    .bind(country)
    .bind(service)
    .bind(now)
    .optional()
    .await
}

pub async fn lend(tx: &mut Tx, id: TemporaryId, verification_id: VerificationId) -> Result<u64> {
    tx.sql("update temporary_numbers set verification_id = $2 where id = $1").bind(id).bind(verification_id).run().await
}

/// It rests from now on, if that verification has it.
pub async fn rest(tx: &mut Tx, verification_id: VerificationId, free_at: Timestamp) -> Result<u64> {
    tx.sql("update temporary_numbers set verification_id = null, free_at = $2 where verification_id = $1 and state = 'owned'")
        .bind(verification_id)
        .bind(free_at)
        .run()
        .await
}

pub async fn count(db: &mut Conn) -> Result<i64> {
    let (count,): (i64,) = db.sql("select count(*) from temporary_numbers where state <> 'released'").one().await?;
    Ok(count)
}

/// False if we have that number, or order it already.
pub async fn insert(tx: &mut Tx, row: &TemporaryRow) -> Result<bool> {
    let rows = tx
        .sql(
            "insert into temporary_numbers (id, number, carrier, mode, country, state, verification_id, free_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        )
        .bind(row.id)
        .bind(&row.number)
        .bind(&row.carrier)
        .bind(row.mode.as_str())
        .bind(&row.country)
        .bind(row.state)
        .bind(row.verification_id)
        .bind(row.free_at)
        .bind(row.created_at)
        .run()
        .await?;
    Ok(rows == 1)
}

/// What is being ordered for that verification.
pub async fn find_ordered(db: &mut Conn, verification_id: VerificationId) -> Result<Option<TemporaryRow>> {
    db.sql("select * from temporary_numbers where verification_id = $1 and state = 'ordering'")
        .bind(verification_id)
        .optional()
        .await
}

/// The end of an order, once: whose it is then, if anybody's.
pub async fn end_order(
    tx: &mut Tx,
    id: TemporaryId,
    state: TemporaryState,
    verification_id: Option<VerificationId>,
    now: Timestamp,
) -> Result<bool> {
    let rows = tx
        .sql(
            "update temporary_numbers set state = $2, verification_id = $3, free_at = $4, ended_at = case when cast($2 as text) = 'released' then cast($4 as bigint) end
              where id = $1 and state = 'ordering'",
        )
        .bind(id)
        .bind(state)
        .bind(verification_id)
        .bind(now)
        .run()
        .await?;
    Ok(rows == 1)
}

/// Of these numbers those that we have now.
pub async fn list_by_phone(db: &mut Conn, phones: &[&str]) -> Result<Vec<TemporaryRow>> {
    db.sql((
        "select t.* from jsonb_each($1) i cross join temporary_numbers t on t.number = i.value and t.state <> 'released' where t.state <> 'ordering'",
        "select t.* from jsonb_array_elements_text($1) as i(phone)
          cross join lateral (select * from temporary_numbers where number = i.phone and state <> 'released' limit 1) t where t.state <> 'ordering'",
    ))
    .bind(json_list(phones))
    .all()
    .await
}

/// Those that nobody has had since then are to be given back.
pub async fn begin_release(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    tx.sql(
        "update temporary_numbers set state = 'releasing'
          where id in (select id from temporary_numbers where state = 'owned' and verification_id is null and free_at < $1 order by free_at limit $2)
            and state = 'owned' and verification_id is null",
    )
    .bind(before)
    .bind(limit)
    .run()
    .await
}

pub async fn list_releasing(db: &mut Conn, limit: i64) -> Result<Vec<TemporaryRow>> {
    db.sql("select * from temporary_numbers where state = 'releasing' order by id limit $1").bind(limit).all().await
}

pub async fn end_release(tx: &mut Tx, id: TemporaryId, now: Timestamp) -> Result<u64> {
    tx.sql("update temporary_numbers set state = 'released', ended_at = $2 where id = $1 and state = 'releasing'")
        .bind(id)
        .bind(now)
        .run()
        .await
}
