//! Lost events.
