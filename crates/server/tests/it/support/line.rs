//! Numbers, threads and handsets of a story: what somebody does who texts.
//! Through the same doors as any client.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Reply, TestUser, eventually};

/// A number that somebody bought.
#[derive(Clone)]
pub struct Line {
    pub id: String,
    pub number: String,
}

#[derive(Clone)]
pub struct Handset {
    pub owner: TestUser,
    pub id: String,
    pub number: String,
}

impl TestUser {
    /// With enough play money for it and for some texts.
    pub async fn buys_a_number(&self, country: &str) -> Line {
        let key = Uuid::now_v7().to_string();
        self.tops_up(&format!("{key}-money"), 50_000_000).await.created();
        let offer = self.finds_numbers(country, "sms=true&limit=1").await.remove(0);
        let bought = self.buys(&key, offer["number"].as_str().unwrap()).await.created();
        Line { id: text(&bought["id"]), number: text(&bought["number"]) }
    }

    pub async fn finds_numbers(&self, country: &str, query: &str) -> Vec<Value> {
        let found = self.get(&format!("/api/numbers/available/{country}?{query}")).await.ok();
        found["numbers"].as_array().unwrap().clone()
    }

    pub async fn buys(&self, key: &str, number: &str) -> Reply {
        self.pays(key, "/api/numbers/purchase", json!({"number": number})).await
    }

    pub async fn has_a_handset(&self, country: &str) -> Handset {
        let made = self.post("/api/handsets", json!({"country": country, "label": "Test phone"})).await.created();
        let at_once = json!({"latency_ms": 0});
        self.patch(&format!("/api/handsets/{}", text(&made["id"])), at_once).await.ok();
        Handset { owner: self.clone(), id: text(&made["id"]), number: text(&made["number"]) }
    }

    /// The same name again is a retry.
    pub async fn texts(&self, thread: &str, name: &str, body: &str) -> Reply {
        let mut id = [0; 16];
        id[..name.len()].copy_from_slice(name.as_bytes());
        self.tries_to_send(thread, json!({"client_id": Uuid::from_bytes(id), "body": body})).await
    }

    /// The id of the thread from a number to somebody.
    pub async fn begins_thread(&self, line: &Line, to: &str) -> String {
        let wish = json!({"kind": "sms", "number_id": line.id, "to": to});
        let reply = self.post("/api/conversations", wish).await;
        text(&reply.json["conversation"]["id"])
    }

    /// The state of a text, as soon as it is that.
    pub async fn sees_delivery(&self, thread: &str, seq: i64, state: &str) -> Value {
        eventually(&format!("message {seq} to be {state}"), async || {
            let reply = self.get(&format!("/api/conversations/{thread}/messages/{seq}")).await;
            (reply.json["delivery"]["state"] == state).then_some(reply.json)
        })
        .await
    }

    /// Texts and lines of a thread, oldest first.
    pub async fn reads_thread(&self, thread: &str) -> Vec<Value> {
        let page = self.get(&format!("/api/conversations/{thread}/messages?limit=200")).await.ok();
        page["messages"].as_array().unwrap().clone()
    }

    pub async fn balance(&self) -> i64 {
        self.wallet("test").await["balance_micros"].as_i64().unwrap()
    }

    pub async fn puts(&self, key: &str, path: &str) -> Reply {
        self.t.send(self.request(Method::PUT, path).header("Idempotency-Key", key)).await
    }
}

impl Handset {
    /// What is on its screen, newest first.
    pub async fn shows(&self) -> Vec<Value> {
        let list = self.owner.get(&format!("/api/handsets/{}/messages?limit=200", self.id)).await.ok();
        list["messages"].as_array().unwrap().clone()
    }

    /// Until this text is on its screen.
    pub async fn receives(&self, body: &str) -> Value {
        eventually(&format!("the handset to receive {body:?}"), async || {
            self.shows().await.into_iter().find(|message| message["text"] == body && message["sent"] == false)
        })
        .await
    }

    pub async fn texts(&self, to: &str, body: &str) -> Reply {
        let text = json!({"client_id": Uuid::now_v7(), "to": to, "text": body});
        self.owner.post(&format!("/api/handsets/{}/messages", self.id), text).await
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}
