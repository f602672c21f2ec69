//! Stories about conversations and what is said in them.

mod conversations;
mod deleting;
mod groups;
mod lists;
mod messages;
mod reactions;
mod receipts;
