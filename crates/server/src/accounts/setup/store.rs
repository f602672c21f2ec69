//! The SQL of the one row of set-up.
//! Locking it decides races between nodes, links and `convo admin create`.

use convo_db::{Conn, Result, Timestamp, Tx};

use super::ROW;

/// Makes the row if it is missing, with a hash that no secret has, and holds it until the end of the transaction.
pub async fn lock(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.sql("insert into setup (id, token_hash, created_at) values ($1, $2, $3) on conflict (id) do nothing")
        .bind(ROW)
        .bind(&[][..])
        .bind(now)
        .run()
        .await?;
    let _: (i64,) = tx
        .sql(("select id from setup where id = $1", "select id from setup where id = $1 for update"))
        .bind(ROW)
        .one()
        .await?;
    Ok(())
}

pub async fn set_token(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<u64> {
    tx.sql("update setup set token_hash = $2, created_at = $3, used_at = null where id = $1")
        .bind(ROW)
        .bind(token_hash)
        .bind(now)
        .run()
        .await
}

pub async fn has_token(db: &mut Conn, token_hash: &[u8]) -> Result<bool> {
    let (has,): (bool,) = db
        .sql("select exists (select 1 from setup where id = $1 and token_hash = $2 and used_at is null)")
        .bind(ROW)
        .bind(token_hash)
        .one()
        .await?;
    Ok(has)
}

pub async fn set_used(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.sql("update setup set used_at = $2 where id = $1").bind(ROW).bind(now).run().await
}
