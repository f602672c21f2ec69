//! Verifications of a story: who waits for which code, and services that text.
//! Through the same doors as any client; only services are let loose behind them.

use convo_carriers::simulator::CodeRequest;
use serde_json::{Value, json};

use super::{Line, Reply, TestApp, TestUser, eventually, text};

impl TestUser {
    pub async fn waits_on(&self, line: &Line, service: &str) -> Value {
        self.post("/api/verifications/create", json!({"service": service, "number_id": line.id})).await.created()
    }

    pub async fn borrows(&self, key: &str, service: &str) -> Reply {
        self.pays(key, "/api/verifications/create", json!({"service": service, "country": "US"})).await
    }

    pub async fn verification(&self, id: &Value) -> Value {
        self.get(&format!("/api/verifications/{}", text(id))).await.ok()
    }

    pub async fn codes(&self, id: &Value) -> Vec<Value> {
        let list = self.get(&format!("/api/verifications/{}/codes", text(id))).await.ok();
        list["codes"].as_array().unwrap().clone()
    }

    pub async fn cancels(&self, id: &Value) -> Reply {
        self.delete(&format!("/api/verifications/{}", text(id))).await
    }

    pub async fn lets_send(&self, key: &str, id: &Value, wish: Value) -> Reply {
        self.pays(key, &format!("/api/simulator/verifications/{}/send-code", text(id)), wish).await
    }

    /// The verification, as soon as it has that status.
    pub async fn sees(&self, id: &Value, status: &str) -> Value {
        eventually(&format!("the verification to be {status}"), async || {
            Some(self.verification(id).await).filter(|seen| seen["status"] == status)
        })
        .await
    }

    pub async fn sees_codes(&self, id: &Value, count: usize) -> Vec<Value> {
        eventually(&format!("{count} texts"), async || Some(self.codes(id).await).filter(|codes| codes.len() == count))
            .await
    }

    pub async fn held(&self) -> i64 {
        self.wallet("test").await["held_micros"].as_i64().unwrap()
    }
}

/// A service texts a number, whoever waits there.
pub async fn service_texts(t: &TestApp, service: &str, number: &str, code: &str) {
    let request = CodeRequest {
        service: service.to_owned(),
        language: "en".to_owned(),
        to: number.parse().unwrap(),
        code: Some(code.to_owned()),
        key: None,
    };
    t.app.carriers.simulation().unwrap().send_code(request).await.unwrap();
}
