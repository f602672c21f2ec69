//! Conversations: direct ones and groups, as people see them, and what each keeps of them privately.
//! Never decides who may write: that is `access`.

pub mod access;
pub mod actions;
pub mod routes;
pub mod store;
mod view;

use convo_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::messages::Message;
use crate::{
    accounts::{pictures, users::User},
    events::Audience,
    ids::{ConversationId, NumberId, PictureId, UserId},
};

pub use view::{list_view, view};

pub const MAX_MEMBERS: i64 = 1_000;
/// Above this, receipts are told as the lowest of all, the list of members on demand, and nobody is seen typing.
pub const MAX_DETAILED_MEMBERS: i64 = 100;
pub const MAX_TITLE_CHARS: usize = 100;
pub const MAX_DESCRIPTION_CHARS: usize = 1_000;
/// Of one person: conversations begun, groups renamed, members added, removed, given a role.
pub const CHANGES_A_MINUTE: u32 = 60;
/// Of one person: what they keep for themselves, muted, pinned, archived, marked unread.
pub const MINE_A_MINUTE: u32 = 300;
pub const PAGE: i64 = 50;
/// Of the messages that somebody deleted for themselves, so many are told; older ones are filtered by the server alone.
pub const MAX_HIDDEN_TOLD: i64 = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ConversationKind {
    Direct,
    Group,
    /// Between a number of one's own and a phone.
    Sms,
}

/// In rising order of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MemberRole {
    /// Of a number that is shared to be read.
    Reader,
    Member,
    Admin,
    Owner,
}

/// A row of `conversations`. Under its lock an action counts `last_seq` and `version` up and saves it once.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub title: Option<String>,
    pub description: String,
    pub picture_id: Option<PictureId>,
    pub show_past: bool,
    pub created_by: UserId,
    pub last_seq: i64,
    pub version: i64,
    pub members_version: i64,
    pub member_count: i64,
    pub created_at: Timestamp,
    pub active_at: Timestamp,
    pub number_id: Option<NumberId>,
    pub number: Option<String>,
    pub party: Option<String>,
    pub opted_out_at: Option<Timestamp>,
}

/// A row of `members`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MemberRow {
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    pub role: MemberRole,
    pub active: bool,
    pub joined_at: Timestamp,
    pub joined_version: i64,
    pub visible_from: i64,
    pub version: i64,
    pub delivered_seq: i64,
    pub read_seq: i64,
    pub mine_version: i64,
    pub muted_until: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub pinned_at: Option<Timestamp>,
    pub marked_unread: bool,
}

/// A member as the others see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    pub user_id: UserId,
    pub role: MemberRole,
    /// False: left or removed.
    pub active: bool,
    pub joined_at: Timestamp,
    pub delivered_seq: i64,
    pub read_seq: i64,
}

/// What only this member sees.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Mine {
    pub conversation_id: ConversationId,
    /// Rises with every change of this object.
    pub mine_version: i64,
    pub muted_until: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub pinned_at: Option<Timestamp>,
    pub marked_unread: bool,
    pub delivered_seq: i64,
    pub read_seq: i64,
    /// The newest 500 messages that they deleted for themselves.
    pub hidden_seqs: Vec<i64>,
}

/// The lowest watermarks of all active members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Lowest {
    pub delivered_seq: i64,
    pub read_seq: i64,
}

/// What everyone sees alike.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationSummary {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub title: Option<String>,
    pub description: String,
    pub picture_url: Option<String>,
    pub show_past: bool,
    pub member_count: i64,
    pub last_seq: i64,
    /// For kind `sms`.
    pub line: Option<Line>,
}

/// Between which number of one's own and whom an `sms` conversation runs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Line {
    pub number_id: NumberId,
    /// One's own number, as E.164.
    pub number: String,
    /// A number as E.164, a short code (`short:US:24273`), or a name, which cannot be answered.
    pub party: String,
    /// They said STOP: nothing can be sent until they say START.
    pub opted_out_at: Option<Timestamp>,
}

/// A conversation as one member sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Conversation {
    #[serde(flatten)]
    pub summary: ConversationSummary,
    pub created_at: Timestamp,
    pub version: i64,
    pub my_role: MemberRole,
    /// The active members; null above 100 (then use the list).
    pub members: Option<Vec<Member>>,
    pub lowest: Lowest,
    /// Capped at 1000.
    pub unread_count: i64,
    pub last_message: Option<Message>,
    pub mine: Mine,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationView {
    pub conversation: Conversation,
    pub users: Vec<User>,
}

impl ConversationRow {
    pub fn summary(&self) -> ConversationSummary {
        ConversationSummary {
            id: self.id,
            kind: self.kind,
            title: self.title.clone(),
            description: self.description.clone(),
            picture_url: pictures::url(self.picture_id),
            show_past: self.show_past,
            member_count: self.member_count,
            last_seq: self.last_seq,
            line: self.line(),
        }
    }

    pub fn line(&self) -> Option<Line> {
        Some(Line {
            number_id: self.number_id?,
            number: self.number.clone()?,
            party: self.party.clone()?,
            opted_out_at: self.opted_out_at,
        })
    }

    /// Who hears of the change that made this version; of a message only those who may see its place.
    pub fn audience(&self, seq: Option<i64>) -> Audience {
        Audience::Members {
            conversation_id: self.id,
            members_version: self.members_version,
            version: self.version,
            seq,
        }
    }

    pub fn is_detailed(&self) -> bool {
        self.member_count <= MAX_DETAILED_MEMBERS
    }
}

impl MemberRow {
    pub fn member(&self) -> Member {
        Member {
            user_id: self.user_id,
            role: self.role,
            active: self.active,
            joined_at: self.joined_at,
            delivered_seq: self.delivered_seq,
            read_seq: self.read_seq,
        }
    }

    pub fn mine(&self, hidden_seqs: Vec<i64>) -> Mine {
        Mine {
            conversation_id: self.conversation_id,
            mine_version: self.mine_version,
            muted_until: self.muted_until,
            archived_at: self.archived_at,
            pinned_at: self.pinned_at,
            marked_unread: self.marked_unread,
            delivered_seq: self.delivered_seq,
            read_seq: self.read_seq,
            hidden_seqs,
        }
    }
}
