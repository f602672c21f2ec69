//! What people do with conversations, in a word each.
//! Everything goes through HTTP; answers that are not the usual ones are asked for by `get`, `post` and the like.

use serde_json::{Value, json};

use super::{Reply, TestUser};

pub fn client_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl TestUser {
    /// A group that this person owns; its id.
    pub async fn creates_group(&self, title: &str, others: &[&TestUser]) -> String {
        let ids: Vec<_> = others.iter().map(|other| &other.id).collect();
        let body = json!({"kind": "group", "title": title, "participant_ids": ids, "client_id": client_id()});
        id_of(&self.post("/api/conversations", body).await.created())
    }

    /// The direct conversation of these two, new or old; its id.
    pub async fn direct(&self, other: &TestUser) -> String {
        let reply = self.post("/api/conversations", json!({"kind": "direct", "participant_ids": [other.id]})).await;
        assert!([200, 201].contains(&reply.status.as_u16()), "{}", reply.json);
        id_of(&reply.json)
    }

    /// The stored message.
    pub async fn sends(&self, conversation: &str, body: &str) -> Value {
        self.tries_to_send(conversation, json!({"client_id": client_id(), "body": body})).await.created()
    }

    pub async fn replies(&self, conversation: &str, body: &str, to: i64) -> Reply {
        self.tries_to_send(conversation, json!({"client_id": client_id(), "body": body, "reply_to_seq": to})).await
    }

    pub async fn tries_to_send(&self, conversation: &str, message: Value) -> Reply {
        self.post(&format!("/api/conversations/{conversation}/messages"), message).await
    }

    pub async fn message(&self, conversation: &str, seq: i64) -> Reply {
        self.get(&format!("/api/conversations/{conversation}/messages/{seq}")).await
    }

    pub async fn edits(&self, conversation: &str, seq: i64, body: &str) -> Reply {
        self.patch(&format!("/api/conversations/{conversation}/messages/{seq}"), json!({"body": body})).await
    }

    /// `whom`: `me` or `everyone`.
    pub async fn deletes_for(&self, whom: &str, conversation: &str, seq: i64) -> Reply {
        self.delete(&format!("/api/conversations/{conversation}/messages/{seq}?for={whom}")).await
    }

    pub async fn reacts(&self, conversation: &str, seq: i64, emoji: &str) -> Reply {
        self.put(&reaction(conversation, seq, emoji), json!({})).await
    }

    pub async fn unreacts(&self, conversation: &str, seq: i64, emoji: &str) -> Reply {
        self.delete(&reaction(conversation, seq, emoji)).await
    }

    pub async fn reads(&self, conversation: &str, seq: i64) -> Reply {
        self.post(&format!("/api/conversations/{conversation}/receipt"), json!({"read_seq": seq})).await
    }

    pub async fn receives(&self, conversation: &str, seq: i64) -> Reply {
        self.post(&format!("/api/conversations/{conversation}/receipt"), json!({"delivered_seq": seq})).await
    }

    pub async fn adds(&self, conversation: &str, others: &[&TestUser]) -> Reply {
        let ids: Vec<_> = others.iter().map(|other| &other.id).collect();
        self.post(&format!("/api/conversations/{conversation}/members"), json!({"user_ids": ids})).await
    }

    pub async fn removes(&self, conversation: &str, other: &TestUser) -> Reply {
        self.delete(&format!("/api/conversations/{conversation}/members/{}", other.id)).await
    }

    pub async fn leaves(&self, conversation: &str) -> Reply {
        self.removes(conversation, self).await
    }

    pub async fn gives_role(&self, conversation: &str, other: &TestUser, role: &str) -> Reply {
        self.put(&format!("/api/conversations/{conversation}/members/{}", other.id), json!({"role": role})).await
    }

    /// The conversation as this person sees it.
    pub async fn view(&self, conversation: &str) -> Value {
        self.get(&format!("/api/conversations/{conversation}")).await.ok()["conversation"].clone()
    }

    pub async fn keeps(&self, conversation: &str, mine: Value) -> Value {
        self.put(&format!("/api/conversations/{conversation}/mine"), mine).await.ok()
    }

    pub async fn unread(&self, conversation: &str) -> i64 {
        self.view(conversation).await["unread_count"].as_i64().unwrap()
    }

    /// Up to 200 messages, by rising seq.
    pub async fn messages(&self, conversation: &str) -> Vec<Value> {
        let page = self.get(&format!("/api/conversations/{conversation}/messages?limit=200")).await.ok();
        page["messages"].as_array().unwrap().clone()
    }

    pub async fn bodies(&self, conversation: &str) -> Vec<String> {
        let texts = self.messages(conversation).await.into_iter().filter(|message| message["kind"] == "text");
        texts.map(|message| message["body"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn changes(&self, conversation: &str, version: i64, last_seq: i64, mine_version: i64) -> Reply {
        let query = format!("version={version}&last_seq={last_seq}&mine_version={mine_version}");
        self.get(&format!("/api/conversations/{conversation}/changes?{query}")).await
    }

    /// `(delivered_seq, read_seq)` of a member, as this person sees them.
    pub async fn position_of(&self, conversation: &str, other: &TestUser) -> (i64, i64) {
        let view = self.view(conversation).await;
        let member = view["members"]
            .as_array()
            .unwrap()
            .iter()
            .find(|member| member["user_id"] == other.id.as_str())
            .expect("a member");
        (member["delivered_seq"].as_i64().unwrap(), member["read_seq"].as_i64().unwrap())
    }
}

fn id_of(view: &Value) -> String {
    view["conversation"]["id"].as_str().unwrap().to_owned()
}

fn reaction(conversation: &str, seq: i64, emoji: &str) -> String {
    let encoded: String = emoji.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/api/conversations/{conversation}/messages/{seq}/reactions/{encoded}")
}
