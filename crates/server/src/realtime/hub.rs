//! Takes what the bus brings and hands it to the sockets of this node.
//! Who may hear what it learns from `Audiences`; it never reads the database itself.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use convo_bus::{Bus, Delivery};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::{
    PING_EVERY, RECONNECT_WITHIN, close,
    rooms::{Rooms, Then, encode},
    wire::{Closing, Outgoing, Wire},
};
use crate::{
    error::{Error, Result},
    events::{self, Audience, Event, carrier_of, conversation_topic, person_topic},
    ids::{ConversationId, SessionId, UserId},
};

type Later<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// Who may hear what, as the features know it.
#[derive(Clone)]
pub struct Audiences {
    pub members: Arc<dyn Fn(ConversationId) -> Later<RoomMembers> + Send + Sync>,
    pub conversations: Arc<dyn Fn(UserId) -> Later<Vec<ConversationId>> + Send + Sync>,
}

#[derive(Debug, Clone)]
pub struct RoomMembers {
    pub members_version: i64,
    pub listeners: Vec<Listener>,
}

#[derive(Debug, Clone)]
pub struct Listener {
    pub user_id: UserId,
    /// The parts of the log that they may see; the open one has no end.
    pub spans: Vec<(i64, Option<i64>)>,
}

impl Listener {
    pub fn sees(&self, seq: i64) -> bool {
        self.spans.iter().any(|(from, to)| seq >= *from && to.is_none_or(|to| seq <= to))
    }
}

#[derive(Debug, Clone, Copy)]
pub struct SocketLimits {
    pub per_person: usize,
    /// That wait for one socket.
    pub events: usize,
}

#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Leaving(Hub);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.0.leaving.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Who sends for a carrier is told that something waits, whichever node queued it.
pub type Wake = Box<dyn Fn(&str) + Send + Sync>;

struct Inner {
    bus: Bus,
    wake: Wake,
    leaving: AtomicUsize,
    rooms: Mutex<Rooms>,
    inside: mpsc::UnboundedSender<Inside>,
    waiting: Mutex<Option<mpsc::UnboundedReceiver<Inside>>>,
}

/// What the hub tells itself when something slow is done. As many as there are rooms and people here.
enum Inside {
    Loaded(ConversationId, Result<RoomMembers>),
    /// The subscription holds: now the person may hear of the conversation.
    Joined(UserId, ConversationId, bytes::Bytes),
    Missed(UserId, Result<Vec<ConversationId>>),
}

/// Tries to load a room's members again after this, so many times.
const LOAD_RETRY: Duration = Duration::from_millis(200);
const LOAD_TRIES: usize = 3;

