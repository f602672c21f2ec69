//! The phone network in the inbox: numbers that people own, texts on their way out, and what arrives.
//! It meets `chat` in two named places: the appender queues a text, `inbound::actions::accept` appends a message.

pub mod carriers;
pub mod handsets;
pub mod inbound;
pub mod numbers;
pub mod optouts;
pub mod outbound;
pub mod shares;
pub mod simulator;

use crate::app::App;

pub fn start(app: &App) {
    carriers::link::start(app);
    numbers::jobs::start(app);
}
