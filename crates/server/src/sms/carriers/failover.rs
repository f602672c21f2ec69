//! What waits for a carrier whose link is down leaves by another one of the same world, if there is one.
//! Only what was certainly not accepted is moved: what is queued, never what was on the wire.

use std::time::Duration;

use convo_phone::Party;
use tracing::info;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    billing::ledger::Mode,
    error::{Error, Result},
    ids::PartId,
};

pub const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Moved with one turn.
const AT_ONCE: i64 = 500;

pub async fn run(app: &App) -> Result<()> {
    for provider in app.carriers.all() {
        if !provider.is_on() || provider.is_down() {
            move_waiting(app, &provider.name).await?;
        }
    }
    // Taken away while a server that did not know it yet accepted a text for it, or out of the settings file.
    for (name,) in store::list_awaited(&mut app.db.read()).await? {
        if app.carriers.get(&name).is_err() {
            move_waiting(app, &name).await?;
        }
    }
    Ok(())
}

/// Safe to run on every node: a part moves only from the carrier that it waits for.
async fn move_waiting(app: &App, from: &str) -> Result<()> {
    let mut after = PartId(Uuid::nil());
    loop {
        let waiting = store::list_waiting(&mut app.db.read(), from, app.clock.now(), after, AT_ONCE).await?;
        let Some(last) = waiting.last() else { return Ok(()) };
        after = last.id;
        let mut moves: Vec<(PartId, String)> = vec![];
        for part in waiting {
            let (mode, to) = (Mode::try_from(part.mode).map_err(Error::internal)?, part.to_party.parse::<Party>());
            let way = app.carriers.choose(&part.home, mode, &to.map_err(Error::internal)?);
            let way = way.filter(|way| way.name != from && !way.is_down());
            moves.extend(way.map(|way| (part.id, way.name.clone())));
        }
        if !moves.is_empty() {
            move_these(app, from, &moves).await?;
        }
    }
}

async fn move_these(app: &App, from: &str, moves: &[(PartId, String)]) -> Result<()> {
    let mut tx = app.begin().await?;
    let moved = store::reroute(&mut tx, from, moves).await?;
    for (_, name) in moves {
        tx.wake_carrier(name);
    }
    tx.commit().await?;
    info!(moved, carrier = from, "Texts that waited for a carrier leave by another one");
    Ok(())
}
