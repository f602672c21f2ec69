//! What happened, in its order, and what will happen, with its time.
//! A place is given when something has happened, by the one writer, so that no commit can slip in behind a reader.

use convo_db::{Conn, Result, Timestamp, Tx, json_list};
use serde::Serialize;
use serde_json::value::RawValue;

/// Something that happens at a time, with its place or, while it is to come, its id.
#[derive(Serialize)]
pub struct Told {
    #[serde(rename = "n")]
    pub number: i64,
    #[serde(rename = "t")]
    pub at: i64,
    #[serde(rename = "b")]
    pub body: Box<RawValue>,
}

pub async fn append(tx: &mut Tx, told: &[Told]) -> Result<()> {
    tx.sql((
        "insert into events (place, at, body) select value ->> 'n', value ->> 't', value -> 'b' from jsonb_each($1)",
        "insert into events (place, at, body) select n, t, b from jsonb_to_recordset($1) as told(n bigint, t bigint, b text)",
    ))
    .bind(json_list(told))
    .run()
    .await?;
    Ok(())
}

pub async fn schedule(tx: &mut Tx, told: &[Told]) -> Result<()> {
    tx.sql((
        "insert into scheduled (id, due_at, body) select value ->> 'n', value ->> 't', value -> 'b' from jsonb_each($1)",
        "insert into scheduled (id, due_at, body) select n, t, b from jsonb_to_recordset($1) as told(n bigint, t bigint, b text)",
    ))
    .bind(json_list(told))
    .run()
    .await?;
    Ok(())
}

/// Gives what is due its places, from `place` on; says how many that were.
pub async fn release(tx: &mut Tx, now: Timestamp, place: i64, limit: i64) -> Result<i64> {
    let moved = tx
        .sql(
            "insert into events (place, at, body)
             select cast($3 as bigint) - 1 + row_number() over (order by due_at, id), due_at, body
               from (select due_at, id, body from scheduled where due_at <= $1 order by due_at, id limit $2) due",
        )
        .bind(now)
        .bind(limit)
        .bind(place)
        .run()
        .await?;
    if moved > 0 {
        tx.sql(
            "delete from scheduled
              where (due_at, id) in (select due_at, id from scheduled where due_at <= $1 order by due_at, id limit $2)",
        )
        .bind(now)
        .bind(limit)
        .run()
        .await?;
    }
    Ok(i64::try_from(moved).unwrap_or(i64::MAX))
}

/// When the next thing is to happen.
pub async fn next_due(db: &mut Conn) -> Result<Option<Timestamp>> {
    let (due,): (Option<Timestamp>,) = db
        .sql(
            "select min(due_at) from (
                select min(due_at) as due_at from scheduled union all select min(due_at) from deliveries) due",
        )
        .one()
        .await?;
    Ok(due)
}

/// In the order of their places.
pub async fn list(db: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    db.sql("select place, body from events where place > $1 order by place limit $2")
        .bind(after)
        .bind(limit)
        .all()
        .await
}

/// Those that are acknowledged.
pub async fn forget(tx: &mut Tx, through: i64) -> Result<()> {
    tx.sql("delete from events where place <= $1").bind(through).run().await?;
    Ok(())
}

/// Those that nobody fetched: of the oldest so many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    tx.sql("delete from events where at < $1 and place in (select place from events order by place limit $2)")
        .bind(before)
        .bind(limit)
        .run()
        .await
}
