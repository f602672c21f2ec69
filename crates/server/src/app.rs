//! Everything that is shared, built once: settings, database, bus, clock, keys, workers.
//! `App` is cheap to clone; there are no globals.

use std::{collections::BTreeSet, future::Future, ops::Deref, sync::Arc, time::Duration};

use axum::extract::Request;
use bytes::Bytes;
use convo_bus::{Bus, Counter, Delivery};
use convo_db::Db;
use convo_jobs::{Job, Runner, Wake};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use crate::{
    accounts::{keys::Keys, mail::Mailer, passwords, passwords::Hasher, pictures, sessions::SessionCache},
    chat::{messages::appender::Appender, receipts::batcher::ReceiptBatcher},
    client::{ADDRESSES_OF_A_NETWORK, Client},
    clock::Clock,
    config::Config,
    error::{Error, Result},
    events::{self, Audience, Event, carrier_topic},
    ids::UserId,
    realtime::hub::{Audiences, Hub},
    sms::carriers::Carriers,
    turns::Turns,
    web::Files,
};

#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub bus: Bus,
    pub hub: Hub,
    pub audiences: Audiences,
    pub keys: Keys,
    pub sessions: SessionCache,
    pub mailer: Mailer,
    pub passwords: Hasher,
    /// Costly work of strangers waits for its turn.
    pub judging: Turns,
    pub decoding: Turns,
    pub limits: Counter,
    pub files: Files,
    pub appender: Appender,
    pub receipts: ReceiptBatcher,
    pub carriers: Carriers,
    pub jobs: Runner,
    wake: Wake,
    /// Everything that runs in the background; waited for at shutdown.
    pub tasks: TaskTracker,
    /// The server is asked to stop: no new work, finish what runs.
    pub stopping: CancellationToken,
    /// The background may end, because nobody gives it work any more.
    pub stopped: CancellationToken,
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Opens what the settings name and starts the background work.
    pub async fn start(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let carriers = Carriers::open(&config, &clock).await?;
        let app = Self::open(config, clock, carriers).await?;
        crate::sms::carriers::actions::check_worlds(&app).await?;
        crate::sms::carriers::keeper::refresh(&app).await.map_err(anyhow::Error::from)?;
        crate::sms::start(&app);
        Ok(app)
    }

    /// For a command beside a running server, which keeps the links to carriers.
    pub async fn start_for_command(config: Config, clock: Clock) -> anyhow::Result<Self> {
        Self::open(config, clock, Carriers::none()).await
    }

    async fn open(config: Config, clock: Clock, carriers: Carriers) -> anyhow::Result<Self> {
        let db = Db::open(&config.database_settings()).await?;
        let (bus, deliveries) = match &config.redis.url {
            Some(url) => Bus::redis(url.expose())?,
            None => Bus::memory(),
        };
        let keys = Keys::load(&db, &clock).await?;
        let wake = Wake::default();
        let jobs = Runner::new(db.clone(), wake.clone(), {
            let clock = clock.clone();
            move || clock.now()
        });
        let (appender, appends) = Appender::new();
        let (receipts, marks) = ReceiptBatcher::new();
        let app = Self(Arc::new(Shared {
            mailer: Mailer::new(&config)?,
            passwords: Hasher::new(&config.limits)?,
            judging: passwords::judging(),
            decoding: pictures::actions::decoding(),
            sessions: SessionCache::new(),
            hub: Hub::new(bus.clone(), {
                let carriers = carriers.clone();
                Box::new(move |carrier| carriers.wake(carrier))
            }),
            audiences: crate::chat::members::access::audiences(&db),
            limits: Counter::default(),
            files: Files::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            stopped: CancellationToken::new(),
            config,
            db,
            clock,
            bus,
            keys,
            appender,
            receipts,
            carriers,
            jobs,
            wake,
        }));
        app.spawn(crate::chat::messages::appender::run(app.clone(), appends));
        app.spawn(crate::chat::receipts::batcher::run(app.clone(), marks));
        app.start_realtime(deliveries);
        crate::accounts::start(&app);
        crate::overview::begin();
        Ok(app)
    }

    fn start_realtime(&self, deliveries: mpsc::Receiver<Delivery>) {
        self.spawn(crate::realtime::hub::run(
            self.hub.clone(),
            self.audiences.clone(),
            deliveries,
            self.stopped.clone(),
        ));
        self.spawn(crate::realtime::hub::ping(self.hub.clone(), self.stopped.clone()));
    }

    /// Background work that shutdown waits for.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work.in_current_span());
    }

    /// Work beside an answer that must not wait for it, or whose time must tell nothing; if it fails, the log says so.
    pub fn beside(&self, failed: &'static str, work: impl Future<Output = Result<()>> + Send + 'static) {
        self.spawn(async move {
            if let Err(error) = work.await {
                tracing::error!(%error, cause = ?error.cause(), "{failed}");
            }
        });
    }

    /// Waits first, so that a start is not busy with what can wait. A failure is told, and the next turn tries again.
    pub fn repeat<F, Fut>(&self, every: Duration, failed: &'static str, work: F)
    where
        F: Fn(App) -> Fut + Send + 'static,
        Fut: Future<Output = Result<()>> + Send,
    {
        let owner = self.clone();
        self.spawn(async move {
            loop {
                tokio::select! {
                    () = owner.stopped.cancelled() => return,
                    () = tokio::time::sleep(every) => {}
                }
                if let Err(error) = work(owner.clone()).await
                    && !owner.stopped.is_cancelled()
                {
                    tracing::warn!(%error, cause = ?error.cause(), "{failed}");
                }
            }
        });
    }

    /// Tells it at once, to whoever may hear it on any node. What a transaction changed is told by its commit.
    pub fn tell(&self, audience: &Audience, event: &Event) {
        let (topic, payload) = events::encode(audience, event);
        self.bus.publish(&topic, payload);
    }

    /// Runs a write to its end, whatever happens to the request that asked for it:
    /// a request's future is dropped when its client hangs up, and a committed change would never be published.
    pub async fn act<T: Send + 'static>(&self, action: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        self.tasks.spawn(action.in_current_span()).await.map_err(Error::internal)?
    }

    /// A transaction whose events leave with the commit, or not at all.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(self.with(self.db.begin().await?))
    }

    /// The same, for the few tasks that write what many asked for.
    pub async fn begin_batch(&self) -> Result<Tx> {
        Ok(self.with(self.db.begin_batch().await?))
    }

    fn with(&self, tx: convo_db::Tx) -> Tx {
        Tx { tx, app: self.clone(), events: vec![], rings: false, carriers: BTreeSet::new() }
    }

    /// Refuses hosts that we do not answer for, so that nobody's page can talk to a private server by a name of its own (DNS rebinding).
    pub fn check_host(&self, request: &Request) -> Result<()> {
        let host = request
            .uri()
            .authority()
            .map(|a| a.as_str())
            .or_else(|| request.headers().get(axum::http::header::HOST).and_then(|host| host.to_str().ok()));
        match host {
            Some(host) if self.config.allows_host(host) => Ok(()),
            _ => Err(Error::forbidden(
                "unknown_host",
                "This server does not answer for that host name. Set `public_url` or `allowed_hosts`.",
            )),
        }
    }

    /// Counts one attempt against a named limit; refuses when the window is full.
    pub fn limit(&self, name: &str, key: &str, max: u32, window: Duration) -> Result<()> {
        let key = format!("{name}:{key}");
        if self.config.limits.off || self.limits.admits(&key, max, window, self.clock.now().micros()) {
            return Ok(());
        }
        Err(too_often(window))
    }

    /// The same, of one person on all their devices.
    pub fn limit_person(&self, name: &str, user_id: UserId, max: u32, window: Duration) -> Result<()> {
        self.limit(name, &user_id.to_string(), max, window)
    }

    /// The same, of one address and of the network around it. What the address is refused does not count for the network,
    /// else one could keep all its neighbors out; what the network is refused is not remembered for the address, else it could fill our memory.
    pub fn limit_client(&self, name: &str, client: &Client, max: u32, window: Duration) -> Result<()> {
        let address = client.limit_key();
        if let Some(network) = client.network_key() {
            let (key, now) = (format!("{name}:{address}"), self.clock.now().micros());
            if !self.config.limits.off && !self.limits.would_admit(&key, max, window, now) {
                return Err(too_often(window));
            }
            self.limit(name, &network, max.saturating_mul(ADDRESSES_OF_A_NETWORK), window)?;
        }
        self.limit(name, &address, max, window)
    }

    /// Finishes what runs, then lets the background end. The socket and HTTP doors are closed before.
    pub async fn finish(&self, limit: Duration) {
        self.stopping.cancel();
        self.stopped.cancel();
        self.tasks.close();
        if tokio::time::timeout(limit, self.tasks.wait()).await.is_err() {
            tracing::warn!("Some work did not end within the limit");
        }
        self.carriers.stop().await;
        self.db.close().await;
    }
}

