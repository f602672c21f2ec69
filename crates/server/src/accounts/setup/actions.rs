//! Making set-up links and the first administrator.
//! A fresh link voids the one before, and every link is void once there is an administrator.

use super::store;
use crate::{
    accounts::{passwords, registration::Wish, sessions, sessions::Session, tokens, users},
    app::{App, Tx},
    caller::Role,
    client::Client,
    error::{Error, Result},
    ids::UserId,
    sms::welcome,
};

/// `None` if there is an administrator.
pub async fn renew_link(app: &App) -> Result<Option<String>> {
    let now = app.clock.now();
    let (token, token_hash) = tokens::new()?;
    let mut tx = app.begin().await?;
    store::lock(&mut tx, now).await?;
    if users::access::has_administrator(&mut tx).await? {
        return Ok(None);
    }
    store::set_token(&mut tx, &token_hash, now).await?;
    tx.commit().await?;
    Ok(Some(format!("{}/setup#{token}", app.config.public_url)))
}

/// The holder of the link becomes a verified administrator: whoever reads this machine's output is trusted with more than an address.
pub async fn set_up(app: &App, token: &str, wish: Wish, password: String, client: &Client) -> Result<Session> {
    let token_hash = tokens::hash(token);
    // Asked before hashing, so that strangers cannot make us hash, and again below.
    check_token(&mut app.db.read(), &token_hash).await?;
    passwords::check(app, &password, &wish.known()).await?;
    let password_hash = app.passwords.hash(password).await?;
    let mut tx = app.begin().await?;
    store::lock(&mut tx, app.clock.now()).await?;
    check_token(&mut tx, &token_hash).await?;
    let id = insert_administrator(app, &mut tx, wish, password_hash).await?;
    welcome::enqueue(app, &mut tx, id).await?;
    store::set_used(&mut tx, app.clock.now()).await?;
    let session = sessions::actions::begin(app, &mut tx, id, client).await?;
    tx.commit().await?;
    Ok(session)
}

async fn check_token(db: &mut convo_db::Conn, token_hash: &[u8]) -> Result<()> {
    // In this order: a link that was used between both questions then says so.
    let is_valid = store::has_token(db, token_hash).await?;
    if users::access::has_administrator(db).await? {
        return Err(Error::conflict("already_set_up", "This server has an administrator already. Sign in."));
    }
    if !is_valid {
        return Err(Error::forbidden(
            "setup_token_invalid",
            "This set-up link does not work any more. The server prints a fresh one at each start, and so does `convo admin create`.",
        ));
    }
    Ok(())
}

/// From the command line of the machine itself: a further administrator, or the first.
pub async fn create_administrator(app: &App, wish: Wish, password: String) -> Result<UserId> {
    passwords::check(app, &password, &wish.known()).await?;
    let password_hash = app.passwords.hash(password).await?;
    let mut tx = app.begin().await?;
    store::lock(&mut tx, app.clock.now()).await?;
    let is_first = !users::access::has_administrator(&mut tx).await?;
    let id = insert_administrator(app, &mut tx, wish, password_hash).await?;
    if is_first {
        welcome::enqueue(app, &mut tx, id).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn insert_administrator(app: &App, tx: &mut Tx, wish: Wish, password_hash: String) -> Result<UserId> {
    let now = app.clock.now();
    let user = users::NewUser {
        username_key: users::fold(&wish.username),
        email_key: users::fold(&wish.email),
        name_key: users::fold(&wish.full_name),
        username: wish.username,
        email: wish.email,
        email_verified_at: Some(now),
        full_name: wish.full_name,
        language: wish.language,
        password_hash,
        role: Role::Admin.as_str(),
    };
    users::actions::create(tx, &user, now).await
}
