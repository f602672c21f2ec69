//! Wallets as people see them: what they have, what happened, how money gets in.
//! Every movement is the ledger's; here is only who may ask for which.

pub mod actions;
pub mod routes;

use super::ledger::UNIT;

/// Of one top-up by the payment provider for tests.
pub const MIN_TOP_UP_MICROS: i64 = UNIT / 100;
pub const MAX_TOP_UP_MICROS: i64 = 10_000 * UNIT;
pub const PAGE: i64 = 50;
pub const MAX_PAGE: i64 = 200;
