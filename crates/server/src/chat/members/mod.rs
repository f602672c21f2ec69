//! Who belongs to a conversation, since when, and with which rights.
//! A membership that ended stays as a row, so that its end can be told and its past stays visible to nobody.

pub mod access;
pub mod actions;
pub mod routes;
mod store;

pub const PAGE: i64 = 100;
/// Added with one request.
pub const MAX_ADDED: usize = 100;
