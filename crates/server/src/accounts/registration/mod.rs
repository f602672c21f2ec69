//! How people get an account: openly, by the domain of their address, or by invitation; and how an address is proven.
//! Where mail works, no answer tells whether an address has an account.

pub mod actions;
pub mod routes;
mod store;
pub mod verification;

use std::time::Duration;

use crate::{
    app::App,
    config::RegistrationMode,
    error::{Error, Result},
};

/// How long the link in the mail works, and a user name is held for it.
pub const PENDING: Duration = Duration::from_secs(24 * 3600);

/// One more takes the place of the oldest: whoever comes first with an address that is not theirs must not keep its owner out.
const MAX_PENDING_OF_AN_ADDRESS: i64 = 5;

/// What somebody asked for, checked and in the form to store.
pub struct Wish {
    pub username: String,
    pub email: String,
    pub full_name: String,
    pub language: String,
}

impl Wish {
    pub fn check(username: &str, email: &str, full_name: Option<&str>, language: Option<&str>) -> Result<Self> {
        use super::users::{LANGUAGES, check_email, check_full_name, check_language, check_username};
        Ok(Self {
            username: check_username(username)?,
            email: check_email(email)?,
            full_name: check_full_name(full_name.unwrap_or_default())?,
            language: check_language(language.unwrap_or(LANGUAGES[0]))?,
        })
    }

    /// What an attacker would try first as the password.
    pub fn known(&self) -> Vec<String> {
        vec![self.username.clone(), self.email.clone(), self.full_name.clone()]
    }
}

/// Whether an address may register at all, before invitations are looked at.
fn check_mode(app: &App, email: &str) -> Result<()> {
    let registration = &app.config.registration;
    match registration.mode {
        RegistrationMode::Open | RegistrationMode::Invitation => Ok(()),
        RegistrationMode::Closed => {
            Err(Error::forbidden("registration_closed", "This server takes no new accounts. Ask its administrator."))
        }
        RegistrationMode::Domain => {
            let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
            if registration.domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain)) {
                Ok(())
            } else {
                Err(Error::forbidden(
                    "domain_not_allowed",
                    "This server takes new accounts only with certain email domains.",
                ))
            }
        }
    }
}
