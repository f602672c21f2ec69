//! What people do with messages: send, edit, react, delete.
//! Each but sending is one transaction under the conversation's lock, one version and one event.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    CHANGES_A_MINUTE, MAX_DUE_IN_MS, MAX_EDITS, MAX_REACTIONS, Message, MessageKind, SENDS_A_MINUTE, SystemLine,
    access,
    appender::{Draft, Sent},
    check_body, check_emoji, store,
};
use crate::{
    app::{App, Tx},
    caller::Caller,
    chat::conversations::{ConversationRow, actions::emit_mine},
    error::{Error, Result},
    events::Event,
    ids::ConversationId,
};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SendMessage {
    /// Made by the client; the same again gives the first message.
    pub client_id: Uuid,
    /// 1 to 8000 characters.
    pub body: String,
    #[serde(default)]
    pub reply_to_seq: Option<i64>,
    /// In a conversation with a phone: for colleagues only, the phone never gets it.
    #[serde(default)]
    pub note: bool,
    /// For texts to a phone: how long it waits, so that it can be taken back; up to an hour.
    #[serde(default)]
    pub due_in_ms: u64,
    /// For texts to a phone: refused if it would cost more, in millionths.
    #[serde(default)]
    pub max_price_micros: Option<i64>,
}

pub async fn send(app: &App, caller: &Caller, conversation_id: ConversationId, message: SendMessage) -> Result<Sent> {
    let body = check_body(&message.body)?;
    if message.due_in_ms > MAX_DUE_IN_MS {
        return Err(Error::invalid("due_in_ms", "due_too_late", "A text waits up to an hour."));
    }
    app.limit_person("sends", caller.user_id, SENDS_A_MINUTE, Duration::from_secs(60))?;
    let draft = Draft {
        conversation_id,
        sender_id: caller.user_id,
        client_id: message.client_id,
        body,
        reply_to_seq: message.reply_to_seq,
        kind: if message.note { MessageKind::Note } else { MessageKind::Text },
        due_in: Duration::from_millis(message.due_in_ms),
        max_price_micros: message.max_price_micros,
    };
    app.appender.append(draft).await
}

pub async fn edit(app: &App, caller: &Caller, id: ConversationId, seq: i64, body: &str) -> Result<Message> {
    let (body, user_id, app_) = (check_body(body)?, caller.user_id, app.clone());
    limit_changes(app, caller)?;
    app.act(async move {
        let mut tx = app_.begin().await?;
        let access::Author { participant, mut message } = access::to_edit(&mut tx, user_id, id, seq).await?;
        if message.body == body {
            return Ok(message);
        }
        if store::count_edits(&mut tx, id, seq).await? >= MAX_EDITS {
            return Err(Error::conflict(
                "too_many_edits",
                "This message was edited 100 times already. Send a new one instead.",
            ));
        }
        let replaced = std::mem::replace(&mut message.body, body);
        message.edited_at = Some(app_.clock.now());
        let conversation = participant.conversation;
        message.version = conversation.version + 1;
        store::save_edit(&mut tx, &message, &replaced).await?;
        publish_change(tx, conversation, message).await
    })
    .await
}

pub async fn react(app: &App, caller: &Caller, id: ConversationId, seq: i64, emoji: &str) -> Result<Message> {
    let emoji = check_emoji(emoji)?;
    limit_changes(app, caller)?;
    let (user_id, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let mut tx = app_.begin().await?;
        let access::Witness { participant, message } = access::to_witness(&mut tx, user_id, id, seq).await?;
        access::is_among_people(&message)?;
        if message.kind == MessageKind::System {
            return Err(Error::conflict(
                "system_line",
                "This line tells what happened in the group; nobody reacts to it.",
            ));
        }
        if message.deleted_at.is_some() {
            return Err(Error::conflict("message_deleted", "There is nothing to react to any more."));
        }
        match message.reactions.iter().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) if reaction.user_ids.contains(&user_id) => return Ok(message),
            Some(_) => {}
            None if message.reactions.len() >= MAX_REACTIONS => {
                return Err(Error::conflict(
                    "too_many_reactions",
                    "This message has 20 different reactions already. Join one of them.",
                ));
            }
            None => {}
        }
        store::insert_reaction(&mut tx, id, seq, emoji, user_id, app_.clock.now()).await?;
        touch(tx, participant.conversation, seq, user_id).await
    })
    .await
}

