//! The SQL of idempotency keys.
//! A row is written once, in the transaction of what it stands for.

use convo_db::{Conn, Result, Timestamp, Tx};
use uuid::Uuid;

use crate::ids::UserId;

/// Whoever comes second waits here until the first one ended.
pub async fn insert(
    tx: &mut Tx,
    user_id: UserId,
    key: &str,
    fingerprint: &[u8],
    made: Uuid,
    now: Timestamp,
) -> Result<u64> {
    tx.sql("insert into idempotency_keys (user_id, key, fingerprint, made, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing")
        .bind(user_id)
        .bind(key)
        .bind(fingerprint)
        .bind(made)
        .bind(now)
        .run()
        .await
}

pub async fn find(db: &mut Conn, user_id: UserId, key: &str) -> Result<Option<(Vec<u8>, Uuid)>> {
    db.sql("select fingerprint, made from idempotency_keys where user_id = $1 and key = $2")
        .bind(user_id)
        .bind(key)
        .optional()
        .await
}
