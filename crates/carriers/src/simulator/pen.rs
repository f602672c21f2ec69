//! The one pen with which the store is written: whoever holds it is alone, so places become visible in their order.
//! What it changes in memory is changed after the commit only.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use convo_db::{Timestamp, Tx};
use convo_phone::{Number, Party, sms::Payload};
use serde::Serialize;
use serde_json::value::to_raw_value;
use tokio::sync::OwnedMutexGuard;
use tracing::error;
use uuid::Uuid;

use super::{
    Shared,
    store::{self, Counters, events::Told, handsets::NewDelivery},
    wire::WireEvent,
    world::World,
};
use crate::{Event, Inbound, LinkError};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the simulator's store failed: {0}")]
    Db(#[from] convo_db::Error),
    #[error("another process has taken the simulator's store over; this one writes nothing any more")]
    Replaced,
    #[error("the simulator is stopping")]
    Stopping,
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> Self {
        if let StoreError::Db(error) = &error {
            error!(%error, "The store of the simulated carrier failed");
        }
        Self(error.to_string())
    }
}

impl From<convo_db::Error> for LinkError {
    fn from(error: convo_db::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// What the holder knows.
#[derive(Default)]
pub struct Pen {
    pub counters: Counters,
    /// A commit failed, perhaps after it had happened: look again before writing.
    pub must_look: bool,
}

/// A transaction with the pen in hand.
pub struct Writing {
    shared: Arc<Shared>,
    pen: OwnedMutexGuard<Pen>,
    pub tx: Tx,
    pub counters: Counters,
    pub now: Timestamp,
    happened: Vec<Told>,
    to_come: Vec<Told>,
    deliveries: Vec<NewDelivery>,
    /// Set by who has looked at all that is to come.
    next_due: Option<Option<Timestamp>>,
    handsets_changed: bool,
}

impl Shared {
    pub async fn write(self: &Arc<Self>) -> Result<Writing, StoreError> {
        let mut pen = self.pen.clone().lock_owned().await;
        if pen.must_look {
            let mut db = self.db.snapshot().await?;
            let (counters, world) = (store::counters(&mut db).await?, World::load(&mut db).await?);
            if counters.epoch != pen.counters.epoch {
                return Err(StoreError::Replaced);
            }
            *self.worlds.write() = world;
            *pen = Pen { counters, must_look: false };
        }
        let tx = self.db.begin_batch().await?;
        Ok(Writing {
            shared: self.clone(),
            counters: pen.counters.clone(),
            pen,
            tx,
            now: (self.clock)(),
            happened: vec![],
            to_come: vec![],
            deliveries: vec![],
            next_due: None,
            handsets_changed: false,
        })
    }
}

impl Writing {
    pub fn next_id(&mut self) -> i64 {
        self.counters.next_id += 1;
        self.counters.next_id - 1
    }

    /// Counts what a message of a handset is, or became.
    pub fn next_change(&mut self) -> i64 {
        self.handsets_changed = true;
        self.next_id()
    }

    /// What happens by itself is told at once or when its time has come.
    pub fn tell(&mut self, after: Duration, event: impl FnOnce(Timestamp) -> Event) {
        let at = self.now.plus(after);
        let body = to_raw_value(&WireEvent::from(&event(at))).expect("events can always be written");
        if after.is_zero() {
            let number = self.take_places(1);
            self.happened.push(Told { number, at: at.micros(), body });
        } else {
            let number = self.next_id();
            self.to_come.push(Told { number, at: at.micros(), body });
        }
    }

    /// A text of one or more parts arrives at a number of ours; `id` names it, and the parts after it.
    pub fn arrives(&mut self, after: Duration, id: Uuid, from: &Party, to: Number, payloads: Vec<Payload>) {
        for (index, payload) in payloads.into_iter().enumerate() {
            let id = Some(format!("sim-{}-{}", id.simple(), index + 1));
            let (from, to) = (from.clone(), Party::Number(to));
            self.tell(after, |at| Event::Inbound(Inbound { id, from, to, payload, at, session: None }));
        }
    }

    pub fn deliver(&mut self, handset: Uuid, after: Duration, expires_after: Duration, part: &impl Serialize) {
        let delivery = NewDelivery {
            id: self.next_id(),
            handset_id: convo_db::hex(handset),
            due_at: self.now.plus(after).micros(),
            expires_at: self.now.plus(expires_after).micros(),
            part: to_raw_value(part).expect("parts can always be written"),
        };
        self.deliveries.push(delivery);
    }

    /// The first of so many places in a row.
    pub fn take_places(&mut self, count: i64) -> i64 {
        self.counters.next_place += count;
        self.counters.next_place - count
    }

    /// To be called last of all that touches what is to come.
    pub async fn look_for_next_due(&mut self) -> Result<(), StoreError> {
        self.flush().await?;
        self.next_due = Some(store::events::next_due(&mut self.tx).await?);
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if !self.happened.is_empty() {
            store::events::append(&mut self.tx, &self.happened).await?;
            self.happened.clear();
        }
        let due = self.to_come.iter().map(|told| told.at).chain(self.deliveries.iter().map(|delivery| delivery.due_at));
        let soonest = due.min().unwrap_or(i64::MAX);
        if !self.to_come.is_empty() {
            store::events::schedule(&mut self.tx, &self.to_come).await?;
            self.to_come.clear();
        }
        if !self.deliveries.is_empty() {
            store::handsets::send(&mut self.tx, &self.deliveries).await?;
            self.deliveries.clear();
        }
        // Before the commit: to look too early costs one look, too late costs an event its time.
        self.shared.next_due.fetch_min(soonest, Ordering::AcqRel);
        Ok(())
    }

    /// Makes it durable, then lets the world know.
    pub async fn commit(mut self, change: impl FnOnce(&mut World)) -> Result<(), StoreError> {
        self.flush().await?;
        if !store::save(&mut self.tx, &self.counters).await? {
            return Err(StoreError::Replaced);
        }
        self.pen.must_look = true;
        self.tx.commit().await?;
        change(&mut self.shared.worlds.write());
        if self.counters.next_place != self.pen.counters.next_place {
            self.shared.heard.notify_waiters();
        }
        if let Some(next_due) = self.next_due {
            let micros = next_due.map_or(i64::MAX, Timestamp::micros);
            self.shared.next_due.store(micros, Ordering::Release);
        }
        if self.handsets_changed {
            self.shared.handsets_changed.notify_waiters();
        }
        self.shared.acknowledged.store(self.counters.acknowledged, Ordering::Release);
        self.pen.counters = self.counters;
        self.pen.must_look = false;
        self.shared.nudge.notify_one();
        Ok(())
    }
}
