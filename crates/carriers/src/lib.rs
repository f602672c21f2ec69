//! Ways to reach the phone network: one trait, one folder for each carrier.
//! It knows texts, numbers and what became of them; no person, no price that we ask, no conversation.

mod failure;
mod numbers;
pub mod simulator;
pub mod smpp;

use convo_db::Timestamp;
use convo_phone::{Party, sms::Payload};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

pub use failure::Failure;
pub use numbers::{Offer, OfferPage, Order, OrderState, Search, Shop, ShopError, SortBy, Stocked};

/// A carrier, as one node holds it: its link, its window and its rate are this node's alone as long as it has the lease.
///
/// Cheap to share; every call may run beside others.
pub trait Carrier: Send + Sync + 'static {
    fn capabilities(&self) -> Capabilities;

    /// How many parts may be in flight at once, right now: zero while there is no link. Claim no more than this.
    fn room(&self) -> usize;

    /// Puts one part on the wire and says what is known of it then. Never sends it a second time by itself.
    fn submit(&self, part: Part) -> BoxFuture<'_, Submission>;

    /// After a crash or a broken link: what became of parts that were on the wire, in their order.
    /// Only carriers that remember parts are asked; what they never heard of comes back as [`Submission::Unreachable`].
    fn recall(&self, parts: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Submission>, LinkError>>;

    /// What happened since the last acknowledged event, oldest first: at most `max`, as soon as there is one, and nothing after `wait`.
    /// Until it is acknowledged, an event may come again, after a crash or on another link.
    fn events(&self, max: usize, wait: Duration) -> BoxFuture<'_, Result<Vec<Heard>, LinkError>>;

    /// Everything up to and including this one is stored by us and need not come again.
    fn acknowledge(&self, through: u64) -> BoxFuture<'_, Result<(), LinkError>>;

    /// Whether texts can leave, for people who look after it and for whoever chooses a way.
    fn health(&self) -> Health {
        Health::Up
    }

    /// The connections that are open now, for carriers whose texts come again on another one if they were not answered.
    fn sessions(&self) -> Vec<Uuid> {
        vec![]
    }

    /// Where numbers can be bought, if this carrier sells any.
    fn shop(&self) -> Option<&dyn Shop> {
        None
    }

    /// Says good-bye: waits for what is in flight, then closes the link.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Play or real: a text never crosses from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum World {
    Simulated,
    Live,
}

/// How a link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    Up,
    Down { reason: String },
}

/// What a carrier can do: declared, never assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    pub world: World,
    /// It knows parts by our id, so that after a crash we ask instead of wondering.
    pub remembers_parts: bool,
    /// Every inbound text has an id of its own, the same when it comes again.
    pub names_inbound: bool,
}

/// One segment of a text on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub id: Uuid,
    pub from: Party,
    pub to: Party,
    pub payload: Payload,
}

/// What is known of a part once the wire has answered, or has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Submission {
    /// The carrier has it, under this id (in the form in which [`Receipt::ids`] name it).
    Accepted { carrier_id: String },
    /// The carrier will never take it.
    Refused { failure: Failure, detail: String },
    /// Certainly not accepted; later it may be.
    Throttled { retry_after_ms: u64 },
    /// Certainly not accepted: it never reached the wire, or the carrier never heard of it. Another carrier may try.
    Unreachable,
    /// It may have been accepted: nobody sends it again.
    Unknown { reason: String },
}

/// An event, with its place in the carrier's stream: numbers rise, with gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub place: u64,
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Receipt(Receipt),
    Inbound(Inbound),
}

/// What a carrier tells of a part that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The carrier's id in every form in which it may have been told with the submission; the first is the likeliest.
    pub ids: Vec<String>,
    pub outcome: Outcome,
    /// The carrier's own words or code, for people who look for the cause.
    pub detail: String,
    pub at: Timestamp,
    /// Whom it was from and to, and how its text began: to find a part whose id was lost.
    pub from: Option<Party>,
    pub to: Option<Party>,
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// On its way; nothing final.
    Underway,
    Delivered,
    Undelivered {
        failure: Failure,
    },
}

/// One segment of a text that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The carrier's own id of it, the same when it comes again; without one, two that are alike are two.
    pub id: Option<String>,
    pub from: Party,
    pub to: Party,
    pub payload: Payload,
    pub at: Timestamp,
    /// The connection that brought it, where it has no id: unanswered, it comes again on another one.
    pub session: Option<Uuid>,
}

/// The carrier cannot be reached right now; trying again later is all there is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("the carrier cannot be reached: {0}")]
pub struct LinkError(pub String);
