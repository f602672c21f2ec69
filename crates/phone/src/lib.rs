//! Phone numbers and short messages as the world's networks have them: pure rules over data that is built in.
//! It does no I/O and knows nothing of Convo, of money, or of who may text whom.

pub mod sms;
