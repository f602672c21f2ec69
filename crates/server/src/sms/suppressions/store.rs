//! The SQL of the suppression list.
//! Texts read it where they are claimed, in the outbox.

use std::collections::BTreeSet;

use convo_db::{Conn, Result, Timestamp, Tx, json_list};

use super::Suppression;
use crate::ids::UserId;

/// How many of them were not on the list.
pub async fn insert(
    tx: &mut Tx,
    numbers: &BTreeSet<String>,
    reason: &str,
    made_by: UserId,
    now: Timestamp,
) -> Result<u64> {
    tx.sql((
        "insert into suppressions (party, reason, made_by, created_at) select value, $2, $3, $4 from jsonb_each($1) where true on conflict do nothing",
        "insert into suppressions (party, reason, made_by, created_at) select i.value, $2, $3, $4 from jsonb_array_elements_text($1) as i(value) on conflict do nothing",
    ))
    .bind(json_list(numbers))
    .bind(reason)
    .bind(made_by)
    .bind(now)
    .run()
    .await
}

pub async fn delete(tx: &mut Tx, number: &str) -> Result<u64> {
    tx.sql("delete from suppressions where party = $1").bind(number).run().await
}

/// Those that have these digits in a row, by number.
pub async fn list(db: &mut Conn, digits: &str, after: &str, limit: i64) -> Result<Vec<Suppression>> {
    db.sql("select party, reason, made_by, created_at from suppressions where party > $2 and party like '%' || $1 || '%' order by party limit $3")
        .bind(digits)
        .bind(after)
        .bind(limit)
        .all()
        .await
}
