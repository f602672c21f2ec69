//! Which carriers this installation has, what they ask, which of them takes a text, and how their links are woken.
//! A carrier never crosses worlds: what is simulated stays simulated.

pub mod actions;
mod breaker;
pub mod failover;
mod hearing;
pub mod keeper;
pub mod link;
mod prices;
pub mod routes;
mod senders;
pub mod settings;
mod store;

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use convo_carriers::{
    Carrier, LinkError, Shop, World,
    simulator::{Simulation, Simulator},
};
use convo_phone::{Number, Party};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use senders::Allowance;
use settings::{CarrierSettings, Routes};

use super::{numbers::NumberRow, simulator};
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
    all: Arc<RwLock<BTreeMap<String, Arc<Provider>>>>,
    simulation: Arc<OnceLock<Arc<dyn Simulation>>>,
    embedded: Arc<OnceLock<Simulator>>,
    /// Rung when an administrator changed one.
    pub changed: Arc<Notify>,
}

/// A carrier with what is ours about it. Other settings make another one.
pub struct Provider {
    pub name: String,
    pub kind: Kind,
    /// Rung after a commit that queued something for it.
    pub queued: Notify,
    /// Replaced by one with other settings, or removed.
    pub replaced: CancellationToken,
    /// As its link was when it was last looked at, whoever holds it.
    link: Mutex<Link>,
}

pub enum Kind {
    /// Here, or where it runs; empty while we cannot reach it.
    Simulator {
        carrier: OnceLock<Arc<dyn Carrier>>,
        inbound_micros: i64,
        temporary_micros: i64,
    },
    Smpp {
        settings: Box<CarrierSettings>,
        origin: Origin,
    },
}

/// Where its settings come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The settings file, or the environment.
    File,
    /// An administrator, who may have changed it so often.
    Table { version: i64 },
}

/// Who has a carrier's link, and how it is.
#[derive(Debug, Clone, Default)]
pub struct Link {
    pub node: Option<String>,
    pub is_up: bool,
    pub detail: String,
    /// Since when nothing leaves.
    pub down_since: Option<std::time::Instant>,
}

impl Carriers {
    /// Opens the simulated one, here or where it runs, and those that the settings name.
    pub async fn open(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        let carriers = Self::none();
        let config::Simulator { inbound_micros, temporary_micros, .. } = config.simulator;
        let carrier = OnceLock::new();
        carriers.put(Provider::new(SIMULATOR, Kind::Simulator { carrier, inbound_micros, temporary_micros }));
        for (name, settings) in &config.carriers {
            carriers.put(Provider::smpp(name, settings.clone(), Origin::File));
        }
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
        if let Ok(Kind::Simulator { carrier, .. }) = self.get(SIMULATOR).as_deref().map(|provider| &provider.kind) {
            let _ = carrier.set(opened.carrier);
        }
        Ok(true)
    }

    /// For commands beside a running server, which has the links.
    pub fn none() -> Self {
        Self { all: Arc::default(), simulation: Arc::default(), embedded: Arc::default(), changed: Arc::default() }
    }

    /// After the links: what runs inside us lets its store go.
    pub async fn stop(&self) {
        if let Some(simulator) = self.embedded.get() {
            simulator.stop().await;
        }
    }

