//! Stories about the live connection.
