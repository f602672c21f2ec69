//! The link of one node to one carrier: what is queued goes out, what the carrier tells comes in.
//! Only the holder of the carrier's lease does either; whoever loses it stops at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use convo_carriers::{Carrier, Failure, Health, Part, Submission, smpp::Smpp};
use convo_phone::sms::{self, Encoding, Payload, Reference};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{Allowance, Kind, Provider, breaker::Breaker, hearing, senders::Senders, store};
use crate::{
    app::App,
    error::{Error, Result},
    events::carrier_topic,
    sms::{
        encoding_named,
        outbound::{self, PartRow, actions::Report},
    },
};

/// A node that fell silent loses its links after so long.
const LEASE: Duration = Duration::from_secs(6);
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// At shutdown, what is on the wire has so long to be answered.
const LAST_ANSWERS: Duration = Duration::from_secs(2);
/// The net below the wake-ups: what another node queued, or what is due later, is seen so soon.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// On the wire at once, whatever the carrier would take.
const MAX_IN_FLIGHT: usize = 512;
const CLAIM: usize = 256;
/// Answers of the wire that are stored with one commit.
const REPORTS: usize = 256;
/// So many at once are load. Under load more of the same is waited for: a text's answer and its receipt are one change of its message then.
const LOAD: usize = 16;
const GATHER: Duration = Duration::from_millis(10);
/// A carrier that cannot be reached is asked again after so long.
pub(super) const TRY_AGAIN: Duration = Duration::from_millis(500);
const RECALL: i64 = 256;
/// What cannot be put into its thread so often is set aside.
pub(super) const ATTEMPTS: u32 = 20;

/// Holds the lease whenever it can, and works as long as it does, until the server stops or the carrier is another one.
pub async fn run(app: App, provider: Arc<Provider>) {
    let owner = node(&app);
    let stopped = either(&app, &app.stopped, &provider.replaced);
    // Other nodes ring here, too; what they queued before, the link looks for by itself.
    let topic = vec![carrier_topic(&provider.name)];
    app.spawn(app.bus.subscribe(topic.clone()));
    if reach(&app, &provider, &stopped).await {
        work_under_leases(&app, &provider, &owner, &stopped).await;
    }
    app.bus.unsubscribe(topic);
    stopped.cancel();
}

async fn work_under_leases(app: &App, provider: &Arc<Provider>, owner: &str, stopped: &CancellationToken) {
    while !stopped.is_cancelled() {
        match take(app, provider, owner).await {
            Ok(Some(number)) => {
                hold(app, provider, owner, number, stopped).await;
                if let Err(error) = release(app, provider, owner, number).await {
                    warn!(%error, "A link's lease was not given back");
                }
            }
            Ok(None) => {}
            Err(error) => {
                warn!(%error, cause = ?error.cause(), carrier = %provider.name, "The link's lease could not be taken")
            }
        }
        tokio::select! {
            () = stopped.cancelled() => {}
            () = tokio::time::sleep(RENEW_EVERY) => {}
        }
    }
}

/// Under the lease: opens the link, works, and closes it.
async fn hold(app: &App, provider: &Arc<Provider>, owner: &str, number: i64, stopped: &CancellationToken) {
    let carrier = match open(app, provider) {
        Ok(carrier) => carrier,
        Err(error) => {
            return error!(error = format!("{error:#}"), carrier = %provider.name, "A carrier cannot be opened");
        }
    };
    let link = Link {
        app: app.clone(),
        provider: provider.clone(),
        carrier,
        number,
        stopping: either(app, &app.stopping, &provider.replaced),
        breaker: Arc::default(),
    };
    let last_answers = async {
        stopped.cancelled().await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        () = work(&link) => {}
        () = lose(&link, owner) => warn!(carrier = %provider.name, "Another node has the link now"),
        () = last_answers => warn!(carrier = %provider.name, "The wire did not answer in time"),
    }
    link.stopping.cancel();
    if let Kind::Smpp { .. } = provider.kind
        && tokio::time::timeout(LAST_ANSWERS, link.carrier.close()).await.is_err()
    {
        warn!(carrier = %provider.name, "The carrier did not answer our good-bye");
    }
}

