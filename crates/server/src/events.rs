//! What a client can hear, and to whom it goes. The live protocol is described in docs/realtime.md.
//! An event is encoded once and shared by all its listeners.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde::Serialize;

use crate::{
    accounts::users::User,
    billing::ledger::Wallet,
    chat::{
        conversations::{ConversationSummary, Lowest, Member, Mine},
        messages::Message,
        receipts::Position,
    },
    ids::{ConversationId, SessionId, UserId},
    sms::{handsets::HandsetMessage, numbers::PhoneNumber, verifications::Verification},
};

/// The live events. Their names never change.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type")]
pub enum Event {
    #[serde(rename = "message.created")]
    MessageCreated {
        conversation_id: ConversationId,
        version: i64,
        message: Message,
        #[serde(skip_serializing_if = "Option::is_none")]
        sender_position: Option<Position>,
    },
    #[serde(rename = "message.updated")]
    MessageUpdated { conversation_id: ConversationId, version: i64, message: Message },
    #[serde(rename = "receipt.updated")]
    ReceiptUpdated {
        conversation_id: ConversationId,
        version: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        positions: Option<Vec<Position>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        lowest: Option<Lowest>,
    },
    #[serde(rename = "conversation.updated")]
    ConversationUpdated {
        conversation_id: ConversationId,
        version: i64,
        conversation: ConversationSummary,
        members: Vec<Member>,
        users: Vec<User>,
    },
    #[serde(rename = "conversation.version")]
    ConversationVersion { conversation_id: ConversationId, version: i64 },
    #[serde(rename = "conversation.created")]
    ConversationCreated { conversation_id: ConversationId, version: i64 },
    #[serde(rename = "conversation.removed")]
    ConversationRemoved { conversation_id: ConversationId },
    #[serde(rename = "mine.updated")]
    MineUpdated { mine: Mine },
    #[serde(rename = "user.updated")]
    UserUpdated { user_version: i64 },
    #[serde(rename = "wallet.updated")]
    WalletUpdated { wallet: Wallet },
    #[serde(rename = "number.updated")]
    NumberUpdated { number: Box<PhoneNumber> },
    #[serde(rename = "verification.updated")]
    VerificationUpdated { verification: Box<Verification> },
    #[serde(rename = "handset.message")]
    HandsetMessage { message: HandsetMessage },
    #[serde(rename = "typing")]
    Typing { conversation_id: ConversationId, user_id: UserId },
    #[serde(rename = "sync")]
    Sync,
    #[serde(rename = "reconnect")]
    Reconnect { after_ms: u64 },
    #[serde(rename = "session.ended")]
    SessionEnded { reason: String },
}

/// Who hears it, and what every node must know to deliver it rightly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The members of a conversation. A node whose list is older than `members_version` reloads it first.
    /// `seq` names the message that the event shows: who may not see that message hears `conversation.version` instead.
    Members {
        conversation_id: ConversationId,
        members_version: i64,
        version: i64,
        seq: Option<i64>,
    },
    /// Those who have the conversation in small groups; dropped first under load.
    Typing {
        conversation_id: ConversationId,
        user_id: UserId,
    },
    Person(UserId),
    /// The person was added to a conversation, so nodes listen to it and look at its members again.
    Joining {
        user_id: UserId,
        conversation_id: ConversationId,
        members_version: i64,
    },
    /// The person was removed from it, so nodes look at its members again before anything else is delivered.
    Removal {
        user_id: UserId,
        conversation_id: ConversationId,
        members_version: i64,
    },
    /// The sockets of one session, which is over.
    Session {
        user_id: UserId,
        session_id: SessionId,
    },
}

/// The topic on the bus, and an envelope: a few numbers in front of the encoded event.
pub fn encode(audience: &Audience, event: &Event) -> (String, Bytes) {
    let mut envelope = BytesMut::with_capacity(512);
    let topic = match audience {
        Audience::Members { conversation_id, members_version, version, seq } => {
            envelope.put_u8(0);
            envelope.put_u128(conversation_id.0.as_u128());
            envelope.put_i64(*members_version);
            envelope.put_i64(*version);
            envelope.put_i64(seq.unwrap_or(0));
            conversation_topic(*conversation_id)
        }
        Audience::Typing { conversation_id, user_id } => {
            envelope.put_u8(1);
            envelope.put_u128(conversation_id.0.as_u128());
            envelope.put_u128(user_id.0.as_u128());
            conversation_topic(*conversation_id)
        }
        Audience::Person(user_id) => {
            envelope.put_u8(2);
            envelope.put_u128(user_id.0.as_u128());
            person_topic(*user_id)
        }
        Audience::Joining { user_id, conversation_id, members_version } => {
            envelope.put_u8(3);
            envelope.put_u128(user_id.0.as_u128());
            envelope.put_u128(conversation_id.0.as_u128());
            envelope.put_i64(*members_version);
            person_topic(*user_id)
        }
        Audience::Removal { user_id, conversation_id, members_version } => {
            envelope.put_u8(5);
            envelope.put_u128(user_id.0.as_u128());
            envelope.put_u128(conversation_id.0.as_u128());
            envelope.put_i64(*members_version);
            person_topic(*user_id)
        }
        Audience::Session { user_id, session_id } => {
            envelope.put_u8(4);
            envelope.put_u128(user_id.0.as_u128());
            envelope.put_u128(session_id.0.as_u128());
            person_topic(*user_id)
        }
    };
    let mut writer = envelope.writer();
    serde_json::to_writer(&mut writer, event).expect("events are plain data");
    (topic, writer.into_inner().freeze())
}

/// `None` for what another version of the server may have sent: it is then repaired by heads like anything lost.
pub fn decode(mut envelope: Bytes) -> Option<(Audience, Bytes)> {
    let id = |from: &mut Bytes| from.try_get_u128().ok().map(uuid::Uuid::from_u128);
    let audience = match envelope.try_get_u8().ok()? {
        0 => Audience::Members {
            conversation_id: ConversationId(id(&mut envelope)?),
            members_version: envelope.try_get_i64().ok()?,
            version: envelope.try_get_i64().ok()?,
            seq: Some(envelope.try_get_i64().ok()?).filter(|seq| *seq > 0),
        },
        1 => Audience::Typing {
            conversation_id: ConversationId(id(&mut envelope)?),
            user_id: UserId(id(&mut envelope)?),
        },
        2 => Audience::Person(UserId(id(&mut envelope)?)),
        3 => Audience::Joining {
            user_id: UserId(id(&mut envelope)?),
            conversation_id: ConversationId(id(&mut envelope)?),
            members_version: envelope.try_get_i64().ok()?,
        },
        4 => Audience::Session { user_id: UserId(id(&mut envelope)?), session_id: SessionId(id(&mut envelope)?) },
        5 => Audience::Removal {
            user_id: UserId(id(&mut envelope)?),
            conversation_id: ConversationId(id(&mut envelope)?),
            members_version: envelope.try_get_i64().ok()?,
        },
        _ => return None,
    };
    Some((audience, envelope))
}

pub fn conversation_topic(id: ConversationId) -> String {
    format!("c:{}", id.0.simple())
}

/// Nothing is said there: whoever has the link of this carrier looks into the outbox.
pub fn carrier_topic(name: &str) -> String {
    format!("w:{name}")
}

/// The carrier of such a topic.
pub fn carrier_of(topic: &str) -> Option<&str> {
    topic.strip_prefix("w:")
}

pub fn person_topic(id: UserId) -> String {
    format!("u:{}", id.0.simple())
}
