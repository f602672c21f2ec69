//! Accounts of ours at the message centre that tests speak with.
//! What they send and hear, as carriers tell it.

pub mod run;

use std::sync::Arc;
use std::time::Duration;

use convo_carriers::smpp::{LinkState, Settings, Smpp};
use convo_carriers::{Carrier, Heard, Part};
use convo_phone::{Party, sms::split};
pub use convo_smpp_peer::{PATIENCE, Peer};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// An account at this peer, with these settings besides.
pub fn settings(peer: &Peer, more: Value) -> Settings {
    let mut settings = json!({
        "host": "127.0.0.1", "port": peer.port, "system_id": "convo", "password": "secret",
        "country": "GB", "world": "simulated", "window": 10, "segments_per_second": 1000,
    });
    for (name, value) in more.as_object().expect("settings by name") {
        settings[name] = value.clone();
    }
    serde_json::from_value(settings).expect("settings that can be read")
}

pub async fn bound(peer: &Peer, more: Value) -> Smpp {
    let smpp = start(settings(peer, more));
    until_bound(&smpp).await;
    smpp
}

pub fn start(settings: Settings) -> Smpp {
    #[expect(clippy::disallowed_methods, reason = "tests of a carrier have no app whose clock could be asked")]
    let now = Arc::new(|| chrono::Utc::now().into());
    Smpp::start(settings, now).expect("settings that can work")
}

pub async fn until_bound(smpp: &Smpp) {
    until_links(smpp, |links| links.iter().all(|link| *link == LinkState::Bound)).await;
}

pub async fn until_links(smpp: &Smpp, holds: impl Fn(&[LinkState]) -> bool) -> Vec<LinkState> {
    let mut links = smpp.links();
    let found = timeout(PATIENCE, links.wait_for(|links| holds(links))).await;
    found.unwrap_or_else(|_| panic!("the links stay {:?}", smpp.links().borrow())).expect("the carrier lives").clone()
}

/// At least so many events, unacknowledged.
pub async fn hear(smpp: &Smpp, count: usize) -> Vec<Heard> {
    let began = Instant::now();
    loop {
        let heard = smpp.events(count, Duration::from_millis(100)).await.expect("an open link");
        if heard.len() >= count {
            return heard;
        }
        assert!(began.elapsed() < PATIENCE, "only {} of {count} events", heard.len());
        tokio::task::yield_now().await;
    }
}

/// A text as its parts, to a receiver of its own.
pub fn parts(index: usize, text: &str) -> Vec<Part> {
    let to: Party = format!("+4474001{index:05}").parse().expect("a number");
    let from: Party = "+447700900461".parse().expect("a number");
    let payloads = split(text).payloads(7).expect("a text that fits");
    let part = |payload| Part { id: Uuid::now_v7(), from: from.clone(), to: to.clone(), payload };
    payloads.into_iter().map(part).collect()
}

pub fn part(index: usize, text: &str) -> Part {
    parts(index, text).remove(0)
}
