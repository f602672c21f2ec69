//! Texts to phones, over the simulated carrier and over SMPP to a bare sink: accepted with their charge, delivered with their receipt; one alone; and the marketplace.
//! Each sender has a number, a wallet and a thread of their own, and hears what becomes of their texts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use convo_smpp_peer::sink;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    Options,
    http::Http,
    measure::{Latencies, per_sec},
    sends::{spawn, spawn_joined},
    server::{Engine, Person, Server},
    socket::Socket,
};

const SENDERS: usize = 50;
/// In flight of each: texts come in bursts, and four commits lie between a text and its receipt.
const LANES: usize = 4;
const WARM_UP: Duration = Duration::from_secs(2);
const BODY: &str = "Your table for two is ready. Reply 1 to keep it, 2 to let it go.";
/// Nobody here has it, so that the network delivers and nothing else happens.
const TO: &str = "+447700900900";
const ALONE: usize = 200;
const SEARCHES: usize = 400;

/// By which carrier the texts leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Simulator,
    /// To a sink in this process that only counts.
    Smpp,
}

impl Route {
    pub fn name(self) -> &'static str {
        match self {
            Self::Simulator => "texts_http",
            Self::Smpp => "texts_http_over_smpp",
        }
    }
}

struct Sender {
    person: Person,
    thread: String,
}

async fn sender(address: &str, person: Person, number: &Value) -> Result<Sender> {
    let mut http = Http::connect(address).await?;
    let wish = json!({"kind": "sms", "number_id": number["id"], "to": TO});
    let view = http.post("/api/conversations", &person.token, &wish).await?.json()?;
    let thread = view["conversation"]["id"].as_str().with_context(|| format!("no thread: {number} {view}"))?;
    Ok(Sender { thread: thread.to_owned(), person })
}

/// People with money, each with a number of the sink.
async fn smpp_senders(server: &mut Server, count: usize) -> Result<Vec<Sender>> {
    let people = server.people(count).await?;
    let admin = server.admin.clone().context("an administrator")?;
    let mut http = Http::connect(&server.address).await?;
    let mut senders = vec![];
    for (index, person) in people.into_iter().enumerate() {
        tops_up(&mut http, &person).await?;
        let new = json!({"carrier": "sink", "number": format!("+4474001{index:05}"), "user_id": person.id});
        let number = http.pay("/api/admin/numbers", &admin.token, &new).await?.json()?;
        senders.push(sender(&server.address, person, &number).await?);
    }
    Ok(senders)
}

async fn tops_up(http: &mut Http, person: &Person) -> Result<()> {
    for _ in 0..2 {
        http.pay("/api/wallets/test/top-ups", &person.token, &json!({"amount_micros": 10_000_000_000i64})).await?;
    }
    Ok(())
}

async fn senders(server: &mut Server, count: usize) -> Result<Vec<Sender>> {
    let people = server.people(count).await?;
    let mut http = Http::connect(&server.address).await?;
    let token = &people[0].token;
    let found = http.get("/api/numbers/available/US?sms=true&limit=200", token).await?.json()?;
    let offers = found["numbers"].as_array().context("numbers")?.clone();
    let mut senders = vec![];
    for (person, offer) in people.into_iter().zip(offers) {
        tops_up(&mut http, &person).await?;
        let bought = http.pay("/api/numbers/purchase", &person.token, &json!({"number": offer["number"]})).await?;
        senders.push(sender(&server.address, person, &bought.json()?).await?);
    }
    Ok(senders)
}

/// So many in flight each; delivered ones are counted as their senders hear of them.
pub async fn closed_loop(options: &Options, engine: Engine, route: Route) -> Result<Value> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    spawn(sink::serve(listener));
    let mut server = match route {
        Route::Simulator => Server::fresh(options, engine).await?,
        Route::Smpp => Server::start(&options.binary, engine, &carrier_at(port)).await?,
    };
    let senders = match route {
        Route::Simulator => senders(&mut server, SENDERS).await?,
        Route::Smpp => smpp_senders(&mut server, SENDERS).await?,
    };
    let delivered = Arc::new(AtomicU64::new(0));
    for sender in &senders {
        let socket = Socket::connect(&server.address, &sender.person.token).await?;
        spawn(count_delivered(socket, delivered.clone()));
    }
    let begin = Instant::now() + WARM_UP;
    let end = begin + options.duration();
    let lanes = senders.into_iter().map(Arc::new).flat_map(|sender| vec![sender; LANES]);
    let runs = lanes.map(|sender| {
        let address = server.address.clone();
        spawn_joined(async move { send(&address, &sender, begin, end).await })
    });
    let counting = async {
        tokio::time::sleep_until(begin.into()).await;
        let before = delivered.load(Ordering::Relaxed);
        tokio::time::sleep_until(end.into()).await;
        delivered.load(Ordering::Relaxed) - before
    };
    let (latencies, delivered) = tokio::join!(try_join_all(runs), counting);
    let mut all = Latencies::new();
    for latencies in latencies? {
        all.add(&latencies?);
    }
    server.stop().await?;
    let mut figures = all.figures(options.duration());
    figures["in_flight"] = json!(SENDERS * LANES);
    figures["delivered_per_sec"] = json!(per_sec(delivered, options.duration()));
    Ok(figures)
}

