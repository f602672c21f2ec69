//! What arrives from phones: parts, collected until their text is whole, then a message in the thread of the number.
//! Nothing inbound is ever refused for money, and nothing is acknowledged before it is stored.

pub mod actions;
mod store;

use std::time::Duration;

/// A text that lacks parts is shown as far as it came after so long.
pub const WAIT_FOR_PARTS: Duration = Duration::from_secs(600);
/// A text that was not answered comes again within so long, or never.
pub const COMES_AGAIN: Duration = Duration::from_secs(600);
/// Looked at; a carrier brings at most 2,000 that are not answered at once.
const MAX_UNANSWERED: i64 = 5_000;
/// Answers to STOP, START and HELP in one thread within `ANSWERS_WITHIN`: beyond them, STOP and START are obeyed in silence.
/// We pay for each, so nobody should be able to ask for more.
const MAX_ANSWERS: i64 = 5;
const ANSWERS_WITHIN: Duration = Duration::from_secs(600);
/// Stands where a part is missing.
pub const MISSING: &str = "[…]";
