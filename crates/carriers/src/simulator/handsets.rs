//! Phones to look at: what a number of ours was sent arrives here, and what is written here arrives there.
//! A handset never talks with a number that does not list its account.

use std::{sync::Arc, time::Duration};

use convo_db::Timestamp;
use convo_phone::{Country, Number, Party, sms};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Shared, SimulationError, Simulator,
    arrivals::{self, Reason},
    fate,
    pen::StoreError,
    store::handsets::{self as store, Joining},
};
use crate::{Failure, Outcome};

const MAX_PER_ACCOUNT: usize = 10;
const MAX_LABEL_CHARS: usize = 60;
const MAX_LATENCY_MS: u32 = 60 * 60 * 1_000;
const DEFAULT_LATENCY_MS: u32 = 200;
const MAX_TEXT_CHARS: usize = 1_600;
/// The newest; older ones are forgotten.
pub(super) const MESSAGES_KEPT: i64 = 1_000;
pub(super) const MAX_PAGE: usize = 200;
const MAX_ACCOUNT_BYTES: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handset {
    pub id: Uuid,
    pub account: String,
    pub number: Number,
    pub label: String,
    pub airplane: bool,
    pub latency_ms: u32,
    /// The share of texts that get lost on their way here or from here.
    pub loss_percent: u8,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHandset {
    /// Chosen by whoever asks; the same again makes nothing new.
    pub id: Uuid,
    pub account: String,
    /// Where its number is from. Which number that is, nobody chooses.
    pub country: Country,
    pub label: String,
}

/// What is not named stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandsetChange {
    pub label: Option<String>,
    pub airplane: Option<bool>,
    pub latency_ms: Option<u32>,
    pub loss_percent: Option<u8>,
}

/// A text that somebody writes on a handset.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandsetText {
    pub handset_id: Uuid,
    /// The same again sends once.
    pub client_key: Uuid,
    pub to: Number,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandsetMessage {
    pub id: Uuid,
    pub handset_id: Uuid,
    /// Rises with each message of the handset, with gaps.
    pub place: i64,
    pub direction: Direction,
    pub peer: Party,
    /// As much of it as has come.
    pub text: String,
    pub missing_parts: i64,
    pub outcome: HandsetOutcome,
    pub at: Timestamp,
    /// Rises with each new or changed message of all handsets, with gaps.
    pub change: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Sent,
    Received,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandsetOutcome {
    Received,
    Sent,
    /// It left the handset and arrived nowhere.
    Lost,
}

impl Direction {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }

    pub(super) fn read(name: &str) -> Self {
        if name == "sent" { Self::Sent } else { Self::Received }
    }
}

impl HandsetOutcome {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sent => "sent",
            Self::Lost => "lost",
        }
    }

    pub(super) fn read(name: &str) -> Self {
        match name {
            "sent" => Self::Sent,
            "lost" => Self::Lost,
            _ => Self::Received,
        }
    }
}

impl Simulator {
    pub(super) fn handset(&self, id: Uuid) -> Result<Handset, SimulationError> {
        self.0.worlds.read().handsets.get(&id).cloned().ok_or(SimulationError::NotFound)
    }

    /// In the order in which they were made.
    pub(super) fn handsets_of(&self, account: &str) -> Vec<Handset> {
        let world = self.0.worlds.read();
        let mut handsets: Vec<_> =
            world.handsets.values().filter(|handset| handset.account == account).cloned().collect();
        handsets.sort_by_key(|handset| (handset.created_at, handset.id));
        handsets
    }

