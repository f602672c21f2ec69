//! What a composer shows while somebody writes: how many segments, what is left, and which characters make it expensive.
//! Never changes what is written: replacements are proposed, the person decides.

use serde::Serialize;

use super::alphabet;
use super::segments::{Encoding, split};

/// What sending a text would take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    pub encoding: Encoding,
    pub segments: usize,
    /// Septets or 16 bit units of the whole text, without headers.
    pub units_used: usize,
    /// How many more units the last segment takes before a further one begins.
    pub units_left_in_last: usize,
    /// The characters that the GSM alphabet does not have, in order; each of them costs the whole text its 160.
    pub offenders: Vec<Offender>,
}

/// A character that forces UCS-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Offender {
    pub character: char,
    /// In 16 bit units, as the text fields of browsers count.
    pub index: usize,
    /// What could stand in its place and cost less; nothing where only another word would do.
    pub replacement: Option<&'static str>,
}

/// What sending the text would take.
pub fn preview(text: &str) -> Preview {
    let split = split(text);
    let (segments, last) = (split.segments.len(), split.segments.last().map_or(0, |segment| segment.units));
    let limit = if segments > 1 { split.encoding.units_in_part() } else { split.encoding.units_alone() };
    Preview {
        encoding: split.encoding,
        segments,
        units_used: split.units(),
        units_left_in_last: limit - last,
        offenders: if split.encoding == Encoding::Gsm7 { Vec::new() } else { offenders(text) },
    }
}

/// The text with every replacement made that there is. What has none stays, so that the result may still need UCS-2.
pub fn plainer(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match replacement(character) {
            Some(replacement) => plain.push_str(replacement),
            None => plain.push(character),
        }
    }
    plain
}

fn offenders(text: &str) -> Vec<Offender> {
    let mut index = 0;
    let mut offenders = Vec::new();
    for character in text.chars() {
        if alphabet::written(character).is_none() {
            offenders.push(Offender { character, index, replacement: replacement(character) });
        }
        index += character.len_utf16();
    }
    offenders
}

/// Only what reads the same: marks that word processors put in. Never letters, since `é` is another word than `e`,
/// and never the joiners inside emoji and Indic words (U+200C, U+200D).
fn replacement(character: char) -> Option<&'static str> {
    Some(match character {
        '‘' | '’' | '‚' | '‛' | '′' | '‹' | '›' | '`' | '´' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '•' | '·' => "-",
        '⁄' | '∕' => "/",
        '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "\n",
        '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' => "",
        _ => return None,
    })
}
