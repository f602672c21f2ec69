//! Sending a mail as part of a change.
//! It returns before anything is sent.

use super::{KEPT, Mailer, Text, jobs::SendMail, store};
use crate::{
    app::{App, Tx},
    error::Result,
    ids::MailId,
};

pub async fn send(app: &App, tx: &mut Tx, to: &str, text: &Text<'_>) -> Result<()> {
    let (subject, body) = text.write(&app.config.public_url);
    match &app.mailer {
        Mailer::Outbox => {
            store::insert(tx, MailId::new(), to, &subject, &body, app.clock.now()).await?;
            Ok(())
        }
        Mailer::Smtp { .. } => tx.enqueue(&SendMail { to: to.to_owned(), subject, body }).await,
    }
}

pub async fn put_in_outbox(app: &App, to: &str, subject: &str, body: &str) -> Result<()> {
    let mut tx = app.begin().await?;
    store::insert(&mut tx, MailId::new(), to, subject, body, app.clock.now()).await?;
    tx.commit().await
}

/// Empties the local outbox of what is old.
pub async fn forget_old(app: &App, tx: &mut Tx) -> Result<()> {
    store::delete_older(tx, app.clock.now().minus(KEPT)).await?;
    Ok(())
}
