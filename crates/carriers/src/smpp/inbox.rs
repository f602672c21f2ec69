//! What the carrier told and nobody stored yet: bounded, in order, each with the answer that it will get.
//! Never answers a carrier before the event is acknowledged, so that a crash loses nothing: unanswered, it comes again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::link::Link;
use crate::{Event, Heard};

/// Events without an acknowledgement; for one more the carrier hears that our queue is full, and brings it later.
pub const MAX_EVENTS: usize = 2_000;

/// Whom to answer once an event is stored.
pub struct Asked {
    pub link: Arc<Link>,
    pub command: u32,
    pub sequence: u32,
}

struct Waiting {
    heard: Heard,
    asked: Asked,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    last_place: u64,
}

#[derive(Default)]
pub struct Inbox {
    state: Mutex<State>,
    arrived: Notify,
}

impl Inbox {
    /// Whether there was room for it.
    pub fn put(&self, event: Event, asked: Asked) -> bool {
        let mut state = self.lock();
        if state.waiting.len() >= MAX_EVENTS {
            return false;
        }
        state.last_place += 1;
        let heard = Heard { place: state.last_place, event };
        state.waiting.push_back(Waiting { heard, asked });
        drop(state);
        self.arrived.notify_one();
        true
    }

    /// The oldest, as soon as there is one.
    pub async fn oldest(&self, max: usize, wait: Duration) -> Vec<Heard> {
        let until = Instant::now() + wait;
        loop {
            let heard: Vec<Heard> = self.lock().waiting.iter().take(max).map(|one| one.heard.clone()).collect();
            if !heard.is_empty() || timeout_at(until, self.arrived.notified()).await.is_err() {
                return heard;
            }
        }
    }

    /// Everything up to this place is stored.
    pub fn acknowledge(&self, through: u64) {
        let mut state = self.lock();
        let count = state.waiting.partition_point(|one| one.heard.place <= through);
        let stored: Vec<Waiting> = state.waiting.drain(..count).collect();
        drop(state);
        for Waiting { asked, .. } in stored {
            asked.link.answer_delivery(asked.command, asked.sequence, super::status::OK);
        }
    }

    /// The link is gone: what came over it cannot be answered any more, and will come again.
    pub fn forget(&self, link: &Arc<Link>) {
        self.lock().waiting.retain(|one| !Arc::ptr_eq(&one.asked.link, link));
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
