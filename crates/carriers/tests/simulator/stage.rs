//! A simulated network of its own for each story, with a clock that only the story moves.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use convo_carriers::{
    Carrier, Event, Heard, Inbound, Outcome, Part, Receipt, Search, Shop, SortBy, Submission,
    simulator::{Clock, Remote, Settings, Simulation, Simulator, magic::Magic, serve},
};
use convo_db::{Timestamp, testing};
use convo_phone::{Country, Number, Party, sms};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const SECRET: &str = "only for this test";
pub const LATENCY: Duration = Duration::from_millis(300);
/// How long something that must happen is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long something that must not happen is given.
const QUIET: Duration = Duration::from_millis(120);

/// Everything that a simulated carrier can do, wherever it runs.
pub trait Network: Carrier + Shop + Simulation {}
impl<T: Carrier + Shop + Simulation> Network for T {}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Here,
    Elsewhere,
}

pub struct Stage {
    pub network: Arc<dyn Network>,
    pub database: convo_db::Settings,
    pub settings: Settings,
    now: Arc<AtomicI64>,
    folder: PathBuf,
    place: Place,
    running: Running,
}

/// What must be stopped.
enum Running {
    Here(Simulator),
    Elsewhere(CancellationToken, JoinHandle<()>),
}

#[macro_export]
macro_rules! everywhere {
    (async fn $name:ident($stage:ident) $story:block) => {
        mod $name {
            use super::*;
            use $crate::stage::{Engine, Place, Stage};
            async fn story($stage: &mut Stage) $story
            async fn play(engine: Engine, place: Place) {
                let mut stage = Stage::open(engine, place, Default::default()).await;
                story(&mut stage).await;
                stage.end().await;
            }
            #[tokio::test]
            async fn sqlite() { play(Engine::Sqlite, Place::Here).await; }
            #[tokio::test]
            async fn postgres() { play(Engine::Postgres, Place::Here).await; }
            #[tokio::test]
            async fn sqlite_over_http() { play(Engine::Sqlite, Place::Elsewhere).await; }
            #[tokio::test]
            async fn postgres_over_http() { play(Engine::Postgres, Place::Elsewhere).await; }
        }
    };
}

#[macro_export]
macro_rules! both_engines {
    ($settings:expr, async fn $name:ident($stage:ident) $story:block) => {
        mod $name {
            use super::*;
            use $crate::stage::{Engine, Place, Stage};
            async fn story($stage: &mut Stage) $story
            async fn play(engine: Engine) {
                let mut stage = Stage::open(engine, Place::Here, $settings).await;
                story(&mut stage).await;
                stage.end().await;
            }
            #[tokio::test]
            async fn sqlite() { play(Engine::Sqlite).await; }
            #[tokio::test]
            async fn postgres() { play(Engine::Postgres).await; }
        }
    };
}

pub async fn database(engine: Engine, folder: &Path) -> convo_db::Settings {
    let url = match engine {
        Engine::Sqlite => format!("sqlite:{}", folder.join("simulator").join("simulator.db").display()),
        Engine::Postgres => {
            #[expect(clippy::disallowed_methods, reason = "tests are told where PostgreSQL is")]
            let server = std::env::var("CONVO_TEST_POSTGRES").expect("run `cargo xtask services -- cargo test`");
            testing::postgres(&server).await.unwrap()
        }
    };
    convo_db::Settings { url, max_connections: 4 }
}

