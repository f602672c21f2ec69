//! Stories about what a client missed.

mod changes;
mod property;
