//! Proving an address: the link in the mail makes the account, or marks the address of one that is there.
//! Asking for the mail again never tells whether there is anything to send.

use super::{PENDING, store};
use crate::{
    accounts::{invitations, mail, tokens, users},
    app::App,
    error::{Error, Result},
};

/// Says whose account it is. The same link again says the same, because people click twice.
pub async fn verify_email(app: &App, token: &str) -> Result<String> {
    let now = app.clock.now();
    let token_hash = tokens::hash(token);
    let mut tx = app.begin().await?;
    let user_id = match store::take(&mut tx, &token_hash, now).await? {
        Some(pending) => {
            let invitation_id = pending.invitation_id;
            let id = users::actions::create(&mut tx, &pending.into_user(Some(now)), now).await?;
            if let Some(invitation_id) = invitation_id {
                invitations::actions::use_up(&mut tx, invitation_id, now).await?;
            }
            store::insert_token(&mut tx, &token_hash, id, now, now.plus(PENDING), Some(now)).await?;
            id
        }
        None => {
            let id = store::use_token(&mut tx, &token_hash, now).await?.ok_or_else(|| {
                Error::invalid("token", "token_invalid", "This link does not work any more. Ask for a new mail.")
            })?;
            if store::set_email_verified(&mut tx, id, now).await? > 0 {
                users::actions::tell_changed(&mut tx, id).await?;
            }
            id
        }
    };
    let username = users::access::get_me(&mut tx, user_id).await?.user.username;
    tx.commit().await?;
    Ok(username)
}

pub async fn resend_verification(app: &App, email: &str) -> Result<()> {
    let now = app.clock.now();
    let email_key = users::fold(email);
    let (token, token_hash) = tokens::new()?;
    let mut tx = app.begin().await?;
    if let Some(owner) = store::find_owner(&mut tx, &email_key).await? {
        if owner.email_verified {
            return Ok(());
        }
        store::insert_token(&mut tx, &token_hash, owner.id, now, now.plus(PENDING), None).await?;
        mail::actions::send(
            app,
            &mut tx,
            &owner.email,
            &mail::Text::Verify { username: &owner.username, token: &token, language: &owner.language },
        )
        .await?;
    } else if let Some(pending) = store::renew_newest(&mut tx, &email_key, &token_hash, now, now.plus(PENDING)).await? {
        mail::actions::send(
            app,
            &mut tx,
            &pending.email,
            &mail::Text::Verify { username: &pending.username, token: &token, language: &pending.language },
        )
        .await?;
    }
    tx.commit().await
}

/// Forgets registrations and links that ran out.
pub async fn clean_up(app: &App) -> Result<()> {
    let mut tx = app.begin().await?;
    store::delete_expired(&mut tx, app.clock.now()).await?;
    store::delete_expired_tokens(&mut tx, app.clock.now()).await?;
    tx.commit().await
}
