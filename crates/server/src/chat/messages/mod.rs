//! Messages: what was said, in the one order of its conversation.
//! A message is known by (conversation, seq); both never change.

pub mod access;
pub mod actions;
pub mod appender;
pub mod phone;
pub mod routes;
pub mod store;

use std::time::Duration;

use convo_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    ids::{ConversationId, UserId},
};

pub const MAX_BODY_CHARS: usize = 8_000;
pub const MAX_REACTIONS: usize = 20;
/// Of one message; all of them are kept and shown at once.
pub const MAX_EDITS: i64 = 100;
/// Of one person: edits, deletions, reactions given and taken back.
pub const CHANGES_A_MINUTE: u32 = 120;
/// Of one person, over all their conversations.
pub const SENDS_A_MINUTE: u32 = 600;
/// How long a text to a phone may wait before it leaves.
pub const MAX_DUE_IN_MS: u64 = 3_600_000;
pub const PAGE: i64 = 50;
pub const MAX_PAGE: i64 = 200;
/// Of bodies and reactions in one answer; a page ends before its limit when it has so much.
pub const MAX_PAGE_BYTES: i64 = 1024 * 1024;
/// How long the author of a message can delete it for everyone.
pub const DELETE_FOR_EVERYONE_WITHIN: Duration = Duration::from_secs(48 * 3600);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MessageKind {
    Text,
    /// Among colleagues, in a conversation with a phone that never gets it.
    Note,
    System,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub conversation_id: ConversationId,
    /// Its place; the first is 1, and there are no gaps.
    pub seq: i64,
    /// The conversation's version when it last changed.
    pub version: i64,
    pub kind: MessageKind,
    /// Null for system lines, and for what a phone sent.
    pub sender_id: Option<UserId>,
    pub client_id: Option<Uuid>,
    /// Markdown; empty for system lines and deleted messages.
    pub body: String,
    pub system: Option<SystemLine>,
    pub reply_to_seq: Option<i64>,
    pub reactions: Vec<Reaction>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// For texts of the phone network; null for everything else.
    pub delivery: Option<Delivery>,
}

/// What became of a text on the phone network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    pub state: DeliveryState,
    /// Why it failed, as a code of docs/sms.md.
    pub failure: Option<i64>,
    /// How many messages of the network it took.
    pub segments: i64,
    /// What was charged for it, less what came back; in millionths.
    pub price_micros: i64,
    /// It does not leave before, and can be taken back until then.
    pub due_at: Option<Timestamp>,
}

/// Of several segments it shows the first of failed, unknown, queued, submitted, delivered that any of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryState {
    /// It came from the phone.
    Received,
    /// The carrier refused it, or it did not arrive.
    Failed,
    /// The link broke while it was sent: it may arrive or not, and is not sent again by itself.
    Unknown,
    Queued,
    /// The carrier has it.
    Submitted,
    Delivered,
    /// Taken back before it left.
    Cancelled,
}

impl Message {
    /// For its sender who is not a member any more: their own words, nothing of what others did with them since.
    pub fn without_news(&self) -> Option<Self> {
        self.deleted_at.is_none().then(|| Self { version: 0, reactions: vec![], ..self.clone() })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    pub emoji: String,
    /// In the order in which they reacted.
    pub user_ids: Vec<UserId>,
}

/// What happened, for clients to say in their own language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemLine {
    pub event: SystemEvent,
    /// Null if the phone did it.
    pub actor_id: Option<UserId>,
    #[serde(default)]
    pub user_ids: Vec<UserId>,
    /// The new title, for `title_changed`; the new role, for `role_changed`.
    #[serde(default)]
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemEvent {
    GroupCreated,
    MemberAdded,
    MemberRemoved,
    MemberLeft,
    RoleChanged,
    OwnerChanged,
    TitleChanged,
    DescriptionChanged,
    PictureChanged,
    PastShown,
    PastHidden,
    /// The phone said STOP, START or HELP; the line's body is the answer it got.
    OptedOut,
    OptedIn,
    HelpAsked,
}

/// A text that may be stored: trimmed at its end, not empty, not too long, nothing that an engine refuses.
pub fn check_body(body: &str) -> Result<String> {
    let body = body.trim_end();
    if body.trim_start().is_empty() {
        return Err(Error::invalid("body", "body_empty", "Write something first."));
    }
    if body.chars().nth(MAX_BODY_CHARS).is_some() {
        return Err(Error::invalid(
            "body",
            "body_too_long",
            format!("A message has up to {MAX_BODY_CHARS} characters. Send it in parts."),
        ));
    }
    if body.contains('\0') {
        return Err(Error::invalid("body", "body_has_nul", "The text contains a NUL character. Remove it."));
    }
    Ok(body.to_owned())
}

/// Exactly one emoji that Unicode recommends, in its full form: `❤` and `❤️` are one reaction, and a chain that no screen draws as one sign is none.
pub fn check_emoji(emoji: &str) -> Result<&'static str> {
    emojis::get(emoji)
        .map(emojis::Emoji::as_str)
        .ok_or_else(|| Error::invalid("emoji", "not_an_emoji", "Send one emoji."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_emoji() {
        for good in
            ["👍", "👍🏽", "❤️", "👩‍👩‍👧‍👦", "👩🏻‍❤️‍💋‍👨🏻", "🇩🇪", "5️⃣", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "☕"]
        {
            assert_eq!(check_emoji(good).expect(good), good);
        }
        assert_eq!(check_emoji("❤").expect("short for the next"), "❤\u{fe0f}");
        for bad in [
            "",
            "a",
            "ok",
            " ",
            "👍 ",
            "\u{200d}",
            "<b>",
            "5",
            "日本",
            "\0",
            "★",
            "€",
            "👍👍",
            "👍\u{200d}🔥",
            "🇦🇦",
            "🏽",
        ] {
            assert!(check_emoji(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn bodies_are_trimmed_at_their_end_only() {
        assert_eq!(check_body("  code\n\n").expect("fine"), "  code");
        assert!(check_body(" \n ").is_err());
        assert!(check_body(&"é".repeat(MAX_BODY_CHARS)).is_ok());
        assert!(check_body(&"é".repeat(MAX_BODY_CHARS + 1)).is_err());
        assert!(check_body("a\0b").is_err());
    }
}
