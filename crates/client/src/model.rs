//! A copy of one person's conversations, kept by the rules of docs/realtime.md, section 4.
//! Never talks to anybody: it is told events, differences and fresh views, and says what it needs next.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What the client must do after an event.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    Done,
    /// Versions are missing before the one that came; it is kept.
    Gap(String),
    Load(String),
    Sync,
    Ended,
}

pub struct Model {
    me: String,
    pub user_version: u64,
    pub conversations: BTreeMap<String, Conversation>,
    /// Events that no server may send.
    pub broken_rules: Vec<String>,
}

#[derive(Default, Clone)]
pub struct Conversation {
    pub version: u64,
    pub last_seq: u64,
    pub messages: BTreeMap<u64, Value>,
    pub members: BTreeMap<String, Value>,
    pub mine: Value,
    /// Title, description and the like: what everyone sees alike.
    pub shared: Value,
    /// What the server said when it was asked; only fresh views have it.
    pub told_unread: Option<u64>,
    kept: BTreeMap<u64, Value>,
}

impl Model {
    pub fn new(me: &str) -> Model {
        Model { me: me.to_owned(), user_version: 0, conversations: BTreeMap::new(), broken_rules: Vec::new() }
    }

    pub fn position(&self, id: &str) -> Option<(u64, u64, u64)> {
        let conversation = self.conversations.get(id)?;
        Some((conversation.version, conversation.last_seq, number(&conversation.mine, "mine_version")))
    }

    pub fn differs(&self, id: &str, head: &Value) -> bool {
        self.position(id) != Some((number(head, "version"), number(head, "last_seq"), number(head, "mine_version")))
    }

    pub fn has_gap(&self, id: &str) -> bool {
        self.conversations.get(id).is_some_and(|conversation| !conversation.kept.is_empty())
    }

    pub fn load(&mut self, id: &str, fresh: Conversation) {
        let kept = self.conversations.remove(id).map(|old| old.kept).unwrap_or_default();
        self.conversations.insert(id.to_owned(), Conversation { kept, ..fresh });
        self.apply_kept(id);
    }

    pub fn apply(&mut self, event: &Value) -> Step {
        let id = text(event, "conversation_id");
        match event["type"].as_str().unwrap_or_default() {
            "sync" => return Step::Sync,
            "session.ended" | "reconnect" => return Step::Ended,
            "user.updated" => self.user_version = number(event, "user_version"),
            "conversation.created" => return Step::Load(id),
            "conversation.removed" => {
                self.conversations.remove(&id);
            }
            "mine.updated" => self.replace_mine(&text(&event["mine"], "conversation_id"), &event["mine"]),
            _ if event["version"].is_u64() => return self.apply_versioned(&id, event),
            _ => {}
        }
        Step::Done
    }

    /// The difference is a snapshot: it is applied whole, then what was kept above it.
    pub fn apply_difference(&mut self, id: &str, difference: &Value) {
        let me = self.me.clone();
        let Some(conversation) = self.conversations.get_mut(id) else {
            return;
        };
        // A slow answer about a position that events have passed since.
        if number(difference, "version") < conversation.version {
            return;
        }
        for message in items(difference, "messages") {
            conversation.put(message.clone());
        }
        for member in items(difference, "members") {
            conversation.members.insert(text(member, "user_id"), member.clone());
            conversation.note_mine(&me, member);
        }
        conversation.share(&difference["conversation"]);
        conversation.version = number(difference, "version");
        conversation.last_seq = number(difference, "last_seq");
        if difference["mine"].is_object() {
            let mine = difference["mine"].clone();
            self.replace_mine(id, &mine);
        }
        self.apply_kept(id);
    }

    fn apply_versioned(&mut self, id: &str, event: &Value) -> Step {
        let version = number(event, "version");
        let Some(conversation) = self.conversations.get_mut(id) else {
            return Step::Load(id.to_owned());
        };
        if version <= conversation.version {
            return Step::Done;
        }
        if let Some(before) = conversation.kept.insert(version, event.clone()) {
            self.broken_rules.push(format!("{id}: version {version} told twice: {before} and {event}"));
        }
        self.apply_kept(id);
        if self.has_gap(id) { Step::Gap(id.to_owned()) } else { Step::Done }
    }

    fn apply_kept(&mut self, id: &str) {
        let Some(conversation) = self.conversations.get_mut(id) else {
            return;
        };
        while let Some((&version, _)) = conversation.kept.first_key_value() {
            if version > conversation.version + 1 {
                return;
            }
            let Some(event) = conversation.kept.remove(&version) else {
                return;
            };
            if version == conversation.version + 1 {
                self.broken_rules.extend(conversation.apply_next(&self.me, &event));
                conversation.version = version;
            }
        }
    }

