//! How the first administrator comes to be: by a link that only who starts the server can read.
//! Nobody becomes administrator by being first.

pub mod actions;
pub mod routes;
mod store;

/// The one row that everybody locks who makes an administrator out of nothing.
const ROW: i64 = 1;
