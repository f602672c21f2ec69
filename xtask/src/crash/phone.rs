//! Phones while the server is killed: every text that was accepted leaves once and ends, every text that arrived is there once.
//! The simulated carrier lives on in a process of its own, as a network does.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, anyhow};
use rand::Rng;
use rand::rngs::StdRng;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::money::Purse;
use super::trunk::Trunk;
use convo_client::{Api, Trouble, text};

const COUNTRIES: [&str; 3] = ["US", "GB", "DE"];
const MAX_NUMBERS: usize = 4;
const MAX_TEXTS: usize = 450;
/// For everything to end after the last restart: receipts, and purchases whose job was running.
const SETTLE: Duration = Duration::from_secs(60);

/// What one person has: numbers, a handset, and the thread between the first number and it.
pub struct Phone {
    handset: String,
    number: String,
    pub thread: String,
    /// Keys of purchases that were acknowledged, each with the id of what was bought.
    bought: Vec<(String, String)>,
    purchase: Option<(String, String)>,
    /// Texts from the handset: acknowledged, and the one without an answer yet.
    sent_back: Vec<String>,
    sending_back: Option<(Uuid, String)>,
    pub texts: usize,
    pub repeated: u64,
    pub trunk: Trunk,
}

impl Phone {
    pub fn figures(&self) -> [usize; 5] {
        let [out, brought] = self.trunk.figures();
        [self.texts, self.sent_back.len(), self.bought.len(), out, brought]
    }

    /// Whether a conversation is one with a phone.
    pub fn has(&self, conversation: &str) -> bool {
        self.thread == conversation || self.trunk.thread == conversation
    }

    /// Money, a number, a handset and a thread, before anybody is killed.
    pub async fn settle(api: &mut Api, purse: &mut Purse, trunk: Trunk) -> Result<Phone, Trouble> {
        purse.top_up(api, 100_000_000).await?;
        let offer = first_offer(api, "US").await?;
        let key = Uuid::new_v4().to_string();
        let bought = api.pay(&key, "/api/numbers/purchase", json!({"number": offer})).await?;
        let handset = api.call(Method::POST, "/api/handsets", Some(json!({"country": "US"}))).await?;
        let wish = json!({"kind": "sms", "number_id": bought["id"], "to": handset["number"]});
        let thread = api.call(Method::POST, "/api/conversations", Some(wish)).await?;
        Ok(Phone {
            handset: text(&handset, "id"),
            number: text(&bought, "number"),
            thread: text(&thread["conversation"], "id"),
            bought: vec![(key, text(&bought, "id"))],
            purchase: None,
            sent_back: vec![],
            sending_back: None,
            texts: 0,
            repeated: 0,
            trunk,
        })
    }

    /// A handset keeps its newest thousand.
    pub fn may_text(&self) -> bool {
        self.texts < MAX_TEXTS && self.sent_back.len() < MAX_TEXTS
    }

    /// Where a text goes and what it says, unlike every other.
    pub fn next_text(&mut self, rng: &mut StdRng) -> (String, String) {
        self.texts += 1;
        let length = if rng.random_bool(0.2) { 20 } else { 0 };
        let body = format!("text {} {}", rng.random::<u64>(), "and so on ".repeat(length));
        (self.thread.clone(), body.trim_end().to_owned())
    }

    pub fn is_settled(&self) -> bool {
        self.purchase.is_none() && self.sending_back.is_none()
    }

    /// What has no answer yet is asked for again, in the same words.
    pub async fn repeat(&mut self, api: &mut Api) -> Result<(), Trouble> {
        if let Some((key, number)) = self.purchase.clone() {
            self.repeated += 1;
            self.buy(api, key, number).await?;
        }
        if let Some((id, body)) = self.sending_back.clone() {
            self.repeated += 1;
            self.send_back(api, id, body).await?;
        }
        Ok(())
    }

