//! Whether an invitation still lets somebody in.
//! It counts nothing; `actions::use_up` does.

use super::store;
use crate::{
    accounts::{tokens, users},
    app::App,
    error::{Error, Result},
    ids::InvitationId,
};

pub fn not_valid() -> Error {
    Error::forbidden("invitation_invalid", "This invitation was used up, revoked, or has run out. Ask for a new one.")
}

pub async fn check(app: &App, token: &str) -> Result<InvitationId> {
    let valid = store::find_valid(&mut app.db.read(), &tokens::hash(token), app.clock.now()).await?;
    valid.map(|(id, _)| id).ok_or_else(not_valid)
}

/// The name of who invites, if the invitation is valid.
pub async fn find_inviter(app: &App, token: &str) -> Result<Option<String>> {
    let mut db = app.db.read();
    let Some((_, inviter)) = store::find_valid(&mut db, &tokens::hash(token), app.clock.now()).await? else {
        return Ok(None);
    };
    let inviter = users::access::get_public(&mut db, inviter).await?;
    Ok(Some(if inviter.full_name.is_empty() { inviter.username } else { inviter.full_name }))
}

/// Those that still let somebody in, newest first.
pub async fn list(app: &App) -> Result<Vec<super::Invitation>> {
    Ok(store::list_open(&mut app.db.read(), app.clock.now(), super::LIST_LIMIT).await?)
}
