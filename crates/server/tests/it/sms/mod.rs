//! The phone network in the inbox, over the simulated carrier.

mod carriers;
mod handsets;
mod machine;
mod numbers;
mod suppressions;
mod texts;
mod verification_history;
mod verifications;
mod welcome;