impl Hub {
    pub fn new(bus: Bus, wake: Wake) -> Self {
        let (inside, waiting) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            bus,
            wake,
            leaving: AtomicUsize::new(0),
            rooms: Mutex::default(),
            inside,
            waiting: Mutex::new(Some(waiting)),
        }))
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From its return on, this socket hears everything. Listening starts before anything is loaded.
    pub async fn connect(
        &self,
        audiences: &Audiences,
        user_id: UserId,
        session_id: SessionId,
        limits: SocketLimits,
    ) -> Result<(Arc<Wire>, mpsc::Receiver<Outgoing>)> {
        let (wire, outgoing, listening) = {
            let mut rooms = self.rooms();
            let person = rooms.people.entry(user_id).or_default();
            if person.sockets.len() >= limits.per_person {
                return Err(Error::rate_limited(
                    "too_many_sockets",
                    "You have too many connections open. Close some of them.",
                    30,
                ));
            }
            let (wire, outgoing) = Wire::new(user_id, session_id, limits.events);
            let wire = Arc::new(wire);
            person.sockets.push(wire.clone());
            (wire, outgoing, self.0.bus.subscribe(vec![person_topic(user_id)]))
        };
        listening.await;
        let ids = match (audiences.conversations)(user_id).await {
            Ok(ids) => ids,
            Err(error) => {
                self.disconnect(&wire);
                return Err(error);
            }
        };
        self.listen(user_id, &ids).await;
        Ok((wire, outgoing))
    }

    async fn listen(&self, user_id: UserId, ids: &[ConversationId]) {
        let listening = {
            let mut rooms = self.rooms();
            rooms.listen(user_id, ids);
            self.0.bus.subscribe(ids.iter().map(|id| conversation_topic(*id)).collect())
        };
        listening.await;
    }

    /// Under the lock, so that nobody who connects at this moment loses a subscription that was just made.
    pub fn disconnect(&self, wire: &Arc<Wire>) {
        let mut rooms = self.rooms();
        let (empty, gone) = rooms.leave(wire);
        let mut topics: Vec<_> = empty.into_iter().map(conversation_topic).collect();
        if gone {
            topics.push(person_topic(wire.user_id));
        }
        if !topics.is_empty() {
            self.0.bus.unsubscribe(topics);
        }
    }

    /// Closes the sockets of a session on this node.
    pub fn end_session(&self, user_id: UserId, session_id: SessionId, reason: &str) {
        let payload =
            serde_json::to_vec(&Event::SessionEnded { reason: reason.to_owned() }).expect("events are plain data");
        self.rooms().deliver(Audience::Session { user_id, session_id }, payload.into());
    }

    /// Sessions that have sockets here.
    pub fn sessions(&self) -> Vec<(UserId, SessionId)> {
        self.rooms()
            .people
            .values()
            .flat_map(|person| person.sockets.iter().map(|wire| (wire.user_id, wire.session_id)))
            .collect()
    }

    pub fn sockets(&self) -> usize {
        self.rooms().people.values().map(|person| person.sockets.len()).sum()
    }

    /// Sends everybody away, spread over a few seconds; returns when they are gone. The caller sets a limit.
    pub async fn drain(&self) {
        for wire in self.wires() {
            let after_ms = rand::random_range(0..u64::try_from(RECONNECT_WITHIN.as_millis()).unwrap_or(5_000));
            wire.close(Closing {
                code: close::RESTART,
                reason: "restarting",
                last_word: Some(encode(&Event::Reconnect { after_ms })),
            });
        }
        while self.sockets() > 0 || self.0.leaving.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Held by a socket that is gone for the hub and says its last words.
    pub fn leaving(&self) -> impl Drop + Send + use<> {
        self.0.leaving.fetch_add(1, Ordering::AcqRel);
        Leaving(self.clone())
    }

    fn wires(&self) -> Vec<Arc<Wire>> {
        self.rooms().people.values().flat_map(|person| person.sockets.iter().cloned()).collect()
    }

    fn take(&self, audiences: &Audiences, delivery: Delivery) {
        let Delivery::Message { topic, payload } = delivery else { return self.missed(audiences) };
        if let Some(carrier) = carrier_of(&topic) {
            return (self.0.wake)(carrier);
        }
        let Some((audience, payload)) = events::decode(payload) else { return };
        let mut rooms = self.rooms();
        match audience {
            // At once, so that it comes before everything that is published later.
            Audience::Removal { user_id, conversation_id, members_version } => {
                rooms.needs(conversation_id, members_version);
                if rooms.unlisten(user_id, conversation_id) {
                    self.0.bus.unsubscribe(vec![conversation_topic(conversation_id)]);
                }
                rooms.send_to(user_id, &payload);
                return;
            }
            Audience::Joining { user_id, conversation_id, members_version } => {
                rooms.listen(user_id, &[conversation_id]);
                rooms.needs(conversation_id, members_version);
                if !rooms.listens(user_id, conversation_id) {
                    return;
                }
                let listening = self.0.bus.subscribe(vec![conversation_topic(conversation_id)]);
                let inside = self.0.inside.clone();
                drop(rooms);
                spawn(async move {
                    listening.await;
                    let _ = inside.send(Inside::Joined(user_id, conversation_id, payload));
                });
                return;
            }
            _ => {}
        }
        let then = rooms.deliver(audience, payload);
        drop(rooms);
        self.follow(audiences, then);
    }

    fn follow(&self, audiences: &Audiences, then: Then) {
        match then {
            Then::Nothing => {}
            Then::Load(id) => {
                let (load, inside) = (audiences.members.clone(), self.0.inside.clone());
                spawn(async move {
                    let mut loaded = load(id).await;
                    for _ in 1..LOAD_TRIES {
                        if loaded.is_ok() {
                            break;
                        }
                        tokio::time::sleep(LOAD_RETRY).await;
                        loaded = load(id).await;
                    }
                    let _ = inside.send(Inside::Loaded(id, loaded));
                });
            }
            Then::Sync => self.ask_for_heads(),
        }
    }

    /// Something may have been lost: look at memberships again, then let everybody ask for heads.
    fn missed(&self, audiences: &Audiences) {
        warn!("The bus may have lost something; clients are told to ask for heads");
        let people: Vec<_> = {
            let mut rooms = self.rooms();
            rooms.forget_members();
            rooms.people.keys().copied().collect()
        };
        let (load, inside) = (audiences.conversations.clone(), self.0.inside.clone());
        spawn(async move {
            for user_id in people {
                let _ = inside.send(Inside::Missed(user_id, load(user_id).await));
            }
        });
    }

    fn ask_for_heads(&self) {
        let sync = encode(&Event::Sync);
        for wire in self.wires() {
            wire.send(&sync);
        }
    }

    fn inside(&self, audiences: &Audiences, inside: Inside) {
        match inside {
            Inside::Joined(user_id, id, payload) => {
                let rooms = self.rooms();
                // They may have been removed again meanwhile, and have heard that already.
                if rooms.listens(user_id, id) {
                    rooms.send_to(user_id, &payload);
                }
            }
            Inside::Loaded(id, Ok(members)) => {
                let then = self.rooms().loaded(id, members);
                self.follow(audiences, then);
            }
            Inside::Loaded(id, Err(error)) => {
                error!(%error, conversation.id = %id, "The members of a conversation could not be loaded");
                self.rooms().not_loaded(id);
                self.ask_for_heads();
            }
            Inside::Missed(user_id, ids) => {
                let (hub, sync) = (self.clone(), encode(&Event::Sync));
                spawn(async move {
                    if let Ok(ids) = ids {
                        hub.listen(user_id, &ids).await;
                    }
                    hub.rooms().send_to(user_id, &sync.into());
                });
            }
        }
    }
}

