//! Durable sends: 50 pairs with one in flight each, over HTTP and over sockets, and the highest open-loop rate.
//! The other side of each pair is connected, hears every message and answers with a receipt.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt, future::try_join_all};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::{
    Options,
    http::Http,
    measure::Latencies,
    server::{Engine, Person, Server},
    socket::Socket,
};

const PAIRS: usize = 50;
/// Before anything counts.
const WARM_UP: Duration = Duration::from_secs(2);
const BODY: &str = "The quick brown fox jumps over the lazy dog, twice on Sundays.";

#[derive(Clone, Copy)]
pub enum Door {
    Http,
    Socket,
}

impl Door {
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "sends_http",
            Self::Socket => "sends_socket",
        }
    }
}

struct Pair {
    sender: Person,
    conversation: String,
}

/// Fifty pairs whose other side listens and sends receipts.
async fn pairs(server: &mut Server) -> Result<Vec<Pair>> {
    let people = server.people(PAIRS * 2).await?;
    let mut pairs = vec![];
    for pair in people.chunks_exact(2) {
        let conversation = server.direct(&pair[0], &pair[1]).await?;
        let socket = Socket::connect(&server.address, &pair[1].token).await?;
        spawn(answer_with_receipts(socket, conversation.clone()));
        pairs.push(Pair { sender: pair[0].clone(), conversation });
    }
    Ok(pairs)
}

