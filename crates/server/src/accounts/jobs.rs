//! What accounts do in the background: send mail, notice sessions that ended elsewhere, forget what is old.
//! Everything here is safe to run on every node at once.

use std::time::Duration;

use super::{keys, mail, registration, sessions};
use crate::{app::App, error::Result};

/// Each node asks so often for sessions that ended, and looks back so far: news on the bus can be lost, a look cannot.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_BACK: Duration = Duration::from_secs(30);
const CLEAN_UP_EVERY: Duration = Duration::from_secs(3600);

pub fn start(app: &App) {
    mail::start(app);
    app.repeat(LOOK_EVERY, "Sessions that ended were not looked for", |app| async move {
        sessions::actions::close_sockets_of_ended(&app, LOOK_BACK).await
    });
    app.repeat(keys::RELOAD_EVERY, "Signing keys were not read", |app| async move { app.keys.reload(&app.db).await });
    app.repeat(CLEAN_UP_EVERY, "Old rows of accounts were not deleted", |app| async move { clean_up(&app).await });
}

async fn clean_up(app: &App) -> Result<()> {
    sessions::actions::clean_up(app).await?;
    registration::verification::clean_up(app).await?;
    let mut tx = app.begin().await?;
    mail::actions::forget_old(app, &mut tx).await?;
    tx.commit().await
}
