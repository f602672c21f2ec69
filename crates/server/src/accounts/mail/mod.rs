//! Mail: text only, by SMTP where it is set up, else into the local outbox that administrators read.
//! Sending is a job of the transaction that wants it; nothing is sent for what did not happen.

pub mod access;
pub mod actions;
mod jobs;
mod store;
mod texts;

use convo_db::Timestamp;
use lettre::{AsyncSmtpTransport, Tokio1Executor, message::Mailbox};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{config::Config, ids::MailId};

pub use jobs::send as start;
pub use texts::Text;

/// How long the local outbox keeps a mail: its links work no longer than that.
pub const KEPT: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3600);

/// Where mail goes.
pub enum Mailer {
    Outbox,
    Smtp { transport: Box<AsyncSmtpTransport<Tokio1Executor>>, from: Mailbox },
}

impl Mailer {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let Some(url) = &config.mail.smtp_url else { return Ok(Self::Outbox) };
        let from = config.mail.from.as_deref().unwrap_or_default();
        let from = from
            .parse()
            .map_err(|e| anyhow::anyhow!("`mail.from` is {from:?}: write it as \"Convo <convo@example.org>\" ({e})"))?;
        // The library's own error would show the address with its password.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_starttls(url.expose()))
            .map_err(|_| anyhow::anyhow!("`mail.smtp_url` cannot be read: write \"smtp://user:password@host:587\", \"smtps://…\" or \"smtp://host:25?tls=none\""))?
            .build();
        Ok(Self::Smtp { transport: Box::new(transport), from })
    }

    /// Whether mail reaches people, so that an address can be proven.
    pub fn reaches_people(&self) -> bool {
        matches!(self, Self::Smtp { .. })
    }
}

/// `smtp://` without a word about encryption means: encrypt or do not send. The library would send in the clear.
fn with_starttls(url: &str) -> String {
    match url.split_once("://") {
        Some(("smtp", rest)) if !rest.contains("tls=") => {
            format!("{url}{}tls=required", if rest.contains('?') { '&' } else { '?' })
        }
        Some(("smtp", _)) => url.replace("?tls=none", "").replace("&tls=none", ""),
        _ => url.to_owned(),
    }
}

/// A mail in the local outbox.
#[derive(Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct Mail {
    pub id: MailId,
    #[sqlx(rename = "to_address")]
    pub to: String,
    pub subject: String,
    #[sqlx(rename = "body")]
    pub text: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::with_starttls;

    #[test]
    fn nothing_is_sent_in_the_clear_unasked() {
        assert_eq!(with_starttls("smtp://a:b@host:587"), "smtp://a:b@host:587?tls=required");
        assert_eq!(with_starttls("smtp://host:25?tls=none"), "smtp://host:25");
        assert_eq!(with_starttls("smtps://a:b@host"), "smtps://a:b@host");
    }
}
