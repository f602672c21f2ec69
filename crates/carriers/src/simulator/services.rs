//! Services that text codes, as the well-known ones do, in many languages: for trying verifications without any of them.
//! All words stand in `services.txt`; nothing here speaks for a service.

use std::{collections::HashMap, sync::LazyLock};

use convo_phone::{Country, Name, Number, Party, ShortCode, sms};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{SimulationError, Simulator, fate};

/// A code has so many letters and digits.
const CODE_CHARS: std::ops::RangeInclusive<usize> = 4..=10;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: String,
    pub name: String,
}

/// Lets a service send a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    /// The id of a service.
    pub service: String,
    /// One of the languages there are.
    pub language: String,
    /// A number that was bought.
    pub to: Number,
    /// Made up, if it is not said.
    pub code: Option<String>,
    /// The same again is the same text, with the same code, for whoever takes it in.
    #[serde(default)]
    pub key: Option<Uuid>,
}

struct Sender {
    service: Service,
    wording: &'static str,
    shape: &'static str,
    name: &'static str,
    short_code: &'static str,
    below: &'static str,
}

struct Book {
    senders: Vec<Sender>,
    /// By language and wording.
    texts: HashMap<(&'static str, &'static str), String>,
    languages: Vec<&'static str>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| read(include_str!("services.txt")));

/// Every service, by name.
pub fn services() -> Vec<Service> {
    BOOK.senders.iter().map(|sender| sender.service.clone()).collect()
}

/// The languages in which all of them can write, as ISO 639-1 says them.
pub fn languages() -> Vec<&'static str> {
    BOOK.languages.clone()
}

fn read(text: &'static str) -> Book {
    let mut book = Book { senders: vec![], texts: HashMap::new(), languages: vec![] };
    for line in text.lines() {
        let columns: Vec<&'static str> = line.split('|').collect();
        match columns[..] {
            ["service", id, name, wording, shape, sender, short_code, below] => book.senders.push(Sender {
                service: Service { id: id.to_owned(), name: name.to_owned() },
                wording,
                shape,
                name: sender,
                short_code,
                below,
            }),
            ["text", language, wording, words] => {
                if !book.languages.contains(&language) {
                    book.languages.push(language);
                }
                book.texts.insert((language, wording), words.replace("\\n", "\n"));
            }
            _ => {}
        }
    }
    book
}

impl Sender {
    /// A short code where networks have them for this, else a name.
    fn party(&self, to: Number) -> Party {
        let at_home = to.country().filter(|_| to.calling_code() == 1);
        let short = |country: Country| ShortCode::new(country, self.short_code).map(Party::ShortCode);
        let named = || Name::new(self.name).map(Party::Name);
        at_home.map_or_else(named, short).expect("the table holds senders that can be")
    }

    fn make_up(&self, seed: u64, id: Uuid) -> String {
        let count: u32 = self.shape.bytes().filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0')).sum();
        let code = fate::hash(seed, id, "code") % 10_u64.pow(count);
        format!("{code:0width$}", width = count as usize)
    }

    /// As the service writes it: `G-123456`, `123-456`.
    fn shown(&self, code: &str) -> String {
        match self.shape {
            "3-3" if code.len() == 6 => format!("{}-{}", &code[..3], &code[3..]),
            "3 3" if code.len() == 6 => format!("{} {}", &code[..3], &code[3..]),
            shape if shape.starts_with("G-") => format!("G-{code}"),
            _ => code.to_owned(),
        }
    }

    fn text(&self, words: &str, code: &str) -> String {
        let text = words.replace("{service}", &self.service.name).replace("{code}", &self.shown(code));
        if self.below.is_empty() { text } else { format!("{text}\n\n{}", self.below.replace("{code}", code)) }
    }
}

impl Simulator {
    /// Returns the code as somebody types it, without what the service writes around it.
    pub(super) async fn send_code_of_service(&self, request: CodeRequest) -> Result<String, SimulationError> {
        let sender = BOOK.senders.iter().find(|sender| sender.service.id == request.service);
        let sender = sender.ok_or_else(|| SimulationError::refused("unknown_service", "There is no such service."))?;
        let words = BOOK.texts.get(&(request.language.as_str(), sender.wording));
        let words = words.ok_or_else(|| SimulationError::refused("unknown_language", "No service speaks it."))?;
        let id = request.key.unwrap_or_else(Uuid::now_v7);
        let code = request.code.unwrap_or_else(|| sender.make_up(self.0.settings.seed, id));
        if !CODE_CHARS.contains(&code.len()) || !code.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
            return Err(SimulationError::refused("bad_code", "A code is four to ten letters and digits."));
        }
        let text = sender.text(words, &code);
        let payloads = sms::split(&text).payloads(id.as_bytes()[15]).expect("its words are few");
        let (from, to) = (sender.party(request.to), request.to);
        let shared = self.0.clone();
        let after = shared.settings.latency();
        self.act(async move {
            let mut writing = shared.write().await?;
            if !shared.worlds.read().owned.contains_key(&to) {
                return Ok(Err(SimulationError::NotFound));
            }
            writing.arrives(after, id, &from, to, payloads);
            writing.commit(|_| ()).await?;
            Ok(Ok(code))
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_can_write_in_every_language() {
        assert!(services().len() >= 25 && languages().len() >= 20);
        let number = Number::from_e164("+12125550123").expect("a number");
        for sender in &BOOK.senders {
            sender.party(number);
            sender.party(Number::from_e164("+447700900123").expect("a number"));
            let code = sender.make_up(1, Uuid::now_v7());
            assert!(CODE_CHARS.contains(&code.len()));
            for language in languages() {
                let words = BOOK.texts.get(&(language, sender.wording)).expect("every language has every wording");
                let text = sender.text(words, &code);
                assert!(text.contains(&sender.shown(&code)) && text.contains(&sender.service.name), "{text}");
                assert!(!text.contains('{'), "{text}");
            }
        }
    }
}
