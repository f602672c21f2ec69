//! What every bus promises, whichever it is: the same stories in memory and over Redis.
//! Redis stands behind a door that a story can close, so that "Redis is gone" needs no other server.

#![expect(clippy::unwrap_used, reason = "in a test it is an assertion")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use convo_bus::{Bus, Delivery, QUEUE};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::Receiver,
    task::JoinHandle,
};

const WAIT: Duration = Duration::from_secs(10);

struct Node {
    bus: Bus,
    deliveries: Receiver<Delivery>,
}

impl Node {
    async fn subscribe(&self, topics: &[&str]) {
        self.bus.subscribe(topics.iter().map(|topic| (*topic).to_owned()).collect()).await;
    }

    fn publish(&self, topic: &str, payload: &str) {
        self.bus.publish(topic, Bytes::copy_from_slice(payload.as_bytes()));
    }

    async fn next(&mut self) -> Delivery {
        tokio::time::timeout(WAIT, self.deliveries.recv()).await.expect("a delivery").unwrap()
    }

    async fn hears(&mut self, topic: &str, payload: &str) {
        assert_eq!(
            self.next().await,
            Delivery::Message { topic: topic.to_owned(), payload: Bytes::copy_from_slice(payload.as_bytes()) }
        );
    }

    /// Everything until this payload, without it.
    async fn until(&mut self, payload: &str) -> Vec<Delivery> {
        let mut heard = vec![];
        loop {
            match self.next().await {
                Delivery::Message { payload: came, .. } if came == payload.as_bytes() => return heard,
                other => heard.push(other),
            }
        }
    }
}

fn in_memory() -> Node {
    let (bus, deliveries) = Bus::memory();
    Node { bus, deliveries }
}

async fn over_redis(url: &str) -> Node {
    let (bus, deliveries) = Bus::redis(url).unwrap();
    let node = Node { bus, deliveries };
    connected(&node, true).await;
    node
}

