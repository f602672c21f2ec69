//! Who may see or use a number, and whose it is.
//! What the caller may not see does not exist for them.

use std::collections::HashMap;

use convo_db::{Conn, Timestamp, Tx};

use super::{NumberRole, NumberRow, PhoneNumber, ShareRow, store};
use crate::{
    error::{Error, Result},
    ids::{NumberId, UserId},
};

/// Proof of owning the number while holding its lock.
pub struct Owner {
    pub number: NumberRow,
}

/// Somebody who may look at the number and its threads.
pub struct Viewer {
    pub number: NumberRow,
    pub role: NumberRole,
}

pub async fn to_view(db: &mut Conn, user_id: UserId, id: NumberId) -> Result<Viewer> {
    let number = store::find(db, id).await?.ok_or_else(|| Error::not_found("number"))?;
    let role = match store::find_share(db, id, user_id).await? {
        _ if number.user_id == user_id => NumberRole::Owner,
        Some(share) => share.role,
        None => return Err(Error::not_found("number")),
    };
    Ok(Viewer { number, role })
}

pub async fn to_write_from(db: &mut Conn, user_id: UserId, id: NumberId) -> Result<Viewer> {
    let viewer = to_view(db, user_id, id).await?;
    if viewer.role == NumberRole::Read {
        return Err(Error::forbidden(
            "readers_only_read",
            "This number is shared with you to read. Ask its owner to let you answer.",
        ));
    }
    Ok(viewer)
}

/// An ownership never changes its owner.
pub async fn check_owner(db: &mut Conn, user_id: UserId, id: NumberId) -> Result<()> {
    match to_view(db, user_id, id).await?.role {
        NumberRole::Owner => Ok(()),
        NumberRole::Answer | NumberRole::Read => {
            Err(Error::forbidden("owner_only", "Only the owner of the number may do that."))
        }
    }
}

/// The caller holds whatever locks of conversations they need already.
pub async fn to_own(tx: &mut Tx, user_id: UserId, id: NumberId) -> Result<Owner> {
    check_owner(tx, user_id, id).await?;
    let number = store::lock(tx, id).await?.ok_or_else(|| Error::not_found("number"))?;
    Ok(Owner { number })
}

pub async fn list(db: &mut Conn, ids: impl IntoIterator<Item = NumberId>) -> Result<Vec<NumberRow>> {
    Ok(store::list(db, &ids.into_iter().collect::<Vec<_>>()).await?)
}

/// Who has these numbers now; not locked.
pub async fn list_owned_by_phone(db: &mut Conn, phones: &[&str]) -> Result<Vec<NumberRow>> {
    Ok(store::list_owned_by_phone(db, phones).await?)
}

/// Of these the ones that are still owned, and stay so until the transaction ends.
pub async fn lock_owned(tx: &mut Tx, ids: &[NumberId]) -> Result<Vec<NumberRow>> {
    Ok(store::lock_owned(tx, ids).await?)
}

pub async fn list_shares(db: &mut Conn, ids: &[NumberId]) -> Result<Vec<ShareRow>> {
    Ok(store::list_shares(db, ids).await?)
}

/// What its owner paid for having it, up to what is paid for.
pub fn rent_micros(viewer: &Viewer) -> i64 {
    let number = &viewer.number;
    let periods =
        number.paid_until.map_or(0, |until| until.since(number.created_at).as_secs() / super::PERIOD.as_secs());
    number.monthly_micros * i64::try_from(periods).unwrap_or(0)
}

/// Everything that this person may use: their own first, then what is shared with them.
pub async fn list_usable(db: &mut Conn, user_id: UserId, now: Timestamp) -> Result<Vec<PhoneNumber>> {
    let own = store::list_of(db, user_id).await?;
    let shares: HashMap<_, _> =
        store::list_shared_with(db, user_id).await?.into_iter().map(|share| (share.number_id, share.role)).collect();
    let shared = list(db, shares.keys().copied()).await?;
    let mut seen: Vec<_> = own.iter().map(|number| number.seen_as(NumberRole::Owner, now)).collect();
    seen.extend(
        shared
            .iter()
            .filter(|number| number.state == super::NumberState::Owned)
            .map(|number| number.seen_as(shares[&number.id], now)),
    );
    Ok(seen)
}
