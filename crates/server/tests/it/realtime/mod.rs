//! Stories about the live connection.

mod delivery;
