//! Whose a verification is: its creator's, and nobody else's, whoever shares the number.
//! What the caller may not see does not exist for them.

use convo_db::Conn;

use super::{TextRow, VerificationRow, VerificationStatus, store};
use crate::{
    error::{Error, Result},
    ids::{UserId, VerificationId},
};

/// Proof of being the one who waits, while holding the verification's lock.
pub struct Mine {
    pub verification: VerificationRow,
}

pub async fn find_mine(db: &mut Conn, user_id: UserId, id: VerificationId) -> Result<VerificationRow> {
    store::find_of(db, user_id, id).await?.ok_or_else(|| Error::not_found("verification"))
}

/// Looked at before it is locked: strangers lock nothing.
pub async fn lock_mine(tx: &mut convo_db::Tx, user_id: UserId, id: VerificationId) -> Result<Mine> {
    find_mine(tx, user_id, id).await?;
    let verification = store::lock(tx, id).await?.ok_or_else(|| Error::not_found("verification"))?;
    Ok(Mine { verification })
}

/// What came for it, the oldest first.
pub async fn list_texts(db: &mut Conn, verification: &VerificationRow) -> Result<Vec<TextRow>> {
    Ok(store::list_texts(db, verification.id).await?)
}

/// If a number is still to be had for it.
pub async fn find_ordering(db: &mut Conn, id: VerificationId) -> Result<Option<VerificationRow>> {
    Ok(store::find(db, id).await?.filter(|row| row.status == VerificationStatus::Ordering))
}

/// Whether a code of that service was ever waited for on this number.
pub async fn has_served(db: &mut Conn, number: &str, service: &str) -> Result<bool> {
    Ok(store::has_served(db, number, service).await?)
}
