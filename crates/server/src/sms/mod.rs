//! The phone network in the inbox: numbers that people own, texts on their way out, and what arrives.
//! It meets `chat` in two named places: the appender queues a text, `inbound::actions::accept` appends a message.

pub mod carriers;
pub mod handsets;
pub mod inbound;
pub mod numbers;
pub mod optouts;
pub mod outbound;
pub mod services;
pub mod shares;
pub mod simulator;
pub mod suppressions;
pub mod temporary;
pub mod usage;
pub mod verifications;
pub mod welcome;

use convo_phone::sms::Encoding;

use crate::app::App;

/// As parts are stored, those that leave and those that arrived.
fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Gsm7 => "gsm7",
        Encoding::Ucs2 => "ucs2",
    }
}

/// The database knows no third name.
fn encoding_named(name: &str) -> Encoding {
    if name == encoding_name(Encoding::Gsm7) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

pub fn start(app: &App) {
    app.spawn(carriers::keeper::run(app.clone()));
    app.repeat(carriers::failover::LOOK_EVERY, "Texts could not change their carrier", |app| async move {
        carriers::failover::run(&app).await
    });
    numbers::jobs::start(app);
    usage::start(app);
    welcome::start(app);
    temporary::jobs::start(app);
    verifications::start(app);
}
