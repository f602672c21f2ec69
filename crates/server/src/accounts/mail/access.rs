//! Reading the local outbox.
//! Who may is decided by the routes of administration.

use convo_db::Conn;
use uuid::Uuid;

use super::{Mail, store};
use crate::{error::Result, ids::MailId};

/// Newest first; the cursor is the last id of the page before.
pub async fn list(db: &mut Conn, before: Option<MailId>, limit: i64) -> Result<Vec<Mail>> {
    Ok(store::list(db, before.unwrap_or(MailId(Uuid::max())), limit).await?)
}