fn carrier_at(port: u16) -> String {
    format!(
        "[carriers.sink.smpp]\nhost = \"127.0.0.1\"\nport = {port}\nsystem_id = \"convo\"\ncountry = \"GB\"\nworld = \"simulated\"\nwindow = 1000\nsegments_per_second = 100000\nmessage_ids = \"same\"\n[carriers.sink.prices]\ntext_micros = 40000\n"
    )
}

async fn count_delivered(mut socket: Socket, delivered: Arc<AtomicU64>) {
    while let Ok(text) = socket.receive().await {
        if is_delivered(&text) {
            delivered.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn is_delivered(text: &str) -> bool {
    text.starts_with(r#"{"type":"message.updated""#) && text.contains(r#""state":"delivered""#)
}

async fn send(address: &str, sender: &Sender, begin: Instant, end: Instant) -> Result<Latencies> {
    let mut http = Http::connect(address).await?;
    let mut latencies = Latencies::new();
    while Instant::now() < end {
        let started = Instant::now();
        text(&mut http, sender).await?;
        if started >= begin {
            latencies.note(started.elapsed());
        }
    }
    Ok(latencies)
}

async fn text(http: &mut Http, sender: &Sender) -> Result<()> {
    let path = format!("/api/conversations/{}/messages", sender.thread);
    let answer = http.post(&path, &sender.person.token, &json!({"client_id": Uuid::now_v7(), "body": BODY})).await?;
    if answer.status != 201 {
        bail!("a text was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(())
}

/// From the request to the event that says "delivered", while nothing else happens.
pub async fn alone(options: &Options, engine: Engine) -> Result<Value> {
    let mut server = Server::fresh(options, engine).await?;
    let sender = senders(&mut server, 1).await?.pop().context("a sender")?;
    let mut socket = Socket::connect(&server.address, &sender.person.token).await?;
    let mut http = Http::connect(&server.address).await?;
    let mut latencies = Latencies::new();
    let begun = Instant::now();
    for _ in 0..ALONE {
        let started = Instant::now();
        text(&mut http, &sender).await?;
        while !is_delivered(&socket.receive().await?) {}
        latencies.note(started.elapsed());
    }
    let figures = latencies.figures(begun.elapsed());
    server.stop().await?;
    Ok(figures)
}

/// Pages of the marketplace with digits that few numbers have, over every country.
pub async fn search(options: &Options, engine: Engine) -> Result<Value> {
    let mut server = Server::fresh(options, engine).await?;
    let person = server.people(1).await?.pop().context("somebody")?;
    let mut http = Http::connect(&server.address).await?;
    let list = http.get("/api/numbers/countries", &person.token).await?.json()?;
    let countries = list["countries"].as_array().context("countries")?.clone();
    let numbers: u64 = countries.iter().filter_map(|country| country["count"].as_u64()).sum();
    let mut latencies = Latencies::new();
    let begun = Instant::now();
    for n in 0..SEARCHES {
        let country = countries[n % countries.len()]["country"].as_str().unwrap_or_default();
        let path = format!("/api/numbers/available/{country}?contains={:03}&sort=operator", (n * 37) % 1_000);
        let started = Instant::now();
        let answer = http.get(&path, &person.token).await?;
        if answer.status != 200 {
            bail!("a search was answered with {}", answer.status);
        }
        latencies.note(started.elapsed());
    }
    let mut figures = latencies.figures(begun.elapsed());
    figures["numbers"] = json!(numbers);
    figures["p95_ms"] = json!(latencies.quantile_ms(0.95));
    server.stop().await?;
    Ok(figures)
}
