//! What the first administrator finds: play money, a simulated number and a handset, so that a text can be tried at once.
//! It happens once, beside set-up, which never waits for it and never fails with it.

use convo_carriers::{Search, SortBy, simulator::NewHandset};
use convo_jobs::Job;
use convo_phone::Country;
use serde::{Deserialize, Serialize};

use super::{carriers::SIMULATOR, numbers};
use crate::{
    accounts::users,
    app::{App, Tx},
    billing::ledger::{Account, Mode, Transfer, UNIT, WalletId, actions::post_one},
    error::{Error, Result},
    ids::{NumberId, UserId},
};

const MONEY_MICROS: i64 = 20 * UNIT;
/// Where numbers are cheap and come from a range that regulators keep for films.
const COUNTRY: &str = "US";
const HANDSET: &str = "Test phone";
/// Looked at until one is free.
const OFFERS: usize = 20;

#[derive(Serialize, Deserialize)]
pub struct Welcome {
    user_id: UserId,
    /// An order that the carrier could not fill spends one.
    number_ids: [NumberId; 3],
}

impl Job for Welcome {
    const NAME: &'static str = "sms.welcome";
}

/// With set-up, unless the settings say otherwise.
pub async fn enqueue(app: &App, tx: &mut Tx, user_id: UserId) -> Result<()> {
    if !app.config.simulator.welcome {
        return Ok(());
    }
    let number_ids = std::array::from_fn(|_| NumberId::new());
    tx.enqueue(&Welcome { user_id, number_ids }).await
}

pub fn start(app: &App) {
    let worker = app.clone();
    app.jobs.spawn(&app.tasks, &app.stopped, move |job: Welcome| give(worker.clone(), job));
}

/// Each step sees whether it was done before, so that a crash between them repeats nothing.
async fn give(app: App, job: Welcome) -> anyhow::Result<()> {
    give_money(&app, job.user_id).await?;
    give_handset(&app, job.user_id).await?;
    Ok(give_number(&app, &job).await?)
}

async fn give_money(app: &App, user_id: UserId) -> Result<()> {
    let mut tx = app.begin().await?;
    let transfer = Transfer {
        wallet: WalletId { user_id, mode: Mode::Test },
        key: format!("welcome:{}", user_id.0.simple()),
        from: Account::Payments,
        to: Account::Wallet,
        amount_micros: MONEY_MICROS,
        about: String::new(),
        made_by: None,
    };
    post_one(&mut tx, transfer, app.clock.now()).await?;
    tx.commit().await
}

async fn give_handset(app: &App, user_id: UserId) -> anyhow::Result<()> {
    let simulation = app.carriers.simulation()?;
    let account = user_id.to_string();
    if simulation.list_handsets(account.clone()).await?.is_empty() {
        // One for each person, however often it is asked for.
        let id = user_id.0;
        simulation.create_handset(NewHandset { id, account, country: country()?, label: HANDSET.to_owned() }).await?;
        let mut tx = app.begin().await?;
        users::actions::tell_changed(&mut tx, user_id).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn give_number(app: &App, job: &Welcome) -> Result<()> {
    for id in job.number_ids {
        let provider = app.carriers.get(SIMULATOR)?;
        let wanted = Search {
            country: country()?,
            kinds: vec![],
            area_code: None,
            contains: None,
            operator: None,
            sms: true,
            mms: false,
            voice: false,
            sort: SortBy::Price,
            cursor: None,
            limit: OFFERS,
        };
        let offers = provider.shop()?.search(wanted).await.map_err(super::carriers::unreachable)?.offers;
        if numbers::actions::give(app, job.user_id, id, SIMULATOR, &offers).await? {
            return Ok(());
        }
    }
    Err(Error::conflict("number_gone", "The carrier has no number left to give."))
}

fn country() -> Result<Country> {
    COUNTRY.parse().map_err(Error::internal)
}
