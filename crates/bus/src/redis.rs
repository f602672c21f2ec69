//! The bus of several nodes: Redis publish / subscribe, with reconnect.
//! It never blocks a publisher, and says `Lost` whenever a message could have been missed.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

use crate::{Delivery, Error, QUEUE, memory::deliver};

/// Messages that wait for the connection to Redis.
const OUTGOING: usize = 16_384;
/// Published with one round trip.
const PIPELINE: usize = 512;
const RETRY: Duration = Duration::from_millis(500);
/// A subscription that Redis does not confirm in this time is reported as done; `Lost` follows the reconnect.
const CONFIRM: Duration = Duration::from_secs(2);
const HEARTBEAT: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    outgoing: mpsc::Sender<(String, Bytes)>,
    commands: mpsc::UnboundedSender<Command>,
    connected: Arc<AtomicBool>,
    /// Set when something could not be sent; the next connection tells every node to ask for heads.
    dropped: Arc<AtomicBool>,
}

enum Command {
    Subscribe(Vec<String>, oneshot::Sender<()>),
    Unsubscribe(Vec<String>),
}

/// Heard by every node: a peer could not publish something.
const LOST_TOPIC: &str = "convo:lost";

impl Redis {
    pub(crate) fn new(url: &str) -> Result<(Self, mpsc::Receiver<Delivery>), Error> {
        let client = ::redis::Client::open(url)?;
        let (queue, deliveries) = mpsc::channel(QUEUE);
        let (outgoing, to_publish) = mpsc::channel(OUTGOING);
        let (commands, commanded) = mpsc::unbounded_channel();
        let connected = Arc::new(AtomicBool::new(false));
        let dropped = Arc::new(AtomicBool::new(false));
        spawn(publish_all(client.clone(), to_publish, dropped.clone()));
        spawn(subscribe_all(client, commanded, queue, connected.clone()));
        Ok((Self(Arc::new(Inner { outgoing, commands, connected, dropped })), deliveries))
    }

    pub(crate) fn publish(&self, topic: &str, payload: Bytes) {
        if self.0.outgoing.try_send((topic.to_owned(), payload)).is_err() {
            self.0.dropped.store(true, Ordering::Release);
        }
    }

    pub(crate) fn subscribe(&self, topics: Vec<String>) -> impl Future<Output = ()> + Send + use<> {
        let (done, confirmed) = oneshot::channel();
        let sent = self.0.commands.send(Command::Subscribe(topics, done)).is_ok();
        async move {
            if sent {
                let _ = tokio::time::timeout(CONFIRM, confirmed).await;
            }
        }
    }

    pub(crate) fn unsubscribe(&self, topics: Vec<String>) {
        let _ = self.0.commands.send(Command::Unsubscribe(topics));
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.0.connected.load(Ordering::Acquire)
    }
}

/// Sends in pipelines. What fails is not sent again: it would come late, and `Lost` makes everybody look.
async fn publish_all(client: ::redis::Client, mut outgoing: mpsc::Receiver<(String, Bytes)>, dropped: Arc<AtomicBool>) {
    let mut connection = None;
    let mut batch = Vec::with_capacity(PIPELINE);
    while outgoing.recv_many(&mut batch, PIPELINE).await > 0 {
        if connection.is_none() {
            match tokio::time::timeout(CONFIRM, client.get_multiplexed_async_connection()).await {
                Ok(Ok(fresh)) => connection = Some(fresh),
                Ok(Err(error)) => warn!(%error, "Redis cannot be reached; events wait for heads"),
                Err(_) => warn!("Redis does not answer; events wait for heads"),
            }
        }
        let mut pipeline = ::redis::pipe();
        if dropped.swap(false, Ordering::AcqRel) {
            pipeline.publish(LOST_TOPIC, "").ignore();
        }
        for (topic, payload) in batch.drain(..) {
            pipeline.publish(topic, &payload[..]).ignore();
        }
        let sent = match &mut connection {
            Some(open) => matches!(tokio::time::timeout(CONFIRM, pipeline.query_async::<()>(open)).await, Ok(Ok(()))),
            None => false,
        };
        if !sent {
            connection = None;
            dropped.store(true, Ordering::Release);
        }
    }
}