fn too_often(window: Duration) -> Error {
    Error::rate_limited(
        "too_many_requests",
        "That was too often. Wait a moment and try again.",
        window.as_secs().max(1),
    )
}

/// What an intention changes and tells: rows, jobs and events, all or nothing.
pub struct Tx {
    tx: convo_db::Tx,
    app: App,
    events: Vec<(Audience, Event)>,
    rings: bool,
    carriers: BTreeSet<String>,
}

impl Tx {
    /// Tells it after the commit.
    pub fn emit(&mut self, audience: Audience, event: Event) {
        self.events.push((audience, event));
    }

    /// After the commit the link of this carrier looks into the outbox, on whichever node it is.
    pub fn wake_carrier(&mut self, carrier: &str) {
        if !self.carriers.contains(carrier) {
            self.carriers.insert(carrier.to_owned());
        }
    }

    pub async fn enqueue<J: Job>(&mut self, job: &J) -> Result<()> {
        self.rings = true;
        let now = self.app.clock.now();
        Ok(convo_jobs::enqueue(&mut self.tx, job, now).await?)
    }

    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        for (audience, event) in &self.events {
            self.app.tell(audience, event);
        }
        if self.rings {
            self.app.wake.ring();
        }
        for carrier in &self.carriers {
            self.app.carriers.wake(carrier);
            self.app.bus.publish(&carrier_topic(carrier), Bytes::new());
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = convo_db::Tx;
    fn deref(&self) -> &convo_db::Tx {
        &self.tx
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut convo_db::Tx {
        &mut self.tx
    }
}
