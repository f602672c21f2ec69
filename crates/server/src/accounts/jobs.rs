//! What accounts do in the background: send mail, notice sessions that ended elsewhere, forget what is old.
//! Everything here is safe to run on every node at once.

use std::{future::Future, time::Duration};

use super::{keys, mail, registration, sessions};
use crate::{app::App, error::Result};

/// Each node asks so often for sessions that ended, and looks back so far: news on the bus can be lost, a look cannot.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_BACK: Duration = Duration::from_secs(30);
const CLEAN_UP_EVERY: Duration = Duration::from_secs(3600);

pub fn start(app: &App) {
    mail::start(app);
    repeat(app, LOOK_EVERY, "Sessions that ended were not looked for", |app| async move {
        sessions::actions::close_sockets_of_ended(&app, LOOK_BACK).await
    });
    repeat(app, keys::RELOAD_EVERY, "Signing keys were not read", |app| async move { app.keys.reload(&app.db).await });
    repeat(app, CLEAN_UP_EVERY, "Old rows of accounts were not deleted", |app| async move { clean_up(&app).await });
}

async fn clean_up(app: &App) -> Result<()> {
    sessions::actions::clean_up(app).await?;
    registration::verification::clean_up(app).await?;
    let mut tx = app.begin().await?;
    mail::actions::forget_old(app, &mut tx).await?;
    tx.commit().await
}

/// Waits first, so that a start is not busy with what can wait. A failure is told, and the next turn tries again.
fn repeat<F, Fut>(app: &App, every: Duration, failed: &'static str, work: F)
where
    F: Fn(App) -> Fut + Send + 'static,
    Fut: Future<Output = Result<()>> + Send,
{
    let owner = app.clone();
    app.spawn(async move {
        loop {
            tokio::select! {
                () = owner.stopped.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
            if let Err(error) = work(owner.clone()).await
                && !owner.stopped.is_cancelled()
            {
                tracing::warn!(%error, cause = ?error.cause(), "{failed}");
            }
        }
    });
}
