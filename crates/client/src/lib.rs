//! A client of the live protocol, as docs/realtime.md tells it: one person, a socket, a faithful copy.
//! Never knows the server's code; what it may rely on is what every client may rely on.

mod api;
mod model;
#[cfg(test)]
mod model_tests;
mod socket;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use api::{Api, PASSWORD, Trouble};
use model::Step;
pub use model::{Conversation, Model, text};
use socket::Socket;

/// Nodes can overtake each other; only a gap that stays this long is repaired.
const GAP_WAIT: Duration = Duration::from_millis(200);
/// The close code that means: resume.
const TOO_SLOW: u16 = 4013;
const ANSWER_WAIT: Duration = Duration::from_secs(10);

#[derive(Default, Clone, Copy)]
pub struct Figures {
    pub connects: u64,
    pub events: u64,
    pub differences: u64,
    pub gaps: u64,
    pub loads: u64,
    pub resets: u64,
    /// How often it fell so far behind that the server closed it.
    pub overflows: u64,
}

pub struct Client {
    pub api: Api,
    pub model: Model,
    pub figures: Figures,
    socket: Option<Socket>,
    gaps: BTreeMap<String, Instant>,
}

impl Client {
    pub fn new(api: Api) -> Client {
        let model = Model::new(&api.user_id);
        Client { api, model, figures: Figures::default(), socket: None, gaps: BTreeMap::new() }
    }

    pub fn is_connected(&self) -> bool {
        self.socket.is_some()
    }

    pub fn disconnect(&mut self) {
        if let Some(socket) = self.socket.take() {
            self.figures.overflows += u64::from(socket.closed_with == Some(TOO_SLOW));
            self.api.note(|| json!({"connected": false}));
        }
        self.gaps.clear();
    }

    /// Connects, authenticates and resumes: listening starts before loading.
    pub async fn connect(&mut self) -> Result<(), Trouble> {
        self.disconnect();
        // A socket cannot answer 401 and let us go on, so the token is proven over HTTP first.
        self.api.get("/api/users/me").await?;
        self.socket = Some(Socket::connect(&self.api.base, &self.api.access_token).await?);
        self.api.note(|| json!({"connected": true}));
        self.figures.connects += 1;
        self.sync().await
    }

    /// Throws away what comes until an event of this type, and that too: as if the server had lost it.
    pub async fn loses(&mut self, kind: &str) -> Result<Value, Trouble> {
        loop {
            let frame = self.socket.as_mut().ok_or(Trouble::Lost)?.receive().await?;
            if frame["type"] == kind {
                return Ok(frame);
            }
        }
    }

