//! The SQL of what administrators see and do.
//! Changes that could leave no administrator are made under one lock.

use convo_db::{Conn, Result, Timestamp, Tx};

use super::AdminUser;
use crate::ids::UserId;

pub async fn find(db: &mut Conn, id: UserId) -> Result<Option<AdminUser>> {
    db.sql(
        "select id, username, full_name, about, picture_id, email, email_verified_at is not null as email_verified, role, suspended_at, created_at
         from users where id = $1",
    )
    .bind(id)
    .optional()
    .await
}

/// By name, after the cursor; `prefix` and `inside` are patterns, `email_key` is whole.
pub async fn list(
    db: &mut Conn,
    prefix: &str,
    inside: &str,
    email_key: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<AdminUser>> {
    db.sql(
        r"select id, username, full_name, about, picture_id, email, email_verified_at is not null as email_verified, role, suspended_at, created_at
          from users
          where username_key > $4 and (username_key like $1 escape '\' or name_key like $1 escape '\' or name_key like $2 escape '\' or email_key = $3)
          order by username_key limit $5",
    )
    .bind(prefix)
    .bind(inside)
    .bind(email_key)
    .bind(after)
    .bind(limit)
    .all()
    .await
}

/// Every active administrator's row, in one order: of two who demote each other, one comes second.
pub async fn lock_administrators(tx: &mut Tx) -> Result<Vec<(UserId,)>> {
    tx.sql((
        "select id from users where role = 'admin' and suspended_at is null order by id",
        "select id from users where role = 'admin' and suspended_at is null order by id for update",
    ))
    .all()
    .await
}

pub async fn set_role(tx: &mut Tx, id: UserId, role: &str) -> Result<u64> {
    tx.sql("update users set role = $2 where id = $1").bind(id).bind(role).run().await
}

pub async fn suspend(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<u64> {
    tx.sql("update users set suspended_at = $2 where id = $1 and suspended_at is null").bind(id).bind(now).run().await
}

pub async fn restore(tx: &mut Tx, id: UserId) -> Result<u64> {
    tx.sql("update users set suspended_at = null where id = $1 and suspended_at is not null").bind(id).run().await
}
