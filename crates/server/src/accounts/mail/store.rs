//! The SQL of the local outbox.
//! It holds working links, so only administrators are shown it.

use convo_db::{Conn, Result, Timestamp, Tx};

use super::Mail;
use crate::ids::MailId;

pub async fn insert(tx: &mut Tx, id: MailId, to: &str, subject: &str, text: &str, now: Timestamp) -> Result<u64> {
    tx.sql("insert into mails (id, to_address, subject, body, created_at) values ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(to)
        .bind(subject)
        .bind(text)
        .bind(now)
        .run()
        .await
}

pub async fn list(db: &mut Conn, before: MailId, limit: i64) -> Result<Vec<Mail>> {
    db.sql("select id, to_address, subject, body, created_at from mails where id < $1 order by id desc limit $2")
        .bind(before)
        .bind(limit)
        .all()
        .await
}

pub async fn delete_older(tx: &mut Tx, than: Timestamp) -> Result<u64> {
    tx.sql("delete from mails where created_at < $1").bind(than).run().await
}
