//! Whatever five people do, and however often their sockets break: in the end each client shows what a fresh fetch shows,
//! and nobody heard anything of a conversation after they were removed from it.
//!
//! `CONVO_SEED` repeats a run, `CONVO_PROPERTY_SECS` makes it longer.
//!
//! With `CONVO_TRACES=1` people do only a little, and each leaves `target/traces/<engine>-<seed>-<name>.json`,
//! which other implementations of the client replay (`web/src/realtime/traces.test.ts`):
//! `{"user_id": …, "notes": […], "end": {<conversation_id>: {"view": …, "messages": […]}}}`.
//! Notes stand in the order in which the client had them:
//! - `{"connected": bool}`: a socket was opened or ended; what happened in between nobody heard.
//! - `{"frame": …}`: an event, as it came.
//! - `{"get": path, "answer": …}` (null: refused): what the server had, asked for after each connecting and at the end.
//!   At first the view of a conversation and the difference from there with all messages (`last_seq=0`), later the
//!   difference to the answer before. All of them together answer whatever a client may ask.
//!
//! `end` is what a fresh fetch shows at last; a conversation that is not there is not a member's.
//! A run that fails leaves `failed-<name>.json`, whose notes have everything that this client asked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use convo_client::{Api, Client, Conversation, Trouble};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestUser, client_id};

const SECS: u64 = 15;
/// What one person does in a trace: enough to meet everything, and still a file of at most 200 kB.
const TRACED_ACTS: u64 = 150;
const SETTLE: Duration = Duration::from_secs(10);
const EMOJI: [&str; 4] = ["%F0%9F%91%8D", "%E2%9D%A4", "%F0%9F%8E%89", "%F0%9F%98%80"];

both_dbs!(
    // So little room that whoever does not listen for a moment is sent away, and has to find out what they missed.
    |config| config.limits.events_per_socket = 1;
    async fn every_copy_ends_as_a_fresh_fetch(t: TestApp) {
        let people = t.users(["ana", "ben", "cleo", "dan", "eli"]).await;
        let [ana, ben, cleo, dan, eli] = &people;
        let conversations = vec![
            ana.creates_group("all", &[ben, cleo, dan, eli]).await,
            ben.creates_group("some", &[ana, cleo]).await,
            cleo.creates_group("few", &[dan]).await,
            dan.direct(eli).await,
        ];
        let seed = setting("CONVO_SEED").unwrap_or_else(rand::random);
        eprintln!("seed {seed}: repeat with CONVO_SEED={seed}");
        let until = Instant::now() + Duration::from_secs(setting("CONVO_PROPERTY_SECS").unwrap_or(SECS));

        let ids: Vec<String> = people.iter().map(|person| person.id.clone()).collect();
        let lives = people.iter().enumerate().map(|(n, person)| Life {
            client: client_of(person),
            rng: StdRng::seed_from_u64(seed.wrapping_add(n as u64)),
            conversations: &conversations,
            people: &ids,
            most: if traces() { TRACED_ACTS } else { u64::MAX },
            done: 0,
            known: BTreeMap::new(),
            looks: vec![],
        });
        let breaks = async {
            while Instant::now() + Duration::from_secs(2) < until {
                tokio::time::sleep(Duration::from_secs(2)).await;
                // Those who came back meanwhile are not waited for.
                let _ = tokio::time::timeout(Duration::from_millis(20), t.app.hub.drain()).await;
            }
        };
        let living = futures_util::future::join_all(lives.map(|life| life.runs(until)));
        let (mut lives, ()) = tokio::join!(living, breaks);

        let done: u64 = lives.iter().map(|life| life.done).sum();
        assert!(done > 200, "only {done} things were done");
        for life in &mut lives {
            if !life.client.is_connected() {
                life.connects().await.unwrap();
            }
        }
        // Nobody does anything any more, so what was told must be enough: no further `sync`.
        let engine = if t.app.db.is_postgres() { "postgres" } else { "sqlite" };
        futures_util::future::join_all(lives.iter_mut().zip(&people).map(|(life, person)| async move {
            let end = settles(&mut life.client, life.conversations, &person.username).await;
            if traces() {
                life.looks_at_everything().await.unwrap();
            }
            check_notes(&life.client.api.notes(), &person.username);
            assert!(life.client.model.broken_rules.is_empty(), "{:#?}", life.client.model.broken_rules);
            if traces() {
                write_trace(&format!("{engine}-{seed}-{}", person.username), &person.id, life.notes(), end);
            }
        }))
        .await;
        eprintln!(
            "{done} things done; {:?}",
            lives.iter().map(|life| (life.client.figures.connects, life.client.figures.overflows)).collect::<Vec<_>>()
        );
        assert!(traces() || lives.iter().any(|life| life.client.figures.overflows > 0), "nobody fell behind");
    }
);

