//! A phone network on a laptop: a carrier that sells numbers, delivers texts, loses some, and has handsets to look at.
//! It is a product feature with a store of its own, and never reaches a real phone.

mod arrivals;
mod carrier;
mod clockwork;
mod fate;
mod handsets;
mod http;
mod lock;
pub mod magic;
mod pen;
mod services;
mod settings;
mod shop;
mod simulation;
mod stock;
mod store;
mod submitting;
mod wire;
mod world;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use convo_db::{Db, Schema, Timestamp};
use tokio::sync::{Mutex, Notify, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use handsets::{Direction, Handset, HandsetChange, HandsetMessage, HandsetOutcome, HandsetText, NewHandset};
pub use http::{Remote, ServeError, serve};
pub use pen::StoreError;
pub use services::{CodeRequest, Service, languages, services};
pub use settings::{BadSetting, Rates, Settings};
pub use simulation::{Simulation, SimulationError};

use self::{
    lock::Lock,
    pen::Pen,
    submitting::Call,
    world::{World, Worlds},
};

/// What time it is; tests move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The engine: the carrier, embedded in this process. Cheap to clone.
///
/// Without [`Simulator::stop`] nothing is lost that was answered, but nobody else can open the store as long as the process lives.
#[derive(Clone)]
pub struct Simulator(Arc<Shared>);

struct Shared {
    settings: Settings,
    clock: Clock,
    db: Db,
    pen: Arc<Mutex<Pen>>,
    worlds: Worlds,
    calls: mpsc::Sender<Call>,
    era: AtomicI64,
    acknowledged: AtomicI64,
    /// In microseconds: when the next thing is to happen.
    next_due: AtomicI64,
    /// Something happened, or a handset changed, or what is to come did.
    heard: Notify,
    handsets_changed: Notify,
    nudge: Notify,
    tasks: TaskTracker,
    stop: CancellationToken,
    lock: std::sync::Mutex<Option<Lock>>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the setting simulator.{0}")]
    Setting(#[from] BadSetting),
    #[error(
        "another process runs the simulated carrier on this store ({0}); stop it, or name its address in `simulator.url`"
    )]
    Busy(String),
    #[error("the simulator's store cannot be opened: {0}")]
    Store(#[from] convo_db::Error),
    #[error("{0} cannot be written: {1}")]
    Folder(String, std::io::Error),
}

impl Simulator {
    /// Opens the store, alone, and begins to work. `database` names the simulator's own file on SQLite,
    /// and Convo's database on PostgreSQL, where the simulator has a schema of its own.
    pub async fn open(settings: Settings, database: &convo_db::Settings, clock: Clock) -> Result<Self, OpenError> {
        settings.check()?;
        let file_lock = lock::take_file(&database.url)?;
        let db = Db::open_schema(database, Schema::Simulator).await?;
        let lock = match file_lock {
            Some(lock) => lock,
            None => lock::take_database(&db).await?,
        };
        let mut tx = db.begin().await?;
        store::take_over(&mut tx).await?;
        let counters = store::counters(&mut tx).await?;
        let next_due = store::events::next_due(&mut tx).await?;
        let world = World::load(&mut tx).await?;
        tx.commit().await?;
        let (calls, waiting) = mpsc::channel(submitting::QUEUE);
        let simulator = Self(Arc::new(Shared {
            settings,
            clock,
            db,
            worlds: Worlds::default(),
            calls,
            era: AtomicI64::new(counters.era),
            acknowledged: AtomicI64::new(counters.acknowledged),
            next_due: AtomicI64::new(next_due.map_or(i64::MAX, Timestamp::micros)),
            pen: Arc::new(Mutex::new(Pen { counters, must_look: false })),
            heard: Notify::new(),
            handsets_changed: Notify::new(),
            nudge: Notify::new(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            lock: std::sync::Mutex::new(Some(lock)),
        }));
        *simulator.0.worlds.write() = world;
        simulator.0.tasks.spawn(submitting::run(simulator.0.clone(), waiting));
        simulator.0.tasks.spawn(clockwork::run(simulator.0.clone()));
        Ok(simulator)
    }

    /// The clock was moved: what is due now happens now.
    pub fn nudge(&self) {
        self.0.nudge.notify_one();
    }

    /// What a caller of [`Simulator::submit_all`] knows of recalls.
    pub fn era(&self) -> i64 {
        self.0.era.load(Ordering::Acquire)
    }

    /// Answers what waits, then lets the store go. Calls after it fail.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        let lock = self.0.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        drop(lock);
        self.0.db.close().await;
    }

    /// Runs in a task of its own, because a caller's future may be dropped between a commit and what must follow it.
    async fn act<T: Send + 'static>(
        &self,
        action: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.0.stop.is_cancelled() {
            return Err(StoreError::Stopping);
        }
        self.0.tasks.spawn(action).await.map_err(|error| convo_db::Error::Io(std::io::Error::other(error)))?
    }
}