/// Small work of the hub's own; it ends by itself and needs no waiting for.
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    #[expect(clippy::disallowed_methods, reason = "loads for sockets that shutdown has already closed")]
    tokio::spawn(work);
}

/// Delivers until the server has stopped.
pub async fn run(hub: Hub, audiences: Audiences, mut deliveries: mpsc::Receiver<Delivery>, stopped: CancellationToken) {
    let waiting = hub.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut inside) = waiting else { return };
    loop {
        tokio::select! {
            biased;
            Some(done) = inside.recv() => hub.inside(&audiences, done),
            delivery = deliveries.recv() => match delivery {
                Some(delivery) => hub.take(&audiences, delivery),
                None => return,
            },
            () = stopped.cancelled() => return,
        }
    }
}

/// One timer for all sockets, so that an idle one costs none of its own; a thirtieth of them each second.
pub async fn ping(hub: Hub, stopped: CancellationToken) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    let rounds = usize::try_from(PING_EVERY.as_secs()).unwrap_or(30);
    for round in (0..rounds).cycle() {
        tokio::select! {
            _ = tick.tick() => {}
            () = stopped.cancelled() => return,
        }
        for wire in hub.wires() {
            // The address of a socket never changes while it lives, so each has its turn once in a cycle.
            if (Arc::as_ptr(&wire).addr() >> 6) % rounds == round {
                wire.ping();
            }
        }
    }
}
