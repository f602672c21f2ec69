//! Phones of the simulated world that people look at and answer from, side by side with the inbox.
//! They are the simulator's; here stands only whose they are, and that their owners hear at once what they received.

pub mod actions;
pub mod jobs;
pub mod routes;

use convo_carriers::simulator::{Direction, HandsetOutcome};
use convo_db::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::HandsetId;

/// Of one person: handsets made, changed, texts sent from them.
pub const CHANGES_A_MINUTE: u32 = 120;
pub const PAGE: usize = 50;
pub const MAX_PAGE: usize = 200;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Handset {
    pub id: HandsetId,
    /// E.164; nobody chooses it, and no phone anywhere has it.
    pub number: String,
    pub label: String,
    /// It receives when that is switched off again, if that is within a day.
    pub airplane: bool,
    pub latency_ms: u32,
    /// The share of texts that get lost on their way here or from here.
    pub loss_percent: u8,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HandsetMessage {
    pub id: String,
    pub handset_id: HandsetId,
    /// Rises with each message of the handset, with gaps.
    pub place: i64,
    /// True if it was written on the handset.
    pub sent: bool,
    /// Who is on the other side.
    pub peer: String,
    /// As much of it as has come.
    pub text: String,
    pub missing_parts: i64,
    /// It left the handset and arrived nowhere.
    pub lost: bool,
    pub at: Timestamp,
    /// Rises with each change: of two, the higher one is true.
    pub change: i64,
}

impl From<convo_carriers::simulator::Handset> for Handset {
    fn from(handset: convo_carriers::simulator::Handset) -> Self {
        Self {
            id: HandsetId(handset.id),
            number: handset.number.to_string(),
            label: handset.label,
            airplane: handset.airplane,
            latency_ms: handset.latency_ms,
            loss_percent: handset.loss_percent,
            created_at: handset.created_at,
        }
    }
}

impl From<convo_carriers::simulator::HandsetMessage> for HandsetMessage {
    fn from(message: convo_carriers::simulator::HandsetMessage) -> Self {
        Self {
            id: message.id.to_string(),
            handset_id: HandsetId(message.handset_id),
            place: message.place,
            sent: message.direction == Direction::Sent,
            peer: message.peer.to_string(),
            text: message.text,
            missing_parts: message.missing_parts,
            lost: message.outcome == HandsetOutcome::Lost,
            at: message.at,
            change: message.change,
        }
    }
}
