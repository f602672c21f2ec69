//! Sharing a number, changing how, and ending it.
//! Each is one transaction that holds all threads of the number, so that rights begin and end everywhere at once.

use crate::{
    accounts::users,
    app::App,
    caller::Caller,
    chat::members,
    error::{Error, Result},
    ids::{NumberId, UserId},
    sms::numbers::{
        MAX_SHARES, NumberRole, NumberState, ShareRow, access,
        actions::{Whole, delete_share, limit_changes, lock_whole, save_and_tell, save_share, tell_accounts},
    },
};

/// The same again changes nothing; another role replaces the first.
pub async fn share(app: &App, caller: &Caller, id: NumberId, user_id: UserId, role: NumberRole) -> Result<()> {
    limit_changes(app, caller)?;
    if role == NumberRole::Owner {
        return Err(Error::invalid("role", "role_invalid", "Share it to `answer` or to `read`."));
    }
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        // Before anything is locked: strangers lock nothing.
        access::check_owner(&mut app_.db.read(), me, id).await?;
        if user_id == me {
            return Err(Error::invalid("user_id", "own_number", "It is your own number. Share it with somebody else."));
        }
        let Whole { mut tx, threads, mut number } = lock_whole(&app_, id).await?;
        if number.state != NumberState::Owned {
            return Err(Error::conflict("number_released", "This number is not yours any more."));
        }
        users::access::check_can_be_added(&mut tx, &[user_id]).await?;
        let shares = access::list_shares(&mut tx, &[id]).await?;
        if shares.iter().any(|share| share.user_id == user_id && share.role == role) {
            return Ok(());
        }
        if i64::try_from(shares.len()).is_ok_and(|shares| shares >= MAX_SHARES) {
            return Err(Error::conflict("too_many_shares", "A number is shared with up to 100 people."));
        }
        save_share(&mut tx, &ShareRow { number_id: id, user_id, role, created_at: now }).await?;
        members::actions::join_all(&mut tx, threads, user_id, role.member(), now).await?;
        save_and_tell(&mut tx, &mut number, now).await?;
        tell_accounts(&mut tx, id).await?;
        tx.commit().await
    })
    .await
}

/// By the owner, or by the person themselves. Repeating it changes nothing.
pub async fn unshare(app: &App, caller: &Caller, id: NumberId, user_id: UserId) -> Result<()> {
    limit_changes(app, caller)?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let viewer = access::to_view(&mut app_.db.read(), me, id).await?;
        match (me == user_id, viewer.role) {
            (true, NumberRole::Owner) => {
                return Err(Error::conflict("number_owner", "It is your own number. Release it instead."));
            }
            (true, _) | (false, NumberRole::Owner) => {}
            (false, _) => return Err(Error::forbidden("owner_only", "Only the owner of the number may do that.")),
        }
        let Whole { mut tx, threads, mut number } = lock_whole(&app_, id).await?;
        if !delete_share(&mut tx, id, user_id, &number, now).await? {
            return Ok(());
        }
        members::actions::end_all(&mut tx, threads, user_id, now).await?;
        save_and_tell(&mut tx, &mut number, now).await?;
        tell_accounts(&mut tx, id).await?;
        tx.commit().await
    })
    .await
}
