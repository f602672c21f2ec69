//! Lending numbers, ordering more of them, giving back what nobody needs.
//! Lock order: the verification, then its number; a free number is taken only if nobody else is just taking it.

use convo_carriers::{Offer, Order, OrderState, Search, SortBy};
use convo_db::Timestamp;
use convo_phone::Country;

use super::{COOL_DOWN, IDLE, MAX_NUMBERS, TemporaryRow, TemporaryState, jobs::OrderTemporary, store};
use crate::{
    app::{App, Tx},
    error::{Error, Result},
    ids::{TemporaryId, VerificationId},
    sms::{
        carriers::{Provider, unreachable},
        verifications::{self, VerificationRow},
    },
};

/// Looked at for one that can be ordered: pages, and offers of each.
const PAGES: usize = 10;
const OFFERS: usize = 100;
/// Given back with one turn.
const AT_ONCE: i64 = 100;

/// What somebody needs a number for.
pub struct Need<'a> {
    pub verification_id: VerificationId,
    pub carrier: &'a str,
    pub country: &'a str,
    pub service: &'a str,
}

/// A number that rested and never served this service, so that nothing meant for somebody before can come; else one is ordered.
pub async fn lend_or_order(tx: &mut Tx, need: &Need<'_>, now: Timestamp) -> Result<Option<TemporaryRow>> {
    if let Some(free) = store::find_free(tx, need.carrier, need.country, need.service, now).await? {
        store::lend(tx, free.id, need.verification_id).await?;
        return Ok(Some(free));
    }
    if store::count(tx).await? >= MAX_NUMBERS {
        return Err(none_left());
    }
    tx.enqueue(&OrderTemporary { verification_id: need.verification_id }).await?;
    Ok(None)
}

pub fn none_left() -> Error {
    Error::conflict(
        "no_temporary_number",
        "No temporary number can be had there right now. Choose another country, or try again in ten minutes; nothing was charged.",
    )
}

/// The verification, which the caller holds, is over.
pub async fn rest(tx: &mut Tx, verification_id: VerificationId, now: Timestamp) -> Result<()> {
    store::rest(tx, verification_id, now.plus(COOL_DOWN)).await?;
    Ok(())
}

/// A number to order for it, written down before the carrier is asked; none if the carrier has none that would do.
pub async fn choose(app: &App, provider: &Provider, wanted: &VerificationRow) -> Result<Option<TemporaryRow>> {
    let country: Country = wanted.country.parse().map_err(Error::internal)?;
    let mut cursor = None;
    for _ in 0..PAGES {
        let page = provider.shop()?.search(search(country, cursor)).await.map_err(unreachable)?;
        let mut offers = page.offers;
        while !offers.is_empty() && store::count(&mut app.db.read()).await? < MAX_NUMBERS {
            // Any of them, so that many who order at once seldom want the same.
            let offer = offers.swap_remove(rand::random_range(..offers.len()));
            if let Some(row) = write_down(app, provider, wanted, &offer).await? {
                return Ok(Some(row));
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(None)
}

fn search(country: Country, cursor: Option<String>) -> Search {
    Search {
        country,
        kinds: vec![],
        area_code: None,
        contains: None,
        operator: None,
        sms: true,
        mms: false,
        voice: false,
        sort: SortBy::Price,
        cursor,
        limit: OFFERS,
    }
}

async fn write_down(
    app: &App,
    provider: &Provider,
    wanted: &VerificationRow,
    offer: &Offer,
) -> Result<Option<TemporaryRow>> {
    let now = app.clock.now();
    let row = TemporaryRow {
        id: TemporaryId::new(),
        number: offer.number.to_string(),
        carrier: provider.name.clone(),
        mode: provider.mode(),
        country: offer.country.to_string(),
        state: TemporaryState::Ordering,
        verification_id: Some(wanted.id),
        free_at: now,
        created_at: now,
        ended_at: None,
    };
    let mut tx = app.begin().await?;
    let has_served = verifications::access::has_served(&mut tx, &row.number, &wanted.service).await?;
    if has_served || !store::insert(&mut tx, &row).await? {
        return Ok(None);
    }
    tx.commit().await?;
    Ok(Some(row))
}

pub async fn find_ordered(app: &App, verification_id: VerificationId) -> Result<Option<TemporaryRow>> {
    Ok(store::find_ordered(&mut app.db.read(), verification_id).await?)
}

/// Bought, it is lent to the verification that waits for it; if that is over, it is there for the next one. Repeating it changes nothing.
pub async fn end_order(app: &App, row: &TemporaryRow, order: Option<Order>) -> Result<()> {
    let now = app.clock.now();
    let is_bought = order.is_some_and(|order| order.state == OrderState::Bought);
    let mut tx = app.begin().await?;
    let mut waiting = match row.verification_id {
        Some(id) if is_bought => verifications::actions::lock_ordering(&mut tx, id).await?,
        _ => None,
    };
    let state = if is_bought { TemporaryState::Owned } else { TemporaryState::Released };
    let whose = waiting.as_ref().map(|verification| verification.id);
    if !store::end_order(&mut tx, row.id, state, whose, now).await? {
        return Ok(());
    }
    if let Some(verification) = &mut waiting {
        verifications::actions::begin_waiting(&mut tx, verification, row).await?;
    }
    tx.commit().await
}

/// Gives back what nobody had for a day: written down first, so that a crash in between only repeats it.
pub async fn give_back_idle(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    store::begin_release(&mut tx, now.minus(IDLE), AT_ONCE).await?;
    tx.commit().await?;
    for row in store::list_releasing(&mut app.db.read(), AT_ONCE).await? {
        let provider = app.carriers.get(&row.carrier)?;
        let number = row.number.parse().map_err(|_| Error::internal(anyhow::anyhow!("a number that is none")))?;
        provider.shop()?.release(number).await.map_err(unreachable)?;
        let mut tx = app.begin().await?;
        store::end_release(&mut tx, row.id, now).await?;
        tx.commit().await?;
    }
    Ok(())
}
