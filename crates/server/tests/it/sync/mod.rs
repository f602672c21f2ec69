//! Stories about what a client missed.
