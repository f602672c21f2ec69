//! The SQL of passwords and of the tokens that reset them.
//! Only hashes are stored.

use convo_db::{Conn, Result, Timestamp, Tx};

use crate::ids::UserId;

#[derive(sqlx::FromRow)]
pub struct Owner {
    pub id: UserId,
    pub username: String,
    pub email: String,
    pub language: String,
}

pub async fn find_hash(db: &mut Conn, user_id: UserId) -> Result<Option<String>> {
    let hash: Option<(String,)> =
        db.sql("select password_hash from users where id = $1").bind(user_id).optional().await?;
    Ok(hash.map(|(hash,)| hash))
}

/// Only while the hash is still the one that was verified.
pub async fn replace_hash(tx: &mut Tx, user_id: UserId, from: &str, to: &str) -> Result<u64> {
    tx.sql("update users set password_hash = $3 where id = $1 and password_hash = $2")
        .bind(user_id)
        .bind(from)
        .bind(to)
        .run()
        .await
}

/// The link proved the address, too.
pub async fn set_hash_by_mail(tx: &mut Tx, user_id: UserId, to: &str, now: Timestamp) -> Result<u64> {
    tx.sql("update users set password_hash = $2, email_verified_at = coalesce(email_verified_at, $3) where id = $1")
        .bind(user_id)
        .bind(to)
        .bind(now)
        .run()
        .await
}

pub async fn find_owner(db: &mut Conn, email_key: &str) -> Result<Option<Owner>> {
    db.sql("select id, username, email, language from users where email_key = $1 and suspended_at is null")
        .bind(email_key)
        .optional()
        .await
}

pub async fn find_owner_of_token(db: &mut Conn, token_hash: &[u8], now: Timestamp) -> Result<Option<Owner>> {
    db.sql(
        "select u.id, u.username, u.email, u.language from email_tokens t join users u on u.id = t.user_id
         where t.token_hash = $1 and t.kind = 'reset' and t.used_at is null and t.expires_at > $2 and u.suspended_at is null",
    )
    .bind(token_hash)
    .bind(now)
    .optional()
    .await
}

pub async fn insert_token(
    tx: &mut Tx,
    token_hash: &[u8],
    user_id: UserId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<u64> {
    tx.sql(
        "insert into email_tokens (token_hash, kind, user_id, created_at, expires_at) values ($1, 'reset', $2, $3, $4)",
    )
    .bind(token_hash)
    .bind(user_id)
    .bind(now)
    .bind(expires_at)
    .run()
    .await
}

/// Of two requests with one link, one gets through.
pub async fn use_token(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<u64> {
    tx.sql("update email_tokens set used_at = $2 where token_hash = $1 and kind = 'reset' and used_at is null and expires_at > $2").bind(token_hash).bind(now).run().await
}

pub async fn void_tokens_of(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<u64> {
    tx.sql("update email_tokens set used_at = $2 where user_id = $1 and kind = 'reset' and used_at is null")
        .bind(user_id)
        .bind(now)
        .run()
        .await
}
