//! The forms in which parts and events travel and are kept: JSON, with the octets of a segment as the radio has them, in base64.
//! Never decides anything.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use convo_db::Timestamp;
use convo_phone::{
    Party,
    sms::{Encoding, Malformed, Payload},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Event, Heard, Inbound, Part, Receipt};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WirePart {
    pub id: Uuid,
    pub from: Party,
    pub to: Party,
    pub payload: WirePayload,
}

/// The form of [`Payload::unpacked`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WirePayload {
    encoding: Encoding,
    has_header: bool,
    octets: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WireHeard {
    pub place: u64,
    #[serde(flatten)]
    pub event: WireEvent,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WireEvent {
    Receipt(Receipt),
    Inbound(WireInbound),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WireInbound {
    id: Option<String>,
    from: Party,
    to: Party,
    payload: WirePayload,
    at: Timestamp,
}

impl From<&Payload> for WirePayload {
    fn from(payload: &Payload) -> Self {
        Self {
            encoding: payload.encoding,
            has_header: payload.part.is_some(),
            octets: BASE64.encode(payload.unpacked()),
        }
    }
}

impl TryFrom<&WirePayload> for Payload {
    type Error = Malformed;

    fn try_from(wire: &WirePayload) -> Result<Self, Malformed> {
        let octets = BASE64.decode(&wire.octets).map_err(|_| Malformed)?;
        Self::from_unpacked(&octets, wire.encoding, wire.has_header)
    }
}

impl From<&Part> for WirePart {
    fn from(part: &Part) -> Self {
        Self { id: part.id, from: part.from.clone(), to: part.to.clone(), payload: (&part.payload).into() }
    }
}

impl TryFrom<WirePart> for Part {
    type Error = Malformed;

    fn try_from(wire: WirePart) -> Result<Self, Malformed> {
        Ok(Self { id: wire.id, payload: (&wire.payload).try_into()?, from: wire.from, to: wire.to })
    }
}

impl From<&Event> for WireEvent {
    fn from(event: &Event) -> Self {
        match event {
            Event::Receipt(receipt) => Self::Receipt(receipt.clone()),
            Event::Inbound(inbound) => Self::Inbound(WireInbound {
                id: inbound.id.clone(),
                from: inbound.from.clone(),
                to: inbound.to.clone(),
                payload: (&inbound.payload).into(),
                at: inbound.at,
            }),
        }
    }
}

impl TryFrom<WireEvent> for Event {
    type Error = Malformed;

    fn try_from(wire: WireEvent) -> Result<Self, Malformed> {
        Ok(match wire {
            WireEvent::Receipt(receipt) => Self::Receipt(receipt),
            WireEvent::Inbound(WireInbound { id, from, to, payload, at }) => {
                Self::Inbound(Inbound { id, from, to, payload: (&payload).try_into()?, at, session: None })
            }
        })
    }
}

impl TryFrom<WireHeard> for Heard {
    type Error = Malformed;

    fn try_from(wire: WireHeard) -> Result<Self, Malformed> {
        Ok(Self { place: wire.place, event: wire.event.try_into()? })
    }
}
