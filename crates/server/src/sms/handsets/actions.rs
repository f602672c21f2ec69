//! What people do with their handsets. Each is one call of the simulator, which keeps them.
//! Whose a handset is, is looked up here before anything is done with it.

use std::{sync::Arc, time::Duration};

use convo_carriers::simulator::{HandsetChange, HandsetText, NewHandset, Simulation, SimulationError};
use convo_phone::{Country, Number};
use serde_json::json;
use uuid::Uuid;

use super::{CHANGES_A_MINUTE, Handset, HandsetMessage};
use crate::{
    app::App,
    caller::Caller,
    error::{Error, Result},
    idempotency::IdempotencyKey,
    ids::HandsetId,
};

const UNNAMED: &str = "Phone";
/// What the simulator refuses because of what was written, and where it stands in the request; the rest depends on how things are.
const INPUTS: [(&str, &str); 5] = [
    ("bad_label", "label"),
    ("latency_too_long", "latency_ms"),
    ("loss_too_high", "loss_percent"),
    ("no_text", "text"),
    ("text_too_long", "text"),
];

fn limit_changes(app: &App, caller: &Caller) -> Result<()> {
    app.limit_person("handset_changes", caller.user_id, CHANGES_A_MINUTE, Duration::from_secs(60))
}

/// Proof that the handset is the caller's.
struct Mine {
    simulation: Arc<dyn Simulation>,
    id: Uuid,
}

async fn mine(app: &App, caller: &Caller, id: HandsetId) -> Result<Mine> {
    let simulation = app.carriers.simulation()?;
    let handset = simulation.find_handset(id.0).await.map_err(told)?;
    if handset.account != caller.user_id.to_string() {
        return Err(Error::not_found("handset"));
    }
    Ok(Mine { simulation, id: id.0 })
}

fn told(error: SimulationError) -> Error {
    match error {
        SimulationError::NotFound => Error::not_found("handset"),
        SimulationError::Refused { code, message } => match INPUTS.iter().find(|(of_input, _)| *of_input == code) {
            Some((code, field)) => Error::invalid(field, code, message),
            None => Error::refused(code, message),
        },
        SimulationError::Unavailable { reason } => {
            tracing::warn!(reason, "The simulated carrier could not be reached");
            Error::unavailable("The simulated carrier cannot be reached right now. Try again in a moment.")
        }
    }
}

pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Handset>> {
    let handsets = app.carriers.simulation()?.list_handsets(caller.user_id.to_string()).await.map_err(told)?;
    Ok(handsets.into_iter().map(Handset::from).collect())
}

/// With a key, once; a repetition gives the handset as it is now, and false. No transaction reaches the simulator:
/// so the key gives the id, under which the simulator makes one handset, and is kept when that is made.
pub async fn create(
    app: &App,
    caller: &Caller,
    key: Option<IdempotencyKey>,
    country: Country,
    label: String,
) -> Result<(Handset, bool)> {
    limit_changes(app, caller)?;
    let simulation = app.carriers.simulation()?;
    let label = if label.trim().is_empty() { UNNAMED.to_owned() } else { label };
    let wish = json!({"kind": "handset", "country": country.to_string(), "label": label});
    let known = match &key {
        Some(key) => key.made(&mut app.db.read(), caller.user_id, &wish).await?,
        None => None,
    };
    if let Some(id) = known {
        return Ok((simulation.find_handset(id).await.map_err(told)?.into(), false));
    }
    let id = key.as_ref().map_or_else(Uuid::now_v7, |key| key.id_for(caller.user_id));
    let new = NewHandset { id, account: caller.user_id.to_string(), country, label };
    let handset = simulation.create_handset(new).await.map_err(told)?;
    if let Some(key) = key {
        let mut tx = app.begin().await?;
        key.claim(&mut tx, caller.user_id, &wish, id, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok((handset.into(), true))
}

pub async fn update(app: &App, caller: &Caller, id: HandsetId, change: HandsetChange) -> Result<Handset> {
    limit_changes(app, caller)?;
    let mine = mine(app, caller, id).await?;
    Ok(mine.simulation.update_handset(mine.id, change).await.map_err(told)?.into())
}

pub async fn remove(app: &App, caller: &Caller, id: HandsetId) -> Result<()> {
    limit_changes(app, caller)?;
    let mine = mine(app, caller, id).await?;
    mine.simulation.delete_handset(mine.id).await.map_err(told)
}

/// The same client id again sends once.
pub async fn send(
    app: &App,
    caller: &Caller,
    id: HandsetId,
    client_id: Uuid,
    to: Number,
    text: String,
) -> Result<HandsetMessage> {
    limit_changes(app, caller)?;
    let mine = mine(app, caller, id).await?;
    let text = HandsetText { handset_id: mine.id, client_key: client_id, to, text };
    Ok(mine.simulation.send_from_handset(text).await.map_err(told)?.into())
}

/// The newest first.
pub async fn list_messages(
    app: &App,
    caller: &Caller,
    id: HandsetId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<HandsetMessage>> {
    let mine = mine(app, caller, id).await?;
    let messages = mine.simulation.list_handset_messages(mine.id, before, limit).await.map_err(told)?;
    Ok(messages.into_iter().map(HandsetMessage::from).collect())
}
