//! Convo: a team's conversations in one server. The library behind the binary `convo`, so that tests can start it.
//! Every feature is a module; `router.rs` and `frames.rs` are the tables of contents.

pub mod accounts;
pub mod app;
pub mod billing;
pub mod caller;
pub mod chat;
pub mod client;
pub mod clock;
pub mod config;
pub mod connections;
pub mod error;
pub mod events;
pub mod frames;
pub mod health;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod overview;
pub mod realtime;
pub mod router;
pub mod sms;
pub mod sync;
pub mod text;
pub mod turns;
pub mod web;
