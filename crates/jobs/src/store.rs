//! The SQL of the job table.
//! Finishing and every change of state compare the lease, so whoever holds an old one is refused.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{BATCH, Job, backoff};

/// A job in the hands of one worker, by the number of its lease.
pub(crate) struct Leased {
    pub id: Uuid,
    pub payload: Value,
    pub attempts: i64,
    pub lease_number: i64,
}

/// A job whose last attempt failed: it waits for the next one, or it gave up.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub struct Failed {
    pub id: Uuid,
    pub queue: String,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub retry_at: Option<Timestamp>,
    pub parked_at: Option<Timestamp>,
}

/// Part of the caller's transaction: the job exists exactly if the change does.
pub async fn enqueue<J: Job>(tx: &mut Tx, job: &J, now: Timestamp) -> Result<()> {
    let payload = serde_json::to_string(job).expect("a job is plain data");
    tx.sql("insert into jobs (id, queue, payload, run_at, created_at) values ($1, $2, $3, $4, $4)")
        .bind(Uuid::now_v7())
        .bind(J::NAME)
        .bind(payload)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// The lease moves `run_at` into the future, so the job of a crashed worker simply becomes due again.
pub(crate) async fn lease<J: Job>(tx: &mut Tx, owner: Uuid, now: Timestamp) -> Result<Vec<Leased>> {
    let rows: Vec<(Uuid, String, i64, i64)> = tx
        .sql((
            "update jobs set run_at = $1, attempts = attempts + 1, lease_owner = $2, lease_number = lease_number + 1
              where id in (select id from jobs where queue = $3 and run_at <= $4 and parked_at is null order by run_at limit $5)
              returning id, payload, attempts, lease_number",
            "update jobs set run_at = $1, attempts = attempts + 1, lease_owner = $2, lease_number = lease_number + 1
              where id in (select id from jobs where queue = $3 and run_at <= $4 and parked_at is null order by run_at limit $5 for update skip locked)
              returning id, payload, attempts, lease_number",
        ))
        .bind(now.plus(J::LEASE))
        .bind(owner)
        .bind(J::NAME)
        .bind(now)
        .bind(BATCH)
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, payload, attempts, lease_number)| Leased {
            id,
            payload: serde_json::from_str(&payload).unwrap_or(Value::Null),
            attempts,
            lease_number,
        })
        .collect())
}

/// Forgets the jobs of this worker that are done, in one statement.
pub(crate) async fn finish(tx: &mut Tx, owner: Uuid, done: &[Leased]) -> Result<u64> {
    #[derive(Serialize)]
    struct Done {
        id: String,
        n: i64,
    }
    tx.sql((
        "delete from jobs where lease_owner = $1 and (id, lease_number) in (select unhex(value ->> 'id'), value ->> 'n' from jsonb_each($2))",
        "delete from jobs where lease_owner = $1 and (id, lease_number) in (select i.id, i.n from jsonb_to_recordset($2) as i(id uuid, n bigint))",
    ))
    .bind(owner)
    .bind(json_list(done.iter().map(|job| Done { id: hex(job.id), n: job.lease_number })))
    .run()
    .await
}

/// Tries again later, or parks it after the last attempt.
pub(crate) async fn fail<J: Job>(tx: &mut Tx, owner: Uuid, job: &Leased, error: &str, now: Timestamp) -> Result<bool> {
    let parked_at = (job.attempts >= J::MAX_ATTEMPTS).then_some(now);
    tx.sql("update jobs set run_at = $1, last_error = $2, parked_at = $3 where id = $4 and lease_owner = $5 and lease_number = $6")
        .bind(now.plus(backoff(job.attempts)))
        .bind(error)
        .bind(parked_at)
        .bind(job.id)
        .bind(owner)
        .bind(job.lease_number)
        .run()
        .await?;
    Ok(parked_at.is_some())
}

/// How many jobs wait or run.
pub(crate) async fn count(db: &mut Conn) -> Result<i64> {
    let (count,): (i64,) = db.sql("select count(*) from jobs where parked_at is null").one().await?;
    Ok(count)
}

/// Up to 200: first the newest that gave up, then those that are tried again soonest.
pub async fn list_failed(db: &mut Conn) -> Result<Vec<Failed>> {
    db.sql(
        "select id, queue, attempts, last_error, case when parked_at is null then run_at end as retry_at, parked_at from jobs
          where parked_at is not null or (last_error is not null and attempts > 0)
          order by parked_at is null, parked_at desc, run_at limit 200",
    )
    .all()
    .await
}

/// Gives a parked job its attempts back. Says whether there was one.
pub async fn retry_parked(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    let rows = tx
        .sql("update jobs set parked_at = null, attempts = 0, run_at = $1 where id = $2 and parked_at is not null")
        .bind(now)
        .bind(id)
        .run()
        .await?;
    Ok(rows == 1)
}
