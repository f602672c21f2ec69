//! Whether an access token still opens the door: signed by us, not run out, and of a session that lives.
//! What was read about a session is believed for a second at most.

use super::{Check, LAST_USED_EVERY, ended, store};
use crate::{
    app::App,
    caller::{Caller, Role},
    error::{Error, Result},
    ids::SessionId,
};

pub async fn authenticate(app: &App, token: &str) -> Result<Caller> {
    let now = app.clock.now();
    let claims = app.keys.verify(token, now).await?;
    let check = app.sessions.get(claims.sid, read(app, claims.sid)).await?;
    if check.user_id != claims.sub || check.expires_at <= now {
        return Err(ended());
    }
    Ok(Caller { user_id: claims.sub, session_id: claims.sid, role: check.role })
}

async fn read(app: &App, id: SessionId) -> Result<Check> {
    let live = store::find_live(&mut app.db.read(), id).await?.ok_or_else(ended)?;
    let check = Check {
        user_id: live.user_id,
        role: Role::try_from(live.role)?,
        expires_at: live.expires_at,
        last_used_at: live.last_used_at,
    };
    if app.clock.now().since(check.last_used_at) >= LAST_USED_EVERY {
        note_use(app.clone(), id);
    }
    Ok(check)
}

/// Beside the request: nobody waits for a time that is only shown.
fn note_use(app: App, id: SessionId) {
    let work = app.clone();
    app.spawn(async move {
        let noted: Result<()> = async {
            let mut tx = work.begin().await?;
            store::set_last_used(&mut tx, id, work.clock.now()).await?;
            tx.commit().await
        }
        .await;
        if let Err(error) = noted {
            tracing::warn!(session.id = %id, %error, "The last use of a session was not noted");
        }
    });
}

/// A session of this person, ended or not.
pub async fn check_is_own(db: &mut convo_db::Conn, caller: &Caller, id: SessionId) -> Result<()> {
    if store::exists(db, caller.user_id, id).await? { Ok(()) } else { Err(Error::not_found("session")) }
}

pub async fn list_own(app: &App, caller: &Caller) -> Result<Vec<super::SessionInfo>> {
    Ok(store::list_of(&mut app.db.read(), caller.user_id, caller.session_id, app.clock.now()).await?)
}

/// Asked of the database itself, past the cache: whether the session of this caller still lives at this moment.
pub async fn is_live(app: &App, caller: &Caller) -> bool {
    matches!(store::find_live(&mut app.db.read(), caller.session_id).await, Ok(Some(_)))
}
