//! What has reached whom and what was read: watermarks per member, never a row per message.
//! They only rise, and what nobody else may learn never moves them.

pub mod access;
pub mod actions;
pub mod batcher;
mod store;

use convo_db::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{accounts::users::User, ids::UserId};

/// A member's watermarks: everything up to there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Position {
    pub user_id: UserId,
    pub delivered_seq: i64,
    pub read_seq: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageReceipts {
    pub read: Vec<ReceiptAt>,
    /// Delivered, but not read.
    pub delivered: Vec<ReceiptAt>,
    pub pending: Vec<UserId>,
    pub users: Vec<User>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptAt {
    pub user_id: UserId,
    /// Null if it was told by writing an answer.
    pub at: Option<Timestamp>,
}
