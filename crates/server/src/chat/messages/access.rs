//! Who may see, change or delete a message.
//! What a reader may not see is not found, whoever wrote it.

use convo_db::{Conn, Timestamp, Tx};

use super::{
    DELETE_FOR_EVERYONE_WITHIN, MAX_PAGE_BYTES, Message, MessageKind,
    store::{self, Room},
};
use crate::{
    chat::conversations::{
        ConversationKind, MemberRole,
        access::{Participant, Reader, to_take_part},
    },
    error::{Error, Result},
    ids::{ConversationId, UserId},
};

/// Proof that this person may change what the message says, under the conversation's lock.
pub struct Author {
    pub participant: Participant,
    pub message: Message,
}

/// Proof that this person may delete it for everyone, under the conversation's lock.
pub struct Eraser {
    pub participant: Participant,
    pub message: Message,
}

/// Proof of a member who sees this message, under the conversation's lock.
pub struct Witness {
    pub participant: Participant,
    pub message: Message,
}

pub async fn get(db: &mut Conn, reader: &Reader, seq: i64) -> Result<Message> {
    store::find(db, reader.conversation().id, seq, reader.member().user_id)
        .await?
        .ok_or_else(|| Error::not_found("message"))
}

/// For views that have checked what their reader may see.
pub async fn list_at(db: &mut Conn, places: &[(ConversationId, i64)]) -> Result<Vec<Message>> {
    Ok(store::list_at(db, places).await?)
}

pub async fn to_witness(tx: &mut Tx, user_id: UserId, id: ConversationId, seq: i64) -> Result<Witness> {
    let participant = to_take_part(tx, user_id, id).await?;
    let message = store::find(tx, id, seq, user_id).await?.ok_or_else(|| Error::not_found("message"))?;
    Ok(Witness { participant, message })
}

/// Under the lock, for who may write in the conversation.
pub async fn to_write_again(tx: &mut Tx, user_id: UserId, id: ConversationId, seq: i64) -> Result<Witness> {
    let witness = to_witness(tx, user_id, id, seq).await?;
    if witness.participant.member.role == MemberRole::Reader {
        return Err(Error::forbidden("readers_only_read", "This number is shared with you to read."));
    }
    Ok(witness)
}

pub async fn to_edit(tx: &mut Tx, user_id: UserId, id: ConversationId, seq: i64) -> Result<Author> {
    let Witness { participant, message } = to_witness(tx, user_id, id, seq).await?;
    is_among_people(&message)?;
    if message.sender_id != Some(user_id) {
        return Err(Error::forbidden("not_the_author", "Only its author can edit a message."));
    }
    if message.deleted_at.is_some() {
        return Err(Error::conflict("message_deleted", "The message was deleted."));
    }
    Ok(Author { participant, message })
}

pub async fn to_erase(tx: &mut Tx, user_id: UserId, id: ConversationId, seq: i64, now: Timestamp) -> Result<Eraser> {
    let Witness { participant, message } = to_witness(tx, user_id, id, seq).await?;
    is_among_people(&message)?;
    if message.kind == MessageKind::System {
        return Err(Error::forbidden("system_line", "This line tells what happened in the group; it stays."));
    }
    let manages =
        participant.conversation.kind == ConversationKind::Group && participant.member.role >= MemberRole::Admin;
    if manages {
        return Ok(Eraser { participant, message });
    }
    if message.sender_id != Some(user_id) {
        return Err(Error::forbidden(
            "not_the_author",
            "Only its author or an administrator of the group can delete a message for everyone.",
        ));
    }
    if message.deleted_at.is_none() && now.since(message.created_at) > DELETE_FOR_EVERYONE_WITHIN {
        return Err(Error::forbidden(
            "too_late",
            "A message can be deleted for everyone within 48 hours. You can still delete it for yourself.",
        ));
    }
    Ok(Eraser { participant, message })
}

/// What left for a phone or came from one cannot be changed here any more.
pub fn is_among_people(message: &Message) -> Result<()> {
    match message.delivery {
        None => Ok(()),
        Some(_) => Err(Error::conflict(
            "text_of_a_phone",
            "The phone has it as it is: texts cannot be edited, reacted to or deleted for everyone. You can delete it for yourself.",
        )),
    }
}

/// What this reader missed: messages after `last_seq`, and older ones that changed after `version`, by rising seq.
/// `None` if it is more than there is room for.
pub async fn list_since(
    db: &mut Conn,
    reader: &Reader,
    version: i64,
    last_seq: i64,
    max_rows: i64,
) -> Result<Option<Vec<Message>>> {
    let (id, user_id) = (reader.conversation().id, reader.member().user_id);
    let room = Room { rows: max_rows, bytes: MAX_PAGE_BYTES };
    let changed = store::list_changed(db, id, user_id, (version, last_seq), room).await?;
    if changed.is_too_much() {
        return Ok(None);
    }
    let fresh = store::list_after(db, id, user_id, last_seq, changed.room).await?;
    if fresh.is_too_much() {
        return Ok(None);
    }
    let mut messages = changed.messages;
    messages.sort_by_key(|message| message.seq);
    messages.extend(fresh.messages);
    Ok(Some(messages))
}
