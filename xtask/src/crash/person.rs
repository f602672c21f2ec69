//! Somebody who writes, edits, reacts and reads, loses the connection, and comes back.
//! Never forgets what the server acknowledged, and never takes silence for a refusal.

use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::money::Purse;
use super::phone::Phone;
use convo_client::{Client, Trouble};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Acting,
    /// Only what is still unsent.
    Draining,
}

/// A send without an answer yet; it is repeated under the same id until there is one.
#[derive(Clone)]
struct Draft {
    conversation: String,
    client_id: Uuid,
    body: String,
    tries: u32,
}

/// A send that the server acknowledged.
pub struct Sent {
    pub conversation: String,
    pub client_id: Uuid,
    pub seq: u64,
    /// What the body may be: the last acknowledged one, and edits after it that nobody answered.
    pub bodies: Vec<String>,
    pub deletion_asked: bool,
    pub deletion_acknowledged: bool,
}

#[derive(Default, Clone, Copy)]
pub struct Deeds {
    pub sent: u64,
    pub resent: u64,
    pub repeats_asked: u64,
    pub edits: u64,
    pub reactions: u64,
    pub receipts: u64,
    pub deletions: u64,
    pub lost: u64,
}

pub struct Person {
    pub client: Client,
    pub sent: Vec<Sent>,
    pub deeds: Deeds,
    pub problems: Vec<String>,
    pub purse: Purse,
    pub phone: Phone,
    /// From whom they may take money.
    charges: Vec<String>,
    rng: StdRng,
    unsent: Option<Draft>,
}

impl Person {
    pub fn new(client: Client, rng: StdRng, charges: Vec<String>, purse: Purse, phone: Phone) -> Person {
        let (deeds, problems) = (Deeds::default(), Vec::new());
        Person { client, sent: Vec::new(), deeds, problems, purse, phone, charges, rng, unsent: None }
    }

