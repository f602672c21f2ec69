//! Stories about accounts.

mod setup;
