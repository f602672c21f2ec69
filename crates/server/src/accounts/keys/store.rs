//! The SQL of signing keys.
//! Keys are never deleted here: retired ones verify what they signed.

use convo_db::{Conn, Result, Timestamp, Tx};

#[derive(sqlx::FromRow)]
pub struct Key {
    pub kid: String,
    pub seed: Vec<u8>,
    pub created_at: Timestamp,
}

pub async fn insert_if_none_is_active(tx: &mut Tx, key: &Key) -> Result<u64> {
    tx.sql("insert into signing_keys (kid, slot, seed, created_at) values ($1, 'active', $2, $3) on conflict (slot) do nothing")
        .bind(&key.kid)
        .bind(&key.seed)
        .bind(key.created_at)
        .run()
        .await
}

pub async fn retire_active(tx: &mut Tx) -> Result<u64> {
    tx.sql("update signing_keys set slot = null where slot = 'active'").run().await
}

pub async fn list_newest_first(db: &mut Conn) -> Result<Vec<Key>> {
    db.sql("select kid, seed, created_at from signing_keys order by slot is null, created_at desc, kid").all().await
}
