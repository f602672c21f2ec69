//! People and how they come in: registration, passwords, sessions, profiles, and what administrators do with accounts.
//! It knows nothing of conversations, but that they are locked before somebody's right to send changes.

pub mod admin;
pub mod invitations;
pub mod keys;
pub mod mail;
pub mod passwords;
pub mod pictures;
pub mod registration;
pub mod sessions;
pub mod setup;
pub mod tokens;
pub mod users;

mod jobs;

pub use jobs::start;
