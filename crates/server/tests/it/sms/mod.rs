//! The phone network in the inbox, over the simulated carrier.

mod numbers;
mod texts;
