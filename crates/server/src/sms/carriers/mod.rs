//! Which carriers this installation has, what they ask, and how their links are woken.
//! A carrier never crosses worlds: what is simulated stays simulated.

pub mod link;
mod prices;
mod store;

use std::{collections::HashMap, sync::Arc};

use convo_carriers::{Carrier, LinkError, Shop, World, simulator::Simulation};
use convo_phone::{Number, Party};
use tokio::sync::{Mutex, Notify};

use super::{numbers::NumberRow, simulator};
use crate::{
    billing::ledger::Mode,
    clock::Clock,
    config::Config,
    error::{Error, Result},
};

/// The one that is always there.
pub const SIMULATOR: &str = "simulator";

/// All carriers by their names; cheap to clone.
#[derive(Clone)]
pub struct Carriers {
    all: Arc<HashMap<String, Arc<Provider>>>,
    simulation: Option<Arc<dyn Simulation>>,
}

/// A carrier with what is ours about it.
pub struct Provider {
    pub name: String,
    pub carrier: Arc<dyn Carrier>,
    world: World,
    inbound_micros: i64,
    /// Rung after a commit that queued something for it.
    pub queued: Notify,
    /// One report at a time: a receipt and the answer that tells its id must not pass each other unseen.
    pub reporting: Mutex<()>,
}

impl Carriers {
    /// Opens the simulated one, here or where it runs, and those that the settings name.
    pub async fn open(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        let simulator = simulator::open(config, clock).await?;
        let provider = Provider::new(SIMULATOR, simulator.carrier, config.simulator.inbound_micros);
        let all = HashMap::from([(SIMULATOR.to_owned(), Arc::new(provider))]);
        Ok(Self { all: Arc::new(all), simulation: Some(simulator.simulation) })
    }

    /// For commands beside a running server, which has the links.
    pub fn none() -> Self {
        Self { all: Arc::default(), simulation: None }
    }

    pub fn get(&self, name: &str) -> Result<Arc<Provider>> {
        self.all.get(name).cloned().ok_or_else(|| Error::not_found("carrier"))
    }

    pub fn all(&self) -> impl Iterator<Item = Arc<Provider>> + '_ {
        self.all.values().cloned()
    }

    pub fn wake(&self, name: &str) {
        if let Some(provider) = self.all.get(name) {
            provider.queued.notify_one();
        }
    }

    /// Handsets, and services that send codes.
    pub fn simulation(&self) -> Result<Arc<dyn Simulation>> {
        self.simulation.clone().ok_or_else(|| Error::not_found("carrier"))
    }

    /// What a carrier brings is for numbers of its own world alone.
    pub fn may_bring(&self, carrier: &str, number: &NumberRow) -> bool {
        self.all.get(carrier).is_some_and(|provider| provider.mode() == number.mode)
    }
}

impl Provider {
    fn new(name: &str, carrier: Arc<dyn Carrier>, inbound_micros: i64) -> Self {
        let world = carrier.capabilities().world;
        Self { name: name.to_owned(), carrier, world, inbound_micros, queued: Notify::new(), reporting: Mutex::new(()) }
    }

    pub fn world(&self) -> World {
        self.world
    }

    /// Play money for play texts, real money for real ones.
    pub fn mode(&self) -> Mode {
        match self.world {
            World::Simulated => Mode::Test,
            World::Live => Mode::Live,
        }
    }

    pub fn shop(&self) -> Result<&dyn Shop> {
        self.carrier
            .shop()
            .ok_or_else(|| Error::conflict("carrier_sells_nothing", "This carrier sells no numbers. Use another one."))
    }

    /// Of one segment to this party.
    pub fn text_micros(&self, party: &Party) -> i64 {
        prices::text_micros(party)
    }

    /// Of one segment that arrives.
    pub fn inbound_micros(&self) -> i64 {
        self.inbound_micros
    }
}

/// For requests that need the carrier now.
pub fn unreachable(error: LinkError) -> Error {
    tracing::warn!(%error, "A carrier could not be reached");
    Error::unavailable("The carrier cannot be reached right now. Try again in a moment; nothing was charged.")
}

/// As a carrier names it, for those who ask.
pub fn parse_number(text: &str) -> Result<Number> {
    Number::parse(text, None)
        .map_err(|error| Error::invalid("number", "not_a_number", format!("{error} Write it with + and the country's code.")))
}