    pub(super) async fn make_handset(&self, new: NewHandset) -> Result<Handset, SimulationError> {
        check_label(&new.label)?;
        check_account(&new.account)?;
        let simulator = self.clone();
        self.act(async move {
            let mut writing = simulator.0.write().await?;
            if let Ok(known) = simulator.handset(new.id) {
                return Ok(if known.account == new.account { Ok(known) } else { Err(SimulationError::NotFound) });
            }
            if simulator.handsets_of(&new.account).len() >= MAX_PER_ACCOUNT {
                let message = format!("An account has at most {MAX_PER_ACCOUNT} handsets. Delete one first.");
                return Ok(Err(SimulationError::refused("too_many_handsets", message)));
            }
            let Some(number) = simulator.number_for_handset(new.country, new.id) else {
                let message = "There are no numbers for handsets in this country. Choose another.";
                return Ok(Err(SimulationError::refused("no_numbers", message)));
            };
            let handset = Handset {
                id: new.id,
                account: new.account,
                number,
                label: new.label,
                airplane: false,
                latency_ms: DEFAULT_LATENCY_MS,
                loss_percent: 0,
                created_at: writing.now,
            };
            store::put(&mut writing.tx, &handset).await?;
            let made = handset.clone();
            writing.commit(|world| world.put(made)).await?;
            Ok(Ok(handset))
        })
        .await?
    }

    /// The end of airplane mode lets in what waited for it.
    pub(super) async fn change_handset(&self, id: Uuid, change: HandsetChange) -> Result<Handset, SimulationError> {
        change.check()?;
        let shared = self.0.clone();
        self.act(async move {
            let mut writing = shared.write().await?;
            let Some(old) = shared.worlds.read().handsets.get(&id).cloned() else {
                return Ok(Err(SimulationError::NotFound));
            };
            let was_off = old.airplane;
            let handset = Handset {
                label: change.label.unwrap_or(old.label),
                airplane: change.airplane.unwrap_or(old.airplane),
                latency_ms: change.latency_ms.unwrap_or(old.latency_ms),
                loss_percent: change.loss_percent.unwrap_or(old.loss_percent),
                ..old
            };
            store::put(&mut writing.tx, &handset).await?;
            if was_off && !handset.airplane {
                let mut waiting = store::list_on_their_way(&mut writing.tx, id).await?;
                waiting.retain(|delivery| delivery.waits);
                arrivals::arrive(&shared, &mut writing, waiting, Reason::SwitchedOn).await?;
                writing.look_for_next_due().await?;
            }
            let changed = handset.clone();
            writing.commit(|world| world.put(changed)).await?;
            Ok(Ok(handset))
        })
        .await?
    }

    /// What was on its way to it ends as a text to a number that no phone has. Done twice is done.
    pub(super) async fn remove_handset(&self, id: Uuid) -> Result<(), SimulationError> {
        let shared = self.0.clone();
        self.act(async move {
            let mut writing = shared.write().await?;
            for delivery in store::list_on_their_way(&mut writing.tx, id).await? {
                arrivals::end(&mut writing, &delivery, Outcome::Undelivered { failure: Failure::UnknownHandset })?;
            }
            store::delete(&mut writing.tx, id).await?;
            writing.look_for_next_due().await?;
            writing.commit(|world| world.remove(id)).await
        })
        .await?;
        Ok(())
    }

    pub(super) async fn send_text(&self, text: HandsetText) -> Result<HandsetMessage, SimulationError> {
        check_text(&text.text)?;
        let shared = self.0.clone();
        self.act(async move { send(&shared, text).await }).await?
    }