    /// Somebody writes on the handset, or buys one more number.
    pub async fn act(&mut self, api: &mut Api, rng: &mut StdRng) -> Result<(), Trouble> {
        if rng.random_bool(0.05) && self.bought.len() < MAX_NUMBERS {
            let country = COUNTRIES[rng.random_range(0..COUNTRIES.len())];
            let number = first_offer(api, country).await?;
            return self.buy(api, Uuid::new_v4().to_string(), number).await;
        }
        let length = if rng.random_bool(0.2) { 300 } else { 0 };
        let body = format!("back {} {}", rng.random::<u64>(), "and so on ".repeat(length / 10));
        self.send_back(api, Uuid::new_v4(), body.trim_end().to_owned()).await
    }

    async fn buy(&mut self, api: &mut Api, key: String, number: String) -> Result<(), Trouble> {
        self.purchase = Some((key.clone(), number.clone()));
        let bought = api.pay(&key, "/api/numbers/purchase", json!({"number": number})).await;
        if let Err(Trouble::Lost) = bought {
            return Err(Trouble::Lost);
        }
        self.purchase = None;
        match bought {
            Ok(bought) => self.bought.push((key, text(&bought, "id"))),
            // Somebody else was faster, or the wallet is empty: nothing was charged, as the check shows.
            Err(Trouble::Refused { status: 402 | 409, .. }) => {}
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    async fn send_back(&mut self, api: &mut Api, id: Uuid, body: String) -> Result<(), Trouble> {
        self.sending_back = Some((id, body.clone()));
        let wish = json!({"client_id": id, "to": self.number, "text": body});
        api.call(Method::POST, &format!("/api/handsets/{}/messages", self.handset), Some(wish)).await?;
        self.sending_back = None;
        self.sent_back.push(body);
        Ok(())
    }

    /// Waits until everything has ended, then compares threads, handset, numbers and money. Tells also how many are unknown.
    pub async fn check(&self, api: &mut Api) -> Result<(Vec<String>, usize)> {
        let trouble = |trouble: Trouble| anyhow!("{}: {trouble:?}", self.thread);
        let (messages, trunk) = self.ended(api).await.map_err(trouble)?;
        let shown = all_on_handset(api, &self.handset).await.map_err(trouble)?;
        let (mut problems, unknown) = self.trunk.check(&trunk).await;
        let mut on_handset = BTreeMap::<String, u32>::new();
        for message in shown.iter().filter(|message| message["sent"] == false) {
            *on_handset.entry(text(message, "text")).or_default() += 1;
        }
        let mut arrived = BTreeMap::<String, u32>::new();
        let (mut spent, mut came) = (0, 0);
        for message in messages.iter().filter(|message| !message["delivery"].is_null()) {
            let (body, state) = (text(message, "body"), text(&message["delivery"], "state"));
            let times = on_handset.remove(&body).unwrap_or_default();
            match state.as_str() {
                "received" => {
                    came += 1;
                    *arrived.entry(body).or_default() += 1;
                }
                "delivered" if times == 1 => {}
                _ => problems.push(format!("{}: {body:?} is {state} and {times} times on the handset", self.thread)),
            }
            spent += message["delivery"]["price_micros"].as_i64().unwrap_or_default();
        }
        if !on_handset.is_empty() {
            problems.push(format!("{}: on the handset, but nobody sent it: {on_handset:?}", self.thread));
        }
        for body in &self.sent_back {
            let times = arrived.get(body).copied().unwrap_or_default();
            if times != 1 {
                problems
                    .push(format!("{}: {body:?} was written on the handset and is there {times} times", self.thread));
            }
        }
        if came != self.sent_back.len() {
            problems.push(format!("{}: {came} texts came, {} were written", self.thread, self.sent_back.len()));
        }
        spent += trunk.iter().filter_map(|message| message["delivery"]["price_micros"].as_i64()).sum::<i64>();
        problems.extend(self.paid(api, spent).await.map_err(trouble)?);
        Ok((problems, unknown))
    }

    /// The threads, once nothing in them is underway any more and no purchase either.
    async fn ended(&self, api: &mut Api) -> Result<(Vec<Value>, Vec<Value>), Trouble> {
        let started = std::time::Instant::now();
        loop {
            let messages = all_messages(api, &self.thread).await?;
            let trunk = all_messages(api, &self.trunk.thread).await?;
            let numbers = api.get("/api/numbers/owned").await?;
            let texts = |message: &Value| ["queued", "submitted"].contains(&&*text(&message["delivery"], "state"));
            let came = messages.iter().filter(|message| message["delivery"]["state"] == "received").count();
            let underway = messages.iter().any(texts)
                || came < self.sent_back.len()
                || !self.trunk.has_ended(&trunk)
                || numbers["numbers"].as_array().is_some_and(|all| all.iter().any(|number| number["state"] != "owned"));
            if !underway || started.elapsed() > SETTLE {
                return Ok((messages, trunk));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Every number that was charged is owned, every owned one was charged once; texts cost what their messages say.
    async fn paid(&self, api: &mut Api, spent: i64) -> Result<Vec<String>, Trouble> {
        let mut problems = vec![];
        let owned = api.get("/api/numbers/owned").await?;
        let owned = owned["numbers"].as_array().cloned().unwrap_or_default();
        for (_, id) in &self.bought {
            if !owned.iter().any(|number| number["id"] == **id) {
                problems.push(format!("{}: {id} was bought and is not owned", api.user_id));
            }
        }
        let transfers = super::money::all_transfers(api).await?;
        let sum = |from: &str, to: &str| -> i64 {
            let these = transfers.iter().filter(|t| t["from_account"] == from && t["to_account"] == to);
            these.filter_map(|transfer| transfer["amount_micros"].as_i64()).sum()
        };
        let rent: i64 = owned.iter().filter_map(|number| number["monthly_micros"].as_i64()).sum();
        if sum("held", "numbers") != rent || sum("wallet", "held") - sum("held", "wallet") != rent {
            problems.push(format!("{}: numbers cost {rent}, {} was paid", api.user_id, sum("held", "numbers")));
        }
        let texts = sum("wallet", "texts") - sum("texts", "wallet");
        if texts != spent {
            problems.push(format!("{}: texts say that they cost {spent}, {texts} was paid", api.user_id));
        }
        Ok(problems)
    }
}

/// Not always the same, so that several want it at once.
async fn first_offer(api: &mut Api, country: &str) -> Result<String, Trouble> {
    let found = api.get(&format!("/api/numbers/available/{country}?sms=true&limit=3")).await?;
    let offers = found["numbers"].as_array().cloned().unwrap_or_default();
    let index = rand::random_range(0..offers.len().max(1));
    Ok(offers.get(index).map(|offer| text(offer, "number")).unwrap_or_default())
}

async fn all_messages(api: &mut Api, thread: &str) -> Result<Vec<Value>, Trouble> {
    let (mut all, mut after) = (vec![], 0);
    loop {
        let page = api.get(&format!("/api/conversations/{thread}/messages?after={after}&limit=200")).await?;
        let messages = page["messages"].as_array().cloned().unwrap_or_default();
        let Some(last) = messages.last().and_then(|message| message["seq"].as_u64()) else { return Ok(all) };
        after = last;
        all.extend(messages);
    }
}

async fn all_on_handset(api: &mut Api, handset: &str) -> Result<Vec<Value>, Trouble> {
    let (mut all, mut before) = (vec![], String::new());
    loop {
        let page = api.get(&format!("/api/handsets/{handset}/messages?limit=200{before}")).await?;
        let messages = page["messages"].as_array().cloned().unwrap_or_default();
        let Some(last) = messages.last().and_then(|message| message["place"].as_i64()) else { return Ok(all) };
        before = format!("&before={last}");
        all.extend(messages);
    }
}
