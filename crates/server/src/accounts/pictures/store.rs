//! The SQL of pictures.
//! A row is written once and never changed.

use convo_db::{Conn, Result, Timestamp, Tx};

use crate::ids::PictureId;

pub async fn insert(tx: &mut Tx, id: PictureId, content_type: &str, bytes: &[u8], now: Timestamp) -> Result<u64> {
    tx.sql("insert into pictures (id, content_type, bytes, created_at) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(content_type)
        .bind(bytes)
        .bind(now)
        .run()
        .await
}

pub async fn find(db: &mut Conn, id: PictureId) -> Result<Option<(String, Vec<u8>)>> {
    db.sql("select content_type, bytes from pictures where id = $1").bind(id).optional().await
}

pub async fn delete(tx: &mut Tx, id: PictureId) -> Result<u64> {
    tx.sql("delete from pictures where id = $1").bind(id).run().await
}
