//! How many parts a second the simulated carrier accepts and delivers, durably, on both engines:
//! `cargo run --release -p convo-carriers --example simulator_throughput [parts] [postgres url]` prints JSON.

#![expect(clippy::print_stdout, reason = "its answer")]

use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use convo_carriers::{
    Carrier, Part, Search, Shop, SortBy,
    simulator::{Remote, Settings, Simulator, serve},
};
use convo_db::{Timestamp, testing};
use convo_phone::{Number, Party, sms};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Parts in flight, as many nodes' senders would have them.
const IN_FLIGHT: usize = 2_048;
const SECRET: &str = "measured";

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let parts = arguments.next().map_or(Ok(200_000), |parts| parts.parse())?;
    let postgres = arguments.next();
    let folder = std::env::temp_dir().join(format!("convo-simulator-{}", Uuid::now_v7().simple()));
    let url = |name: &str| format!("sqlite:{}", folder.join(name).display());
    let mut measured = json!({ "parts": parts, "in_flight": IN_FLIGHT });
    measured["search"] = search(&url("search.db")).await?;
    measured["sqlite"] = embedded(&url("embedded.db"), parts).await?;
    measured["sqlite_over_http"] = remote(&url("remote.db"), parts).await?;
    std::fs::remove_dir_all(&folder)?;
    if let Some(server) = postgres {
        for (name, is_remote) in [("postgres", false), ("postgres_over_http", true)] {
            let url = testing::postgres(&server).await?;
            measured[name] = if is_remote { remote(&url, parts).await? } else { embedded(&url, parts).await? };
            testing::drop_postgres(&url).await?;
        }
    }
    println!("{measured:#}");
    Ok(())
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or_default())
}

fn database(url: &str) -> convo_db::Settings {
    convo_db::Settings { url: url.to_owned(), max_connections: 4 }
}

async fn embedded(url: &str, parts: u64) -> Result<Value, Error> {
    let simulator = Simulator::open(Settings::default(), &database(url), Arc::new(now)).await?;
    let measured = measure(&simulator, parts).await?;
    simulator.stop().await;
    Ok(measured)
}

async fn remote(url: &str, parts: u64) -> Result<Value, Error> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (database, stop) = (database(url), CancellationToken::new());
    let serving = serve(Settings::default(), &database, Arc::new(now), listener, SECRET, stop.clone());
    let measuring = async {
        let remote = Remote::new(&address, SECRET)?;
        let measured = measure(&remote, parts).await;
        remote.close().await;
        stop.cancel();
        measured
    };
    let (served, measured) = tokio::join!(serving, measuring);
    served?;
    measured
}

/// Accepts everything while the receipts are fetched and acknowledged, then waits for the last of them.
async fn measure(carrier: &impl Carrier, parts: u64) -> Result<Value, Error> {
    let payload = sms::split("The parcel is at the door. Thank you for waiting!").payloads(1)?.remove(0);
    let part = |index: u64| -> Result<Part, Error> {
        let number = |first: u64| Number::from_e164(&format!("+{}", first + index % 1_000_000));
        let (from, to) = (Party::Number(number(33_639_980_000)?), Party::Number(number(353_209_100_000)?));
        Ok(Part { id: Uuid::now_v7(), from, to, payload: payload.clone() })
    };
    let started = Instant::now();
    let submitting = async {
        let submit = async |index| {
            let at = Instant::now();
            carrier.submit(part(index)?).await;
            Ok::<_, Error>(at.elapsed())
        };
        let mut answers = pin!(stream::iter(0..parts).map(submit).buffer_unordered(IN_FLIGHT));
        let mut took = vec![];
        while let Some(answer) = answers.next().await {
            took.push(answer?);
        }
        Ok::<_, Error>((took, started.elapsed()))
    };
    let hearing = async {
        let mut heard = 0;
        while heard < parts {
            let events = carrier.events(1_000, Duration::from_secs(10)).await?;
            let Some(last) = events.last() else { break };
            heard += events.len() as u64;
            carrier.acknowledge(last.place).await?;
        }
        Ok::<_, Error>((heard, started.elapsed()))
    };
    let (submitted, heard) = tokio::join!(submitting, hearing);
    let ((mut took, submitted), (heard, all)) = (submitted?, heard?);
    took.sort();
    let at = |share: f64| took[(took.len() as f64 * share) as usize].as_secs_f64() * 1_000.0;
    Ok(json!({
        "accepted_per_second": (parts as f64 / submitted.as_secs_f64()).round(),
        "accepted_and_heard_of_per_second": (heard as f64 / all.as_secs_f64()).round(),
        "answer_ms": { "p50": at(0.5), "p95": at(0.95), "p99": at(0.99) },
    }))
}

/// The stock of all countries, and the slowest search there is: nothing fits.
async fn search(url: &str) -> Result<Value, Error> {
    let simulator = Simulator::open(Settings::default(), &database(url), Arc::new(now)).await?;
    let started = Instant::now();
    let countries = simulator.countries().await?;
    let computed = started.elapsed();
    let mut took = vec![];
    for index in 0..1_000 {
        let wanted = Search {
            country: countries[index % countries.len()].country,
            kinds: vec![],
            area_code: None,
            contains: Some("98765".to_owned()),
            operator: None,
            sms: true,
            mms: false,
            voice: false,
            sort: SortBy::Price,
            cursor: None,
            limit: 50,
        };
        let started = Instant::now();
        Shop::search(&simulator, wanted).await?;
        took.push(started.elapsed());
    }
    simulator.stop().await;
    took.sort();
    Ok(json!({
        "numbers": countries.iter().map(|stocked| stocked.count).sum::<u64>(),
        "countries": countries.len(),
        "computed_ms": computed.as_secs_f64() * 1_000.0,
        "search_ms": { "p95": took[950].as_secs_f64() * 1_000.0, "worst": took[999].as_secs_f64() * 1_000.0 },
    }))
}
