//! Changing a password, knowing the old one or by a link in a mail.
//! Either way sessions that somebody else may hold end with it.

use std::time::Duration;

use super::{check, store};
use crate::{
    accounts::{mail, sessions, sessions::EndReason, tokens, users},
    app::App,
    caller::Caller,
    error::{Error, Result},
};

const RESET_LIFETIME: Duration = Duration::from_secs(3600);

/// Ends the other sessions; this one goes on.
pub async fn change_password(app: &App, caller: &Caller, current: String, new: String) -> Result<()> {
    let me = users::access::get_me(&mut app.db.read(), caller.user_id).await?;
    let wrong = || Error::invalid("current_password", "wrong_password", "The current password is wrong.");
    let stored = store::find_hash(&mut app.db.read(), caller.user_id).await?.ok_or_else(wrong)?;
    if !app.passwords.verify(current, Some(stored.clone())).await? {
        return Err(wrong());
    }
    check(app, &new, &[me.user.username, me.email, me.user.full_name]).await.map_err(|mut error| {
        error.field = Some("new_password");
        error
    })?;
    let hash = app.passwords.hash(new).await?;
    let mut tx = app.begin().await?;
    if store::replace_hash(&mut tx, caller.user_id, &stored, &hash).await? == 0 {
        return Err(wrong());
    }
    store::void_tokens_of(&mut tx, caller.user_id, app.clock.now()).await?;
    let ended = sessions::actions::end_all_but(
        app,
        &mut tx,
        caller.user_id,
        Some(caller.session_id),
        EndReason::PasswordChanged,
    )
    .await?;
    tx.commit().await?;
    app.sessions.forget(&ended).await;
    Ok(())
}

/// Sends a link, if there is whom to send it to.
pub async fn forgot_password(app: &App, email: &str) -> Result<()> {
    let now = app.clock.now();
    let (token, token_hash) = tokens::new()?;
    let mut tx = app.begin().await?;
    if let Some(owner) = store::find_owner(&mut tx, &users::fold(email)).await? {
        store::insert_token(&mut tx, &token_hash, owner.id, now, now.plus(RESET_LIFETIME)).await?;
        mail::actions::send(
            app,
            &mut tx,
            &owner.email,
            &mail::Text::Reset { username: &owner.username, token: &token, language: &owner.language },
        )
        .await?;
    }
    tx.commit().await
}

/// Ends all sessions, voids all other links, and forgets failed attempts: whoever did those knew only the name.
pub async fn reset_password(app: &App, token: &str, password: String) -> Result<()> {
    let token_hash = tokens::hash(token);
    let not_valid =
        || Error::invalid("token", "token_invalid", "This link does not work any more. Ask for a new mail.");
    let owner =
        store::find_owner_of_token(&mut app.db.read(), &token_hash, app.clock.now()).await?.ok_or_else(not_valid)?;
    check(app, &password, &[owner.username.clone(), owner.email.clone()]).await?;
    let hash = app.passwords.hash(password).await?;
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    users::actions::lock(&mut tx, owner.id).await?;
    if store::use_token(&mut tx, &token_hash, now).await? == 0 {
        return Err(not_valid());
    }
    store::set_hash_by_mail(&mut tx, owner.id, &hash, now).await?;
    store::void_tokens_of(&mut tx, owner.id, now).await?;
    let logins = [users::fold(&owner.username), users::fold(&owner.email)];
    sessions::actions::forget_failures(&mut tx, owner.id, &logins).await?;
    let ended = sessions::actions::end_all_but(app, &mut tx, owner.id, None, EndReason::PasswordChanged).await?;
    tx.commit().await?;
    app.sessions.forget(&ended).await;
    Ok(())
}
