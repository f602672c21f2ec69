//! Tells people what their handsets received, as it happens.
//! The node that holds the simulator's link does it; what it loses, a look at the handset shows.

use std::{collections::HashMap, time::Duration};

use convo_carriers::simulator::{Simulation, SimulationError};
use tracing::warn;
use uuid::Uuid;

use crate::{
    app::App,
    events::{Audience, Event},
    ids::UserId,
};

const CHANGES: usize = 200;
const WAIT: Duration = Duration::from_secs(20);
/// Handsets whose owners are remembered.
const MAX_KNOWN: usize = 10_000;
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// From now on; never returns.
pub async fn tell(app: &App, simulation: &dyn Simulation) {
    let (mut after, mut accounts) = (None, HashMap::new());
    loop {
        match changes(simulation, &mut after).await {
            Ok(changes) => {
                for message in changes {
                    after = Some(message.change);
                    if let Some(user_id) = account(simulation, &mut accounts, message.handset_id).await {
                        app.tell(&Audience::Person(user_id), &Event::HandsetMessage { message: message.into() });
                    }
                }
            }
            Err(error) => {
                warn!(%error, "What handsets received could not be asked for");
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

/// What happened before we listened is passed over: whoever looks at a handset sees that anyway.
async fn changes(
    simulation: &dyn Simulation,
    after: &mut Option<i64>,
) -> Result<Vec<convo_carriers::simulator::HandsetMessage>, SimulationError> {
    let from = match *after {
        Some(after) => after,
        None => *after.insert(simulation.last_handset_change().await?),
    };
    simulation.handset_changes(from, CHANGES, WAIT).await
}

/// A handset never changes hands.
async fn account(simulation: &dyn Simulation, known: &mut HashMap<Uuid, UserId>, id: Uuid) -> Option<UserId> {
    if let Some(user_id) = known.get(&id) {
        return Some(*user_id);
    }
    let user_id = simulation.find_handset(id).await.ok()?.account.parse().ok()?;
    if known.len() >= MAX_KNOWN {
        known.clear();
    }
    known.insert(id, user_id);
    Some(user_id)
}