async fn connected(node: &Node, wanted: bool) {
    let looked = async {
        while node.bus.is_connected() != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(WAIT, looked).await.expect("the connection to change");
}

#[expect(clippy::disallowed_methods, reason = "tests are told where Redis is")]
fn redis() -> String {
    std::env::var("CONVO_TEST_REDIS").expect("these tests need Redis: run `cargo xtask services -- cargo test`")
}

/// Stories share one Redis, so each has topics of its own.
fn own(topic: &str) -> String {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    format!("test:{}:{}:{topic}", std::process::id(), NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

macro_rules! every_bus {
    (async fn $name:ident(mut $node:ident) $story:block) => {
        mod $name {
            use super::*;

            async fn story(mut $node: Node) $story

            #[tokio::test]
            async fn memory() {
                story(in_memory()).await;
            }

            #[tokio::test]
            async fn redis() {
                story(over_redis(&super::redis()).await).await;
            }
        }
    };
}

every_bus!(
    async fn only_what_was_subscribed_is_heard(mut node) {
        let (one, other, end) = (own("one"), own("other"), own("end"));
        node.subscribe(&[&one, &end]).await;
        node.publish(&one, "a");
        node.publish(&other, "b");
        node.publish(&one, "c");
        node.hears(&one, "a").await;
        node.hears(&one, "c").await;
        node.subscribe(&[&one]).await;
        node.publish(&one, "once");
        node.hears(&one, "once").await;
        node.bus.unsubscribe(vec![one.clone(), other]);
        // Commands keep their order, so this one holds after the one before.
        node.subscribe(&[&own("fence")]).await;
        node.publish(&one, "too late");
        node.publish(&end, "end");
        node.hears(&end, "end").await;
        node.subscribe(&[&one]).await;
        node.publish(&one, "again");
        node.hears(&one, "again").await;
    }
);

every_bus!(
    async fn one_publisher_is_heard_in_its_order(mut node) {
        let topics = [own("one"), own("two"), own("three")];
        node.subscribe(&[&topics[0], &topics[1], &topics[2]]).await;
        for n in 0..3_000 {
            node.publish(&topics[n % 3], &n.to_string());
        }
        for n in 0..3_000 {
            node.hears(&topics[n % 3], &n.to_string()).await;
        }
    }
);

every_bus!(
    async fn who_is_too_slow_is_told(mut node) {
        let topic = own("flood");
        node.subscribe(&[&topic]).await;
        // More than fits, while nobody takes anything out.
        let mut sent = 0;
        while node.deliveries.len() < QUEUE {
            node.publish(&topic, &sent.to_string());
            sent += 1;
            if sent % 64 == 0 {
                tokio::task::yield_now().await;
            }
        }
        for _ in 0..10_000 {
            node.publish(&topic, &sent.to_string());
            sent += 1;
            tokio::task::yield_now().await;
        }
        // What was heard has no hole before `Lost`, and after it life goes on.
        let mut next = 0;
        loop {
            match tokio::time::timeout(Duration::from_millis(500), node.deliveries.recv()).await {
                Ok(Some(Delivery::Message { payload, .. })) => {
                    if payload == "one more" {
                        continue;
                    }
                    assert_eq!(payload, next.to_string().as_bytes());
                    next += 1;
                }
                Ok(Some(Delivery::Lost)) => break,
                Ok(None) => panic!("the bus ended"),
                // It is said with the next message.
                Err(_) => node.publish(&topic, "one more"),
            }
            assert!(next <= sent, "nothing was lost");
        }
        node.publish(&topic, "after");
        node.until("after").await;
    }
);

#[tokio::test]
async fn nodes_hear_each_other() {
    let (mut one, mut two) = (over_redis(&redis()).await, over_redis(&redis()).await);
    let topic = own("shared");
    one.subscribe(&[&topic]).await;
    two.subscribe(&[&topic]).await;
    one.publish(&topic, "from one");
    one.hears(&topic, "from one").await;
    two.hears(&topic, "from one").await;
    two.publish(&topic, "from two");
    one.hears(&topic, "from two").await;
}

/// Forwards to Redis while it is open.
struct Door {
    address: std::net::SocketAddr,
    through: Arc<Mutex<Vec<JoinHandle<()>>>>,
    open: Arc<std::sync::atomic::AtomicBool>,
}

fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    #[expect(clippy::disallowed_methods, reason = "ends with the runtime of its test")]
    tokio::spawn(work)
}

impl Door {
    async fn build(redis: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (to, address) = (redis.strip_prefix("redis://").unwrap().to_owned(), listener.local_addr().unwrap());
        let through: Arc<Mutex<Vec<JoinHandle<()>>>> = Arc::default();
        let open = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let (all, is_open) = (through.clone(), open.clone());
        spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                if !is_open.load(std::sync::atomic::Ordering::Acquire) {
                    continue;
                }
                let mut to = TcpStream::connect(&to).await.unwrap();
                let forward = spawn(async move { drop(tokio::io::copy_bidirectional(&mut from, &mut to).await) });
                all.lock().unwrap().push(forward);
            }
        });
        Self { address, through, open }
    }

    fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    fn close(&self) {
        self.open.store(false, std::sync::atomic::Ordering::Release);
        self.through.lock().unwrap().drain(..).for_each(|forward| forward.abort());
    }

    fn open(&self) {
        self.open.store(true, std::sync::atomic::Ordering::Release);
    }
}

#[tokio::test]
async fn after_redis_was_gone_everybody_is_told_and_goes_on() {
    let door = Door::build(&redis()).await;
    let (mut near, mut far) = (over_redis(&door.url()).await, over_redis(&redis()).await);
    let (topic, later) = (own("topic"), own("later"));
    near.subscribe(&[&topic]).await;
    far.subscribe(&[&topic]).await;
    near.publish(&topic, "before");
    near.hears(&topic, "before").await;
    far.hears(&topic, "before").await;

    door.close();
    connected(&near, false).await;
    near.publish(&topic, "into nothing");
    far.publish(&topic, "past the door");
    far.hears(&topic, "past the door").await;
    // Nobody waits for Redis, and what was wished meanwhile holds afterwards.
    tokio::time::timeout(Duration::from_secs(3), near.subscribe(&[&later])).await.expect("not to wait for Redis");

    door.open();
    connected(&near, true).await;
    assert_eq!(near.next().await, Delivery::Lost);
    far.publish(&later, "the new topic");
    near.until("the new topic").await;
    near.publish(&topic, "after");
    let heard = far.until("after").await;
    assert!(
        heard.contains(&Delivery::Lost),
        "the other node must ask too: something was never published; it heard {heard:?}"
    );
    near.until("after").await;
}