#[expect(clippy::disallowed_methods, reason = "a run is repeated with settings from outside")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn traces() -> bool {
    setting("CONVO_TRACES") == Some(1)
}

fn client_of(person: &TestUser) -> Client {
    let mut api = Api::signed_in(&person.t.url, &person.id, &person.access_token, &person.refresh_token).unwrap();
    api.take_notes();
    Client::new(api)
}

struct Life<'a> {
    client: Client,
    rng: StdRng,
    conversations: &'a [String],
    people: &'a [String],
    most: u64,
    done: u64,
    /// For traces: where the last look at each conversation stood, and which notes are such looks.
    known: BTreeMap<String, [u64; 3]>,
    looks: Vec<std::ops::Range<usize>>,
}

impl Life<'_> {
    async fn runs(mut self, until: Instant) -> Self {
        while Instant::now() < until && self.done < self.most {
            let outcome = match self.rng.random_range(0..40) {
                0 => {
                    self.client.disconnect();
                    Ok(())
                }
                _ if !self.client.is_connected() && self.rng.random_bool(0.2) => self.connects().await,
                1..=15 if self.client.is_connected() => {
                    let millis = self.rng.random_range(0..40);
                    self.client.listen(Duration::from_millis(millis)).await
                }
                _ => self.acts().await,
            };
            match outcome {
                Ok(()) | Err(Trouble::Refused { .. }) => {}
                // The socket broke, or was broken.
                Err(Trouble::Lost) => self.client.disconnect(),
            }
        }
        self
    }

    async fn connects(&mut self) -> Result<(), Trouble> {
        self.client.connect().await?;
        if traces() { self.looks_at_everything().await } else { Ok(()) }
    }

    async fn looks_at_everything(&mut self) -> Result<(), Trouble> {
        let from = self.client.api.notes().len();
        for id in self.conversations {
            match self.looks_at(id).await {
                Ok(()) | Err(Trouble::Refused { .. }) => {}
                Err(Trouble::Lost) => return Err(Trouble::Lost),
            }
        }
        self.looks.push(from..self.client.api.notes().len());
        Ok(())
    }

    /// As the difference to the look before.
    async fn looks_at(&mut self, id: &str) -> Result<(), Trouble> {
        let api = &mut self.client.api;
        loop {
            let [version, last_seq, mine_version] = match self.known.remove(id) {
                Some(known) => known,
                None => {
                    let view = api.get(&format!("/api/conversations/{id}")).await?;
                    [view["conversation"]["version"].as_u64().unwrap(), 0, 0]
                }
            };
            let query = format!("version={version}&last_seq={last_seq}&mine_version={mine_version}");
            let changes = api.get(&format!("/api/conversations/{id}/changes?{query}")).await?;
            // Else the membership began anew meanwhile.
            if changes["reset"] == false {
                let mine_version = changes["mine"]["mine_version"].as_u64().unwrap_or(mine_version);
                let [version, last_seq] = ["version", "last_seq"].map(|name| changes[name].as_u64().unwrap());
                self.known.insert(id.to_owned(), [version, last_seq, mine_version]);
                return Ok(());
            }
        }
    }

    /// What was heard, and the looks; not what this client asked for itself.
    fn notes(&self) -> Vec<Value> {
        let is_look = |index: usize| self.looks.iter().any(|range| range.contains(&index));
        let notes = self.client.api.notes().into_iter().enumerate();
        notes.filter(|(index, note)| note.get("get").is_none() || is_look(*index)).map(|(_, note)| note).collect()
    }

    async fn acts(&mut self) -> Result<(), Trouble> {
        self.done += 1;
        let id = self.conversations.choose(&mut self.rng).unwrap().clone();
        let other = self.people.choose(&mut self.rng).unwrap().clone();
        let last_seq = self.client.model.conversations.get(&id).map_or(1, |conversation| conversation.last_seq.max(1));
        let seq = self.rng.random_range(last_seq.saturating_sub(12).max(1)..=last_seq);
        let path = format!("/api/conversations/{id}");
        let message = format!("{path}/messages/{seq}");
        let emoji = *EMOJI.choose(&mut self.rng).unwrap();
        let word = self.rng.random_range(0..1_000).to_string();
        let flag = self.rng.random_bool(0.5);
        let (method, path, body) = match self.rng.random_range(0..34) {
            0..=5 => (Method::POST, format!("{path}/messages"), json!({"client_id": client_id(), "body": word})),
            6..=9 => {
                return self
                    .says(
                        json!({"type": "message.send", "conversation_id": id, "client_id": client_id(), "body": word}),
                    )
                    .await;
            }
            10 => (
                Method::POST,
                format!("{path}/messages"),
                json!({"client_id": client_id(), "body": word, "reply_to_seq": seq}),
            ),
            11 | 12 => (Method::PATCH, message, json!({"body": word})),
            13 => {
                return self
                    .says(json!({"type": "message.edit", "conversation_id": id, "seq": seq, "body": word}))
                    .await;
            }
            14 => (Method::DELETE, format!("{message}?for=everyone"), Value::Null),
            15 => (Method::DELETE, format!("{message}?for=me"), Value::Null),
            16..=18 => (Method::PUT, format!("{message}/reactions/{emoji}"), json!({})),
            19 => (Method::DELETE, format!("{message}/reactions/{emoji}"), Value::Null),
            20 => (Method::POST, format!("{path}/members"), json!({"user_ids": [other, self.client.api.user_id]})),
            21 | 22 => (Method::POST, format!("{path}/members"), json!({"user_ids": [other]})),
            23 => (Method::DELETE, format!("{path}/members/{other}"), Value::Null),
            24 => (Method::DELETE, format!("{path}/members/{}", self.client.api.user_id), Value::Null),
            25 => {
                (Method::PUT, format!("{path}/members/{other}"), json!({"role": if flag { "admin" } else { "member" }}))
            }
            26 | 27 => return self.says(json!({"type": "receipt", "conversation_id": id, "read_seq": seq})).await,
            28 => (Method::POST, format!("{path}/receipt"), json!({"delivered_seq": last_seq, "read_seq": seq})),
            29 => (Method::PUT, format!("{path}/mine"), json!({"archived": flag})),
            30 => (Method::PUT, format!("{path}/mine"), json!({"pinned": flag, "marked_unread": !flag})),
            31 => (Method::PUT, format!("{path}/mine"), json!({"muted_until": "2027-01-01T00:00:00Z"})),
            32 => (Method::PATCH, path, json!({"title": word})),
            _ => return self.says(json!({"type": "typing", "conversation_id": id})).await,
        };
        self.client.api.call(method, &path, Some(body).filter(|body| !body.is_null())).await.map(|_| ())
    }

    async fn says(&mut self, frame: Value) -> Result<(), Trouble> {
        if !self.client.is_connected() {
            return Ok(());
        }
        self.client.request(frame).await.map(|_| ())
    }
}

