//! The server through its public doors, as people use it, on both databases.
//! One binary with the tree of `src`; nothing here reaches into the server's modules but to start it.

#![expect(clippy::unwrap_used, reason = "in a test it is an assertion")]

#[macro_use]
mod support;

mod accounts;
mod authorization;
mod billing;
mod chat;
mod command;
mod connections;
mod odd;
mod overview;
mod realtime;
mod sms;
mod sql;
mod sync;
