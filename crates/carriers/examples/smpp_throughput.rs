//! How many texts a second leave and come back as receipts, against a bare sink in this process that only counts.
//! Prints JSON: `cargo run --release -p convo-carriers --example smpp_throughput`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use convo_carriers::smpp::{LinkState, Settings, Smpp};
use convo_carriers::{Carrier, Part, Submission};
use convo_phone::sms::split;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

const TEXTS: usize = 200_000;
const WINDOW: usize = 1_000;
const EVENTS_AT_ONCE: usize = 500;
const HEADER_BYTES: usize = 16;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let sink = async {
        let (stream, _) = listener.accept().await.expect("a connection");
        sink(stream).await;
    };
    let (figures, ()) = tokio::join!(send(port), sink);
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

/// Answers every request, and every submission with a receipt besides.
async fn sink(mut stream: TcpStream) {
    let (mut octets, mut answers) = (Vec::with_capacity(1 << 20), Vec::new());
    let mut last_id = 0_u32;
    while stream.read_buf(&mut octets).await.is_ok_and(|count| count > 0) {
        let mut rest = octets.as_slice();
        while let Some(header) = rest.get(..HEADER_BYTES) {
            let field = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
            let (length, command, sequence) = (field(0) as usize, field(4), field(12));
            if rest.len() < length {
                break;
            }
            rest = &rest[length..];
            match command {
                0x04 => {
                    last_id += 1;
                    put(&mut answers, 0x8000_0004, sequence, format!("{last_id}\0").as_bytes());
                    put(&mut answers, 0x05, last_id, &receipt(last_id));
                }
                command if command & 0x8000_0000 == 0 => put(&mut answers, command | 0x8000_0000, sequence, b"sink\0"),
                _ => {}
            }
        }
        let left = rest.len();
        octets.drain(..octets.len() - left);
        if stream.write_all(&answers).await.is_err() {
            return;
        }
        answers.clear();
    }
}

fn put(out: &mut Vec<u8>, command: u32, sequence: u32, body: &[u8]) {
    let length = (HEADER_BYTES + body.len()) as u32;
    for field in [length, command, 0, sequence] {
        out.extend(field.to_be_bytes());
    }
    out.extend_from_slice(body);
}

fn receipt(id: u32) -> Vec<u8> {
    let text = format!(
        "id:{id} sub:001 dlvrd:001 submit date:2401011200 done date:2401011200 stat:DELIVRD err:000 text:Your code is"
    );
    let mut body = b"\0\x01\x01447400123456\0\x01\x01447700900461\0\x04\0\0\0\0\0\0\0\0".to_vec();
    body.push(text.len() as u8);
    body.extend_from_slice(text.as_bytes());
    body
}
