//! Making, using and revoking invitations.
//! The link carries its secret in the fragment and is never stored.

use std::time::Duration;

use convo_db::Timestamp;

use super::{DEFAULT_EXPIRES_IN_SECS, Invitation, MAX_EXPIRES_IN_SECS, MAX_USES, access, store};
use crate::{
    accounts::tokens,
    app::{App, Tx},
    caller::Administrator,
    error::{Error, Result},
    ids::InvitationId,
};

pub async fn create(
    app: &App,
    administrator: &Administrator,
    max_uses: Option<i64>,
    expires_in_secs: Option<u64>,
) -> Result<Invitation> {
    let max_uses = max_uses.unwrap_or(1);
    let expires_in_secs = expires_in_secs.unwrap_or(DEFAULT_EXPIRES_IN_SECS);
    if !(1..=MAX_USES).contains(&max_uses) {
        return Err(Error::invalid("max_uses", "max_uses_invalid", format!("Use 1 to {MAX_USES}.")));
    }
    if !(60..=MAX_EXPIRES_IN_SECS).contains(&expires_in_secs) {
        return Err(Error::invalid("expires_in_secs", "expires_in_secs_invalid", "Use a minute to a year."));
    }
    let now = app.clock.now();
    let (token, token_hash) = tokens::new()?;
    let url = Some(format!("{}/register#{token}", app.config.public_url));
    let invitation = Invitation {
        id: InvitationId::new(),
        url,
        expires_at: now.plus(Duration::from_secs(expires_in_secs)),
        max_uses,
        uses: 0,
    };
    let mut tx = app.begin().await?;
    store::insert(&mut tx, &invitation, &token_hash, administrator.0.user_id, now).await?;
    tx.commit().await?;
    Ok(invitation)
}

/// In the transaction that makes the account.
pub async fn use_up(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<()> {
    if store::use_up(tx, id, now).await? == 1 { Ok(()) } else { Err(access::not_valid()) }
}

pub async fn revoke(app: &App, id: InvitationId) -> Result<()> {
    let mut tx = app.begin().await?;
    if store::revoke(&mut tx, id, app.clock.now()).await? == 0 {
        return Err(Error::not_found("invitation"));
    }
    tx.commit().await
}
