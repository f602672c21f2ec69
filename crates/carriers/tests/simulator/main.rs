//! What the simulated carrier promises, on both engines, in this process and over HTTP.

#![expect(clippy::unwrap_used, reason = "in a test it is an assertion")]

mod carrier;
mod crash;
mod handsets;
mod http;
mod services;
mod shop;
mod stage;
mod store;
