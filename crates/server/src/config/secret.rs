//! A setting that must not be seen: it prints as `***` in logs; `convo config` shows of an address where it leads and for whom.
//! Only `expose` gives it away.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&masked(&self.0))
    }
}

/// An address without its password; what is no address is masked whole.
fn masked(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let Some((scheme, rest)) = text.split_once("://") else { return "***".to_owned() };
    // Up to the last `@`: a password that holds one, against the rules, must not be half seen.
    let (person, place) = rest.rsplit_once('@').map_or(("", rest), |(person, place)| (person, place));
    let person = match person.split_once(':') {
        Some((name, _)) => format!("{name}:***@"),
        None if person.is_empty() => String::new(),
        None => format!("{person}@"),
    };
    format!("{scheme}://{person}{}", without_passwords(place))
}

/// PostgreSQL takes them among the parameters, too.
fn without_passwords(place: &str) -> String {
    let Some((place, parameters)) = place.split_once('?') else { return place.to_owned() };
    let shown = parameters.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
        _ => parameter.to_owned(),
    });
    format!("{place}?{}", shown.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (secret, shown) in [
            ("smtp://ana:hidden@mail.example.org:587", "smtp://ana:***@mail.example.org:587"),
            ("postgres://convo:hid@d/en@db/convo?sslmode=require", "postgres://convo:***@db/convo?sslmode=require"),
            ("postgres://db/convo?user=convo&Password=hidden", "postgres://db/convo?user=convo&Password=***"),
            ("redis://:hidden@redis", "redis://:***@redis"),
            ("redis://redis:6379", "redis://redis:6379"),
            ("smtps://ana@host", "smtps://ana@host"),
            ("sqlite:data/convo.db", "sqlite:data/convo.db"),
            ("hidden", "***"),
        ] {
            assert_eq!(masked(secret), shown);
        }
    }
}