impl Stage {
    pub async fn open(engine: Engine, place: Place, settings: Settings) -> Self {
        let folder = std::env::temp_dir().join(format!("convo-simulator-{}", Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = database(engine, &folder).await;
        let now = Arc::new(AtomicI64::new(1_767_225_600_000_000));
        let (network, running) = start(&database, &settings, clock(&now), place).await;
        Self { network, database, settings, now, folder, place, running }
    }

    pub fn clock(&self) -> Clock {
        clock(&self.now)
    }

    pub fn advance(&self, by: Duration) {
        self.now.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::AcqRel);
    }

    pub fn now(&self) -> Timestamp {
        (self.clock())()
    }

    /// Stops the simulator and starts it again on the same store.
    pub async fn restart(&mut self) {
        self.stop().await;
        (self.network, self.running) = start(&self.database, &self.settings, self.clock(), self.place).await;
    }

    pub async fn stop(&mut self) {
        self.network.close().await;
        match &mut self.running {
            Running::Here(simulator) => simulator.stop().await,
            Running::Elsewhere(stop, served) => {
                stop.cancel();
                served.await.unwrap();
            }
        }
    }

    pub async fn end(mut self) {
        self.stop().await;
        if self.database.url.starts_with("postgres") {
            testing::drop_postgres(&self.database.url).await.unwrap();
        }
        std::fs::remove_dir_all(&self.folder).unwrap();
    }

    pub async fn submits(&self, part: &Part) -> Submission {
        self.network.submit(part.clone()).await
    }

    pub async fn accepts(&self, parts: &[Part]) {
        for part in parts {
            assert_eq!(self.submits(part).await, accepted(part));
        }
    }

    /// Everything that is not acknowledged, once there is as much as expected.
    pub async fn hears(&self, count: usize) -> Vec<Heard> {
        let started = tokio::time::Instant::now();
        loop {
            let heard = self.network.events(1_000, QUIET).await.unwrap();
            assert!(heard.len() <= count, "{} were heard, more than {count}: {heard:?}", heard.len());
            if heard.len() == count {
                return heard;
            }
            assert!(started.elapsed() < PATIENCE, "only {} of {count} were heard", heard.len());
        }
    }

    /// The same, acknowledged.
    pub async fn takes(&self, count: usize) -> Vec<Event> {
        let heard = self.hears(count).await;
        self.network.acknowledge(heard.last().unwrap().place).await.unwrap();
        heard.into_iter().map(|heard| heard.event).collect()
    }

    pub async fn hears_nothing(&self) {
        assert_eq!(self.network.events(10, QUIET).await.unwrap(), []);
    }

    pub async fn receipt(&self) -> Receipt {
        match self.takes(1).await.pop().unwrap() {
            Event::Receipt(receipt) => receipt,
            Event::Inbound(inbound) => panic!("a text was heard: {inbound:?}"),
        }
    }

    /// Buys the first number of a country, for an account.
    pub async fn buys(&self, country: &str, account: &str) -> Number {
        let page = Shop::search(&*self.network, search(country)).await.unwrap();
        let number = page.offers.iter().find(|offer| !offer.number.digits().is_multiple_of(10_000)).unwrap().number;
        self.network.order(Uuid::now_v7(), number, account.to_owned()).await.unwrap();
        number
    }
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = now.clone();
    Arc::new(move || Timestamp::from_micros(now.load(Ordering::Acquire)))
}

async fn start(
    database: &convo_db::Settings,
    settings: &Settings,
    clock: Clock,
    place: Place,
) -> (Arc<dyn Network>, Running) {
    if place == Place::Here {
        let simulator = Simulator::open(settings.clone(), database, clock).await.unwrap();
        return (Arc::new(simulator.clone()), Running::Here(simulator));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (database, settings, stop) = (database.clone(), settings.clone(), CancellationToken::new());
    let stopping = stop.clone();
    #[expect(clippy::disallowed_methods, reason = "waited for when the story ends")]
    let served = tokio::spawn(async move {
        serve(settings, &database, clock, listener, SECRET, stopping).await.unwrap();
    });
    let remote = Remote::new(&url, SECRET).unwrap();
    let started = tokio::time::Instant::now();
    while remote.room() == 0 {
        assert!(started.elapsed() < PATIENCE, "the simulator did not answer");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (Arc::new(remote), Running::Elsewhere(stop, served))
}

pub fn number(text: &str) -> Number {
    Number::from_e164(text).unwrap()
}

pub fn magic(magic: Magic) -> Number {
    magic.number().unwrap()
}

pub fn country(letters: &str) -> Country {
    letters.parse().unwrap()
}

/// The parts of a text, each with an id of its own.
pub fn parts(from: Number, to: Number, text: &str) -> Vec<Part> {
    let payloads = sms::split(text).payloads(7).unwrap();
    let part = |payload| Part { id: Uuid::now_v7(), from: Party::Number(from), to: Party::Number(to), payload };
    payloads.into_iter().map(part).collect()
}

/// A text of one part from somebody to somebody.
pub fn part_to(to: Number) -> Part {
    parts(number("+447700900001"), to, "hello").remove(0)
}

pub fn accepted(part: &Part) -> Submission {
    Submission::Accepted { carrier_id: format!("sim-{}", part.id.simple()) }
}

pub fn outcomes(events: &[Event]) -> Vec<Outcome> {
    let outcome = |event: &Event| if let Event::Receipt(receipt) = event { Some(receipt.outcome) } else { None };
    events.iter().filter_map(outcome).collect()
}

pub fn inbound(events: &[Event]) -> Vec<Inbound> {
    let inbound = |event: &Event| if let Event::Inbound(inbound) = event { Some(inbound.clone()) } else { None };
    events.iter().filter_map(inbound).collect()
}

/// The text that parts say together.
pub fn text(inbound: &[Inbound]) -> String {
    let payloads: Vec<_> = inbound.iter().map(|inbound| inbound.payload.clone()).collect();
    sms::join(&payloads).unwrap()
}

pub fn search(letters: &str) -> Search {
    Search {
        country: country(letters),
        kinds: vec![],
        area_code: None,
        contains: None,
        operator: None,
        sms: false,
        mms: false,
        voice: false,
        sort: SortBy::Number,
        cursor: None,
        limit: 50,
    }
}
