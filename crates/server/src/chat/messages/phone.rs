//! What the phone network does to the log: it appends what arrives, and shows what became of what left.
//! The caller holds the locks of the conversations; one version and one event for each message.

use std::collections::{BTreeMap, HashMap};

use convo_db::Timestamp;

use super::{Delivery, DeliveryState, Message, MessageKind, SystemLine, store};
use crate::{
    app::Tx,
    chat::conversations::{ConversationRow, actions::save_all},
    error::Result,
    events::Event,
    ids::ConversationId,
};

/// A text that came from a phone.
pub struct Received {
    pub conversation_id: ConversationId,
    pub body: String,
    pub segments: i64,
    pub price_micros: i64,
}

/// Appends in the order given; the rows are counted up and have to be saved by the caller.
pub async fn append_received(
    tx: &mut Tx,
    rows: &mut HashMap<ConversationId, ConversationRow>,
    received: Vec<Received>,
    now: Timestamp,
) -> Result<Vec<Message>> {
    let mut messages = vec![];
    for text in received {
        let Some(row) = rows.get_mut(&text.conversation_id) else { continue };
        let delivery = Delivery {
            state: DeliveryState::Received,
            failure: None,
            segments: text.segments,
            price_micros: text.price_micros,
            due_at: None,
        };
        let message = next(row, MessageKind::Text, text.body, now);
        messages.push((row.audience(Some(message.seq)), Message { delivery: Some(delivery), ..message }));
    }
    append(tx, messages).await
}

/// A line that tells what the phone asked for, with the text that answers it, if one does.
pub async fn append_answer(
    tx: &mut Tx,
    row: &mut ConversationRow,
    line: SystemLine,
    answer: Option<(String, Delivery)>,
    now: Timestamp,
) -> Result<Message> {
    let (body, delivery) = answer.unzip();
    let message = next(row, MessageKind::System, body.unwrap_or_default(), now);
    let message = Message { system: Some(line), delivery, ..message };
    let mut appended = append(tx, vec![(row.audience(Some(message.seq)), message)]).await?;
    appended.pop().ok_or_else(|| crate::error::Error::internal(anyhow::anyhow!("nothing was appended")))
}

fn next(row: &mut ConversationRow, kind: MessageKind, body: String, now: Timestamp) -> Message {
    row.last_seq += 1;
    row.version += 1;
    row.active_at = now;
    Message {
        conversation_id: row.id,
        seq: row.last_seq,
        version: row.version,
        kind,
        sender_id: None,
        client_id: None,
        body,
        system: None,
        reply_to_seq: None,
        reactions: vec![],
        created_at: now,
        edited_at: None,
        deleted_at: None,
        delivery: None,
    }
}

async fn append(tx: &mut Tx, messages: Vec<(crate::events::Audience, Message)>) -> Result<Vec<Message>> {
    let (audiences, messages): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
    if messages.is_empty() {
        return Ok(messages);
    }
    store::insert_of_phone(tx, &messages).await?;
    for (audience, message) in audiences.into_iter().zip(&messages) {
        tx.emit(
            audience,
            Event::MessageCreated {
                conversation_id: message.conversation_id,
                version: message.version,
                message: message.clone(),
                sender_position: None,
            },
        );
    }
    Ok(messages)
}

/// Shows what became of texts that left.
pub async fn save_deliveries(
    tx: &mut Tx,
    rows: Vec<ConversationRow>,
    deliveries: BTreeMap<(ConversationId, i64), Delivery>,
) -> Result<()> {
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut changes = vec![];
    for ((id, seq), delivery) in &deliveries {
        if let Some(row) = rows.get_mut(id) {
            row.version += 1;
            changes.push(store::DeliveryChange { id: *id, seq: *seq, version: row.version, delivery });
        }
    }
    store::save_deliveries(tx, &changes).await?;
    let places: Vec<_> = changes.iter().map(|change| (change.id, change.seq)).collect();
    for message in store::list_at(tx, &places).await? {
        let Some(row) = rows.get(&message.conversation_id) else { continue };
        tx.emit(
            crate::events::Audience::Members {
                conversation_id: row.id,
                members_version: row.members_version,
                version: message.version,
                seq: Some(message.seq),
            },
            Event::MessageUpdated { conversation_id: row.id, version: message.version, message },
        );
    }
    save_all(tx, rows.values()).await
}
