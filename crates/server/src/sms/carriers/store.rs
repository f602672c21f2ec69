//! The SQL of leases: what only one node at a time may hold.
//! Each taking of a lease has a higher number than the one before.

use convo_db::{Conn, Result, Timestamp};

/// The number of the lease, if it is ours from now on: it was free, had run out, or was ours before we started anew.
pub async fn take(db: &mut Conn, name: &str, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<(i64,)>> {
    db.sql(
        "insert into leases (name, owner, number, until) values ($1, $2, 1, $4)
         on conflict (name) do update set owner = excluded.owner, number = leases.number + 1, until = excluded.until
          where leases.until < $3 or leases.owner = excluded.owner
         returning number",
    )
    .bind(name)
    .bind(owner)
    .bind(now)
    .bind(until)
    .optional()
    .await
}

/// False if somebody else has taken it.
pub async fn renew(db: &mut Conn, name: &str, owner: &str, number: i64, until: Timestamp) -> Result<bool> {
    let rows = db
        .sql("update leases set until = $4 where name = $1 and owner = $2 and number = $3")
        .bind(name)
        .bind(owner)
        .bind(number)
        .bind(until)
        .run()
        .await?;
    Ok(rows == 1)
}

/// Lets the next one take it at once.
pub async fn release(db: &mut Conn, name: &str, owner: &str, number: i64) -> Result<u64> {
    db.sql("update leases set until = 0 where name = $1 and owner = $2 and number = $3")
        .bind(name)
        .bind(owner)
        .bind(number)
        .run()
        .await
}
