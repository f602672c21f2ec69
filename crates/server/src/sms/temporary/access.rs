//! Whether a number is one of those that are lent.
//! It changes nothing.

use convo_db::Conn;

use super::{TemporaryRow, store};
use crate::error::Result;

/// Of these numbers those that we have now.
pub async fn list_by_phone(db: &mut Conn, phones: &[&str]) -> Result<Vec<TemporaryRow>> {
    if phones.is_empty() {
        return Ok(vec![]);
    }
    Ok(store::list_by_phone(db, phones).await?)
}
