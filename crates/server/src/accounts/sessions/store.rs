//! The SQL of sessions and of failed attempts to sign in.
//! A session that ended stays for a while, so that every node hears of it.

use convo_db::{Conn, Result, Timestamp, Tx};

use super::{EndReason, SessionInfo};
use crate::ids::{SessionId, UserId};

pub struct NewSession<'a> {
    pub id: SessionId,
    pub user_id: UserId,
    pub refresh_secret: &'a [u8],
    pub user_agent: &'a str,
    pub ip: String,
    pub expires_at: Timestamp,
}

/// What failed attempts are counted by; an empty one counts for all of its kind.
pub struct Counted {
    pub account: String,
    pub address: String,
}

#[derive(sqlx::FromRow)]
pub struct Refreshable {
    pub user_id: UserId,
    pub refresh_secret: Vec<u8>,
    pub generation: i64,
    pub rotated_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
pub struct Live {
    pub user_id: UserId,
    pub role: String,
    pub expires_at: Timestamp,
    pub last_used_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub struct Login {
    pub id: UserId,
    pub password_hash: String,
    pub suspended_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, session: &NewSession<'_>, now: Timestamp) -> Result<u64> {
    tx.sql(
        "insert into sessions (id, user_id, refresh_secret, generation, rotated_at, user_agent, ip, created_at, last_used_at, expires_at)
         values ($1, $2, $3, 1, $6, $4, $5, $6, $6, $7)",
    )
    .bind(session.id)
    .bind(session.user_id)
    .bind(session.refresh_secret)
    .bind(session.user_agent)
    .bind(&session.ip)
    .bind(now)
    .bind(session.expires_at)
    .run()
    .await
}

pub async fn find_login(db: &mut Conn, key: &str) -> Result<Option<Login>> {
    db.sql("select id, password_hash, suspended_at from users where username_key = $1 or email_key = $1")
        .bind(key)
        .optional()
        .await
}

/// Holds the account still until the session stands: a password that is changed meanwhile ends the session, too.
pub async fn lock_login(tx: &mut Tx, id: UserId) -> Result<Option<Login>> {
    tx.sql((
        "select id, password_hash, suspended_at from users where id = $1",
        "select id, password_hash, suspended_at from users where id = $1 for update",
    ))
    .bind(id)
    .optional()
    .await
}

pub async fn find_live(db: &mut Conn, id: SessionId) -> Result<Option<Live>> {
    db.sql(
        "select s.user_id, u.role, s.expires_at, s.last_used_at from sessions s join users u on u.id = s.user_id
         where s.id = $1 and s.ended_at is null and u.suspended_at is null",
    )
    .bind(id)
    .optional()
    .await
}

pub async fn lock_for_refresh(tx: &mut Tx, id: SessionId) -> Result<Option<Refreshable>> {
    tx.sql((
        "select user_id, refresh_secret, generation, rotated_at, expires_at, ended_at from sessions where id = $1",
        "select user_id, refresh_secret, generation, rotated_at, expires_at, ended_at from sessions where id = $1 for update",
    ))
    .bind(id)
    .optional()
    .await
}

pub async fn rotate(tx: &mut Tx, id: SessionId, now: Timestamp, expires_at: Timestamp) -> Result<u64> {
    tx.sql("update sessions set generation = generation + 1, rotated_at = $2, last_used_at = $2, expires_at = $3 where id = $1").bind(id).bind(now).bind(expires_at).run().await
}

pub async fn set_last_used(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<u64> {
    tx.sql("update sessions set last_used_at = $2 where id = $1 and last_used_at < $2").bind(id).bind(now).run().await
}

pub async fn list_of(db: &mut Conn, user_id: UserId, current: SessionId, now: Timestamp) -> Result<Vec<SessionInfo>> {
    db.sql(
        "select id, id = $2 as current, user_agent, ip, created_at, last_used_at from sessions
         where user_id = $1 and ended_at is null and expires_at > $3 order by last_used_at desc, id desc",
    )
    .bind(user_id)
    .bind(current)
    .bind(now)
    .all()
    .await
}

pub async fn list_ids_of(db: &mut Conn, user_id: UserId) -> Result<Vec<SessionId>> {
    let ids: Vec<(SessionId,)> =
        db.sql("select id from sessions where user_id = $1 and ended_at is null").bind(user_id).all().await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

pub async fn end(tx: &mut Tx, user_id: UserId, id: SessionId, reason: EndReason, now: Timestamp) -> Result<u64> {
    tx.sql("update sessions set ended_at = $3, end_reason = $4 where user_id = $1 and id = $2 and ended_at is null")
        .bind(user_id)
        .bind(id)
        .bind(now)
        .bind(reason.as_str())
        .run()
        .await
}

pub async fn end_all_but(
    tx: &mut Tx,
    user_id: UserId,
    but: Option<SessionId>,
    reason: EndReason,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let ids: Vec<(SessionId,)> = tx
        .sql((
            "update sessions set ended_at = $3, end_reason = $4 where user_id = $1 and ended_at is null and ($2 is null or id <> $2) returning id",
            "update sessions set ended_at = $3, end_reason = $4 where user_id = $1 and ended_at is null and ($2::uuid is null or id <> $2) returning id",
        ))
        .bind(user_id)
        .bind(but)
        .bind(now)
        .bind(reason.as_str())
        .all()
        .await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

pub async fn exists(db: &mut Conn, user_id: UserId, id: SessionId) -> Result<bool> {
    let (exists,): (bool,) = db
        .sql("select exists (select 1 from sessions where user_id = $1 and id = $2)")
        .bind(user_id)
        .bind(id)
        .one()
        .await?;
    Ok(exists)
}

pub async fn list_ended_since(db: &mut Conn, since: Timestamp) -> Result<Vec<(UserId, SessionId, Option<String>)>> {
    db.sql("select user_id, id, end_reason from sessions where ended_at is not null and ended_at >= $1")
        .bind(since)
        .all()
        .await
}

pub async fn list_expired(db: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<(UserId, SessionId)>> {
    db.sql("select user_id, id from sessions where ended_at is null and expires_at <= $1 limit $2")
        .bind(now)
        .bind(limit)
        .all()
        .await
}

pub async fn delete_ended(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.sql("delete from sessions where ended_at is not null and ended_at < $1").bind(before).run().await
}

/// Makes the row if it is missing, so that there is something to lock: attempts at one name are counted one after the other.
pub async fn lock_failures(tx: &mut Tx, of: &Counted, now: Timestamp) -> Result<(i64, Timestamp)> {
    tx.sql(
        "insert into login_failures (account, address, failures, last_failed_at) values ($1, $2, 0, $3) on conflict (account, address) do nothing",
    )
    .bind(&of.account)
    .bind(&of.address)
    .bind(now)
    .run()
    .await?;
    tx.sql((
        "select failures, last_failed_at from login_failures where account = $1 and address = $2",
        "select failures, last_failed_at from login_failures where account = $1 and address = $2 for update",
    ))
    .bind(&of.account)
    .bind(&of.address)
    .one()
    .await
}

pub async fn set_failures(tx: &mut Tx, of: &Counted, failures: i64, now: Timestamp) -> Result<u64> {
    tx.sql("update login_failures set failures = $3, last_failed_at = $4 where account = $1 and address = $2")
        .bind(&of.account)
        .bind(&of.address)
        .bind(failures)
        .bind(now)
        .run()
        .await
}

/// The failure of `counted_at` was none; the one before it was at `before`.
pub async fn take_failure_back(tx: &mut Tx, of: &Counted, counted_at: Timestamp, before: Timestamp) -> Result<u64> {
    tx.sql(
        "update login_failures set failures = failures - 1, last_failed_at = case when last_failed_at = $3 then $4 else last_failed_at end
          where account = $1 and address = $2 and failures > 0",
    )
    .bind(&of.account)
    .bind(&of.address)
    .bind(counted_at)
    .bind(before)
    .run()
    .await
}

pub async fn forget_failures(tx: &mut Tx, of: &Counted) -> Result<u64> {
    tx.sql("delete from login_failures where account = $1 and address = $2")
        .bind(&of.account)
        .bind(&of.address)
        .run()
        .await
}

/// First of the addresses, then of their networks, then of the account itself: in the order in which attempts lock them.
pub async fn forget_failures_of(tx: &mut Tx, account: &str) -> Result<u64> {
    tx.sql("delete from login_failures where account = $1 and address <> '' and address not like '%/48'")
        .bind(account)
        .run()
        .await?;
    tx.sql("delete from login_failures where account = $1 and address <> ''").bind(account).run().await?;
    tx.sql("delete from login_failures where account = $1").bind(account).run().await
}

/// From where somebody is signed in, or was a moment ago.
pub async fn list_addresses_of(db: &mut Conn, login: &str) -> Result<Vec<String>> {
    let addresses: Vec<(String,)> = db
        .sql(
            "select distinct s.ip from sessions s join users u on u.id = s.user_id where u.username_key = $1 or u.email_key = $1",
        )
        .bind(login)
        .all()
        .await?;
    Ok(addresses.into_iter().map(|(ip,)| ip).collect())
}

pub async fn delete_old_failures(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.sql("delete from login_failures where last_failed_at < $1").bind(before).run().await
}
