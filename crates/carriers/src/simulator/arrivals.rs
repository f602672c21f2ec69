//! What happens to a part when it comes to a handset: it shows, waits, is lost, or ends undelivered.
//! Never joins parts of different senders.

use std::{sync::Arc, time::Duration};

use convo_phone::sms::{self, Payload, Reference};
use uuid::Uuid;

use super::{
    Shared,
    handsets::{Direction, Handset, HandsetMessage, HandsetOutcome, MESSAGES_KEPT},
    pen::{StoreError, Writing},
    store::{
        decoding,
        handsets::{self as store, Delivery, Joining},
    },
    submitting::receipt,
    wire::{WirePart, WirePayload},
};
use crate::{Event, Failure, Outcome, Part};

/// Why parts come to a handset now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Their time has come: to arrive or, if they wait already, to expire.
    Due,
    SwitchedOn,
}

/// Where a part ends.
enum End {
    Shows(Handset),
    Waits,
    Lost,
    Undelivered(Failure),
}

pub async fn arrive(
    shared: &Arc<Shared>,
    writing: &mut Writing,
    deliveries: Vec<Delivery>,
    reason: Reason,
) -> Result<(), StoreError> {
    let (mut waiting, mut finished) = (vec![], vec![]);
    for delivery in deliveries {
        let part = part_of(&delivery)?;
        match decide(shared, &delivery, &part, reason) {
            End::Waits => {
                waiting.push(delivery.id);
                continue;
            }
            End::Lost => {}
            End::Undelivered(failure) => tell(writing, &part, Outcome::Undelivered { failure }),
            End::Shows(handset) => {
                show(writing, &handset, &part).await?;
                tell(writing, &part, Outcome::Delivered);
            }
        }
        finished.push(delivery.id);
    }
    if !waiting.is_empty() {
        store::let_wait(&mut writing.tx, &waiting).await?;
    }
    if !finished.is_empty() {
        store::finish(&mut writing.tx, &finished).await?;
    }
    Ok(())
}

/// Tells that a part on its way has ended.
pub fn end(writing: &mut Writing, delivery: &Delivery, outcome: Outcome) -> Result<(), StoreError> {
    tell(writing, &part_of(delivery)?, outcome);
    Ok(())
}

fn decide(shared: &Shared, delivery: &Delivery, part: &Part, reason: Reason) -> End {
    let world = shared.worlds.read();
    let Some(handset) = world.handsets.get(&delivery.handset_id) else {
        return End::Undelivered(Failure::UnknownHandset);
    };
    if !world.are_acquainted(&handset.account, &part.from) {
        return End::Undelivered(Failure::Blocked);
    }
    if reason == Reason::Due && delivery.waits {
        return End::Undelivered(Failure::Expired);
    }
    if handset.loses(shared.settings.seed, part.id) {
        return End::Lost;
    }
    if reason == Reason::Due && handset.airplane { End::Waits } else { End::Shows(handset.clone()) }
}

fn tell(writing: &mut Writing, part: &Part, outcome: Outcome) {
    writing.tell(Duration::ZERO, |at| Event::Receipt(receipt(part, outcome, at)));
}

fn part_of(delivery: &Delivery) -> Result<Part, StoreError> {
    let wire: WirePart = serde_json::from_str(&delivery.part).map_err(decoding)?;
    Ok(Part::try_from(wire).map_err(decoding)?)
}

/// As a message of its own, or as a part of one that waits for it.
async fn show(writing: &mut Writing, handset: &Handset, part: &Part) -> Result<(), StoreError> {
    let key = part.payload.part.map(|header| match header.reference {
        Reference::Short(reference) => format!("8:{reference}:{}", header.total),
        Reference::Long(reference) => format!("16:{reference}:{}", header.total),
    });
    let mut payloads = vec![part.payload.clone()];
    let mut first = None;
    if let Some(key) = &key
        && let Some((message, parts)) = store::find_joining(&mut writing.tx, handset.id, &part.from, key).await?
    {
        let there = read_parts(&parts)?;
        // The same part again is another message under a reference that came round.
        if there.iter().all(|other| other.part != part.payload.part) {
            payloads.extend(there);
            first = Some(message);
        }
    }
    payloads.sort_by_key(|payload| payload.part.map(|header| header.number));
    let total = part.payload.part.map_or(1, |header| usize::from(header.total));
    let missing = total - payloads.len().min(total);
    let change = writing.next_change();
    let fresh = HandsetMessage {
        id: Uuid::now_v7(),
        handset_id: handset.id,
        place: change,
        direction: Direction::Received,
        peer: part.from.clone(),
        text: String::new(),
        missing_parts: 0,
        outcome: HandsetOutcome::Received,
        at: writing.now,
        change,
    };
    let message = HandsetMessage {
        text: text_of(&payloads),
        missing_parts: i64::try_from(missing).unwrap_or_default(),
        change,
        ..first.unwrap_or(fresh)
    };
    let joining = Joining { key: key.filter(|_| missing > 0), parts: write_parts(&payloads, missing)? };
    store::put_message(&mut writing.tx, &message, None, &joining).await?;
    Ok(store::forget_messages(&mut writing.tx, handset.id, MESSAGES_KEPT).await?)
}

/// What is there of it. No engine keeps U+0000.
fn text_of(payloads: &[Payload]) -> String {
    let text = sms::join(payloads).unwrap_or_else(|_| payloads.iter().map(Payload::text).collect());
    text.replace('\0', "\u{FFFD}")
}

fn read_parts(parts: &str) -> Result<Vec<Payload>, StoreError> {
    let wire: Vec<WirePayload> = serde_json::from_str(parts).map_err(decoding)?;
    Ok(wire.iter().map(Payload::try_from).collect::<Result<_, _>>().map_err(decoding)?)
}

/// Kept only as long as others are missing.
fn write_parts(payloads: &[Payload], missing: usize) -> Result<String, StoreError> {
    let wire: Vec<WirePayload> = payloads.iter().filter(|_| missing > 0).map(WirePayload::from).collect();
    Ok(serde_json::to_string(&wire).map_err(decoding)?)
}
