//! Signing in, staying signed in, signing out.
//! Every ending tells the session's own sockets in the same transaction and is forgotten by no node for longer than a second.

use super::{
    EndReason, LIFETIME, REFRESH_GRACE, Session, access, attempts::Attempt, ended, refresh_token,
    refresh_token::RefreshToken, store, suspended,
};
use crate::{
    accounts::{keys, tokens, users},
    app::{App, Tx},
    caller::Caller,
    client::Client,
    error::{Error, Result},
    events::{Audience, Event},
    ids::{SessionId, UserId},
};

/// How long ended sessions stay in the table: nodes look at the last seconds, people may ask about yesterday.
const ENDED_KEPT: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
/// As long as an email address can be (RFC 5321, section 4.5.3.1.3).
const MAX_LOGIN_BYTES: usize = 254;
/// Sessions closed at once when their time has run out.
const EXPIRED_BATCH: i64 = 200;

/// The same answer, in the same time, for a wrong password and for nobody.
pub async fn login(app: &App, login: &str, password: String, client: &Client) -> Result<Session> {
    let key = users::fold(login);
    // No account has such a name, and nothing so long or odd is stored or counted.
    if key.is_empty() || login.len() > MAX_LOGIN_BYTES || key.contains(['\0', ' ']) {
        return Err(wrong_credentials());
    }
    let attempt = Attempt::begin(app, &key, client).await?;
    let account = store::find_login(&mut app.db.read(), &key).await?;
    let person = account.as_ref().map_or_else(|| format!("nobody {key}"), |account| counted_as(account.id));
    let attempt = attempt.of(app, &person, client).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let attempt = attempt.verify(app, password, hash).await?;
    let (Some(account), Some(attempt)) = (account, attempt) else { return Err(wrong_credentials()) };

    let mut tx = app.begin().await?;
    // Hashing took its time: the password may have been changed meanwhile, and that ended all sessions.
    let now_stored = store::lock_login(&mut tx, account.id)
        .await?
        .filter(|now| now.password_hash == account.password_hash)
        .ok_or_else(wrong_credentials)?;
    attempt.succeeded(&mut tx).await?;
    if now_stored.suspended_at.is_some() {
        tx.commit().await?;
        return Err(suspended());
    }
    let session = begin(app, &mut tx, account.id, client).await?;
    tx.commit().await?;
    Ok(session)
}

/// The same words for everybody who is refused, also for the right password of an account that has to wait.
fn wrong_credentials() -> Error {
    Error::unauthorized(
        "wrong_credentials",
        "The name or the password is wrong. After many failed attempts even the right one is refused for a while.",
    )
}

/// No login has a space.
fn counted_as(id: UserId) -> String {
    format!("person {id}")
}

/// A new session in the transaction of whoever proved who they are.
pub async fn begin(app: &App, tx: &mut Tx, user_id: UserId, client: &Client) -> Result<Session> {
    let now = app.clock.now();
    let (id, secret) = (SessionId::new(), tokens::random::<32>()?);
    let session = store::NewSession {
        id,
        user_id,
        refresh_secret: &secret,
        user_agent: &client.user_agent,
        ip: client.address.to_string(),
        expires_at: now.plus(LIFETIME),
    };
    store::insert(tx, &session, now).await?;
    users::actions::tell_changed(tx, user_id).await?;
    answer(app, tx, user_id, id, refresh_token::write(id, 1, &secret)).await
}

async fn answer(app: &App, tx: &mut Tx, user_id: UserId, id: SessionId, refresh_token: String) -> Result<Session> {
    Ok(Session {
        access_token: app.keys.sign(user_id, id, app.clock.now())?,
        expires_in_secs: keys::TOKEN_LIFETIME.as_secs(),
        refresh_token: Some(refresh_token),
        session_id: id,
        user: users::access::get_me(tx, user_id).await?,
    })
}

/// The current token rotates. The one before gives the same successor again for a moment, because answers get lost and tabs race;
/// since its successor was never used, only one of both can go on. Anything older was copied by somebody: the session ends.
pub async fn refresh(app: &App, token: &str) -> Result<Session> {
    let token = RefreshToken::parse(token).ok_or_else(ended)?;
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    let row = store::lock_for_refresh(&mut tx, token.session_id).await?.ok_or_else(ended)?;
    if !token.is_genuine(&row.refresh_secret) || row.ended_at.is_some() || row.expires_at <= now {
        return Err(ended());
    }
    let generation = if token.generation == row.generation {
        store::rotate(&mut tx, token.session_id, now, now.plus(LIFETIME)).await?;
        row.generation + 1
    } else if token.generation == row.generation - 1 && now.since(row.rotated_at) < REFRESH_GRACE {
        row.generation
    } else {
        end_one(app, &mut tx, row.user_id, token.session_id, EndReason::RefreshReused).await?;
        tx.commit().await?;
        app.sessions.forget(&[token.session_id]).await;
        tracing::warn!(session.id = %token.session_id, "A refresh token was used again; its session is ended");
        return Err(ended());
    };
    let next = refresh_token::write(token.session_id, generation, &row.refresh_secret);
    let session = answer(app, &mut tx, row.user_id, token.session_id, next).await?;
    tx.commit().await?;
    Ok(session)
}

