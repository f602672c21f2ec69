//! The SQL of registrations that wait for their mail, and of the tokens that prove an address.
//! Only hashes of tokens are stored.

use convo_db::{Conn, OnUnique, Timestamp, Tx};
use uuid::Uuid;

use crate::{
    accounts::users,
    error::{Error, Result},
    ids::{InvitationId, UserId},
};

#[derive(sqlx::FromRow)]
pub struct Pending {
    pub username: String,
    pub username_key: String,
    pub email: String,
    pub email_key: String,
    pub full_name: String,
    pub password_hash: String,
    pub language: String,
    pub invitation_id: Option<InvitationId>,
}

/// A registration that waits, as far as a mail needs it.
#[derive(sqlx::FromRow)]
pub struct Waiting {
    pub id: Uuid,
    pub username: String,
    pub email: String,
    pub language: String,
}

/// Whose link it is, held still.
#[derive(sqlx::FromRow)]
pub struct Holder {
    pub id: UserId,
    pub password_hash: String,
    pub suspended_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
pub struct Owner {
    pub id: UserId,
    pub username: String,
    pub email: String,
    pub language: String,
    pub email_verified: bool,
}

pub async fn insert(
    tx: &mut Tx,
    pending: &Pending,
    token_hash: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<u64> {
    tx.sql(
        "insert into registrations (id, username, username_key, email, email_key, full_name, password_hash, language, invitation_id, token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(Uuid::now_v7())
    .bind(&pending.username)
    .bind(&pending.username_key)
    .bind(&pending.email)
    .bind(&pending.email_key)
    .bind(&pending.full_name)
    .bind(&pending.password_hash)
    .bind(&pending.language)
    .bind(pending.invitation_id)
    .bind(token_hash)
    .bind(now)
    .bind(expires_at)
    .run()
    .await
    .on_unique("registrations_username_key", || Error::conflict("username_taken", "That user name is taken. Choose another one."))
}

/// One that ran out holds its user name no longer.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(tx.sql("delete from registrations where expires_at <= $1").bind(now).run().await?)
}

/// Of two clicks on one link, one takes it.
pub async fn take(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<Pending>> {
    Ok(tx
        .sql(
            "delete from registrations where token_hash = $1 and expires_at > $2
             returning username, username_key, email, email_key, full_name, password_hash, language, invitation_id",
        )
        .bind(token_hash)
        .bind(now)
        .optional()
        .await?)
}

/// Those of an address that wait, but for the newest `keep`: one more must not make them more than there may be.
pub async fn delete_oldest(tx: &mut Tx, email_key: &str, keep: i64) -> Result<u64> {
    Ok(tx
        .sql(
            "delete from registrations where email_key = $1 and id not in
                 (select id from registrations where email_key = $1 order by created_at desc, id desc limit $2)",
        )
        .bind(email_key)
        .bind(keep)
        .run()
        .await?)
}

/// Oldest first.
pub async fn list_waiting(tx: &mut Tx, email_key: &str, now: Timestamp) -> Result<Vec<Waiting>> {
    Ok(tx
        .sql((
            "select id, username, email, language from registrations where email_key = $1 and expires_at > $2 order by created_at, id",
            "select id, username, email, language from registrations where email_key = $1 and expires_at > $2 order by created_at, id for update",
        ))
        .bind(email_key)
        .bind(now)
        .all()
        .await?)
}

/// A fresh link; the registration ends when it would have ended.
pub async fn set_token(tx: &mut Tx, id: Uuid, token_hash: &[u8]) -> Result<u64> {
    Ok(tx.sql("update registrations set token_hash = $2 where id = $1").bind(id).bind(token_hash).run().await?)
}

/// The password that whoever holds this link must know: of a registration that waits, or of the account.
pub async fn find_password_hash(db: &mut Conn, token_hash: &[u8], now: Timestamp) -> Result<Option<String>> {
    let hash: Option<(String,)> = db
        .sql(
            "select password_hash from registrations where token_hash = $1 and expires_at > $2
             union all
             select u.password_hash from email_tokens t join users u on u.id = t.user_id
              where t.token_hash = $1 and t.kind = 'verify' and t.expires_at > $2",
        )
        .bind(token_hash)
        .bind(now)
        .optional()
        .await?;
    Ok(hash.map(|(hash,)| hash))
}

pub async fn find_owner(db: &mut Conn, email_key: &str) -> Result<Option<Owner>> {
    Ok(db
        .sql("select id, username, email, language, email_verified_at is not null as email_verified from users where email_key = $1 and suspended_at is null")
        .bind(email_key)
        .optional()
        .await?)
}

pub async fn is_email_taken(db: &mut Conn, email_key: &str) -> Result<bool> {
    let (taken,): (bool,) =
        db.sql("select exists (select 1 from users where email_key = $1)").bind(email_key).one().await?;
    Ok(taken)
}

pub async fn insert_token(
    tx: &mut Tx,
    token_hash: &[u8],
    user_id: UserId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<u64> {
    Ok(tx
        .sql("insert into email_tokens (token_hash, kind, user_id, created_at, expires_at) values ($1, 'verify', $2, $3, $4)")
        .bind(token_hash)
        .bind(user_id)
        .bind(now)
        .bind(expires_at)
        .run()
        .await?)
}

/// Also of a link that was used: the same link does the same again. The account is locked, so that its password stays what it is.
pub async fn lock_holder(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<Holder>> {
    Ok(tx
        .sql((
            "select u.id, u.password_hash, u.suspended_at from email_tokens t join users u on u.id = t.user_id
              where t.token_hash = $1 and t.kind = 'verify' and t.expires_at > $2",
            "select u.id, u.password_hash, u.suspended_at from email_tokens t join users u on u.id = t.user_id
              where t.token_hash = $1 and t.kind = 'verify' and t.expires_at > $2 for update of u",
        ))
        .bind(token_hash)
        .bind(now)
        .optional()
        .await?)
}

pub async fn set_email_verified(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<u64> {
    Ok(tx
        .sql("update users set email_verified_at = $2 where id = $1 and email_verified_at is null")
        .bind(user_id)
        .bind(now)
        .run()
        .await?)
}

pub async fn delete_expired_tokens(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(tx.sql("delete from email_tokens where expires_at <= $1").bind(now).run().await?)
}

impl Pending {
    pub fn into_user(self, verified_at: Option<Timestamp>) -> users::NewUser {
        users::NewUser {
            name_key: users::fold(&self.full_name),
            username: self.username,
            username_key: self.username_key,
            email: self.email,
            email_key: self.email_key,
            email_verified_at: verified_at,
            full_name: self.full_name,
            language: self.language,
            password_hash: self.password_hash,
            role: crate::caller::Role::User.as_str(),
        }
    }
}
