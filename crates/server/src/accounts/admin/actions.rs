//! Roles, suspending and restoring.
//! Doing it again changes nothing and answers the same.

use super::{AdminUser, access, store};
use crate::{
    accounts::{sessions, sessions::EndReason, users},
    app::{App, Tx},
    caller::Role,
    chat::members,
    error::{Error, Result},
    ids::UserId,
};

pub async fn set_role(app: &App, id: UserId, role: Role) -> Result<AdminUser> {
    let mut tx = app.begin().await?;
    let administrators = store::lock_administrators(&mut tx).await?;
    users::actions::lock(&mut tx, id).await?;
    let before = access::get(&mut tx, id).await?;
    if role == Role::User {
        check_not_last(&administrators, id)?;
    }
    if before.role != role {
        store::set_role(&mut tx, id, role.as_str()).await?;
        users::actions::tell_changed(&mut tx, id).await?;
    }
    let after = access::get(&mut tx, id).await?;
    tx.commit().await?;
    sessions::actions::forget_checks_of(app, id).await?;
    Ok(after)
}

/// Ends all sessions.
pub async fn suspend(app: &App, id: UserId) -> Result<AdminUser> {
    let mut tx = app.begin().await?;
    let administrators = lock_with_conversations(&mut tx, id).await?;
    check_not_last(&administrators, id)?;
    store::suspend(&mut tx, id, app.clock.now()).await?;
    let ended = sessions::actions::end_all_but(app, &mut tx, id, None, EndReason::Suspended).await?;
    let after = access::get(&mut tx, id).await?;
    tx.commit().await?;
    app.sessions.forget(&ended).await;
    Ok(after)
}

pub async fn restore(app: &App, id: UserId) -> Result<AdminUser> {
    let mut tx = app.begin().await?;
    lock_with_conversations(&mut tx, id).await?;
    if store::restore(&mut tx, id).await? > 0 {
        users::actions::tell_changed(&mut tx, id).await?;
    }
    let after = access::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(after)
}

/// The conversations come first: whatever changes a right to send holds them, as a send does. Gives the administrators.
async fn lock_with_conversations(tx: &mut Tx, id: UserId) -> Result<Vec<(UserId,)>> {
    members::access::lock_conversations_of(tx, id).await?;
    let administrators = store::lock_administrators(tx).await?;
    users::actions::lock(tx, id).await?;
    Ok(administrators)
}

fn check_not_last(administrators: &[(UserId,)], id: UserId) -> Result<()> {
    match administrators {
        [(last,)] if *last == id => Err(Error::conflict(
            "last_admin",
            "This is the last administrator. Make somebody else administrator first.",
        )),
        _ => Ok(()),
    }
}

/// Its attempts count from the beginning again.
pub async fn retry_job(app: &App, id: uuid::Uuid) -> Result<()> {
    let mut tx = app.begin().await?;
    if !convo_jobs::retry_parked(&mut tx, id, app.clock.now()).await? {
        return Err(Error::not_found("job"));
    }
    tx.commit().await
}
