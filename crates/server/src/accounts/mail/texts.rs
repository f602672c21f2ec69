//! What our mails say, in the language of the person.
//! Every link is built from `public_url` and carries its secret in the fragment, which no server ever sees in a request.

/// One kind of mail with what it needs.
pub enum Text<'a> {
    Verify { username: &'a str, token: &'a str, language: &'a str },
    AlreadyRegistered { username: &'a str, language: &'a str },
    Reset { username: &'a str, token: &'a str, language: &'a str },
}

impl Text<'_> {
    /// Subject and body.
    pub fn write(&self, public_url: &str) -> (String, String) {
        match self {
            Self::Verify { username, token, language: "de" } => (
                "Bestätige deine E-Mail-Adresse".to_owned(),
                format!(
                    "Hallo {username},\n\nmit diesem Link bestätigst du deine E-Mail-Adresse bei Convo:\n\n{public_url}/verify#{token}\n\nEr gilt 24 Stunden. Wenn du dich nicht angemeldet hast, tu nichts: dann geschieht nichts.\n"
                ),
            ),
            Self::Verify { username, token, .. } => (
                "Confirm your email address".to_owned(),
                format!(
                    "Hello {username},\n\nthis link confirms your email address at Convo:\n\n{public_url}/verify#{token}\n\nIt works for 24 hours. If you did not sign up, do nothing: then nothing happens.\n"
                ),
            ),
            Self::AlreadyRegistered { username, language: "de" } => (
                "Du hast schon ein Konto".to_owned(),
                format!(
                    "Hallo {username},\n\njemand wollte mit deiner E-Mail-Adresse ein Konto bei Convo anlegen. Du hast schon eines:\n\n{public_url}/login\n\nWenn du dein Passwort nicht mehr weißt, kannst du dort ein neues setzen. Wenn du es nicht warst, brauchst du nichts zu tun.\n"
                ),
            ),
            Self::AlreadyRegistered { username, .. } => (
                "You already have an account".to_owned(),
                format!(
                    "Hello {username},\n\nsomebody tried to sign up at Convo with your email address. You have an account already:\n\n{public_url}/login\n\nIf you forgot your password, you can set a new one there. If it was not you, there is nothing to do.\n"
                ),
            ),
            Self::Reset { username, token, language: "de" } => (
                "Neues Passwort".to_owned(),
                format!(
                    "Hallo {username},\n\nmit diesem Link setzt du ein neues Passwort bei Convo:\n\n{public_url}/reset#{token}\n\nEr gilt eine Stunde. Wenn du nicht darum gebeten hast, tu nichts: dein Passwort bleibt, wie es ist.\n"
                ),
            ),
            Self::Reset { username, token, .. } => (
                "A new password".to_owned(),
                format!(
                    "Hello {username},\n\nthis link sets a new password at Convo:\n\n{public_url}/reset#{token}\n\nIt works for one hour. If you did not ask for it, do nothing: your password stays as it is.\n"
                ),
            ),
        }
    }
}
