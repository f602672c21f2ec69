//! Hands mails to the SMTP server, again and again until it takes them.
//! A repeat after a crash can send the same mail twice: its link is the same.

use anyhow::bail;
use convo_jobs::Job;
use lettre::{
    AsyncTransport, Message,
    message::header::{ContentType, MIME_VERSION_1_0},
};
use serde::{Deserialize, Serialize};

use super::{Mailer, actions};
use crate::app::App;

#[derive(Serialize, Deserialize)]
pub struct SendMail {
    pub to: String,
    pub subject: String,
    pub body: String,
}

impl Job for SendMail {
    const NAME: &'static str = "mail.send";
}

pub fn send(app: &App) {
    let worker = app.clone();
    app.jobs.spawn(&app.tasks, &app.stopped, move |mail: SendMail| deliver(worker.clone(), mail));
}

async fn deliver(app: App, mail: SendMail) -> anyhow::Result<()> {
    let Mailer::Smtp { transport, from } = &app.mailer else {
        // SMTP was switched off while this waited.
        return Ok(actions::put_in_outbox(&app, &mail.to, &mail.subject, &mail.body).await?);
    };
    let message = Message::builder()
        .from(from.clone())
        .to(mail.to.parse()?)
        .subject(mail.subject)
        // Without these two, filters take it for spam.
        .message_id(None)
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body)?;
    let answer = transport.send(message).await?;
    if !answer.is_positive() {
        bail!("the SMTP server answered {}", answer.code());
    }
    Ok(())
}
