//! How many texts a second leave and come back as receipts, against a bare sink in this process that only counts.
//! Prints JSON: `cargo run --release -p convo-carriers --example smpp_throughput`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use convo_carriers::smpp::{LinkState, Settings, Smpp};
use convo_carriers::{Carrier, Part, Submission};
use convo_phone::sms::split;
use convo_smpp_peer::sink;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use tokio::net::TcpListener;
use uuid::Uuid;

const TEXTS: usize = 200_000;
const WINDOW: usize = 1_000;
const EVENTS_AT_ONCE: usize = 500;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let figures = tokio::select! {
        figures = send(port) => figures,
        () = sink::serve(listener) => unreachable!("it serves for ever"),
    };
    println!("{figures:#}");
}

async fn send(port: u16) -> serde_json::Value {
    let settings: Settings = serde_json::from_value(json!({
        "host": "127.0.0.1", "port": port, "system_id": "convo", "password": "secret", "country": "GB",
        "world": "simulated", "window": WINDOW, "segments_per_second": 100_000, "message_ids": "same",
    }))
    .expect("settings that can be read");
    #[expect(clippy::disallowed_methods, reason = "there is no app whose clock could be asked")]
    let smpp = Smpp::start(settings, Arc::new(|| chrono::Utc::now().into())).expect("settings that can work");
    smpp.links().wait_for(|links| links[0] == LinkState::Bound).await.expect("a bind");

    let (began, mut sent, mut accepted, mut receipts) = (Instant::now(), 0, 0, 0);
    let mut in_flight = FuturesUnordered::new();
    while accepted < TEXTS || receipts < TEXTS {
        while sent < TEXTS && in_flight.len() < WINDOW {
            in_flight.push(smpp.submit(part(sent)));
            sent += 1;
        }
        tokio::select! {
            Some(submission) = in_flight.next(), if !in_flight.is_empty() => {
                assert!(matches!(submission, Submission::Accepted { .. }), "{submission:?}");
                accepted += 1;
            }
            heard = smpp.events(EVENTS_AT_ONCE, Duration::from_secs(10)) => {
                let heard = heard.expect("an open link");
                receipts += heard.len();
                smpp.acknowledge(heard.last().expect("receipts come").place).await.expect("an open link");
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    smpp.close().await;
    json!({ "texts": TEXTS, "receipts": receipts, "seconds": (seconds * 100.0).round() / 100.0,
        "texts_with_receipts_per_second": (TEXTS as f64 / seconds).round() })
}

fn part(index: usize) -> Part {
    Part {
        id: Uuid::now_v7(),
        from: "+447700900461".parse().expect("a number"),
        to: format!("+447400{:06}", index % 1_000_000).parse().expect("a number"),
        payload: split("Your code is 123456").payloads(0).expect("a short text").remove(0),
    }
}