    /// Heads, then the difference of each conversation that is not where we are.
    pub async fn sync(&mut self) -> Result<(), Trouble> {
        let mut cursor = Value::Null;
        loop {
            let page = self.request(json!({"type": "sync", "cursor": cursor})).await?;
            for head in page["heads"].as_array().into_iter().flatten() {
                self.follow_head(head).await?;
            }
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                self.model.user_version = page["user_version"].as_u64().unwrap_or_default();
                return Ok(());
            }
        }
    }

    async fn follow_head(&mut self, head: &Value) -> Result<(), Trouble> {
        let id = text(head, "conversation_id");
        if head["removed"] == true {
            self.model.conversations.remove(&id);
        } else if !self.model.conversations.contains_key(&id) {
            self.load(&id).await?;
        } else if self.model.differs(&id, head) {
            self.difference(&id).await?;
        }
        Ok(())
    }

    /// Applies what arrives for so long, and repairs gaps that stay.
    pub async fn listen(&mut self, duration: Duration) -> Result<(), Trouble> {
        let until = Instant::now() + duration;
        loop {
            self.repair_gaps().await?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let socket = self.socket.as_mut().ok_or(Trouble::Lost)?;
            if let Ok(frame) = tokio::time::timeout(left.min(GAP_WAIT / 4), socket.receive()).await {
                let frame = frame?;
                self.take(&frame).await?;
            }
        }
    }

    /// Sends a frame and waits for its answer; events that come in between are applied.
    pub async fn request(&mut self, frame: Value) -> Result<Value, Trouble> {
        let socket = self.socket.as_mut().ok_or(Trouble::Lost)?;
        let reference = socket.send(frame).await?;
        let until = Instant::now() + ANSWER_WAIT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let socket = self.socket.as_mut().ok_or(Trouble::Lost)?;
            let frame = tokio::time::timeout(left, socket.receive()).await.map_err(|_| Trouble::Lost)??;
            if frame["ref"] != Value::String(reference.clone()) {
                Box::pin(self.take(&frame)).await?;
            } else if frame["type"] == "ok" {
                return Ok(frame);
            } else {
                return Err(Trouble::from_problem(&frame["problem"]));
            }
        }
    }

    async fn take(&mut self, frame: &Value) -> Result<(), Trouble> {
        self.figures.events += 1;
        self.api.note(|| json!({"frame": frame}));
        match self.model.apply(frame) {
            Step::Done => {}
            Step::Gap(id) => {
                self.figures.gaps += u64::from(!self.gaps.contains_key(&id));
                self.gaps.entry(id).or_insert_with(Instant::now);
            }
            Step::Load(id) => self.load(&id).await?,
            Step::Sync => Box::pin(self.sync()).await?,
            Step::Ended => return Err(Trouble::Lost),
        }
        Ok(())
    }

    async fn repair_gaps(&mut self) -> Result<(), Trouble> {
        self.gaps.retain(|id, _| self.model.has_gap(id));
        let due = self.gaps.iter().find(|(_, since)| since.elapsed() >= GAP_WAIT).map(|(id, _)| id.clone());
        if let Some(id) = due {
            self.gaps.remove(&id);
            self.difference(&id).await?;
        }
        Ok(())
    }

    async fn difference(&mut self, id: &str) -> Result<(), Trouble> {
        let Some((version, last_seq, mine_version)) = self.model.position(id) else {
            return Ok(());
        };
        let query = format!("version={version}&last_seq={last_seq}&mine_version={mine_version}");
        self.figures.differences += 1;
        match self.api.get(&format!("/api/conversations/{id}/changes?{query}")).await {
            Ok(difference) if difference["reset"] == true => {
                self.figures.resets += 1;
                self.load(id).await
            }
            Ok(difference) => {
                self.model.apply_difference(id, &difference);
                Ok(())
            }
            Err(Trouble::Refused { status: 404, .. }) => {
                self.model.conversations.remove(id);
                Ok(())
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Position first, data second: what changes while we load is then told by the difference.
    async fn load(&mut self, id: &str) -> Result<(), Trouble> {
        self.figures.loads += 1;
        let fresh = match fetch(&mut self.api, id).await {
            Ok(fresh) => fresh,
            Err(Trouble::Refused { status: 404, .. }) => {
                self.model.conversations.remove(id);
                return Ok(());
            }
            Err(trouble) => return Err(trouble),
        };
        self.model.load(id, fresh);
        Box::pin(self.difference(id)).await
    }
}

/// A conversation with all its messages, from nothing.
pub async fn fetch(api: &mut Api, id: &str) -> Result<Conversation, Trouble> {
    let view = api.get(&format!("/api/conversations/{id}")).await?;
    let mut conversation = Conversation::from_view(&view["conversation"]);
    let mut after = 0;
    loop {
        let page = api.get(&format!("/api/conversations/{id}/messages?after={after}&limit=50")).await?;
        let messages = page["messages"].as_array().cloned().unwrap_or_default();
        after = messages.last().map_or(after, |message| message["seq"].as_u64().unwrap_or(after));
        let is_last = page["has_after"] != true || messages.is_empty();
        for message in messages {
            conversation.put(message);
        }
        if is_last {
            return Ok(conversation);
        }
    }
}