/// Holds one subscriber connection for ever; after each reconnect it subscribes again and says `Lost`.
async fn subscribe_all(
    client: ::redis::Client,
    mut commands: mpsc::UnboundedReceiver<Command>,
    queue: mpsc::Sender<Delivery>,
    connected: Arc<AtomicBool>,
) {
    let lost = AtomicBool::new(false);
    let mut topics = HashSet::from([LOST_TOPIC.to_owned()]);
    let mut first = true;
    while !queue.is_closed() {
        match listen(&client, &mut commands, &mut topics, &queue, &lost, &connected, first).await {
            Ok(()) => return,
            Err(error) => warn!(%error, "The subscription to Redis broke; trying again"),
        }
        first = false;
        connected.store(false, Ordering::Release);
        // Commands go on being noted while Redis is away, so that nobody waits for it.
        let pause = tokio::time::sleep(RETRY);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                command = commands.recv() => match command {
                    Some(command) => note(command, &mut topics),
                    None => return,
                },
            }
        }
    }
}

async fn listen(
    client: &::redis::Client,
    commands: &mut mpsc::UnboundedReceiver<Command>,
    topics: &mut HashSet<String>,
    queue: &mpsc::Sender<Delivery>,
    lost: &AtomicBool,
    connected: &AtomicBool,
    first: bool,
) -> Result<(), Error> {
    let (mut sink, mut stream) = client.get_async_pubsub().await?.split();
    sink.subscribe(topics.iter().collect::<Vec<_>>()).await?;
    connected.store(true, Ordering::Release);
    if !first {
        info!(topics = topics.len(), "Redis is back");
        deliver(queue, lost, Delivery::Lost);
    }
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    loop {
        tokio::select! {
            message = stream.next() => {
                let Some(message) = message else { return Err(closed().into()) };
                let topic = message.get_channel_name();
                let delivery = if topic == LOST_TOPIC { Delivery::Lost } else {
                    Delivery::Message { topic: topic.to_owned(), payload: Bytes::copy_from_slice(message.get_payload_bytes()) }
                };
                deliver(queue, lost, delivery);
            }
            command = commands.recv() => match command {
                None => return Ok(()),
                Some(Command::Subscribe(wanted, done)) => {
                    let fresh: Vec<String> = wanted.into_iter().filter(|topic| topics.insert(topic.clone())).collect();
                    if !fresh.is_empty() {
                        sink.subscribe(fresh).await?;
                    }
                    let _ = done.send(());
                }
                Some(Command::Unsubscribe(unwanted)) => {
                    let stale: Vec<String> = unwanted.into_iter().filter(|topic| topics.remove(topic)).collect();
                    if !stale.is_empty() {
                        sink.unsubscribe(stale).await?;
                    }
                }
            },
            // A dead peer is noticed by asking, not by waiting for it to speak.
            _ = heartbeat.tick() => {
                tokio::time::timeout(CONFIRM, sink.ping::<::redis::Value>()).await.map_err(|_| closed())??;
            }
        }
    }
}

fn note(command: Command, topics: &mut HashSet<String>) {
    match command {
        Command::Subscribe(wanted, done) => {
            topics.extend(wanted);
            let _ = done.send(());
        }
        Command::Unsubscribe(unwanted) => {
            for topic in unwanted {
                topics.remove(&topic);
            }
        }
    }
}

/// Ends by itself when the last handle on the bus is dropped.
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the bus knows no app; these tasks hold nothing that must be finished"
    )]
    tokio::spawn(work);
}

fn closed() -> ::redis::RedisError {
    ::redis::RedisError::from(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
}