pub async fn logout(app: &App, caller: &Caller) -> Result<()> {
    end_own(app, caller, caller.session_id, EndReason::Logout).await
}

/// One of my sessions; one that is over already stays over.
pub async fn end_session(app: &App, caller: &Caller, id: SessionId) -> Result<()> {
    access::check_is_own(&mut app.db.read(), caller, id).await?;
    end_own(app, caller, id, EndReason::Ended).await
}

async fn end_own(app: &App, caller: &Caller, id: SessionId, reason: EndReason) -> Result<()> {
    let mut tx = app.begin().await?;
    end_one(app, &mut tx, caller.user_id, id, reason).await?;
    tx.commit().await?;
    app.sessions.forget(&[id]).await;
    Ok(())
}

async fn end_one(app: &App, tx: &mut Tx, user_id: UserId, id: SessionId, reason: EndReason) -> Result<()> {
    if store::end(tx, user_id, id, reason, app.clock.now()).await? > 0 {
        tell_ended(tx, user_id, &[id], reason).await?;
    }
    Ok(())
}

pub async fn end_other_sessions(app: &App, caller: &Caller) -> Result<()> {
    let mut tx = app.begin().await?;
    let ended = end_all_but(app, &mut tx, caller.user_id, Some(caller.session_id), EndReason::Ended).await?;
    tx.commit().await?;
    app.sessions.forget(&ended).await;
    Ok(())
}

/// Within the change that demands it. After its commit the caller lets `app.sessions` forget what this returns.
pub async fn end_all_but(
    app: &App,
    tx: &mut Tx,
    user_id: UserId,
    but: Option<SessionId>,
    reason: EndReason,
) -> Result<Vec<SessionId>> {
    let ended = store::end_all_but(tx, user_id, but, reason, app.clock.now()).await?;
    tell_ended(tx, user_id, &ended, reason).await?;
    Ok(ended)
}

/// So that this node sees a change of role at once; others see it within a second.
pub async fn forget_checks_of(app: &App, user_id: UserId) -> Result<()> {
    let ids = store::list_ids_of(&mut app.db.read(), user_id).await?;
    app.sessions.forget(&ids).await;
    Ok(())
}

/// Somebody who proved to own the address need not wait for failures of others.
pub async fn forget_failures(tx: &mut Tx, id: UserId, logins: &[String]) -> Result<()> {
    for login in logins {
        store::forget_failures_of(tx, login).await?;
    }
    store::forget_failures_of(tx, &counted_as(id)).await?;
    Ok(())
}

async fn tell_ended(tx: &mut Tx, user_id: UserId, ids: &[SessionId], reason: EndReason) -> Result<()> {
    for id in ids {
        tx.emit(
            Audience::Session { user_id, session_id: *id },
            Event::SessionEnded { reason: reason.as_str().to_owned() },
        );
    }
    if !ids.is_empty() {
        users::actions::tell_changed(tx, user_id).await?;
    }
    Ok(())
}

/// The net below the events: closes what sockets this node still has of sessions that ended lately, on whichever node that was.
pub async fn close_sockets_of_ended(app: &App, lately: std::time::Duration) -> Result<()> {
    for (user_id, session_id, reason) in
        store::list_ended_since(&mut app.db.read(), app.clock.now().minus(lately)).await?
    {
        app.sessions.forget(&[session_id]).await;
        app.hub.end_session(user_id, session_id, reason.as_deref().unwrap_or(EndReason::Ended.as_str()));
    }
    Ok(())
}

/// Ends those whose time has run out, and forgets what ended long ago.
pub async fn clean_up(app: &App) -> Result<()> {
    let now = app.clock.now();
    for (user_id, id) in store::list_expired(&mut app.db.read(), now, EXPIRED_BATCH).await? {
        let mut tx = app.begin().await?;
        end_one(app, &mut tx, user_id, id, EndReason::Expired).await?;
        tx.commit().await?;
    }
    let mut tx = app.begin().await?;
    store::delete_ended(&mut tx, now.minus(ENDED_KEPT)).await?;
    store::delete_old_failures(&mut tx, now.minus(super::attempts::FORGOTTEN_AFTER)).await?;
    tx.commit().await
}