    fn replace_mine(&mut self, id: &str, mine: &Value) {
        let Some(conversation) = self.conversations.get_mut(id) else {
            return;
        };
        // Watermarks have no part in `mine_version` (other than in large groups) and only rise.
        let before = conversation.mine.clone();
        if number(mine, "mine_version") > number(&before, "mine_version") {
            conversation.mine = mine.clone();
            rise(&mut conversation.mine, &before);
            conversation.drop_hidden();
        }
    }
}

impl Conversation {
    /// From `GET /api/conversations/{id}`; the messages come in pages after it.
    pub fn from_view(view: &Value) -> Conversation {
        let mut conversation = Conversation {
            version: number(view, "version"),
            last_seq: number(view, "last_seq"),
            mine: view["mine"].clone(),
            told_unread: view["unread_count"].as_u64(),
            ..Conversation::default()
        };
        for member in items(view, "members") {
            conversation.members.insert(text(member, "user_id"), member.clone());
        }
        conversation.share(view);
        conversation
    }

    /// What this person deleted for themselves.
    fn hides(&self, seq: u64) -> bool {
        items(&self.mine, "hidden_seqs").iter().any(|hidden| hidden.as_u64() == Some(seq))
    }

    fn drop_hidden(&mut self) {
        let hidden: Vec<u64> = items(&self.mine, "hidden_seqs").iter().filter_map(Value::as_u64).collect();
        self.messages.retain(|seq, _| !hidden.contains(seq));
    }

    /// The newest state of a message, whichever way it came.
    pub fn put(&mut self, message: Value) {
        if self.hides(number(&message, "seq")) {
            return;
        }
        let known = self.messages.get(&number(&message, "seq"));
        if known.is_none_or(|known| number(known, "version") <= number(&message, "version")) {
            self.messages.insert(number(&message, "seq"), message);
        }
    }

    /// Counted from what is loaded, which is everything here.
    pub fn unread(&self, me: &str) -> u64 {
        const CAP: u64 = 1_000;
        let hidden: Vec<u64> = items(&self.mine, "hidden_seqs").iter().filter_map(Value::as_u64).collect();
        let after_read = self.messages.range(number(&self.mine, "read_seq") + 1..);
        let unread = after_read.filter(|(seq, message)| {
            message["kind"] != "system"
                && message["sender_id"] != me
                && message["deleted_at"].is_null()
                && !hidden.contains(seq)
        });
        (unread.count() as u64).min(CAP)
    }

    /// Applies the event of the next version; says what no server may send.
    fn apply_next(&mut self, me: &str, event: &Value) -> Option<String> {
        let mut broken = None;
        match event["type"].as_str().unwrap_or_default() {
            "message.created" => {
                let seq = number(&event["message"], "seq");
                if seq != self.last_seq + 1 {
                    broken = Some(format!("after seq {} came {event}", self.last_seq));
                }
                self.last_seq = seq;
                self.put(event["message"].clone());
                if event["sender_position"].is_object() {
                    self.move_position(me, &event["sender_position"]);
                }
            }
            "message.updated" => self.put(event["message"].clone()),
            "receipt.updated" => items(event, "positions").iter().for_each(|position| self.move_position(me, position)),
            "conversation.updated" => {
                self.share(&event["conversation"]);
                for member in items(event, "members") {
                    self.members.insert(text(member, "user_id"), member.clone());
                    self.note_mine(me, member);
                }
            }
            _ => {}
        }
        broken
    }

    fn share(&mut self, all: &Value) {
        if !all.is_object() {
            return;
        }
        for key in ["kind", "title", "description", "show_past", "member_count"] {
            if !all[key].is_null() || !self.shared[key].is_null() {
                self.shared[key] = all[key].clone();
            }
        }
    }

    fn move_position(&mut self, me: &str, position: &Value) {
        if let Some(member) = self.members.get_mut(&text(position, "user_id")) {
            rise(member, position);
        }
        self.note_mine(me, position);
    }

    fn note_mine(&mut self, me: &str, position: &Value) {
        if position["user_id"] == me {
            rise(&mut self.mine, position);
        }
    }
}

/// Watermarks only rise.
fn rise(mine: &mut Value, other: &Value) {
    for key in ["delivered_seq", "read_seq"] {
        if number(other, key) > number(mine, key) {
            mine[key] = json!(number(other, key));
        }
    }
}

pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_default()
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
