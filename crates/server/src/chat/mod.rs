//! Conversations between people: the log, who may see and write it, what they have read.
//! It knows nothing of sockets; it tells what happened through events.

pub mod conversations;
pub mod members;
pub mod messages;
pub mod receipts;
