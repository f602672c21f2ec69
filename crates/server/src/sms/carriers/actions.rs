//! What administrators do with carriers: enter them, change them, take them away.
//! Callers have shown that they are administrators; a password goes in and never comes out.

use convo_carriers::{World, smpp::Password};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Kind, Origin, Provider,
    settings::{CarrierSettings, check_name},
    store::{self, CarrierQueue, CarrierRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    ids::UserId,
};

/// More would be a directory.
const MAX_CARRIERS: usize = 100;
/// Stands for a password that nobody is shown.
const HIDDEN: &str = "***";

/// A carrier as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminCarrier {
    pub name: String,
    pub world: World,
    /// It stands in the settings file or in the environment, and can only be changed there.
    pub from_file: bool,
    pub enabled: bool,
    /// None of the simulated carrier.
    pub settings: Option<CarrierSettings>,
    pub has_password: bool,
    pub link: AdminLink,
    /// Segments that wait for it.
    pub queued: i64,
    /// On the wire, without an answer yet.
    pub submitting: i64,
    /// Of these nobody knows whether they left.
    pub unknown: i64,
    /// Numbers that it gave us.
    pub numbers: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AdminLink {
    pub is_up: bool,
    /// Why it is not, in the words of whoever holds it.
    pub detail: String,
    /// The server that holds it.
    pub node: Option<String>,
}

pub async fn list(app: &App) -> Result<Vec<AdminCarrier>> {
    let mut seen = vec![];
    for provider in app.carriers.all() {
        seen.push(see(app, &provider).await?);
    }
    Ok(seen)
}

pub async fn get(app: &App, name: &str) -> Result<AdminCarrier> {
    see(app, &*app.carriers.get(name)?).await
}

async fn see(app: &App, provider: &Provider) -> Result<AdminCarrier> {
    let mut db = app.db.read();
    let CarrierQueue { queued, submitting, unknown } = store::count_parts(&mut db, &provider.name).await?;
    let numbers = store::count_numbers(&mut db, &provider.name).await?.iter().map(|(_, count)| count).sum();
    let link = provider.link();
    let settings = provider.settings().cloned();
    Ok(AdminCarrier {
        name: provider.name.clone(),
        world: provider.world(),
        from_file: matches!(&provider.kind, Kind::Smpp { origin: Origin::File, .. }),
        enabled: provider.is_on(),
        has_password: settings.as_ref().is_some_and(|settings| !settings.smpp.password.expose().is_empty()),
        settings,
        link: AdminLink { is_up: link.is_up, detail: link.detail, node: link.node },
        queued,
        submitting,
        unknown,
        numbers,
    })
}

/// Made, or changed: its link is opened anew. A password that is left out stays as it is.
pub async fn save(app: &App, me: UserId, name: &str, wanted: CarrierSettings) -> Result<AdminCarrier> {
    let wrong = |error: super::settings::WrongSettings| Error::invalid("settings", "carrier_wrong", error.to_string());
    check_name(name).map_err(wrong)?;
    wanted.check().map_err(wrong)?;
    check_not_of_file(app, name)?;
    let mut tx = app.begin().await?;
    let known = store::find(&mut tx, name).await?;
    if known.is_none() && store::list(&mut tx).await?.len() >= MAX_CARRIERS {
        return Err(Error::conflict("too_many_carriers", "There are 100 carriers already. Take one away first."));
    }
    if let Some(known) = &known
        && known.settings()?.world() != wanted.world()
    {
        return Err(Error::conflict(
            "world_is_fixed",
            "A carrier stays live or simulated, because its numbers and their money do. Enter it under another name.",
        ));
    }
    let password = match (wanted.smpp.password.expose(), known) {
        ("" | HIDDEN, Some(known)) => {
            check_same_server(&known.settings()?, &wanted)?;
            known.password
        }
        ("" | HIDDEN, None) => String::new(),
        (password, _) => password.to_owned(),
    };
    let row = CarrierRow {
        name: name.to_owned(),
        settings: serde_json::to_string(&without_password(wanted)).map_err(Error::internal)?,
        password,
        version: 0,
    };
    store::save(&mut tx, &row, me, app.clock.now()).await?;
    tx.commit().await?;
    tracing::info!(carrier = name, by = %me, "An administrator changed a carrier");
    look_again(app).await?;
    get(app, name).await
}

/// What waits for it leaves by another one ([`super::failover`]). Done twice is done.
pub async fn delete(app: &App, me: UserId, name: &str) -> Result<()> {
    check_not_of_file(app, name)?;
    // There is none of a name that none can have.
    if check_name(name).is_err() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    if !store::count_numbers(&mut tx, name).await?.is_empty() {
        return Err(Error::conflict(
            "carrier_in_use",
            "Numbers of this carrier are still in use. Switch it off, or let their owners give them back first.",
        ));
    }
    store::delete(&mut tx, name).await?;
    tx.commit().await?;
    tracing::info!(carrier = name, by = %me, "An administrator took a carrier away");
    look_again(app).await
}

/// A password that nobody typed again goes where it went before, and nowhere else.
fn check_same_server(known: &CarrierSettings, wanted: &CarrierSettings) -> Result<()> {
    let (known, wanted) = (&known.smpp, &wanted.smpp);
    let is_same = (&known.host, known.port, &known.tls, &known.system_id)
        == (&wanted.host, wanted.port, &wanted.tls, &wanted.system_id);
    if is_same || known.password.expose().is_empty() {
        return Ok(());
    }
    Err(Error::invalid(
        "smpp.password",
        "password_needed",
        "Type the password again: it would go to another server or account.",
    ))
}

/// At the start: what an administrator cannot change, the settings file cannot either.
pub async fn check_worlds(app: &App) -> anyhow::Result<()> {
    for name in app.config.carriers.keys() {
        let mode = app.carriers.get(name)?.mode();
        let numbers = store::count_numbers(&mut app.db.read(), name).await?;
        let others: i64 = numbers.iter().filter(|(paid_by, _)| paid_by != mode.as_str()).map(|(_, count)| count).sum();
        anyhow::ensure!(
            others == 0,
            "The carrier `{name}` of the settings pays with {} money now, but {others} of its numbers do not: a carrier stays live or simulated. Give `world` back what it was, or use another name.",
            mode.as_str()
        );
    }
    Ok(())
}

fn check_not_of_file(app: &App, name: &str) -> Result<()> {
    let is_fixed = app.carriers.get(name).is_ok_and(|known| match &known.kind {
        Kind::Simulator { .. } => true,
        Kind::Smpp { origin, .. } => *origin == Origin::File,
    });
    if !is_fixed {
        return Ok(());
    }
    Err(Error::conflict("carrier_of_file", "This carrier stands in the settings of the server. Change it there."))
}

/// Here at once; other servers look every two seconds.
async fn look_again(app: &App) -> Result<()> {
    super::keeper::refresh(app).await?;
    app.carriers.changed.notify_one();
    Ok(())
}

fn without_password(mut settings: CarrierSettings) -> CarrierSettings {
    settings.smpp.password = Password::default();
    settings
}
