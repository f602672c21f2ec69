//! The SMPP client against a message centre that none of us wrote.

mod binding;
mod hearing;
mod sending;
#[path = "../smpp_peer/mod.rs"]
mod smpp_peer;