/// Listens until the copy is what a fresh fetch gives; returns that.
async fn settles(client: &mut Client, conversations: &[String], name: &str) -> Value {
    let started = Instant::now();
    loop {
        if client.listen(Duration::from_millis(300)).await.is_err() {
            // Broken before, and not noticed until now.
            client.connect().await.unwrap();
        }
        let mut api = client.api.clone();
        let (mut end, mut differences) = (json!({}), vec![]);
        for id in conversations {
            let fresh = convo_client::fetch(&mut api, id).await.ok();
            match (client.model.conversations.get(id), &fresh) {
                (None, None) => {}
                (Some(copy), Some(fresh)) => {
                    differences.extend(compare(copy, fresh, &client.api.user_id).map(|text| format!("{id}: {text}")))
                }
                (copy, fresh) => differences.push(format!("{id}: known {}, there {}", copy.is_some(), fresh.is_some())),
            }
            if let Some(fresh) = fresh {
                let view = api.get(&format!("/api/conversations/{id}")).await.ok();
                end[id] = json!({"view": view, "messages": fresh.messages.values().collect::<Vec<_>>()});
            }
        }
        if differences.is_empty() {
            return end;
        }
        if started.elapsed() >= SETTLE {
            write_trace(&format!("failed-{name}"), &client.api.user_id, client.api.notes(), end);
        }
        assert!(started.elapsed() < SETTLE, "the copy of {name} differs:\n{}", differences.join("\n"));
    }
}

