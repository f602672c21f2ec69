//! What a client missed: heads say where each conversation stands, differences say what happened since.
//! Everything is read in one snapshot, so that a position is never newer than the data beside it.

pub mod actions;
pub mod routes;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    accounts::users::User,
    chat::{
        conversations::{ConversationSummary, Lowest, Member, Mine},
        messages::Message,
    },
    ids::ConversationId,
};

pub const HEADS_PAGE: i64 = 200;
/// Pages of heads that one person may ask for: several devices that come back at once, and everybody once a minute.
pub const HEADS_A_MINUTE: u32 = 120;
/// More rows than this, or more of messages than a page may have, and the client is better off loading anew.
pub const MAX_CHANGES: i64 = 500;

/// Where a conversation stands; compare it with what is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Head {
    pub conversation_id: ConversationId,
    pub version: i64,
    pub last_seq: i64,
    pub mine_version: i64,
    /// I am not a member any more: drop it. The numbers are 0 then.
    pub removed: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Heads {
    /// Newest first.
    pub heads: Vec<Head>,
    pub user_version: i64,
    pub next_cursor: Option<String>,
}

/// What a client has of one conversation.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Known {
    pub version: i64,
    pub last_seq: i64,
    pub mine_version: i64,
}

/// Everything that happened since, or `reset`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Changes {
    pub version: i64,
    pub last_seq: i64,
    /// Too much happened: drop what is loaded of this conversation and load it again.
    pub reset: bool,
    pub conversation: ConversationSummary,
    /// New ones and older ones that changed, by rising seq.
    pub messages: Vec<Message>,
    pub members: Vec<Member>,
    pub users: Vec<User>,
    /// Null if it did not change.
    pub mine: Option<Mine>,
    /// Capped at 1000.
    pub unread_count: i64,
    pub lowest: Lowest,
}