    pub async fn act(mut self, phases: watch::Receiver<Phase>) -> Person {
        loop {
            let phase = *phases.borrow();
            if phase == Phase::Draining
                && self.unsent.is_none()
                && self.purse.is_settled()
                && self.phone.is_settled()
                && self.client.is_connected()
            {
                return self;
            }
            match self.step(phase).await {
                Ok(()) => {}
                Err(Trouble::Lost) => {
                    self.deeds.lost += 1;
                    self.client.disconnect();
                    let pause = self.rng.random_range(50..400);
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
                Err(Trouble::Refused { status, code }) => {
                    self.problems.push(format!("{} was refused: {status} {code}", self.client.api.user_id));
                }
            }
        }
    }

    async fn step(&mut self, phase: Phase) -> Result<(), Trouble> {
        if !self.client.is_connected() {
            return self.client.connect().await;
        }
        if let Some(draft) = self.unsent.clone() {
            return self.send(draft).await;
        }
        self.purse.settle(&mut self.client.api).await?;
        self.phone.repeat(&mut self.client.api).await?;
        if phase == Phase::Acting {
            self.do_something().await?;
        }
        // In bursts, so that most kills find requests under way.
        let pause =
            if self.rng.random_bool(0.7) { self.rng.random_range(0..4) } else { self.rng.random_range(20..150) };
        self.client.listen(Duration::from_millis(pause)).await
    }

    async fn do_something(&mut self) -> Result<(), Trouble> {
        let all = self.client.model.conversations.keys();
        let conversations: Vec<String> = all.filter(|id| !self.phone.has(id)).cloned().collect();
        if conversations.is_empty() {
            return Ok(());
        }
        let conversation = conversations[self.rng.random_range(0..conversations.len())].clone();
        match self.rng.random_range(0..100) {
            0..4 if self.phone.may_text() => {
                let (conversation, body) = self.phone.next_text(&mut self.rng);
                self.send(Draft { conversation, client_id: Uuid::new_v4(), body, tries: 0 }).await
            }
            4..8 if self.phone.may_text() => self.phone.act(&mut self.client.api, &mut self.rng).await,
            8..12 if self.phone.trunk.may_text() => {
                let (conversation, body) = self.phone.trunk.next_text(&mut self.rng);
                self.send(Draft { conversation, client_id: Uuid::new_v4(), body, tries: 0 }).await
            }
            12..15 if self.phone.trunk.may_text() => {
                self.phone.trunk.bring(&mut self.rng).await;
                Ok(())
            }
            0..49 => {
                let body = format!("message {}", self.rng.random::<u32>());
                self.send(Draft { conversation, client_id: Uuid::new_v4(), body, tries: 0 }).await
            }
            49..55 => {
                let paid = self.purse.pay(&mut self.client.api, &self.charges, &mut self.rng).await?;
                self.problems.extend(paid);
                Ok(())
            }
            55..67 => self.edit().await,
            67..80 => self.react(&conversation).await,
            80..92 => self.read(&conversation).await,
            92..97 => self.ask_again().await,
            97..99 => self.delete().await,
            _ => self.pin(&conversation).await,
        }
    }

    async fn send(&mut self, mut draft: Draft) -> Result<(), Trouble> {
        self.deeds.resent += u64::from(draft.tries > 0);
        draft.tries += 1;
        self.unsent = Some(draft.clone());
        let message = self.post(&draft.conversation, draft.client_id, &draft.body).await;
        if let Err(Trouble::Lost) = message {
            return Err(Trouble::Lost);
        }
        self.unsent = None;
        self.deeds.sent += 1;
        let (conversation, client_id, seq) = (draft.conversation, draft.client_id, seq_of(&message?));
        let bodies = vec![draft.body];
        self.sent.push(Sent {
            conversation,
            client_id,
            seq,
            bodies,
            deletion_asked: false,
            deletion_acknowledged: false,
        });
        Ok(())
    }

    /// Over the socket or over HTTP: both are the same action.
    async fn post(&mut self, conversation: &str, client_id: Uuid, body: &str) -> Result<Value, Trouble> {
        if self.rng.random_bool(0.7) {
            let frame =
                json!({"type": "message.send", "conversation_id": conversation, "client_id": client_id, "body": body});
            return Ok(self.client.request(frame).await?["message"].clone());
        }
        let path = format!("/api/conversations/{conversation}/messages");
        self.client.api.call(Method::POST, &path, Some(json!({"client_id": client_id, "body": body}))).await
    }

    /// A phone that did not get the answer sends again, however late.
    async fn ask_again(&mut self) -> Result<(), Trouble> {
        let Some(index) = self.any_sent(|_| true) else {
            return Ok(());
        };
        self.deeds.repeats_asked += 1;
        let sent = &self.sent[index];
        let (conversation, client_id, seq) = (sent.conversation.clone(), sent.client_id, sent.seq);
        let answer = self.post(&conversation, client_id, "the body of a repeat does not count").await?;
        if seq_of(&answer) != seq {
            self.problems.push(format!("{conversation}: {client_id} was seq {seq}, its repeat {}", seq_of(&answer)));
        }
        Ok(())
    }

    async fn edit(&mut self) -> Result<(), Trouble> {
        let Some(index) = self.any_changeable() else {
            return Ok(());
        };
        self.deeds.edits += 1;
        let body = format!("edited {}", self.rng.random::<u32>());
        let by_socket = self.rng.random_bool(0.5);
        let sent = &mut self.sent[index];
        sent.bodies.push(body.clone());
        let (conversation, seq) = (&sent.conversation, sent.seq);
        if by_socket {
            let frame = json!({"type": "message.edit", "conversation_id": conversation, "seq": seq, "body": body});
            self.client.request(frame).await?;
        } else {
            let path = format!("/api/conversations/{conversation}/messages/{seq}");
            self.client.api.call(Method::PATCH, &path, Some(json!({"body": body}))).await?;
        }
        self.sent[index].bodies = vec![body];
        Ok(())
    }

    async fn delete(&mut self) -> Result<(), Trouble> {
        let Some(index) = self.any_changeable() else {
            return Ok(());
        };
        self.deeds.deletions += 1;
        let sent = &mut self.sent[index];
        sent.deletion_asked = true;
        let path = format!("/api/conversations/{}/messages/{}?for=everyone", sent.conversation, sent.seq);
        self.client.api.call(Method::DELETE, &path, None).await?;
        self.sent[index].deletion_acknowledged = true;
        Ok(())
    }

    async fn react(&mut self, conversation: &str) -> Result<(), Trouble> {
        let model = &self.client.model.conversations[conversation];
        let alive = model.messages.iter().rev().take(20);
        let alive = alive.filter(|(_, message)| message["kind"] == "text" && message["deleted_at"].is_null());
        let seqs: Vec<u64> = alive.map(|(seq, _)| *seq).collect();
        if seqs.is_empty() {
            return Ok(());
        }
        self.deeds.reactions += 1;
        let seq = seqs[self.rng.random_range(0..seqs.len())];
        let emoji = ["👍", "🎉", "❤️"][self.rng.random_range(0..3)];
        let method = if self.rng.random_bool(0.7) { Method::PUT } else { Method::DELETE };
        let path = format!("/api/conversations/{conversation}/messages/{seq}/reactions/{emoji}");
        match self.client.api.call(method, &path, None).await {
            // Deleted by its author a moment ago.
            Ok(_) | Err(Trouble::Refused { status: 403 | 404 | 409 | 410 | 422, .. }) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    async fn read(&mut self, conversation: &str) -> Result<(), Trouble> {
        self.deeds.receipts += 1;
        let last = self.client.model.conversations[conversation].last_seq;
        let read = last.saturating_sub(self.rng.random_range(0..3));
        let frame =
            json!({"type": "receipt", "conversation_id": conversation, "delivered_seq": last, "read_seq": read});
        self.client.request(frame).await.map(drop)
    }

    async fn pin(&mut self, conversation: &str) -> Result<(), Trouble> {
        let pinned = self.rng.random_bool(0.5);
        let path = format!("/api/conversations/{conversation}/mine");
        self.client.api.call(Method::PUT, &path, Some(json!({"pinned": pinned}))).await.map(drop)
    }

    /// What a phone has stays as it is.
    fn any_changeable(&mut self) -> Option<usize> {
        let ours: Vec<String> = vec![self.phone.thread.clone(), self.phone.trunk.thread.clone()];
        self.any_sent(|sent| !sent.deletion_asked && !ours.contains(&sent.conversation))
    }

    fn any_sent(&mut self, fits: impl Fn(&Sent) -> bool) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.sent.len()).filter(|&index| fits(&self.sent[index])).collect();
        (!fitting.is_empty()).then(|| fitting[self.rng.random_range(0..fitting.len())])
    }
}

fn seq_of(message: &Value) -> u64 {
    message["seq"].as_u64().unwrap_or_default()
}
