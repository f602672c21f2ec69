//! What is asked and answered over HTTP, for both sides.
//! Paths and fields never change their meaning.

use convo_phone::{Number, sms::Malformed};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Part, Submission,
    simulator::{HandsetChange, wire::WirePart},
};

pub const HELLO: &str = "/carrier/hello";
pub const SUBMIT: &str = "/carrier/submit";
pub const RECALL: &str = "/carrier/recall";
pub const EVENTS: &str = "/carrier/events";
pub const ACKNOWLEDGE: &str = "/carrier/acknowledge";
pub const COUNTRIES: &str = "/shop/countries";
pub const SEARCH: &str = "/shop/search";
pub const FIND: &str = "/shop/find";
pub const ORDER: &str = "/shop/order";
pub const RECALL_ORDER: &str = "/shop/recall_order";
pub const RELEASE: &str = "/shop/release";
pub const CREATE_HANDSET: &str = "/handsets/create";
pub const FIND_HANDSET: &str = "/handsets/find";
pub const LIST_HANDSETS: &str = "/handsets/list";
pub const UPDATE_HANDSET: &str = "/handsets/update";
pub const DELETE_HANDSET: &str = "/handsets/delete";
pub const SEND_FROM_HANDSET: &str = "/handsets/send";
pub const LIST_HANDSET_MESSAGES: &str = "/handsets/messages";
pub const LAST_HANDSET_CHANGE: &str = "/handsets/last_change";
pub const HANDSET_CHANGES: &str = "/handsets/changes";
pub const SET_ACCOUNTS: &str = "/numbers/accounts";
pub const SEND_CODE: &str = "/services/send_code";

/// Asks for nothing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit<P> {
    pub era: i64,
    pub parts: Vec<P>,
}

/// A part that could be read.
#[derive(Deserialize)]
#[serde(try_from = "WirePart")]
pub struct Taken(pub Part);

impl TryFrom<WirePart> for Taken {
    type Error = Malformed;

    fn try_from(wire: WirePart) -> Result<Self, Malformed> {
        Part::try_from(wire).map(Self)
    }
}

#[derive(Serialize, Deserialize)]
pub struct Answers {
    /// To be told with submits from now on.
    pub era: i64,
    pub answers: Vec<Submission>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    pub ids: Vec<Uuid>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Id {
    pub id: Uuid,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    pub max: usize,
    pub wait_ms: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    pub through: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbered {
    pub number: Number,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buy {
    pub key: Uuid,
    pub number: Number,
    pub account: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    pub account: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandsetUpdate {
    pub id: Uuid,
    pub change: HandsetChange,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    pub id: Uuid,
    pub before: Option<i64>,
    pub limit: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    pub after: i64,
    pub max: usize,
    pub wait_ms: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    pub number: Number,
    pub accounts: Vec<String>,
}
