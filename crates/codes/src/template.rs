//! Where a service puts its code, learned from one text and the code that a person chose in it.
//! Never keeps the code, nor numbers beside it: digits are remembered as such.

use serde::{Deserialize, Serialize};

use crate::Candidate;
use crate::reading::{CUT, Reading, folded};

/// Words remembered on each side: enough to tell the place, few enough to leave out names and amounts.
const WORDS: usize = 2;
const MAX_SIGNS: usize = 32;
const MAX_CODE_SIGNS: usize = 32;

/// The words before and after the code, and the shape of the code itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Template {
    before: String,
    after: String,
    length: usize,
    is_digits: bool,
}

impl Template {
    /// None if the code is not in the text, or stands there without a word beside it.
    pub fn learn(text: &str, code: &str) -> Option<Self> {
        let (text, _) = crate::bounded(text);
        let reading = Reading::of(text);
        let code: Vec<char> = folded(code).into_iter().filter(|sign| sign.is_alphanumeric()).collect();
        if code.is_empty() || code.len() > MAX_CODE_SIGNS {
            return None;
        }
        let place = (0..reading.signs.len()).find_map(|at| {
            let end = run(&reading, at, code.len())?;
            let signs = reading.signs[at..end].iter().map(|sign| sign.folded);
            signs.filter(|sign| sign.is_alphanumeric()).eq(code.iter().copied()).then_some(at..end)
        })?;
        let template = Self {
            before: context(reading.signs[..place.start].iter().rev().map(|sign| sign.folded)).chars().rev().collect(),
            after: context(reading.signs[place.end..].iter().map(|sign| sign.folded)),
            length: code.len(),
            is_digits: code.iter().all(char::is_ascii_digit),
        };
        let has_word = |text: &str| text.chars().any(char::is_alphabetic);
        (has_word(&template.before) || has_word(&template.after)).then_some(template)
    }

    /// The code of another text of the service. A text that says it differently has none.
    pub fn apply(&self, text: &str) -> Option<Candidate> {
        let (text, start) = crate::bounded(text);
        let mut code = self.find(&Reading::of(text))?;
        code.span = code.span.start + start..code.span.end + start;
        Some(code)
    }

    pub(crate) fn find(&self, reading: &Reading) -> Option<Candidate> {
        let signs = &reading.signs;
        (0..signs.len()).find_map(|at| {
            let end = run(reading, at, self.length)?;
            let plain = reading.plain(at..end);
            let code: String = plain.filter(|sign| !self.is_digits || sign.is_ascii_digit()).collect();
            let has_shape = if self.is_digits { code.len() == self.length } else { code.contains(is_code_sign) };
            let fits = has_shape
                && starts_with(signs[..at].iter().rev().map(|sign| sign.folded), self.before.chars().rev())
                && starts_with(signs[end..].iter().map(|sign| sign.folded), self.after.chars());
            fits.then(|| Candidate { code, span: reading.span(at..end) })
        })
    }
}

fn is_code_sign(sign: char) -> bool {
    sign.is_ascii_alphanumeric()
}

/// The end of so many letters and digits from here on, with single spaces and hyphens between them; they neither start nor end within a number.
fn run(reading: &Reading, start: usize, length: usize) -> Option<usize> {
    let sign = |at: usize| reading.signs.get(at).map(|sign| sign.plain);
    let is_digit = |at: Option<usize>| at.and_then(sign).is_some_and(|sign| sign.is_ascii_digit());
    if is_digit(Some(start)) && is_digit(start.checked_sub(1)) {
        return None;
    }
    let (mut at, mut taken) = (start, 0);
    loop {
        if !is_code_sign(sign(at)?) {
            return None;
        }
        (at, taken) = (at + 1, taken + 1);
        if taken == length {
            return (!sign(at).is_some_and(is_code_sign)).then_some(at);
        }
        at += usize::from(matches!(sign(at), Some(' ' | '-')));
    }
}

/// The nearest words, going away from the code.
fn context(signs: impl Iterator<Item = char>) -> String {
    let mut words = 0;
    let mut in_word = false;
    let nearest = collapsed(signs).take(MAX_SIGNS).take_while(|sign| {
        let is_word = sign.is_alphanumeric();
        words += usize::from(in_word && !is_word);
        in_word = is_word;
        words < WORDS && *sign != CUT
    });
    nearest.collect()
}

fn starts_with(signs: impl Iterator<Item = char>, mut context: impl Iterator<Item = char>) -> bool {
    let mut signs = collapsed(signs);
    context.all(|sign| signs.next() == Some(sign))
}

/// A row of digits as one, whatever they are.
fn collapsed(signs: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut was_digit = false;
    signs.filter_map(move |sign| {
        let repeats = std::mem::replace(&mut was_digit, sign.is_ascii_digit()) && was_digit;
        (!repeats).then_some(if was_digit { '0' } else { sign })
    })
}
