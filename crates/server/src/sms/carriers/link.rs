//! The link of one node to one carrier: what is queued goes out, what the carrier tells comes in.
//! Only the holder of the carrier's lease does either; whoever loses it stops at once.

use std::{sync::Arc, time::Duration};

use convo_carriers::{Carrier, Event, Failure, Heard, Inbound, Part, Submission};
use convo_phone::sms::{self, Encoding, Payload, Reference};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tracing::{error, info, warn};

use super::{Provider, SIMULATOR, store};
use crate::{
    app::App,
    error::{Error, Result},
    sms::{
        encoding_named, handsets, inbound,
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
const EVENTS: usize = 256;
const WAIT_FOR_EVENTS: Duration = Duration::from_secs(20);
/// A carrier that cannot be reached is asked again after so long.
const TRY_AGAIN: Duration = Duration::from_millis(500);
const RECALL: i64 = 256;
/// What cannot be put into its thread so often is set aside.
const ATTEMPTS: u32 = 20;
const TIDY_EVERY: Duration = Duration::from_secs(30);

pub fn start(app: &App) {
    for provider in app.carriers.all() {
        app.spawn(run(app.clone(), provider));
    }
}

/// Holds the lease whenever it can, and works as long as it does.
async fn run(app: App, provider: Arc<Provider>) {
    let owner = node(&app);
    let Some(carrier) = reach(&app, &provider).await else { return };
    while !app.stopped.is_cancelled() {
        match take(&app, &provider, &owner).await {
            Ok(Some(number)) => {
                let last_answers = async {
                    app.stopped.cancelled().await;
                    tokio::time::sleep(LAST_ANSWERS).await;
                };
                tokio::select! {
                    () = work(&app, &provider, &carrier, number) => {}
                    () = lose(&app, &provider, &owner, number) => warn!(carrier = %provider.name, "Another node has the link now"),
                    () = last_answers => warn!(carrier = %provider.name, "The wire did not answer in time"),
                }
                if let Err(error) = release(&app, &provider, &owner, number).await {
                    warn!(%error, "A link's lease was not given back");
                }
            }
            Ok(None) => {}
            Err(error) => {
                warn!(%error, cause = ?error.cause(), carrier = %provider.name, "The link's lease could not be taken")
            }
        }
        tokio::select! {
            () = app.stopped.cancelled() => {}
            () = tokio::time::sleep(RENEW_EVERY) => {}
        }
    }
    carrier.close().await;
}

/// Waits until the carrier is one that we can reach; `None` at shutdown.
async fn reach(app: &App, provider: &Provider) -> Option<Arc<dyn Carrier>> {
    loop {
        if let Ok(carrier) = provider.carrier() {
            return Some(carrier.clone());
        }
        tokio::select! {
            () = app.stopped.cancelled() => return None,
            () = tokio::time::sleep(LEASE) => {}
        }
        if let Err(error) = app.carriers.open_simulator(&app.config, &app.clock).await {
            warn!(error = format!("{error:#}"), "The simulated carrier could not be opened");
        }
    }
}

fn lease(provider: &Provider) -> String {
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

/// Returns when the lease is somebody else's, or could not be renewed in time.
async fn lose(app: &App, provider: &Provider, owner: &str, number: i64) {
    let mut renewed = std::time::Instant::now();
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        match renew(app, provider, owner, number).await {
            Ok(true) => renewed = std::time::Instant::now(),
            Ok(false) => return,
            // Nobody else takes it before it runs out.
            Err(error) if renewed.elapsed() + RENEW_EVERY < LEASE => warn!(%error, "A link's lease was not renewed"),
            Err(_) => return,
        }
    }
}

async fn renew(app: &App, provider: &Provider, owner: &str, number: i64) -> Result<bool> {
    let mut tx = app.begin().await?;
    let is_ours = store::renew(&mut tx, &lease(provider), owner, number, app.clock.now().plus(LEASE)).await?;
    tx.commit().await?;
    Ok(is_ours)
}

async fn work(app: &App, provider: &Arc<Provider>, carrier: &Arc<dyn Carrier>, lease_number: i64) {
    recover(app, provider, carrier, lease_number).await;
    let (reports, waiting) = mpsc::channel(MAX_IN_FLIGHT);
    tokio::select! {
        () = send(app, provider, carrier, lease_number, reports.clone()) => {}
        () = store_all(app, provider, waiting) => {}
        () = hear(app, provider, carrier, reports) => {}
    }
}

async fn hear(app: &App, provider: &Provider, carrier: &Arc<dyn Carrier>, reports: mpsc::Sender<Told>) {
    tokio::join!(listen(app, provider, carrier, reports), tidy(app, provider), tell_handsets(app, provider));
}

/// What a carrier told, on its way into the database; who waits for that is told.
struct Told {
    reports: Vec<Report>,
    stored: Option<oneshot::Sender<()>>,
}

impl Told {
    /// Returns when it is stored.
    async fn store(reports: Vec<Report>, queue: &mpsc::Sender<Told>) {
        let (stored, is_stored) = oneshot::channel();
        if queue.send(Told { reports, stored: Some(stored) }).await.is_ok() {
            let _ = is_stored.await;
        }
    }
}

/// One transaction at a time takes in whatever was told while the last one ran, answers and receipts alike:
/// in two at once, a receipt and the answer that tells its id would pass each other unseen.
async fn store_all(app: &App, provider: &Provider, mut waiting: mpsc::Receiver<Told>) {
    let mut batch = vec![];
    while waiting.recv_many(&mut batch, REPORTS).await > 0 {
        let (reports, stored): (Vec<_>, Vec<_>) = batch.drain(..).map(|told| (told.reports, told.stored)).unzip();
        let reports: Vec<_> = reports.into_iter().flatten().collect();
        if !reports.is_empty() {
            store_reports(app, provider, reports).await;
        }
        for stored in stored.into_iter().flatten() {
            let _ = stored.send(());
        }
        // There is room again.
        provider.queued.notify_one();
    }
}

/// What was on the wire when its sender died: asked for where the carrier remembers, else unknown.
async fn recover(app: &App, provider: &Provider, carrier: &Arc<dyn Carrier>, lease_number: i64) {
    loop {
        match recover_some(app, provider, carrier, lease_number).await {
            Ok(0) => return,
            Ok(found) => info!(found, carrier = %provider.name, "Parts that were on the wire have an answer"),
            Err(error) => {
                warn!(%error, cause = ?error.cause(), carrier = %provider.name, "Parts that were on the wire could not be asked for");
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

async fn recover_some(app: &App, provider: &Provider, carrier: &Arc<dyn Carrier>, lease_number: i64) -> Result<usize> {
    let left = outbound::actions::left_on_the_wire(app, &provider.name, lease_number, RECALL).await?;
    if left.is_empty() {
        return Ok(0);
    }
    let submissions = if carrier.capabilities().remembers_parts {
        carrier.recall(left.iter().map(|id| id.0).collect()).await.map_err(Error::internal)?
    } else {
        left.iter().map(|_| Submission::Unknown { reason: "the server stopped while it was sent".to_owned() }).collect()
    };
    let found = left.len();
    let reports = left.into_iter().zip(submissions).map(|(part, submission)| Report::Wire { part, submission });
    outbound::actions::report(app, &provider.name, reports.collect()).await?;
    Ok(found)
}

/// Takes what is due out of the queue as fast as the carrier takes it.
/// Asked to stop, it claims nothing more and returns when everything on the wire is answered, and the answers are stored.
async fn send(
    app: &App,
    provider: &Provider,
    carrier: &Arc<dyn Carrier>,
    lease_number: i64,
    reports: mpsc::Sender<Told>,
) {
    let window = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
    while !app.stopping.is_cancelled() {
        let room = carrier.room().min(window.available_permits()).min(CLAIM);
        let claimed = match room {
            0 => Ok(vec![]),
            room => outbound::actions::claim(app, &provider.name, lease_number, room).await,
        };
        let claimed = claimed.unwrap_or_else(|error| {
            warn!(%error, cause = ?error.cause(), carrier = %provider.name, "The outbox could not be read");
            vec![]
        });
        if claimed.is_empty() {
            tokio::select! {
                () = provider.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = app.stopping.cancelled() => {}
            }
        }
        for part in claimed {
            let (carrier, reports, permit) = (carrier.clone(), reports.clone(), window.clone().acquire_owned().await);
            app.spawn(async move {
                let told = Report::Wire { part: part.id, submission: submit(&*carrier, &part).await };
                // If nobody listens any more, the next holder of the lease asks the carrier.
                let _ = reports.send(Told { reports: vec![told], stored: None }).await;
                drop(permit);
            });
        }
    }
    let all = u32::try_from(MAX_IN_FLIGHT).unwrap_or(u32::MAX);
    let _ = window.acquire_many(all).await;
    Told::store(vec![], &reports).await;
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
async fn store_reports(app: &App, provider: &Provider, reports: Vec<Report>) {
    for attempt in 1.. {
        let Err(error) = outbound::actions::report(app, &provider.name, reports.clone()).await else { return };
        warn!(%error, cause = ?error.cause(), carrier = %provider.name, attempt, "What a carrier told could not be stored; trying again");
        if reports.len() > 1 {
            for half in reports.chunks(reports.len().div_ceil(2)) {
                Box::pin(store_reports(app, provider, half.to_vec())).await;
            }
            return;
        }
        if attempt >= ATTEMPTS {
            let about = reports.first().map(|report| match report {
                Report::Wire { part, .. } => part.to_string(),
                Report::Receipt(receipt) => receipt.ids.first().cloned().unwrap_or_default(),
            });
            error!(about, carrier = %provider.name, "A report is given up: its text keeps the state that it has");
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

/// Stores what the carrier tells, then says so; what could not be stored comes again.
async fn listen(app: &App, provider: &Provider, carrier: &Arc<dyn Carrier>, reports: mpsc::Sender<Told>) {
    loop {
        let heard = match carrier.events(EVENTS, WAIT_FOR_EVENTS).await {
            Ok(heard) => heard,
            Err(error) => {
                warn!(%error, carrier = %provider.name, "A carrier's events could not be read");
                tokio::time::sleep(TRY_AGAIN).await;
                continue;
            }
        };
        let Some(through) = heard.last().map(|heard| heard.place) else { continue };
        take_in(app, provider, heard, &reports).await;
        while let Err(error) = carrier.acknowledge(through).await {
            warn!(%error, carrier = %provider.name, "A carrier's events could not be acknowledged");
            tokio::time::sleep(TRY_AGAIN).await;
        }
    }
}

async fn take_in(app: &App, provider: &Provider, heard: Vec<Heard>, reports: &mpsc::Sender<Told>) {
    let (mut receipts, mut texts) = (vec![], vec![]);
    for heard in heard {
        match heard.event {
            Event::Receipt(receipt) => receipts.push(Report::Receipt(receipt)),
            Event::Inbound(inbound) => texts.push(inbound),
        }
    }
    if !receipts.is_empty() {
        Told::store(receipts, reports).await;
    }
    accept(app, provider, &texts).await;
}

/// With the simulator's link comes what its handsets received.
async fn tell_handsets(app: &App, provider: &Provider) {
    match app.carriers.simulation() {
        Ok(simulation) if provider.name == SIMULATOR => handsets::jobs::tell(app, &*simulation).await,
        _ => std::future::pending().await,
    }
}

/// Until it is stored. If the whole fails, its halves are tried; what fails alone again and again is kept for people to look at,
/// because it must not keep out everything that comes after it.
async fn accept(app: &App, provider: &Provider, texts: &[Inbound]) {
    for attempt in 1.. {
        let Err(error) = inbound::actions::accept(app, &provider.name, texts).await else { return };
        warn!(%error, cause = ?error.cause(), carrier = %provider.name, attempt, "What arrived could not be stored; trying again");
        if texts.len() > 1 {
            for half in texts.chunks(texts.len().div_ceil(2)) {
                Box::pin(accept(app, provider, half)).await;
            }
            return;
        }
        if attempt >= ATTEMPTS && inbound::actions::keep_refused(app, &provider.name, texts).await.is_ok() {
            error!(carrier = %provider.name, "A text that arrived is kept, but could not be put into its thread");
            return;
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

async fn tidy(app: &App, provider: &Provider) {
    loop {
        tokio::time::sleep(TIDY_EVERY).await;
        if let Err(error) = inbound::actions::give_up_waiting(app, &provider.name).await {
            warn!(%error, cause = ?error.cause(), "Texts that lack parts could not be shown");
        }
        if let Err(error) = outbound::actions::forget_early(app).await {
            warn!(%error, cause = ?error.cause(), "Old receipts could not be deleted");
        }
    }
}
