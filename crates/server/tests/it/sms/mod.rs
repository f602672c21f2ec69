//! The phone network in the inbox, over the simulated carrier.

mod machine;
mod numbers;
mod texts;
mod verification_history;
mod verifications;
