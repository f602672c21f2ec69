//! Phone numbers and short messages as the world's networks have them: pure rules over data that is built in.
//! It does no I/O and knows nothing of Convo, of money, or of who may text whom.

pub mod fiction;
mod number;
mod party;
pub mod sms;

pub use number::{Country, Description, Kind, MAX_INPUT_BYTES, Number, UnknownCountry, Unreadable};
pub use party::{Name, NotAParty, Party, ShortCode};
