//! Finds the verification code in a text message of any language: pure rules over words that are built in.
//! It does no I/O, remembers nothing, and never guesses at links: what stands only there is no code.

mod bound;
mod cuts;
mod numbers;
mod rank;
mod reading;
mod score;
mod template;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use template::Template;

use reading::Reading;

/// What stands after this is not read: the longest text of 255 parts is under 40 kB, and codes come early.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// The most other candidates that a correction is chosen from.
pub const MAX_OTHERS: usize = 8;

/// What is known of the sender before its text is read. All of it may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// How the service calls itself in its texts: digits in these names are no code.
    pub services: &'a [&'a str],
    /// Tried in this order.
    pub templates: &'a [Template],
}

/// The code of a text, and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// As one types it: ASCII digits without what groups them; with letters, as written.
    pub code: String,
    pub rule: Rule,
    /// Bytes of the original text, with what groups the digits.
    pub span: Range<usize>,
    /// Of 100.
    pub confidence: u8,
    /// What else it may have been, the likeliest first.
    pub others: Vec<Candidate>,
}

/// Why it was taken for the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The last line binds it to a site: `@host #code`.
    OriginBound,
    /// It stands where a person once said that the service's code stands.
    Template,
    /// The words around it say so.
    Words,
    /// There is nothing else in the text, apart from the service's name.
    Alone,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub code: String,
    pub span: Range<usize>,
}

/// The verification code of a text, if it has one.
///
/// A line that binds the code to a site is a promise of the sender; a template is one of a person; only then are words weighed.
pub fn extract(text: &str, hint: &Hint<'_>) -> Option<Found> {
    let (text, start) = bounded(text);
    let mut found = find(text, hint)?;
    let moved = |span: &Range<usize>| span.start + start..span.end + start;
    found.span = moved(&found.span);
    found.others.iter_mut().for_each(|other| other.span = moved(&other.span));
    Some(found)
}

fn find(text: &str, hint: &Hint<'_>) -> Option<Found> {
    if let Some(Candidate { code, span }) = bound::last_line(text) {
        return Some(Found { code, rule: Rule::OriginBound, span, confidence: 100, others: Vec::new() });
    }
    let reading = Reading::of(text);
    let names: Vec<_> = hint.services.iter().filter_map(|service| reading.places_of(service)).flatten().collect();
    let ranked = rank::rank(&reading, &names);
    let by_template = hint.templates.iter().find_map(|template| template.find(&reading));
    let (code, rule, confidence) = match by_template {
        Some(code) => (code, Rule::Template, 95),
        None => ranked.best()?,
    };
    let others = ranked.candidates().filter(|it| it.code != code.code).take(MAX_OTHERS).collect();
    Some(Found { code: code.code, rule, span: code.span, confidence, others })
}

/// The part that is read, and where it starts. A word that the limit cuts in two is left out, so that no half of a number is a code.
fn bounded(text: &str) -> (&str, usize) {
    let start = text.len() - text.trim_start().len();
    let text = text.trim();
    if text.len() <= MAX_TEXT_BYTES {
        return (text, start);
    }
    let cut = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
    (cut.rfind(char::is_whitespace).map_or(cut, |end| &cut[..end]), start)
}
