//! Reading how many texts there were.
//! Whose they are is asked for by the person who owns the numbers.

use convo_db::Conn;

use super::{DAYS, TextDay, day_of, start_of, store};
use crate::{error::Result, ids::UserId};
use convo_db::Timestamp;

/// Of every number that this person owns or owned: 30 days, the oldest first. `db` is one snapshot,
/// so that a day that is being counted is neither missing nor there twice.
pub async fn of_owner(db: &mut Conn, user_id: UserId, now: Timestamp) -> Result<Vec<TextDay>> {
    let first = day_of(now) - DAYS + 1;
    let counted_until = store::counted_until(db).await?.unwrap_or(first).max(first);
    let mut days = store::list_counted(db, user_id, first, counted_until).await?;
    days.extend(store::count_young(db, user_id, start_of(counted_until)).await?);
    Ok(days)
}