async fn answer_with_receipts(mut socket: Socket, conversation: String) {
    while let Ok(text) = socket.receive().await {
        if !text.starts_with(r#"{"type":"message.created""#) {
            continue;
        }
        let Some(seq) = number_after(&text, r#""seq":"#) else { continue };
        if socket.send(&json!({"type": "receipt", "conversation_id": conversation, "read_seq": seq})).await.is_err() {
            return;
        }
    }
}

pub fn number_after(text: &str, key: &str) -> Option<u64> {
    let rest = &text[text.find(key)? + key.len()..];
    rest[..rest.find(|c: char| !c.is_ascii_digit())?].parse().ok()
}

pub async fn closed_loop(options: &Options, engine: Engine, door: Door) -> Result<Value> {
    let mut server = Server::fresh(options, engine).await?;
    let pairs = pairs(&mut server).await?;
    let begin = Instant::now() + WARM_UP;
    let end = begin + options.duration();
    let runs = pairs.into_iter().map(|pair| {
        let address = server.address.clone();
        async move {
            match door {
                Door::Http => over_http(&address, &pair, begin, end).await,
                Door::Socket => over_socket(&address, &pair, begin, end).await,
            }
        }
    });
    let mut all = Latencies::new();
    for latencies in try_join_all(runs.map(spawn_joined)).await? {
        all.add(&latencies?);
    }
    server.stop().await?;
    Ok(all.figures(options.duration()))
}

async fn over_http(address: &str, pair: &Pair, begin: Instant, end: Instant) -> Result<Latencies> {
    let mut http = Http::connect(address).await?;
    let path = format!("/api/conversations/{}/messages", pair.conversation);
    let mut latencies = Latencies::new();
    while Instant::now() < end {
        let started = Instant::now();
        let answer = http.post(&path, &pair.sender.token, &json!({"client_id": Uuid::now_v7(), "body": BODY})).await?;
        if answer.status != 201 {
            bail!("a send was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        if started >= begin {
            latencies.note(started.elapsed());
        }
    }
    Ok(latencies)
}

async fn over_socket(address: &str, pair: &Pair, begin: Instant, end: Instant) -> Result<Latencies> {
    let mut socket = Socket::connect(address, &pair.sender.token).await?;
    let mut latencies = Latencies::new();
    while Instant::now() < end {
        let started = Instant::now();
        socket.send(&frame(&pair.conversation, 1)).await?;
        loop {
            let text = socket.receive().await?;
            if text.starts_with(r#"{"type":"ok""#) {
                break;
            }
            if text.starts_with(r#"{"type":"error""#) {
                bail!("a send was refused: {text}");
            }
        }
        if started >= begin {
            latencies.note(started.elapsed());
        }
    }
    Ok(latencies)
}

fn frame(conversation: &str, reference: u64) -> Value {
    json!({"type": "message.send", "ref": reference, "conversation_id": conversation, "client_id": Uuid::now_v7(), "body": BODY})
}

/// The highest of these rates at which p99 stays below 100 ms, counted from when each message was due.
pub async fn highest_rate(options: &Options, engine: Engine) -> Result<Value> {
    const RATES: [u64; 10] = [500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 12_000];
    const P99: Duration = Duration::from_millis(100);
    let mut best = json!({"per_sec": 0});
    for rate in RATES {
        let mut server = Server::fresh(options, engine).await?;
        let pairs = pairs(&mut server).await?;
        let latencies = open_loop(&server.address, pairs, rate, options.duration()).await?;
        server.stop().await?;
        let kept_up = latencies.count() >= rate * options.secs * 95 / 100;
        if !kept_up || latencies.p99() > P99 {
            break;
        }
        best = latencies.figures(options.duration());
        best["rate"] = json!(rate);
    }
    Ok(best)
}

/// Sends at a fixed rate, whatever the answers do; late answers are late from the moment at which they were due.
async fn open_loop(address: &str, pairs: Vec<Pair>, rate: u64, duration: Duration) -> Result<Latencies> {
    let every = Duration::from_secs_f64(pairs.len() as f64 / rate as f64);
    let start = Instant::now() + Duration::from_millis(500);
    let runs = pairs.into_iter().enumerate().map(|(n, pair)| {
        let address = address.to_owned();
        let first = start + every.mul_f64(n as f64 / PAIRS as f64);
        spawn_joined(async move { open_loop_of(&address, pair, first, every, start + duration).await })
    });
    let mut all = Latencies::new();
    for latencies in try_join_all(runs).await? {
        all.add(&latencies?);
    }
    Ok(all)
}

async fn open_loop_of(address: &str, pair: Pair, first: Instant, every: Duration, end: Instant) -> Result<Latencies> {
    let (mut sink, mut stream) = Socket::connect(address, &pair.sender.token).await?.split();
    let (note, mut dues) = mpsc::unbounded_channel::<(u64, Instant)>();
    let conversation = pair.conversation;
    let writer = spawn_joined(async move {
        let (mut due, mut reference) = (first, 0);
        while due < end {
            tokio::time::sleep_until(due.into()).await;
            reference += 1;
            note.send((reference, due)).context("the reader ended")?;
            sink.send(Message::text(frame(&conversation, reference).to_string())).await?;
            due += every;
        }
        // Kept open until the answers are in.
        Ok::<_, anyhow::Error>(sink)
    });
    let mut latencies = Latencies::new();
    let (mut waiting, mut closed) = (HashMap::new(), false);
    while !(closed && waiting.is_empty()) && Instant::now() < end + Duration::from_secs(2) {
        tokio::select! {
            noted = dues.recv(), if !closed => match noted {
                Some((reference, due)) => { waiting.insert(reference, due); }
                None => closed = true,
            },
            message = stream.next() => {
                let Some(Ok(Message::Text(text))) = message else { continue };
                if let Some(reference) = text.strip_prefix(r#"{"type":"ok","ref":"#).and_then(|rest| rest.split_once(',')).and_then(|(n, _)| n.parse().ok()) {
                    while let Ok((reference, due)) = dues.try_recv() {
                        waiting.insert(reference, due);
                    }
                    if let Some(due) = waiting.remove(&reference) {
                        latencies.note(due.elapsed());
                    }
                }
            }
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
        }
    }
    drop(writer);
    Ok(latencies)
}

pub fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    #[expect(clippy::disallowed_methods, reason = "load generators end with their sockets")]
    tokio::spawn(work);
}

pub fn spawn_joined<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    #[expect(clippy::disallowed_methods, reason = "joined by whoever started it")]
    tokio::spawn(work)
}