    pub fn get(&self, name: &str) -> Result<Arc<Provider>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(name).cloned().ok_or_else(|| Error::not_found("carrier"))
    }

    pub fn all(&self) -> Vec<Arc<Provider>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Instead of the one that has its name.
    fn put(&self, provider: Provider) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = all.insert(provider.name.clone(), Arc::new(provider)) {
            old.replaced.cancel();
        }
    }

    fn remove(&self, name: &str) {
        let removed = self.all.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        if let Some(removed) = removed {
            removed.replaced.cancel();
        }
    }

    pub fn wake(&self, name: &str) {
        if let Ok(provider) = self.get(name) {
            provider.queued.notify_one();
        }
    }

    /// Handsets, and services that send codes.
    pub fn simulation(&self) -> Result<Arc<dyn Simulation>> {
        self.simulation.get().cloned().ok_or_else(elsewhere)
    }

    /// What a carrier brings is for numbers of its own world alone.
    pub fn may_bring(&self, carrier: &str, mode: Mode) -> bool {
        self.get(carrier).is_ok_and(|provider| provider.mode() == mode)
    }

    /// Who takes a text from this number: only carriers of the number's own world. Those whose link is up go first;
    /// then the longest prefix, the lowest priority, and the number's own carrier.
    pub fn route(&self, number: &NumberRow, party: &Party) -> Result<Arc<Provider>> {
        let best = self.choose(&number.carrier, number.mode, party);
        best.ok_or_else(|| {
            Error::conflict(
                "no_route",
                "No carrier of this server takes texts from this number to there. Ask an administrator.",
            )
        })
    }

    /// The best way for a text from a number of that carrier and world.
    pub fn choose(&self, home: &str, mode: Mode, party: &Party) -> Option<Arc<Provider>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let ways = all.values().filter(|provider| provider.mode() == mode && provider.is_on());
        let ways = ways.filter_map(|provider| {
            let fit = provider.fit(home, party)?;
            let is_another = provider.name != home;
            Some(((provider.is_down(), Reverse(fit), provider.routes().priority, is_another, &provider.name), provider))
        });
        ways.min_by_key(|(order, _)| *order).map(|(_, provider)| provider.clone())
    }
}

impl Provider {
    fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            queued: Notify::new(),
            replaced: CancellationToken::new(),
            link: Mutex::default(),
        }
    }

    fn smpp(name: &str, settings: CarrierSettings, origin: Origin) -> Self {
        Self::new(name, Kind::Smpp { settings: Box::new(settings), origin })
    }

    fn settings(&self) -> Option<&CarrierSettings> {
        match &self.kind {
            Kind::Simulator { .. } => None,
            Kind::Smpp { settings, .. } => Some(settings),
        }
    }

    pub fn world(&self) -> World {
        self.settings().map_or(World::Simulated, CarrierSettings::world)
    }

    /// Play money for play texts, real money for real ones.
    pub fn mode(&self) -> Mode {
        match self.world() {
            World::Simulated => Mode::Test,
            World::Live => Mode::Live,
        }
    }

    pub fn is_on(&self) -> bool {
        self.settings().is_none_or(|settings| settings.enabled)
    }

    /// Of the simulated one what is usual.
    fn routes(&self) -> Cow<'_, Routes> {
        self.settings().map_or_else(Cow::default, |settings| Cow::Borrowed(&settings.routes))
    }

    /// How well it fits a text from a number of that carrier; `None` if it does not take it.
    fn fit(&self, home: &str, party: &Party) -> Option<usize> {
        match self.settings() {
            None => (home == self.name).then_some(0),
            Some(settings) if home == self.name || settings.routes.any_sender => settings.routes.fit(party),
            Some(_) => None,
        }
    }

    /// Where numbers are bought.
    pub fn shop(&self) -> Result<&dyn Shop> {
        let Kind::Simulator { carrier, .. } = &self.kind else {
            return Err(Error::conflict(
                "carrier_sells_nothing",
                "This carrier sells no numbers: an administrator enters those that it gave us.",
            ));
        };
        let shop = carrier.get().ok_or_else(elsewhere)?.shop();
        shop.ok_or_else(|| Error::internal(anyhow::anyhow!("the simulated carrier has no shop")))
    }

    /// Of one segment to this party.
    pub fn text_micros(&self, party: &Party) -> i64 {
        self.settings().map_or_else(|| prices::text_micros(party), |settings| settings.prices.text_micros(party))
    }

    /// Of one segment that arrives.
    pub fn inbound_micros(&self) -> i64 {
        match &self.kind {
            Kind::Simulator { inbound_micros, .. } => *inbound_micros,
            Kind::Smpp { settings, .. } => settings.prices.inbound_micros,
        }
    }

    pub fn link(&self) -> Link {
        self.lock_link().clone()
    }

    /// Down for so long that others should take its texts.
    pub fn is_down(&self) -> bool {
        let after = Duration::from_secs(self.routes().failover_after_secs.into());
        self.lock_link().down_since.is_some_and(|since| since.elapsed() > after)
    }

    fn lock_link(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of a code on a number that is lent.
    pub fn temporary_micros(&self) -> i64 {
        match &self.kind {
            Kind::Simulator { temporary_micros, .. } => *temporary_micros,
            // It sells no numbers, so it lends none.
            Kind::Smpp { .. } => 0,
        }
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
