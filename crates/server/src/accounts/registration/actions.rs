//! Registering. Where mail works it always ends in the same answer after the same work, whether or not the address has an account;
//! else the account works at once, and a taken address is told, because no mail can tell it.

use super::{MAX_PENDING_OF_AN_ADDRESS, PENDING, Wish, check_mode, store};
use crate::{
    accounts::{invitations, mail, passwords, sessions, sessions::Session, tokens, users},
    app::{App, Tx},
    client::Client,
    config::RegistrationMode,
    error::{Error, Result},
    ids::InvitationId,
};

pub enum Registered {
    CheckMail,
    SignedIn(Box<Session>),
}

pub async fn register(
    app: &App,
    wish: Wish,
    password: String,
    invitation: Option<&str>,
    client: &Client,
) -> Result<Registered> {
    if !users::access::has_administrator(&mut app.db.read()).await? {
        return Err(Error::forbidden(
            "setup_required",
            "This server is not set up yet. Its first administrator uses the link that it printed at its start.",
        ));
    }
    check_mode(app, &wish.email)?;
    let invitation_id = check_invitation(app, invitation).await?;
    passwords::check(app, &password, &wish.known()).await?;
    let pending = store::Pending {
        username_key: users::fold(&wish.username),
        email_key: users::fold(&wish.email),
        password_hash: app.passwords.hash(password).await?,
        username: wish.username,
        email: wish.email,
        full_name: wish.full_name,
        language: wish.language,
        invitation_id,
    };
    let mut tx = app.begin().await?;
    store::delete_expired(&mut tx, app.clock.now()).await?;
    if users::access::is_username_taken(&mut tx, &pending.username_key, app.clock.now()).await? {
        return Err(Error::conflict("username_taken", "That user name is taken. Choose another one."));
    }
    if app.mailer.reaches_people() {
        wait_for_mail(app, tx, pending).await
    } else {
        sign_in_at_once(app, tx, pending, client).await
    }
}

async fn check_invitation(app: &App, token: Option<&str>) -> Result<Option<InvitationId>> {
    if app.config.registration.mode != RegistrationMode::Invitation {
        return Ok(None);
    }
    let token = token.ok_or_else(|| {
        Error::forbidden("invitation_required", "This server takes new accounts only with an invitation.")
    })?;
    Ok(Some(invitations::access::check(app, token).await?))
}

/// The row holds the user name, also if the address is taken: else a free name would tell.
async fn wait_for_mail(app: &App, mut tx: Tx, pending: store::Pending) -> Result<Registered> {
    let now = app.clock.now();
    let (token, token_hash) = tokens::new()?;
    store::delete_oldest(&mut tx, &pending.email_key, MAX_PENDING_OF_AN_ADDRESS - 1).await?;
    store::insert(&mut tx, &pending, &token_hash, now, now.plus(PENDING)).await?;
    let owner = store::find_owner(&mut tx, &pending.email_key).await?;
    let text = match &owner {
        // It is the owner who reads it, whatever the stranger's name and language are.
        Some(store::Owner { username, language, .. }) => mail::Text::AlreadyRegistered { username, language },
        None if store::is_email_taken(&mut tx, &pending.email_key).await? => {
            mail::Text::AlreadyRegistered { username: &pending.username, language: &pending.language }
        }
        None => mail::Text::Verify { links: &[(&pending.username, &token)], language: &pending.language },
    };
    mail::actions::send(app, &mut tx, &pending.email, &text).await?;
    tx.commit().await?;
    Ok(Registered::CheckMail)
}

async fn sign_in_at_once(app: &App, mut tx: Tx, pending: store::Pending, client: &Client) -> Result<Registered> {
    let now = app.clock.now();
    let (invitation_id, email, username, language) =
        (pending.invitation_id, pending.email.clone(), pending.username.clone(), pending.language.clone());
    let user_id = users::actions::create(&mut tx, &pending.into_user(None), now).await?;
    if let Some(id) = invitation_id {
        invitations::actions::use_up(&mut tx, id, now).await?;
    }
    let (token, token_hash) = tokens::new()?;
    store::insert_token(&mut tx, &token_hash, user_id, now, now.plus(PENDING)).await?;
    mail::actions::send(
        app,
        &mut tx,
        &email,
        &mail::Text::Verify { links: &[(&username, &token)], language: &language },
    )
    .await?;
    let session = sessions::actions::begin(app, &mut tx, user_id, client).await?;
    tx.commit().await?;
    Ok(Registered::SignedIn(Box::new(session)))
}
