//! The bus of a single node: a set of topics and a queue.
//! It never drops a message silently; a full queue is told as `Lost`.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::{Delivery, QUEUE};

#[derive(Clone)]
pub struct Memory(Arc<Inner>);

struct Inner {
    topics: Mutex<HashSet<String>>,
    queue: mpsc::Sender<Delivery>,
    lost: AtomicBool,
}

impl Memory {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Delivery>) {
        let (queue, deliveries) = mpsc::channel(QUEUE);
        (Self(Arc::new(Inner { topics: Mutex::default(), queue, lost: AtomicBool::new(false) })), deliveries)
    }

    pub(crate) fn publish(&self, topic: &str, payload: Bytes) {
        if self.topics().contains(topic) {
            self.0.deliver(Delivery::Message { topic: topic.to_owned(), payload });
        }
    }

    pub(crate) fn subscribe(&self, topics: Vec<String>) {
        self.topics().extend(topics);
    }

    pub(crate) fn unsubscribe(&self, topics: &[String]) {
        let mut set = self.topics();
        for topic in topics {
            set.remove(topic);
        }
    }

    fn topics(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn deliver(&self, delivery: Delivery) {
        deliver(&self.queue, &self.lost, delivery);
    }
}

/// Puts it in the queue of this node. After an overflow `Lost` goes in first, as soon as there is room.
pub(crate) fn deliver(queue: &mpsc::Sender<Delivery>, lost: &AtomicBool, delivery: Delivery) {
    if lost.load(Ordering::Acquire) {
        if queue.try_send(Delivery::Lost).is_err() {
            return;
        }
        lost.store(false, Ordering::Release);
    }
    if queue.try_send(delivery).is_err() {
        lost.store(true, Ordering::Release);
    }
}
