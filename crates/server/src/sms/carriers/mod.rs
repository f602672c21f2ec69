//! Which carriers this installation has, what they ask, and how their links are woken.
//! A carrier never crosses worlds: what is simulated stays simulated.

pub mod link;
mod prices;
mod store;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use convo_carriers::{
    Carrier, LinkError, Shop, World,
    simulator::{Simulation, Simulator},
};
use convo_phone::{Number, Party};
use tokio::sync::Notify;

use super::simulator;
use crate::{
    billing::ledger::Mode,
    clock::Clock,
    config::{self, Config},
    error::{Error, Result},
};

/// The one that is always there.
pub const SIMULATOR: &str = "simulator";

/// All carriers by their names; cheap to clone.
#[derive(Clone)]
pub struct Carriers {
    all: Arc<HashMap<String, Arc<Provider>>>,
    simulation: Arc<OnceLock<Arc<dyn Simulation>>>,
    embedded: Arc<OnceLock<Simulator>>,
}

/// A carrier with what is ours about it.
pub struct Provider {
    pub name: String,
    /// Empty while it runs where we cannot reach it.
    carrier: OnceLock<Arc<dyn Carrier>>,
    world: World,
    inbound_micros: i64,
    temporary_micros: i64,
    /// Rung after a commit that queued something for it.
    pub queued: Notify,
}

impl Carriers {
    /// Opens the simulated one, here or where it runs, and those that the settings name.
    pub async fn open(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        let provider = Provider::new(SIMULATOR, World::Simulated, &config.simulator);
        let all = HashMap::from([(SIMULATOR.to_owned(), Arc::new(provider))]);
        let carriers = Self { all: Arc::new(all), ..Self::none() };
        if !carriers.open_simulator(config, clock).await? {
            tracing::warn!(
                "Another server runs the simulated carrier inside it: run it as a process of its own (convo simulator) and set `simulator.url` on every server"
            );
        }
        Ok(carriers)
    }

    /// False while another process runs it on the same store.
    async fn open_simulator(&self, config: &Config, clock: &Clock) -> anyhow::Result<bool> {
        let Some(opened) = simulator::open(config, clock).await? else { return Ok(false) };
        let _ = self.simulation.set(opened.simulation);
        if let Some(simulator) = opened.embedded {
            let _ = self.embedded.set(simulator);
        }
        if let Some(provider) = self.all.get(SIMULATOR) {
            let _ = provider.carrier.set(opened.carrier);
        }
        Ok(true)
    }

    /// For commands beside a running server, which has the links.
    pub fn none() -> Self {
        Self { all: Arc::default(), simulation: Arc::default(), embedded: Arc::default() }
    }

    /// After the links: what runs inside us lets its store go.
    pub async fn stop(&self) {
        if let Some(simulator) = self.embedded.get() {
            simulator.stop().await;
        }
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
        self.simulation.get().cloned().ok_or_else(elsewhere)
    }

    /// What a carrier brings is for numbers of its own world alone.
    pub fn may_bring(&self, carrier: &str, mode: Mode) -> bool {
        self.all.get(carrier).is_some_and(|provider| provider.mode() == mode)
    }
}

impl Provider {
    fn new(name: &str, world: World, prices: &config::Simulator) -> Self {
        Self {
            name: name.to_owned(),
            carrier: OnceLock::new(),
            world,
            inbound_micros: prices.inbound_micros,
            temporary_micros: prices.temporary_micros,
            queued: Notify::new(),
        }
    }

    pub fn carrier(&self) -> Result<&Arc<dyn Carrier>> {
        self.carrier.get().ok_or_else(elsewhere)
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
        self.carrier()?
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

    /// Of a code on a number that is lent.
    pub fn temporary_micros(&self) -> i64 {
        self.temporary_micros
    }
}

fn elsewhere() -> Error {
    Error::unavailable(
        "The simulated carrier runs inside another server. Its administrator can run it as a process of its own (convo simulator) for all of them.",
    )
}

/// For requests that need the carrier now.
pub fn unreachable(error: LinkError) -> Error {
    tracing::warn!(%error, "A carrier could not be reached");
    Error::unavailable("The carrier cannot be reached right now. Try again in a moment; nothing was charged.")
}

/// As a carrier names it, for those who ask.
pub fn parse_number(text: &str) -> Result<Number> {
    Number::parse(text, None).map_err(|error| {
        Error::invalid("number", "not_a_number", format!("{error} Write it with + and the country's code."))
    })
}
