//! Publish and subscribe between the nodes of one installation, and counts that live for a moment.
//! It carries bytes on topics and knows nothing of what they mean; losing a message here must always be repairable elsewhere.

use std::future::Future;

mod counter;
mod memory;
mod redis;

use bytes::Bytes;
use tokio::sync::mpsc;

pub use counter::Counter;
pub use memory::Memory;
pub use redis::Redis;

/// Deliveries waiting for this node's hub. When it is full, the oldest promise holds: the hub is told `Lost` and asks for heads.
pub const QUEUE: usize = 16_384;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Redis: {0}")]
    Redis(#[from] ::redis::RedisError),
}

/// What a node hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Message {
        topic: String,
        payload: Bytes,
    },
    /// Something may have been missed: the connection was lost, or this node was too slow.
    Lost,
}

/// One bus per process. Topics are short strings; this node hears those that it subscribed to.
#[derive(Clone)]
pub enum Bus {
    Memory(Memory),
    Redis(Redis),
}

impl Bus {
    /// For one node: everything stays in the process.
    pub fn memory() -> (Self, mpsc::Receiver<Delivery>) {
        let (bus, deliveries) = Memory::new();
        (Self::Memory(bus), deliveries)
    }

    /// For several nodes. Returns at once; Redis may come later, and may go and come back.
    pub fn redis(url: &str) -> Result<(Self, mpsc::Receiver<Delivery>), Error> {
        let (bus, deliveries) = Redis::new(url)?;
        Ok((Self::Redis(bus), deliveries))
    }

    /// Never waits for the network and never fails: what cannot be sent now is told as `Lost` to those it was for.
    pub fn publish(&self, topic: &str, payload: Bytes) {
        match self {
            Self::Memory(bus) => bus.publish(topic, payload),
            Self::Redis(bus) => bus.publish(topic, payload),
        }
    }

    /// Takes its place in the order of subscriptions at once; the future returns when it holds,
    /// so that what is loaded afterwards misses nothing.
    pub fn subscribe(&self, topics: Vec<String>) -> impl Future<Output = ()> + Send + use<> {
        let confirmed = match self {
            Self::Memory(bus) => {
                bus.subscribe(topics);
                None
            }
            Self::Redis(bus) => Some(bus.subscribe(topics)),
        };
        async move {
            if let Some(confirmed) = confirmed {
                confirmed.await;
            }
        }
    }

    pub fn unsubscribe(&self, topics: Vec<String>) {
        match self {
            Self::Memory(bus) => bus.unsubscribe(&topics),
            Self::Redis(bus) => bus.unsubscribe(topics),
        }
    }

    /// Whether other nodes can be reached right now.
    pub fn is_connected(&self) -> bool {
        match self {
            Self::Memory(_) => true,
            Self::Redis(bus) => bus.is_connected(),
        }
    }
}