/// The simulated one is there already; others are spoken to under the lease alone.
fn open(app: &App, provider: &Provider) -> anyhow::Result<Arc<dyn Carrier>> {
    match &provider.kind {
        Kind::Simulator { carrier, .. } => Ok(carrier.get().context("the simulated carrier runs elsewhere")?.clone()),
        Kind::Smpp { settings, .. } => {
            let clock = app.clock.clone();
            Ok(Arc::new(Smpp::start(settings.smpp.clone(), Arc::new(move || clock.now()))?))
        }
    }
}

/// Cancelled with the first of the two; whoever asked for it cancels it at the latest.
fn either(app: &App, one: &CancellationToken, other: &CancellationToken) -> CancellationToken {
    let both = one.child_token();
    let (guard, other) = (both.clone(), other.clone());
    app.spawn(async move {
        tokio::select! {
            () = guard.cancelled() => {}
            () = other.cancelled() => guard.cancel(),
        }
    });
    both
}

/// What the tasks of one link share while the lease of that number lasts.
pub(super) struct Link {
    pub(super) app: App,
    pub(super) provider: Arc<Provider>,
    pub(super) carrier: Arc<dyn Carrier>,
    number: i64,
    /// Nothing more is put on the wire.
    stopping: CancellationToken,
    breaker: Arc<Breaker>,
}

impl Link {
    /// As people and the choice of a way see it.
    fn health(&self) -> (&'static str, String) {
        match self.carrier.health() {
            Health::Down { reason } => ("down", reason),
            Health::Up if self.breaker.is_open(Instant::now()) => {
                ("resting", "it failed again and again, and is tried from time to time".to_owned())
            }
            Health::Up => ("up", String::new()),
        }
    }
}

/// Waits until the carrier is one that we can reach; false if the server stops before.
async fn reach(app: &App, provider: &Provider, stopped: &CancellationToken) -> bool {
    loop {
        match &provider.kind {
            Kind::Simulator { carrier, .. } if carrier.get().is_none() => {}
            _ => return true,
        }
        tokio::select! {
            () = stopped.cancelled() => return false,
            () = tokio::time::sleep(LEASE) => {}
        }
        if let Err(error) = app.carriers.open_simulator(&app.config, &app.clock).await {
            warn!(error = format!("{error:#}"), "The simulated carrier could not be opened");
        }
    }
}

pub fn lease(provider: &Provider) -> String {
    format!("carrier:{}", provider.name)
}

/// The same after a restart, so that we need not wait for our own lease to run out. No two servers listen at one address of one machine.
fn node(app: &App) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}/{}", machine.trim(), app.config.listen)
}

async fn release(app: &App, provider: &Provider, owner: &str, number: i64) -> Result<()> {
    let mut tx = app.begin().await?;
    store::release(&mut tx, &lease(provider), owner, number).await?;
    tx.commit().await
}

async fn take(app: &App, provider: &Provider, owner: &str) -> Result<Option<i64>> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    let taken = store::take(&mut tx, &lease(provider), owner, now, now.plus(LEASE)).await?;
    tx.commit().await?;
    Ok(taken.map(|(number,)| number))
}