pub async fn unreact(app: &App, caller: &Caller, id: ConversationId, seq: i64, emoji: &str) -> Result<Message> {
    let emoji = check_emoji(emoji)?;
    limit_changes(app, caller)?;
    let (user_id, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let mut tx = app_.begin().await?;
        let access::Witness { participant, message } = access::to_witness(&mut tx, user_id, id, seq).await?;
        if !message.reactions.iter().any(|reaction| reaction.emoji == emoji && reaction.user_ids.contains(&user_id)) {
            return Ok(message);
        }
        store::delete_reaction(&mut tx, id, seq, emoji, user_id).await?;
        touch(tx, participant.conversation, seq, user_id).await
    })
    .await
}

/// Each change is told to every member, so nobody may make too many of them.
fn limit_changes(app: &App, caller: &Caller) -> Result<()> {
    app.limit_person("message_changes", caller.user_id, CHANGES_A_MINUTE, Duration::from_secs(60))
}

/// Erases body, history, reactions and so every quote; a tombstone keeps the place.
pub async fn delete_for_everyone(app: &App, caller: &Caller, id: ConversationId, seq: i64) -> Result<()> {
    limit_changes(app, caller)?;
    let (user_id, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let access::Eraser { participant, mut message } = access::to_erase(&mut tx, user_id, id, seq, now).await?;
        if message.deleted_at.is_some() {
            return Ok(());
        }
        message.body.clear();
        message.reactions.clear();
        message.reply_to_seq = None;
        message.deleted_at = Some(now);
        message.version = participant.conversation.version + 1;
        store::erase(&mut tx, &message).await?;
        publish_change(tx, participant.conversation, message).await?;
        Ok(())
    })
    .await
}

/// Only this person loses sight of it; nobody else learns of that.
pub async fn delete_for_me(app: &App, caller: &Caller, id: ConversationId, seq: i64) -> Result<()> {
    limit_changes(app, caller)?;
    let (user_id, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let mut tx = app_.begin().await?;
        let mut participant = crate::chat::conversations::access::to_take_part(&mut tx, user_id, id).await?;
        if seq < 1
            || seq > participant.conversation.last_seq
            || !crate::chat::members::access::sees(&mut tx, id, user_id, seq).await?
        {
            return Err(Error::not_found("message"));
        }
        if store::hide(&mut tx, id, user_id, seq).await? {
            emit_mine(&mut tx, &mut participant.member).await?;
        }
        tx.commit().await
    })
    .await
}

/// Appends a line that tells what happened. The caller holds the lock and saves `conversation` afterwards.
pub async fn append_system(
    tx: &mut Tx,
    conversation: &mut ConversationRow,
    line: SystemLine,
    now: convo_db::Timestamp,
) -> Result<()> {
    conversation.last_seq += 1;
    conversation.version += 1;
    conversation.active_at = now;
    let message = Message {
        conversation_id: conversation.id,
        seq: conversation.last_seq,
        version: conversation.version,
        kind: MessageKind::System,
        sender_id: None,
        client_id: None,
        body: String::new(),
        system: Some(line),
        reply_to_seq: None,
        reactions: vec![],
        created_at: now,
        edited_at: None,
        deleted_at: None,
        delivery: None,
    };
    store::insert_system(tx, &message).await?;
    tx.emit(
        conversation.audience(Some(message.seq)),
        Event::MessageCreated {
            conversation_id: conversation.id,
            version: message.version,
            message,
            sender_position: None,
        },
    );
    Ok(())
}

/// The message changed by rows of its own: one version, one event, with all that it now is.
async fn touch(mut tx: Tx, conversation: ConversationRow, seq: i64, reader: crate::ids::UserId) -> Result<Message> {
    store::touch(&mut tx, conversation.id, seq, conversation.version + 1).await?;
    let message =
        store::find(&mut tx, conversation.id, seq, reader).await?.ok_or_else(|| Error::not_found("message"))?;
    publish_change(tx, conversation, message).await
}

async fn publish_change(mut tx: Tx, mut conversation: ConversationRow, message: Message) -> Result<Message> {
    conversation.version = message.version;
    crate::chat::conversations::actions::save(&mut tx, &conversation).await?;
    tx.emit(
        conversation.audience(Some(message.seq)),
        Event::MessageUpdated { conversation_id: conversation.id, version: message.version, message: message.clone() },
    );
    tx.commit().await?;
    Ok(message)
}
