//! Numbers in the background: orders at carriers, renewals, reminders, ends.
//! Everything is safe to repeat: an order has a key that the carrier remembers, a period is charged once.

use std::time::Duration;

use convo_carriers::{ShopError, simulator::SimulationError};
use convo_db::Timestamp;
use convo_jobs::Job;
use convo_phone::Number;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use super::{GRACE, NumberRow, NumberState, REMIND_BEFORE, RENEW_BEFORE, actions, store};
use crate::{
    accounts::{mail, users},
    app::App,
    error::Result,
    ids::NumberId,
    sms::carriers::{Kind, SIMULATOR},
};

const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Looked at with one turn.
const AT_ONCE: i64 = 500;

#[derive(Serialize, Deserialize)]
pub struct OrderNumber {
    pub number_id: NumberId,
}

impl Job for OrderNumber {
    const NAME: &'static str = "numbers.order";
    /// Somebody waits for it; after a crash the next one asks again so soon.
    const LEASE: Duration = Duration::from_secs(15);
    /// Money is set aside until it ends, so it never gives up before a day has passed.
    const MAX_ATTEMPTS: i64 = 40;
}

#[derive(Serialize, Deserialize)]
pub struct GiveBack {
    pub number_id: NumberId,
}

impl Job for GiveBack {
    const NAME: &'static str = "numbers.give_back";
}

#[derive(Serialize, Deserialize)]
pub struct TellAccounts {
    pub number_id: NumberId,
}

impl Job for TellAccounts {
    const NAME: &'static str = "numbers.accounts";
}

pub fn start(app: &App) {
    let worker = app.clone();
    app.jobs.spawn(&app.tasks, &app.stopped, move |job: OrderNumber| order(worker.clone(), job.number_id));
    let worker = app.clone();
    app.jobs.spawn(&app.tasks, &app.stopped, move |job: GiveBack| give_back(worker.clone(), job.number_id));
    let worker = app.clone();
    app.jobs.spawn(&app.tasks, &app.stopped, move |job: TellAccounts| tell_accounts(worker.clone(), job.number_id));
    app.repeat(LOOK_EVERY, "Numbers were not renewed", |app| async move { renew_due(&app).await });
}

async fn order(app: App, id: NumberId) -> anyhow::Result<()> {
    let Some((row, is_first)) = actions::begin_order(&app, id).await? else { return Ok(()) };
    let provider = app.carriers.get(&row.carrier)?;
    let shop = provider.shop()?;
    // Asked once before, it may have been sold to us: then only the carrier knows.
    let order = if is_first {
        let number = Number::from_e164(&row.number)?;
        match shop.order(id.0, number, row.user_id.to_string()).await {
            Ok(order) => Some(order),
            Err(ShopError::Link(error)) => {
                info!(%error, carrier = %row.carrier, "A number could not be ordered");
                shop.recall_order(id.0).await?
            }
            Err(ShopError::Unknown(_)) => shop.recall_order(id.0).await?,
        }
    } else {
        shop.recall_order(id.0).await?
    };
    Ok(actions::end_order(&app, id, order).await?)
}

async fn give_back(app: App, id: NumberId) -> anyhow::Result<()> {
    let Some(row) = store::find(&mut app.db.read(), id).await? else { return Ok(()) };
    // Somebody may have bought it again meanwhile: from the carrier, so it was given back before.
    let is_taken = !store::list_owned_by_phone(&mut app.db.read(), &[&row.number]).await?.is_empty();
    let provider = app.carriers.get(&row.carrier)?;
    // What an administrator entered goes back by contract, not by us.
    if let (false, Kind::Simulator { .. }) = (is_taken, &provider.kind) {
        provider.shop()?.release(Number::from_e164(&row.number)?).await?;
    }
    Ok(())
}

async fn tell_accounts(app: App, id: NumberId) -> anyhow::Result<()> {
    let mut db = app.db.read();
    let Some(row) =
        store::find(&mut db, id).await?.filter(|row| row.state == NumberState::Owned && row.carrier == SIMULATOR)
    else {
        return Ok(());
    };
    let shares = store::list_shares(&mut db, &[id]).await?;
    let accounts = shares.iter().map(|share| share.user_id).chain([row.user_id]).map(|id| id.to_string()).collect();
    match app.carriers.simulation()?.set_accounts(Number::from_e164(&row.number)?, accounts).await {
        // Given back meanwhile.
        Ok(()) | Err(SimulationError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Renews what renews itself, reminds who has to do something, and ends what nobody paid for.
pub async fn renew_due(app: &App) -> Result<()> {
    let now = app.clock.now();
    for (id,) in store::list_ending(&mut app.db.read(), now.plus(REMIND_BEFORE), AT_ONCE).await? {
        if let Err(error) = look_after(app, id, now).await {
            warn!(%error, number.id = %id, "A number could not be looked after");
        }
    }
    Ok(())
}

async fn look_after(app: &App, id: NumberId, now: Timestamp) -> Result<()> {
    let mut tx = app.begin().await?;
    let Some(row) = store::find(&mut tx, id).await? else { return Ok(()) };
    let Some(paid_until) = row.paid_until else { return Ok(()) };
    let is_over = paid_until.plus(if row.cancelled_at.is_some() { Duration::ZERO } else { GRACE }) <= now;
    if is_over {
        drop(tx);
        return actions::end(app, id).await;
    }
    let Some(mut row) = store::lock(&mut tx, id).await? else { return Ok(()) };
    let is_due = paid_until <= now.plus(RENEW_BEFORE) && row.paid_until == Some(paid_until);
    let renews = row.auto_renew && row.cancelled_at.is_none() && row.state == NumberState::Owned;
    if renews && is_due && actions::pay_period(&mut tx, &mut row, now).await?.is_ok() {
        actions::save_and_tell(&mut tx, &mut row, now).await?;
        return tx.commit().await;
    }
    let needs_somebody = row.cancelled_at.is_none() && (!renews || is_due);
    if needs_somebody && row.reminded_at.is_none() && row.state == NumberState::Owned {
        remind(app, &mut tx, &row, paid_until).await?;
        row.reminded_at = Some(now);
        actions::save_and_tell(&mut tx, &mut row, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn remind(app: &App, tx: &mut crate::app::Tx, row: &NumberRow, paid_until: Timestamp) -> Result<()> {
    let me = users::access::get_me(tx, row.user_id).await?;
    let text =
        mail::Text::NumberEnds { number: &row.number, on: paid_until, renews: row.auto_renew, language: &me.language };
    mail::actions::send(app, tx, &me.email, &text).await
}
