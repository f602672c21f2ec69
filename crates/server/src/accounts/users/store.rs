//! The SQL of people.
//! Names and addresses come folded; nothing is folded here.

use convo_db::{Conn, OnUnique, Timestamp, Tx};

use super::{Me, User};
use crate::{
    error::{Error, Result},
    ids::{PictureId, UserId},
};

/// All that an account begins with.
pub struct NewUser {
    pub username: String,
    pub username_key: String,
    pub email: String,
    pub email_key: String,
    pub email_verified_at: Option<Timestamp>,
    pub full_name: String,
    pub name_key: String,
    pub language: String,
    pub password_hash: String,
    pub role: &'static str,
}

/// What a profile is changed to, whole.
pub struct Profile<'a> {
    pub username: &'a str,
    pub username_key: String,
    pub full_name: &'a str,
    pub name_key: String,
    pub about: &'a str,
    pub phone: Option<&'a str>,
    pub time_zone: &'a str,
    pub language: &'a str,
}

pub async fn insert(tx: &mut Tx, id: UserId, user: &NewUser, now: Timestamp) -> Result<()> {
    tx.sql(
        "insert into users (id, username, username_key, email, email_key, email_verified_at, full_name, name_key, about, time_zone, language, password_hash, role, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '', 'UTC', $9, $10, $11, $12)
         on conflict (username_key) do nothing",
    )
    .bind(id)
    .bind(&user.username)
    .bind(&user.username_key)
    .bind(&user.email)
    .bind(&user.email_key)
    .bind(user.email_verified_at)
    .bind(&user.full_name)
    .bind(&user.name_key)
    .bind(&user.language)
    .bind(&user.password_hash)
    .bind(user.role)
    .bind(now)
    .run()
    .await
    .on_unique("users_email_key", email_taken)
    .and_then(|inserted| if inserted == 1 { Ok(()) } else { Err(username_taken()) })
}

pub fn username_taken() -> Error {
    Error::conflict("username_taken", "That user name is taken. Choose another one.")
}

pub fn email_taken() -> Error {
    Error::conflict("email_taken", "There is an account with that email address. Sign in, or ask for a new password.")
}

pub async fn find_me(db: &mut Conn, id: UserId) -> Result<Option<Me>> {
    Ok(db
        .sql(
            "select id, username, full_name, about, picture_id, email, email_verified_at is not null as email_verified, phone, role, time_zone, language, created_at, user_version
             from users where id = $1",
        )
        .bind(id)
        .optional()
        .await?)
}

pub async fn find_public(db: &mut Conn, ids: &[UserId]) -> Result<Vec<User>> {
    Ok(db
        .sql((
            "select id, username, full_name, about, picture_id from users where id in (select unhex(value) from jsonb_each($1)) order by id",
            "select id, username, full_name, about, picture_id from users where id = any($1) order by id",
        ))
        .bind_ids(ids.iter().map(|id| id.0))
        .all()
        .await?)
}

pub async fn count_active(db: &mut Conn, ids: &[UserId]) -> Result<i64> {
    let (count,) = db
        .sql((
            "select count(*) from users where id in (select unhex(value) from jsonb_each($1)) and suspended_at is null",
            "select count(*) from users where id = any($1) and suspended_at is null",
        ))
        .bind_ids(ids.iter().map(|id| id.0))
        .one()
        .await?;
    Ok(count)
}

pub async fn lock(tx: &mut Tx, id: UserId) -> Result<bool> {
    let found: Option<(UserId,)> = tx
        .sql(("select id from users where id = $1", "select id from users where id = $1 for update"))
        .bind(id)
        .optional()
        .await?;
    Ok(found.is_some())
}

pub async fn raise_version(tx: &mut Tx, id: UserId) -> Result<Option<i64>> {
    let version: Option<(i64,)> = tx
        .sql("update users set user_version = user_version + 1 where id = $1 returning user_version")
        .bind(id)
        .optional()
        .await?;
    Ok(version.map(|(version,)| version))
}

pub async fn is_username_taken(db: &mut Conn, username_key: &str, now: Timestamp) -> Result<bool> {
    let (taken,): (bool,) = db
        .sql(
            "select exists (select 1 from users where username_key = $1)
                 or exists (select 1 from registrations where username_key = $1 and expires_at > $2)",
        )
        .bind(username_key)
        .bind(now)
        .one()
        .await?;
    Ok(taken)
}

pub async fn has_administrator(db: &mut Conn) -> Result<bool> {
    let (has,): (bool,) = db.sql("select exists (select 1 from users where role = 'admin')").one().await?;
    Ok(has)
}

pub async fn update_profile(tx: &mut Tx, id: UserId, to: &Profile<'_>) -> Result<u64> {
    tx.sql(
        "update users set username = $2, username_key = $3, full_name = $4, name_key = $5, about = $6, phone = $7, time_zone = $8, language = $9
         where id = $1",
    )
    .bind(id)
    .bind(to.username)
    .bind(&to.username_key)
    .bind(to.full_name)
    .bind(&to.name_key)
    .bind(to.about)
    .bind(to.phone)
    .bind(to.time_zone)
    .bind(to.language)
    .run()
    .await
    .on_unique("users_username_key", username_taken)
}

pub async fn find_picture(tx: &mut Tx, id: UserId) -> Result<Option<PictureId>> {
    let picture: Option<(Option<PictureId>,)> =
        tx.sql("select picture_id from users where id = $1").bind(id).optional().await?;
    Ok(picture.and_then(|(picture,)| picture))
}

pub async fn set_picture(tx: &mut Tx, id: UserId, picture: Option<PictureId>) -> Result<u64> {
    Ok(tx.sql("update users set picture_id = $2 where id = $1").bind(id).bind(picture).run().await?)
}

/// Names by their beginnings, with `\` before what `like` would read as a pattern; email and phone only whole.
pub struct Wanted {
    pub prefix: String,
    pub inside: String,
    pub email_key: String,
    pub phone: String,
}

pub async fn search(db: &mut Conn, wanted: &Wanted, limit: i64) -> Result<Vec<User>> {
    Ok(db
        .sql(
            r"select id, username, full_name, about, picture_id from users
              where suspended_at is null
                and (username_key like $1 escape '\' or name_key like $1 escape '\' or name_key like $2 escape '\' or email_key = $3 or phone = $4)
              order by username_key limit $5",
        )
        .bind(&wanted.prefix)
        .bind(&wanted.inside)
        .bind(&wanted.email_key)
        .bind(&wanted.phone)
        .bind(limit)
        .all()
        .await?)
}
