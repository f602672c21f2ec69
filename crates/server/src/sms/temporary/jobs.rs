//! Orders of numbers that are lent, and their end.
//! An order has a key that the carrier remembers: after a crash it is asked, never ordered again.

use std::time::Duration;

use convo_carriers::{Order, Shop, ShopError};
use convo_jobs::Job;
use convo_phone::Number;
use serde::{Deserialize, Serialize};
use tracing::info;

use super::{TemporaryRow, actions};
use crate::{app::App, ids::VerificationId, sms::verifications};

/// Numbers that others have by then; another one is chosen so often.
const TRIES: usize = 5;
const LOOK_EVERY: Duration = Duration::from_secs(300);
/// Who may text such a number in a simulated world: no handset of anybody.
const ACCOUNT: &str = "temporary";

#[derive(Serialize, Deserialize)]
pub struct OrderTemporary {
    pub verification_id: VerificationId,
}

impl Job for OrderTemporary {
    const NAME: &'static str = "temporary.order";
    /// Somebody waits for it; after a crash the next one asks again so soon.
    const LEASE: Duration = Duration::from_secs(15);
}

pub fn start(app: &App) {
    let worker = app.clone();
    app.jobs.spawn(&app.tasks, &app.stopped, move |job: OrderTemporary| order(worker.clone(), job.verification_id));
    app.repeat(LOOK_EVERY, "Temporary numbers were not given back", |app| async move {
        actions::give_back_idle(&app).await
    });
}

async fn order(app: App, id: VerificationId) -> anyhow::Result<()> {
    // A run before this one may have asked for it: then only the carrier knows.
    if let Some(row) = actions::find_ordered(&app, id).await? {
        let order = app.carriers.get(&row.carrier)?.shop()?.recall_order(row.id.0).await?;
        actions::end_order(&app, &row, order).await?;
    }
    for _ in 0..TRIES {
        let Some(wanted) = verifications::access::find_ordering(&mut app.db.read(), id).await? else { return Ok(()) };
        let provider = app.carriers.get(&wanted.carrier)?;
        let Some(row) = actions::choose(&app, &provider, &wanted).await? else { break };
        let order = ask(provider.shop()?, &row).await?;
        actions::end_order(&app, &row, order).await?;
    }
    Ok(verifications::actions::fail(&app, id).await?)
}

async fn ask(shop: &dyn Shop, row: &TemporaryRow) -> anyhow::Result<Option<Order>> {
    let number = Number::from_e164(&row.number)?;
    match shop.order(row.id.0, number, ACCOUNT.to_owned()).await {
        Ok(order) => Ok(Some(order)),
        Err(error @ (ShopError::Link(_) | ShopError::Unknown(_))) => {
            info!(%error, carrier = %row.carrier, "A temporary number could not be ordered");
            Ok(shop.recall_order(row.id.0).await?)
        }
    }
}
