//! What arrives from phones: parts, collected until their text is whole, then a message in the thread of the number.
//! Nothing inbound is ever refused for money, and nothing is acknowledged before it is stored.

pub mod actions;
mod store;

use std::time::Duration;

/// A text that lacks parts is shown as far as it came after so long.
pub const WAIT_FOR_PARTS: Duration = Duration::from_secs(600);
/// Stands where a part is missing.
pub const MISSING: &str = "[…]";
