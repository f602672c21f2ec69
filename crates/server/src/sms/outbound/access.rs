//! What links ask of the outbox.
//! It never moves a part.

use convo_db::{Conn, Timestamp};

use super::store;
use crate::error::Result;

/// When the next part is due on this carrier.
pub async fn next_due(db: &mut Conn, carrier: &str) -> Result<Option<Timestamp>> {
    Ok(store::next_due(db, carrier).await?)
}
