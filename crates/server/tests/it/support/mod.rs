//! What every test begins with: a server of its own on a database of its own, people, and a check of what is left over.
//! No test waits for a time; it waits for a state.

mod app;
mod codes;
mod device;
mod line;
mod logs;
mod node;
mod reply;
mod run;
mod smtp;
mod talk;
mod user;

pub use app::{PASSWORD, TestApp, token_in};
pub use codes::service_texts;
pub use device::{dial, until_closed};
pub use line::{Handset, Line, text};
pub use node::Node;
pub use reply::Reply;
pub use run::{Engine, Setup, run};
pub use smtp::SmtpServer;
pub use talk::client_id;
pub use user::TestUser;

/// Writes one story for both engines. `|config| …` in front changes the settings of its server.
///
/// ```ignore
/// both_dbs!(async fn somebody_signs_in(t: TestApp) { … });
/// both_dbs!(|config| config.registration.mode = RegistrationMode::Closed; async fn nobody_registers(t: TestApp) { … });
/// ```
#[macro_export]
macro_rules! both_dbs {
    (async fn $name:ident($t:ident: TestApp) $story:block) => {
        both_dbs!(|_config| {}; async fn $name($t: TestApp) $story);
    };
    (|$config:ident| $change:expr; async fn $name:ident($t:ident: TestApp) $story:block) => {
        async fn $name($t: $crate::support::TestApp) $story

        mod $name {
            use super::*;
            use $crate::support::{Engine, Setup, run};

            fn setup() -> Setup {
                Setup::new(|$config| { $change; })
            }

            #[test]
            fn sqlite() {
                run(Engine::Sqlite, setup(), $name);
            }

            #[test]
            fn postgres() {
                run(Engine::Postgres, setup(), $name);
            }
        }
    };
}

/// Waits for a state, looking again and again, for at most ten seconds.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = std::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(10), "waited in vain for: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