    pub(super) async fn messages_of(
        &self,
        id: Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<HandsetMessage>, SimulationError> {
        self.handset(id)?;
        let limit = i64::try_from(limit.clamp(1, MAX_PAGE)).unwrap_or(1);
        let listed = store::list_messages(&mut self.0.db.read(), id, before.unwrap_or(i64::MAX), limit).await;
        Ok(listed.map_err(StoreError::from)?)
    }

    /// New and changed messages of all handsets, in that order; nothing after `wait`.
    pub(super) async fn changes_after(
        &self,
        after: i64,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<HandsetMessage>, SimulationError> {
        let until = Instant::now() + wait;
        loop {
            let changed = self.0.handsets_changed.notified();
            let limit = i64::try_from(max.clamp(1, MAX_PAGE)).unwrap_or(1);
            let changes = store::list_changes(&mut self.0.db.read(), after, limit).await.map_err(StoreError::from)?;
            if !changes.is_empty() {
                return Ok(changes);
            }
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep_until(until) => return Ok(vec![]),
                () = self.0.stop.cancelled() => return Err(StoreError::Stopping.into()),
            }
        }
    }
}

impl Handset {
    /// Decided by the seed, so that it repeats.
    pub(super) fn loses(&self, seed: u64, id: Uuid) -> bool {
        fate::percent(seed, id, "loss") < f64::from(self.loss_percent)
    }
}

impl HandsetChange {
    fn check(&self) -> Result<(), SimulationError> {
        self.label.as_deref().map_or(Ok(()), check_label)?;
        if self.latency_ms.is_some_and(|latency| latency > MAX_LATENCY_MS) {
            return Err(SimulationError::refused("latency_too_long", format!("At most {MAX_LATENCY_MS} ms.")));
        }
        if self.loss_percent.is_some_and(|percent| percent > 100) {
            return Err(SimulationError::refused("loss_too_high", "At most 100 percent."));
        }
        Ok(())
    }
}

fn check_label(label: &str) -> Result<(), SimulationError> {
    let fits = !label.trim().is_empty() && label.chars().count() <= MAX_LABEL_CHARS && !label.contains('\0');
    let message = || format!("A handset's name is one to {MAX_LABEL_CHARS} characters.");
    if fits { Ok(()) } else { Err(SimulationError::refused("bad_label", message())) }
}

pub(super) fn check_account(account: &str) -> Result<(), SimulationError> {
    let fits = !account.is_empty() && account.len() <= MAX_ACCOUNT_BYTES && !account.contains('\0');
    let message = || format!("An account is one to {MAX_ACCOUNT_BYTES} bytes.");
    if fits { Ok(()) } else { Err(SimulationError::refused("bad_account", message())) }
}

fn check_text(text: &str) -> Result<(), SimulationError> {
    if text.is_empty() || text.contains('\0') {
        return Err(SimulationError::refused("no_text", "Write something first."));
    }
    if text.chars().count() > MAX_TEXT_CHARS {
        let message = format!("A text is at most {MAX_TEXT_CHARS} characters.");
        return Err(SimulationError::refused("text_too_long", message));
    }
    Ok(())
}

async fn send(shared: &Arc<Shared>, text: HandsetText) -> Result<Result<HandsetMessage, SimulationError>, StoreError> {
    let mut writing = shared.write().await?;
    if let Some(first) = store::find_by_key(&mut writing.tx, text.handset_id, text.client_key).await? {
        return Ok(Ok(first));
    }
    let peer = Party::Number(text.to);
    let (handset, are_acquainted) = {
        let world = shared.worlds.read();
        let Some(handset) = world.handsets.get(&text.handset_id).cloned() else {
            return Ok(Err(SimulationError::NotFound));
        };
        let are_acquainted = world.are_acquainted(&handset.account, &peer);
        (handset, are_acquainted)
    };
    if !are_acquainted {
        let message = "This handset may only text numbers of its own account, or shared with it.";
        return Ok(Err(SimulationError::refused("not_acquainted", message)));
    }
    if handset.airplane {
        let message = "Airplane mode is on. Switch it off, then send again.";
        return Ok(Err(SimulationError::refused("airplane_mode", message)));
    }
    let change = writing.next_change();
    let id = Uuid::now_v7();
    let is_lost = handset.loses(shared.settings.seed, id);
    let payloads = sms::split(&text.text).payloads(change.to_le_bytes()[0]).expect("so few characters fit");
    let latency = Duration::from_millis(handset.latency_ms.into());
    if !is_lost {
        writing.arrives(latency, id, &Party::Number(handset.number), text.to, payloads);
    }
    let message = HandsetMessage {
        id,
        handset_id: handset.id,
        place: change,
        direction: Direction::Sent,
        peer,
        text: text.text,
        missing_parts: 0,
        outcome: if is_lost { HandsetOutcome::Lost } else { HandsetOutcome::Sent },
        at: writing.now,
        change,
    };
    let joining = Joining { key: None, parts: "[]".to_owned() };
    store::put_message(&mut writing.tx, &message, Some(text.client_key), &joining).await?;
    store::forget_messages(&mut writing.tx, handset.id, MESSAGES_KEPT).await?;
    writing.commit(|_| ()).await?;
    Ok(Ok(message))
}