fn compare(copy: &Conversation, fresh: &Conversation, me: &str) -> Option<String> {
    let active = |of: &Conversation| {
        of.members
            .iter()
            .filter(|(_, member)| member["active"] == true)
            .map(|(id, member)| (id.clone(), member.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let position = |of: &Conversation| (of.version, of.last_seq);
    if position(copy) != position(fresh) {
        return Some(format!("(version, last_seq) is {:?} instead of {:?}", position(copy), position(fresh)));
    }
    if copy.messages != fresh.messages {
        let seqs: BTreeSet<_> = copy.messages.keys().chain(fresh.messages.keys()).collect();
        let different = seqs.into_iter().find(|seq| copy.messages.get(seq) != fresh.messages.get(seq)).unwrap();
        return Some(format!(
            "message {different} is {:?} instead of {:?}",
            copy.messages.get(different),
            fresh.messages.get(different)
        ));
    }
    if active(copy) != active(fresh) {
        return Some(format!("members are {:?} instead of {:?}", active(copy), active(fresh)));
    }
    if copy.mine != fresh.mine {
        return Some(format!("mine is {} instead of {}", copy.mine, fresh.mine));
    }
    if copy.shared != fresh.shared {
        return Some(format!("what all see is {} instead of {}", copy.shared, fresh.shared));
    }
    (Some(copy.unread(me)) != fresh.told_unread)
        .then(|| format!("{} are unread instead of {:?}", copy.unread(me), fresh.told_unread))
}

/// After `conversation.removed` nothing of that conversation is heard, but what happened since they were added again;
/// the first of that may come a moment before `conversation.created`.
fn check_notes(notes: &[Value], name: &str) {
    let mut out: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for note in notes {
        if note.get("connected").is_some() {
            out.clear();
        }
        let frame = &note["frame"];
        let id = frame["conversation_id"].as_str().or_else(|| frame["mine"]["conversation_id"].as_str());
        let Some(id) = id else { continue };
        match frame["type"].as_str().unwrap_or_default() {
            "conversation.removed" => {
                let heard = out.insert(id.to_owned(), vec![]).unwrap_or_default();
                assert!(heard.is_empty(), "{name} was out of {id} and heard {heard:#?}");
            }
            "conversation.created" => {
                for heard in out.remove(id).unwrap_or_default() {
                    assert!(
                        heard["version"].as_i64() > frame["version"].as_i64(),
                        "{name} was out of {id} and heard {heard}"
                    );
                }
            }
            _ => {
                if let Some(heard) = out.get_mut(id) {
                    heard.push(frame.clone());
                }
            }
        }
    }
    assert!(out.values().all(Vec::is_empty), "{name} was out and heard {out:#?}");
}

fn write_trace(file: &str, user_id: &str, notes: Vec<Value>, end: Value) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("traces");
    std::fs::create_dir_all(&folder).unwrap();
    let trace = json!({"user_id": user_id, "notes": notes, "end": end});
    std::fs::write(folder.join(format!("{file}.json")), trace.to_string()).unwrap();
}
