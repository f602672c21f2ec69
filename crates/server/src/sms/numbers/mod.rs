//! Phone numbers that people own: bought with their money from a carrier, renewed, shared, given back.
//! An ownership lasts from a purchase to its end; whoever has the number afterwards has another one.

pub mod access;
pub mod actions;
pub mod entering;
pub mod jobs;
pub mod routes;
mod store;

use std::time::Duration;

use convo_db::Timestamp;
use convo_phone::Number;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    billing::ledger::Mode,
    chat::conversations::MemberRole,
    error::{Error, Result},
    ids::{NumberId, UserId},
    sms::carriers::Provider,
};

pub use store::{NumberRow, ShareRow};

/// What a month is that somebody pays for.
pub const PERIOD: Duration = Duration::from_secs(30 * 86_400);
/// After what is paid for, a number still receives so long; then it is given back.
pub const GRACE: Duration = Duration::from_secs(7 * 86_400);
/// A number that renews itself does so this long before its end.
pub const RENEW_BEFORE: Duration = Duration::from_secs(86_400);
/// Who has to do something to keep a number hears of it so long before its end.
pub const REMIND_BEFORE: Duration = Duration::from_secs(5 * 86_400);
/// Nobody pays further ahead.
pub const MAX_AHEAD: Duration = Duration::from_secs(370 * 86_400);
pub const MAX_LABEL_CHARS: usize = 60;
pub const MAX_OWNED: i64 = 1_000;
pub const MAX_SHARES: i64 = 100;
/// Of one person: searches of the marketplace.
pub const SEARCHES_A_MINUTE: u32 = 120;
/// Of one person: purchases, renewals, changes of what they own.
pub const CHANGES_A_MINUTE: u32 = 60;
pub const PAGE: usize = 50;
pub const MAX_PAGE: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NumberState {
    /// The money is set aside; the carrier has not been asked.
    Held,
    /// The carrier was asked; it may have sold it.
    Ordering,
    Owned,
    /// Given back, or never bought.
    Released,
}

/// What one may do with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NumberRole {
    Read,
    Answer,
    Owner,
}

impl NumberRole {
    /// In every thread of the number.
    pub fn member(self) -> MemberRole {
        match self {
            Self::Read => MemberRole::Reader,
            Self::Answer => MemberRole::Member,
            Self::Owner => MemberRole::Owner,
        }
    }
}

/// A number as one of those sees it who may use it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhoneNumber {
    pub id: NumberId,
    /// E.164.
    pub number: String,
    pub owner_id: UserId,
    pub my_role: NumberRole,
    pub carrier: String,
    /// Which wallet pays. Test numbers text only what is simulated.
    pub mode: Mode,
    pub country: String,
    pub kind: String,
    pub area_code: String,
    pub place: Option<String>,
    pub operator: Option<String>,
    pub sms: bool,
    pub mms: bool,
    pub voice: bool,
    pub monthly_micros: i64,
    pub state: NumberState,
    pub label: String,
    pub auto_renew: bool,
    /// Null until it is owned.
    pub paid_until: Option<Timestamp>,
    /// What is paid for has passed: it still receives, and is given back at this moment.
    pub grace_until: Option<Timestamp>,
    /// It ends when what is paid for has passed.
    pub cancelled_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// Rises with every change: of two, the higher one is true.
    pub version: i64,
}

impl NumberRow {
    /// One that the carrier has not been asked for yet, and of which nothing is known.
    fn new(id: NumberId, user_id: UserId, provider: &Provider, number: Number, now: Timestamp) -> Self {
        Self {
            id,
            number: number.to_string(),
            user_id,
            carrier: provider.name.clone(),
            mode: provider.mode(),
            country: String::new(),
            kind: String::new(),
            area_code: String::new(),
            place: None,
            operator: None,
            sms: false,
            mms: false,
            voice: false,
            monthly_micros: 0,
            state: NumberState::Held,
            label: String::new(),
            auto_renew: true,
            paid_until: None,
            reminded_at: None,
            cancelled_at: None,
            created_at: now,
            ended_at: None,
            version: 0,
        }
    }

    /// Whether texts may leave from it now.
    pub fn check_can_send(&self, now: Timestamp) -> Result<()> {
        if self.state != NumberState::Owned {
            return Err(Error::conflict("number_released", "This number is not yours any more. Use another one."));
        }
        if self.paid_until.is_none_or(|until| until <= now) {
            return Err(Error::conflict(
                "number_unpaid",
                "This number is not paid for. Renew it, then write again; until then it still receives.",
            ));
        }
        if !self.sms {
            return Err(Error::conflict("number_without_texts", "This number cannot send texts. Use another one."));
        }
        Ok(())
    }

    pub fn seen_as(&self, my_role: NumberRole, now: Timestamp) -> PhoneNumber {
        let row = self.clone();
        PhoneNumber {
            id: row.id,
            number: row.number,
            owner_id: row.user_id,
            my_role,
            carrier: row.carrier,
            mode: row.mode,
            country: row.country,
            kind: row.kind,
            area_code: row.area_code,
            place: row.place,
            operator: row.operator,
            sms: row.sms,
            mms: row.mms,
            voice: row.voice,
            monthly_micros: row.monthly_micros,
            state: row.state,
            label: row.label,
            auto_renew: row.auto_renew,
            grace_until: row.paid_until.filter(|until| *until <= now).map(|until| until.plus(GRACE)),
            paid_until: row.paid_until,
            cancelled_at: row.cancelled_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}
