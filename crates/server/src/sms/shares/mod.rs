//! A number shared with colleagues: they see all its threads, and may answer or only read.
//! Rights in the threads are those of members; nothing here is asked when somebody writes.

pub mod actions;
pub mod routes;
