//! What our mails say, in the language of the person.
//! Every link is built from `public_url` and carries its secret in the fragment, which no server ever sees in a request.

use convo_db::Timestamp;

/// One kind of mail with what it needs.
pub enum Text<'a> {
    /// User names with the secret of their link: one, or all that wait with the address.
    Verify {
        links: &'a [(&'a str, &'a str)],
        language: &'a str,
    },
    AlreadyRegistered {
        username: &'a str,
        language: &'a str,
    },
    Reset {
        username: &'a str,
        token: &'a str,
        language: &'a str,
    },
    /// Whether it would renew itself if the wallet had enough.
    NumberEnds {
        number: &'a str,
        on: Timestamp,
        renews: bool,
        language: &'a str,
    },
}

impl Text<'_> {
    /// Subject and body.
    pub fn write(&self, public_url: &str) -> (String, String) {
        match self {
            Self::Verify { links, language: "de" } => (
                "Bestätige deine E-Mail-Adresse".to_owned(),
                format!(
                    "Hallo,\n\njemand hat mit deiner E-Mail-Adresse ein Konto bei Convo angelegt.\n\n{}Der Link gilt 24 Stunden ab dem Anlegen und fragt nach dem Passwort, das dabei gewählt wurde. Wenn du das nicht warst, tu nichts: dann geschieht nichts.\n",
                    list("Benutzername", links, public_url)
                ),
            ),
            Self::Verify { links, .. } => (
                "Confirm your email address".to_owned(),
                format!(
                    "Hello,\n\nsomebody signed up at Convo with your email address.\n\n{}The link works for 24 hours from signing up and asks for the password that was chosen then. If it was not you, do nothing: then nothing happens.\n",
                    list("User name", links, public_url)
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
            Self::NumberEnds { number, on, renews, language } => {
                number_ends(number, *on, *renews, language, public_url)
            }
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

fn number_ends(number: &str, on: Timestamp, renews: bool, language: &str, public_url: &str) -> (String, String) {
    let on = on.to_string();
    let day = on.split('T').next().unwrap_or_default();
    let link = format!("{public_url}/numbers");
    match (language, renews) {
        ("de", true) => (
            format!("Für {number} fehlt Guthaben"),
            format!(
                "Hallo,\n\ndeine Nummer {number} sollte sich verlängern, aber das Guthaben reicht nicht. Bezahlt ist sie bis {day}. Danach empfängt sie noch sieben Tage und wird dann zurückgegeben.\n\nGuthaben aufladen und verlängern: {link}\n"
            ),
        ),
        ("de", false) => (
            format!("{number} läuft bald ab"),
            format!(
                "Hallo,\n\ndeine Nummer {number} ist bis {day} bezahlt und verlängert sich nicht von selbst. Danach empfängt sie noch sieben Tage und wird dann zurückgegeben.\n\nVerlängern: {link}\n"
            ),
        ),
        (_, true) => (
            format!("The wallet is too low to keep {number}"),
            format!(
                "Hello,\n\nyour number {number} should have renewed itself, but the wallet has too little. It is paid for until {day}. After that it receives for seven more days, and is then given back.\n\nTop up and renew it: {link}\n"
            ),
        ),
        (_, false) => (
            format!("{number} ends soon"),
            format!(
                "Hello,\n\nyour number {number} is paid for until {day} and does not renew itself. After that it receives for seven more days, and is then given back.\n\nRenew it: {link}\n"
            ),
        ),
    }
}

fn list(word: &str, links: &[(&str, &str)], public_url: &str) -> String {
    links.iter().map(|(username, token)| format!("{word}: {username}\n{public_url}/verify#{token}\n\n")).collect()
}
