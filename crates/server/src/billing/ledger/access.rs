//! Reading the ledger: what a wallet has, what happened to it, and whether all of it adds up.
//! It changes nothing.

use convo_db::Conn;

use super::{Mode, Transferred, Wallet, WalletId, store};
use crate::{
    error::Result,
    ids::{TransferId, UserId},
};

pub use store::{Audit, Unbalanced};

/// Both wallets of an account; one that nothing ever happened to is empty.
pub async fn wallets(db: &mut Conn, user_id: UserId) -> Result<Vec<Wallet>> {
    let mut found = store::list_of(db, user_id).await?;
    for mode in [Mode::Test, Mode::Live] {
        if !found.iter().any(|wallet| wallet.mode == mode) {
            found.push(Wallet::empty(WalletId { user_id, mode }));
        }
    }
    found.sort_by_key(|wallet| wallet.mode);
    Ok(found)
}

/// What happened to a wallet before that transfer, newest first.
pub async fn transfers(
    db: &mut Conn,
    wallet: WalletId,
    before: Option<TransferId>,
    limit: i64,
) -> Result<Vec<Transferred>> {
    Ok(store::list(db, wallet, before, limit).await?)
}

/// The transfer with that key, so that it can be settled, released or refunded.
pub async fn find(db: &mut Conn, key: &str) -> Result<Option<Transferred>> {
    Ok(store::list_by_keys(db, [key].into_iter()).await?.pop())
}

/// Adds every transfer up and compares with what wallets say. Reads all of them: for operators and tests.
pub async fn audit(db: &mut Conn) -> Result<Audit> {
    Ok(store::audit(db).await?)
}
