//! Proving an address: the link in the mail and the password make the account, or mark the address of one that is there.
//! The link alone does nothing, because its owner may click on what somebody else asked for; asking for the mail again never tells whether there is anything to send.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{PENDING, store};
use crate::{
    accounts::{
        invitations, mail, sessions,
        sessions::{Session, attempts::Attempt},
        tokens, users,
    },
    app::{App, Tx},
    client::Client,
    error::{Error, Result},
    ids::UserId,
};

/// Link and password prove all that a sign-in does. Both again do the same again, because people click twice.
pub async fn verify_email(app: &App, token: &str, password: String, client: &Client) -> Result<Session> {
    let token_hash = tokens::hash(token);
    let known = store::find_password_hash(&mut app.db.read(), &token_hash, app.clock.now()).await?;
    let password_hash = known.ok_or_else(token_invalid)?;
    // No login has a space.
    let counted_as = format!("link {}", BASE64_URL_SAFE_NO_PAD.encode(&token_hash));
    let attempt = Attempt::begin(app, &counted_as, client).await?;
    let Some(attempt) = attempt.verify(app, password, Some(password_hash.clone())).await? else {
        return Err(Error::invalid("password", "wrong_password", "That is not the password of this registration."));
    };
    let mut tx = app.begin().await?;
    let user_id = match store::take(&mut tx, &token_hash, app.clock.now()).await? {
        Some(pending) => make_account(app, &mut tx, pending, &token_hash).await?,
        None => confirm(app, &mut tx, &token_hash, &password_hash).await?,
    };
    attempt.succeeded(&mut tx).await?;
    let session = sessions::actions::begin(app, &mut tx, user_id, client).await?;
    tx.commit().await?;
    Ok(session)
}

async fn make_account(app: &App, tx: &mut Tx, pending: store::Pending, token_hash: &[u8]) -> Result<UserId> {
    let now = app.clock.now();
    let invitation_id = pending.invitation_id;
    let id = users::actions::create(tx, &pending.into_user(Some(now)), now).await?;
    if let Some(invitation_id) = invitation_id {
        invitations::actions::use_up(tx, invitation_id, now).await?;
    }
    store::insert_token(tx, token_hash, id, now, now.plus(PENDING)).await?;
    Ok(id)
}

/// Hashing took its time: the password must still be the one that was proven.
async fn confirm(app: &App, tx: &mut Tx, token_hash: &[u8], password_hash: &str) -> Result<UserId> {
    let now = app.clock.now();
    let holder = store::lock_holder(tx, token_hash, now)
        .await?
        .filter(|holder| holder.password_hash == password_hash)
        .ok_or_else(token_invalid)?;
    if holder.suspended_at.is_some() {
        return Err(sessions::suspended());
    }
    store::set_email_verified(tx, holder.id, now).await?;
    Ok(holder.id)
}

fn token_invalid() -> Error {
    Error::invalid("token", "token_invalid", "This link does not work any more. Ask for a new mail.")
}

/// To an account that was not confirmed yet, or to all registrations that wait, each where it was made for.
pub async fn resend_verification(app: &App, email: &str) -> Result<()> {
    let now = app.clock.now();
    let email_key = users::fold(email);
    let mut tx = app.begin().await?;
    if store::is_email_taken(&mut tx, &email_key).await? {
        if let Some(owner) = store::find_owner(&mut tx, &email_key).await?.filter(|owner| !owner.email_verified) {
            let (token, token_hash) = tokens::new()?;
            store::insert_token(&mut tx, &token_hash, owner.id, now, now.plus(PENDING)).await?;
            let text = mail::Text::Verify { links: &[(&owner.username, &token)], language: &owner.language };
            mail::actions::send(app, &mut tx, &owner.email, &text).await?;
        }
    } else {
        send_waiting(app, &mut tx, &email_key).await?;
    }
    tx.commit().await
}

/// One spelling of an address may be another mailbox than the next: each hears of what was asked for with it, and of nothing else.
async fn send_waiting(app: &App, tx: &mut Tx, email_key: &str) -> Result<()> {
    let waiting = store::list_waiting(tx, email_key, app.clock.now()).await?;
    let mut mails = BTreeMap::<&str, Vec<(&store::Waiting, String)>>::new();
    for registration in &waiting {
        let (token, token_hash) = tokens::new()?;
        store::set_token(tx, registration.id, &token_hash).await?;
        mails.entry(&registration.email).or_default().push((registration, token));
    }
    for (email, registrations) in mails {
        let language = registrations.last().map_or("", |(newest, _)| &newest.language);
        let links: Vec<(&str, &str)> =
            registrations.iter().map(|(waiting, token)| (waiting.username.as_str(), token.as_str())).collect();
        mail::actions::send(app, tx, email, &mail::Text::Verify { links: &links, language }).await?;
    }
    Ok(())
}

/// Forgets registrations and links that ran out.
pub async fn clean_up(app: &App) -> Result<()> {
    let mut tx = app.begin().await?;
    store::delete_expired(&mut tx, app.clock.now()).await?;
    store::delete_expired_tokens(&mut tx, app.clock.now()).await?;
    tx.commit().await
}
