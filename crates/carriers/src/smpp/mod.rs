//! A carrier spoken to in SMPP 3.4, as its client.
//! Never sends a text twice, and never tells the carrier that an event is stored before it is.

mod address;
mod arrivals;
mod bind;
mod ids;
mod inbox;
mod link;
mod message;
mod pace;
mod pdu;
mod receipt;
mod session;
mod settings;
mod status;
mod text;
mod verdicts;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use convo_db::Timestamp;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::{Capabilities, Carrier, Failure, Health, Heard, LinkError, Part, Submission};
use address::Address;
use bind::Role;
use link::Link;

pub use settings::{
    Addresses, Bind, DefaultAlphabet, LongMessages, MessageIds, Password, Receipts, Settings, Text, Timing, Tls,
    TypeOfNumber, WrongSettings,
};

/// What time it is: receipts and texts are dated by us, as their own dates have no zone.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a connection is, for people who look after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    Connecting,
    Bound,
    /// The carrier answered the bind with an error.
    Refused {
        status: String,
        retry_in: Duration,
    },
    Down {
        reason: String,
        retry_in: Duration,
    },
    Closed,
}

/// An account at a carrier, with its connections. Dropped without [`Carrier::close`], it ends as well, but without a good-bye.
pub struct Smpp {
    shared: Arc<Shared>,
    tasks: TaskTracker,
    links: watch::Receiver<Vec<LinkState>>,
    dropped: CancellationToken,
}

/// What all tasks of one account know.
struct Shared {
    settings: Settings,
    now: Now,
    pace: pace::Pace,
    inbox: inbox::Inbox,
    ids: Mutex<ids::Ids>,
    /// Where submissions go.
    transmitter: Mutex<Option<Arc<Link>>>,
    states: watch::Sender<Vec<LinkState>>,
    sessions: Mutex<Vec<Uuid>>,
    closing: CancellationToken,
}

impl Smpp {
    /// Begins to connect, and keeps connected until it is closed.
    pub fn start(settings: Settings, now: Now) -> Result<Self, WrongSettings> {
        settings.check()?;
        let roles = match settings.bind {
            Bind::Transceiver => vec![Role::Transceiver],
            Bind::Pair => vec![Role::Transmitter, Role::Receiver],
        };
        let (states, links) = watch::channel(vec![LinkState::Connecting; roles.len()]);
        let shared = Arc::new(Shared::new(settings, now, states));
        let (tasks, dropped) = (TaskTracker::new(), CancellationToken::new());
        for (place, role) in roles.into_iter().enumerate() {
            let keep = bind::keep(Arc::clone(&shared), role, place);
            tasks.spawn(dropped.clone().run_until_cancelled_owned(keep));
        }
        tasks.close();
        Ok(Self { shared, tasks, links, dropped })
    }

    /// The state of each connection, as it changes.
    pub fn links(&self) -> watch::Receiver<Vec<LinkState>> {
        self.links.clone()
    }

    async fn send(&self, part: Part) -> Submission {
        let shared = &self.shared;
        let Some(link) = shared.transmitter() else { return Submission::Unreachable };
        let body = match submission(&part, &shared.settings) {
            Ok(body) => body,
            Err((failure, detail)) => return Submission::Refused { failure, detail: detail.to_owned() },
        };
        let Ok(place) = Arc::clone(&link.window).acquire_owned().await else { return Submission::Unreachable };
        match shared.pace.reserve(Instant::now()) {
            Ok(moment) => sleep_until(moment).await,
            Err(wait) => return throttled(wait),
        }
        // The carrier may have complained since.
        if let Some(pause) = shared.pace.paused(Instant::now()) {
            return throttled(pause);
        }
        shared.ids().leaves(&part.to);
        let submission = link.submit(part.to.clone(), body, place).await;
        if submission == Submission::Unreachable {
            shared.ids().answered(&part.to);
        }
        submission
    }
}

fn throttled(wait: Duration) -> Submission {
    Submission::Throttled { retry_after_ms: wait.as_millis() as u64 + 1 }
}

fn submission(part: &Part, settings: &Settings) -> Result<Vec<u8>, (Failure, &'static str)> {
    let from = Address::of(&part.from, &settings.addresses)
        .ok_or((Failure::SenderRefused, "the sender's name has letters that SMPP cannot say"))?;
    let to = Address::of(&part.to, &settings.addresses)
        .ok_or((Failure::UnknownHandset, "the receiver's name has letters that SMPP cannot say"))?;
    let written = text::write(&part.payload, &settings.text).map_err(|reason| (Failure::Unspecified, reason))?;
    Ok(message::submit(&from, &to, &written, settings))
}

impl Carrier for Smpp {
    fn capabilities(&self) -> Capabilities {
        Capabilities { world: self.shared.settings.world, remembers_parts: false, names_inbound: false }
    }

    fn room(&self) -> usize {
        let free = self.shared.transmitter().map_or(0, |link| link.window.available_permits());
        free.min(self.shared.pace.room(Instant::now()))
    }

    fn submit(&self, part: Part) -> BoxFuture<'_, Submission> {
        self.send(part).boxed()
    }

    /// Carriers know ids of their own only.
    fn recall(&self, _: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Submission>, LinkError>> {
        async { Err(LinkError("an SMPP carrier does not know our ids".to_owned())) }.boxed()
    }

    fn events(&self, max: usize, wait: Duration) -> BoxFuture<'_, Result<Vec<Heard>, LinkError>> {
        async move {
            tokio::select! {
                heard = self.shared.inbox.oldest(max, wait) => Ok(heard),
                () = self.shared.closing.cancelled() => Err(LinkError("the link is closed".to_owned())),
            }
        }
        .boxed()
    }

    fn acknowledge(&self, through: u64) -> BoxFuture<'_, Result<(), LinkError>> {
        self.shared.inbox.acknowledge(through);
        async { Ok(()) }.boxed()
    }

    /// Down as soon as one of its connections is.
    fn health(&self) -> Health {
        let down = |state: &LinkState| match state {
            LinkState::Bound => None,
            LinkState::Connecting => Some("connecting".to_owned()),
            LinkState::Refused { status, .. } => Some(format!("the carrier refused the bind: {status}")),
            LinkState::Down { reason, .. } => Some(reason.clone()),
            LinkState::Closed => Some("closed".to_owned()),
        };
        let reason = self.links.borrow().iter().find_map(down);
        reason.map_or(Health::Up, |reason| Health::Down { reason })
    }

    fn sessions(&self) -> Vec<Uuid> {
        self.shared.sessions().clone()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.shared.closing.cancel();
        self.tasks.wait().boxed()
    }
}

impl Drop for Smpp {
    fn drop(&mut self) {
        self.dropped.cancel();
    }
}

impl Shared {
    fn new(settings: Settings, now: Now, states: watch::Sender<Vec<LinkState>>) -> Self {
        Self {
            pace: pace::Pace::new(settings.segments_per_second),
            inbox: inbox::Inbox::default(),
            ids: Mutex::new(ids::Ids::new(settings.message_ids)),
            transmitter: Mutex::new(None),
            states,
            sessions: Mutex::default(),
            closing: CancellationToken::new(),
            settings,
            now,
        }
    }

    fn transmitter(&self) -> Option<Arc<Link>> {
        self.transmitter.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn transmit_on(&self, link: Option<Arc<Link>>) {
        *self.transmitter.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }

    fn ids(&self) -> MutexGuard<'_, ids::Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sessions(&self) -> MutexGuard<'_, Vec<Uuid>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, place: usize, state: LinkState) {
        self.states.send_modify(|states| states[place] = state);
    }
}