/// Returns when the lease is somebody else's, or could not be renewed in time. How the link is, is told at once.
async fn lose(link: &Link, owner: &str) {
    let mut renewed = Instant::now();
    loop {
        let (told, began) = (link.health(), Instant::now());
        match renew(link, owner, &told).await {
            Ok(true) => renewed = Instant::now(),
            Ok(false) => return,
            // Nobody else takes it before it runs out.
            Err(error) if renewed.elapsed() + RENEW_EVERY < LEASE => warn!(%error, "A link's lease was not renewed"),
            Err(_) => return,
        }
        while link.health() == told && began.elapsed() < RENEW_EVERY {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        if link.health() != told {
            link.app.carriers.changed.notify_one();
        }
    }
}

async fn renew(link: &Link, owner: &str, (health, detail): &(&'static str, String)) -> Result<bool> {
    let app = &link.app;
    let mut tx = app.begin().await?;
    let until = app.clock.now().plus(LEASE);
    let is_ours = store::renew(&mut tx, &lease(&link.provider), owner, link.number, until, (health, detail)).await?;
    tx.commit().await?;
    Ok(is_ours)
}

async fn work(link: &Link) {
    recover(link).await;
    let (reports, waiting) = mpsc::channel(MAX_IN_FLIGHT);
    tokio::select! {
        () = send(link, reports.clone()) => {}
        () = store_all(link, waiting) => {}
        () = hearing::hear(link, reports) => {}
    }
}

/// What a carrier told, on its way into the database; who waits for that is told.
pub(super) struct Told {
    reports: Vec<Report>,
    stored: Option<oneshot::Sender<()>>,
}

impl Told {
    /// Returns when it is stored.
    pub(super) async fn store(reports: Vec<Report>, queue: &mpsc::Sender<Told>) {
        let (stored, is_stored) = oneshot::channel();
        if queue.send(Told { reports, stored: Some(stored) }).await.is_ok() {
            let _ = is_stored.await;
        }
    }
}

/// One transaction at a time takes in whatever was told while the last one ran, answers and receipts alike:
/// in two at once, a receipt and the answer that tells its id would pass each other unseen.
async fn store_all(link: &Link, mut waiting: mpsc::Receiver<Told>) {
    let (mut batch, mut is_loaded) = (vec![], false);
    while waiting.recv_many(&mut batch, REPORTS).await > 0 {
        if is_loaded && batch.len() < REPORTS {
            tokio::time::sleep(GATHER).await;
            batch.extend(std::iter::from_fn(|| waiting.try_recv().ok()).take(REPORTS - batch.len()));
        }
        let (reports, stored): (Vec<_>, Vec<_>) = batch.drain(..).map(|told| (told.reports, told.stored)).unzip();
        let reports: Vec<_> = reports.into_iter().flatten().collect();
        is_loaded = reports.len() >= LOAD;
        if !reports.is_empty() {
            store_reports(link, reports).await;
        }
        for stored in stored.into_iter().flatten() {
            let _ = stored.send(());
        }
        // There is room again.
        link.provider.queued.notify_one();
    }
}

/// What was on the wire when its sender died: asked for where the carrier remembers, else unknown.
async fn recover(link: &Link) {
    loop {
        match recover_some(link).await {
            Ok(0) => return,
            Ok(found) => info!(found, carrier = %link.provider.name, "Parts that were on the wire have an answer"),
            Err(error) => {
                warn!(%error, cause = ?error.cause(), carrier = %link.provider.name, "Parts that were on the wire could not be asked for");
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

async fn recover_some(link: &Link) -> Result<usize> {
    let (app, name) = (&link.app, &link.provider.name);
    let left = outbound::actions::left_on_the_wire(app, name, link.number, RECALL).await?;
    if left.is_empty() {
        return Ok(0);
    }
    let submissions = if link.carrier.capabilities().remembers_parts {
        link.carrier.recall(left.iter().map(|(id, _)| id.0).collect()).await.map_err(Error::internal)?
    } else {
        left.iter().map(|_| Submission::Unknown { reason: "the server stopped while it was sent".to_owned() }).collect()
    };
    let found = left.len();
    let reports = left.into_iter().zip(submissions);
    let reports = reports.map(|((part, place), submission)| Report::Wire { part, place, submission });
    outbound::actions::report(app, name, reports.collect()).await?;
    Ok(found)
}

/// Takes what is due out of the queue as fast as the carrier takes it.
/// Asked to stop, it claims nothing more and returns when everything on the wire is answered, and the answers are stored.
async fn send(link: &Link, reports: mpsc::Sender<Told>) {
    let window = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
    let per_sender = link.provider.settings().and_then(|settings| settings.segments_per_sender_second);
    let mut senders = per_sender.map(Senders::new);
    while !link.stopping.is_cancelled() {
        let room = link.carrier.room().min(window.available_permits()).min(CLAIM);
        let claimed = claim(link, link.breaker.room(room, Instant::now()), senders.as_mut()).await;
        let is_loaded = (LOAD..room).contains(&claimed.len());
        if claimed.is_empty() {
            tokio::select! {
                () = link.provider.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = link.stopping.cancelled() => {}
            }
        }
        link.breaker.took(claimed.len());
        for part in claimed {
            let (carrier, reports, permit) =
                (link.carrier.clone(), reports.clone(), window.clone().acquire_owned().await);
            let breaker = link.breaker.clone();
            link.app.spawn(async move {
                let submission = submit(&*carrier, &part).await;
                breaker.tell(&submission, Instant::now());
                let told = Report::Wire { part: part.id, place: (part.conversation_id, part.seq), submission };
                // If nobody listens any more, the next holder of the lease asks the carrier.
                let _ = reports.send(Told { reports: vec![told], stored: None }).await;
                drop(permit);
            });
        }
        if is_loaded {
            tokio::time::sleep(GATHER).await;
        }
    }
    let all = u32::try_from(MAX_IN_FLIGHT).unwrap_or(u32::MAX);
    let _ = window.acquire_many(all).await;
    Told::store(vec![], &reports).await;
}

async fn claim(link: &Link, room: usize, senders: Option<&mut Senders>) -> Vec<PartRow> {
    if room == 0 {
        return vec![];
    }
    let (mut senders, now) = (senders, Instant::now());
    let allowance = senders.as_mut().map_or_else(Allowance::unbounded, |senders| senders.allowance(now));
    let claimed = outbound::actions::claim(&link.app, &link.provider.name, link.number, room, &allowance).await;
    let claimed = claimed.unwrap_or_else(|error| {
        warn!(%error, cause = ?error.cause(), carrier = %link.provider.name, "The outbox could not be read");
        vec![]
    });
    if let Some(senders) = senders {
        senders.took(claimed.iter().map(|part| part.number_id), now);
    }
    claimed
}

async fn submit(carrier: &dyn Carrier, part: &PartRow) -> Submission {
    match to_wire(part) {
        Ok(part) => carrier.submit(part).await,
        Err(error) => {
            error!(%error, part.id = %part.id, "A part of the outbox cannot be written");
            Submission::Refused { failure: Failure::Unspecified, detail: error.to_string() }
        }
    }
}

/// Until it is stored: what is lost here, only the carrier would know. If the whole fails, its halves are tried;
/// what fails alone again and again must not keep out everything that comes after it.
async fn store_reports(link: &Link, reports: Vec<Report>) {
    for attempt in 1.. {
        let Err(error) = outbound::actions::report(&link.app, &link.provider.name, reports.clone()).await else {
            return;
        };
        warn!(%error, cause = ?error.cause(), carrier = %link.provider.name, attempt, "What a carrier told could not be stored; trying again");
        if reports.len() > 1 {
            for half in reports.chunks(reports.len().div_ceil(2)) {
                Box::pin(store_reports(link, half.to_vec())).await;
            }
            return;
        }
        if attempt >= ATTEMPTS {
            let about = reports.first().map(|report| match report {
                Report::Wire { part, .. } => part.to_string(),
                Report::Receipt(receipt) => receipt.ids.first().cloned().unwrap_or_default(),
            });
            error!(about, carrier = %link.provider.name, "A report is given up: its text keeps the state that it has");
            return;
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

fn to_wire(row: &PartRow) -> anyhow::Result<Part> {
    let encoding = encoding_named(&row.encoding);
    let body = match encoding {
        Encoding::Gsm7 => sms::encode_gsm7(&row.text).ok_or_else(|| anyhow::anyhow!("not in the GSM alphabet"))?,
        Encoding::Ucs2 => sms::encode_ucs2(&row.text),
    };
    let part = match row.parts {
        1 => None,
        parts => Some(sms::Part {
            reference: Reference::Short(u8::try_from(row.reference)?),
            number: u8::try_from(row.part)?,
            total: u8::try_from(parts)?,
        }),
    };
    Ok(Part {
        id: row.id.0,
        from: row.from_party.parse()?,
        to: row.to_party.parse()?,
        payload: Payload { part, encoding, body },
    })
}
