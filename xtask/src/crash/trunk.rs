//! A line at a message centre that none of us wrote, over SMPP, while the server is killed: nothing is sent twice,
//! and what the centre brings is there once. The centre lives on, and brings again what nobody answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use rand::Rng;
use rand::rngs::StdRng;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use convo_client::{Api, Trouble, text};
use convo_smpp_peer::Peer;

/// Parts without an answer at once: so many may be unknown after a kill.
pub const WINDOW: usize = 10;
const MAX_TEXTS: usize = 450;
const THEIRS: &str = "+447400654321";

pub type Centre = Arc<Mutex<Peer>>;

/// The number of one person at the centre, and their thread with somebody there.
pub struct Trunk {
    centre: Centre,
    number: String,
    pub thread: String,
    brought: Vec<String>,
    pub texts: usize,
}

/// The centre, entered by an administrator before anybody is killed.
pub async fn open(admin: &mut Api) -> Result<Centre, Trouble> {
    let mut peer = Peer::start().await;
    peer.behave(json!({"receipts": "after", "receipt_text": true, "delay_ms": 3})).await;
    let settings = json!({
        "smpp": {"host": "127.0.0.1", "port": peer.port, "system_id": "convo", "password": "crash", "country": "GB",
            "world": "simulated", "window": WINDOW, "segments_per_second": 1000},
        "prices": {"text_micros": 10_000},
    });
    admin.call(Method::PUT, "/api/admin/carriers/trunk", Some(settings)).await?;
    Ok(Arc::new(Mutex::new(peer)))
}

/// The number of this person, which an administrator enters.
pub async fn enter(admin: &mut Api, index: usize, user_id: &str) -> Result<Value, Trouble> {
    let new = json!({"carrier": "trunk", "number": format!("+44740010000{index}"), "user_id": user_id});
    admin.pay(&Uuid::new_v4().to_string(), "/api/admin/numbers", new).await
}

impl Trunk {
    pub async fn begin(api: &mut Api, centre: Centre, number: &Value) -> Result<Self, Trouble> {
        let wish = json!({"kind": "sms", "number_id": number["id"], "to": THEIRS});
        let thread = api.call(Method::POST, "/api/conversations", Some(wish)).await?;
        Ok(Self {
            centre,
            number: text(number, "number"),
            thread: text(&thread["conversation"], "id"),
            brought: vec![],
            texts: 0,
        })
    }

    pub fn figures(&self) -> [usize; 2] {
        [self.texts, self.brought.len()]
    }

    pub fn may_text(&self) -> bool {
        self.texts < MAX_TEXTS && self.brought.len() < MAX_TEXTS
    }

    pub fn next_text(&mut self, rng: &mut StdRng) -> (String, String) {
        self.texts += 1;
        (self.thread.clone(), body("out", rng))
    }

    /// Somebody at the centre writes.
    pub async fn bring(&mut self, rng: &mut StdRng) {
        let body = body("in", rng);
        let pdu = json!({"source_addr": &THEIRS[1..], "source_addr_ton": 1, "source_addr_npi": 1,
            "destination_addr": &self.number[1..], "dest_addr_ton": 1, "dest_addr_npi": 1, "short_message": body});
        self.centre.lock().await.tell("bring", json!({"pdus": [pdu]})).await;
        self.brought.push(body);
    }

    /// Whether everything has ended, and all that was brought is there.
    pub fn has_ended(&self, messages: &[Value]) -> bool {
        let came = messages.iter().filter(|message| message["delivery"]["state"] == "received").count();
        let underway = |message: &Value| ["queued", "submitted"].contains(&&*text(&message["delivery"], "state"));
        came >= self.brought.len() && !messages.iter().any(underway)
    }

    /// What is wrong, and how many are unknown.
    pub async fn check(&self, messages: &[Value]) -> (Vec<String>, usize) {
        let accepted = self.centre.lock().await.tell("accepted", json!({})).await;
        let (mut problems, mut unknown) = (vec![], 0);
        let mut arrived = BTreeMap::<String, u32>::new();
        for message in messages.iter().filter(|message| !message["delivery"].is_null()) {
            let (body, state) = (text(message, "body"), text(&message["delivery"], "state"));
            let times = accepted["texts"][&body].as_u64().unwrap_or_default();
            match state.as_str() {
                "received" => *arrived.entry(body).or_default() += 1,
                "delivered" if times == 1 => {}
                // Nobody knows whether it was taken; twice it was not.
                "unknown" if times <= 1 => unknown += 1,
                _ => {
                    problems.push(format!("{}: {body:?} is {state}, and the centre took it {times} times", self.thread))
                }
            }
        }
        for body in &self.brought {
            match arrived.remove(body) {
                Some(1) => {}
                times => problems.push(format!("{}: {body:?} was brought and is there {times:?} times", self.thread)),
            }
        }
        if !arrived.is_empty() {
            problems.push(format!("{}: nobody brought {arrived:?}", self.thread));
        }
        (problems, unknown)
    }
}

/// Unlike every other from its first letters on, because a receipt tells no more of it.
fn body(way: &str, rng: &mut StdRng) -> String {
    format!("{:016x} {way} by the centre", rng.random::<u64>())
}
