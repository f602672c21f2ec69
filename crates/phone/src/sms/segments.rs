//! Which encoding a text needs, and where a long one is cut (3GPP TS 23.038; 23.040, 9.2.3.24.1).
//! Never changes the text: joined again, the segments say every character of it.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::alphabet::{self, Written};

/// The most segments that a message can be sent in: the number of parts is one octet of the header.
pub const MAX_SEGMENTS: usize = 255;

/// How the characters of a message travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// The GSM 7 bit default alphabet. Its unit is the septet; `^{}\[~]|€` and the form feed take two.
    Gsm7,
    /// UTF-16. Its unit is 16 bits; characters beyond U+FFFF (most emoji) take two.
    Ucs2,
}

impl Encoding {
    /// The cheaper one that can say all of the text.
    pub fn of(text: &str) -> Self {
        let all = text.chars().all(|character| alphabet::written(character).is_some());
        if all { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// How many units a message in one segment holds: 140 octets.
    pub const fn units_alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// How many units each segment of a longer message holds: 140 octets less the header of six that numbers it.
    pub const fn units_in_part(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// The units of one character, none if this encoding does not have it.
    pub fn units(self, character: char) -> Option<usize> {
        match self {
            Self::Gsm7 => alphabet::written(character).map(|written| match written {
                Written::Plain(_) => 1,
                Written::Escaped(_) => 2,
            }),
            Self::Ucs2 => Some(character.len_utf16()),
        }
    }
}

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of the text, on the borders of characters.
    pub range: Range<usize>,
    /// Septets or 16 bit units, without the header.
    pub units: usize,
}

/// A text, cut as it will be sent. There is always one segment, which is empty if the text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split<'a> {
    pub text: &'a str,
    pub encoding: Encoding,
    pub segments: Vec<Segment>,
}

impl<'a> Split<'a> {
    /// The text of each segment.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        let text = self.text;
        self.segments.iter().map(move |segment| &text[segment.range.clone()])
    }

    /// Septets or 16 bit units of the whole text, without headers.
    pub fn units(&self) -> usize {
        self.segments.iter().map(|segment| segment.units).sum()
    }
}

/// Cuts a text into the fewest segments that can hold it.
/// A segment never ends within an escape pair or a surrogate pair, so that each can be read alone.
/// It does not end within a grapheme cluster either (a flag, a family, a letter with its accents), as long as that costs no further segment: people pay by segment.
pub fn split(text: &str) -> Split<'_> {
    split_as(text, Encoding::of(text))
}

/// As [`split`], but in UCS-2 even if the text does not need it, for a route that cannot carry the GSM alphabet.
pub fn split_as_ucs2(text: &str) -> Split<'_> {
    split_as(text, Encoding::Ucs2)
}

fn split_as(text: &str, encoding: Encoding) -> Split<'_> {
    let units = |character| encoding.units(character).expect("the encoding has every character of its text");
    // A limit on bytes first: a long text need not be counted to know that it is long.
    let alone = encoding.units_alone();
    if text.len() <= alone * 3 {
        let sum = text.chars().map(units).sum();
        if sum <= alone {
            return Split { text, encoding, segments: vec![Segment { range: 0..text.len(), units: sum }] };
        }
    }
    let characters: Vec<(usize, usize)> = text.char_indices().map(|(at, character)| (at, units(character))).collect();
    let plan = Plan::new(&characters, encoding.units_in_part());
    let clusters = Clusters::of(text, encoding);
    let mut segments = Vec::with_capacity(plan.fewest(0));
    let mut from = 0;
    while from < characters.len() {
        let to = plan.cut(from, |index| clusters.border(characters[index].0));
        let end = characters.get(to).map_or(text.len(), |(at, _)| *at);
        let units = characters[from..to].iter().map(|(_, units)| units).sum();
        segments.push(Segment { range: characters[from].0..end, units });
        from = to;
    }
    Split { text, encoding, segments }
}

/// What can be known before cutting: how far a segment reaches from each character, and how many more the rest needs.
struct Plan {
    reach: Vec<usize>,
    fewest: Vec<usize>,
}

impl Plan {
    /// Filling each segment gives the fewest. From the end to the start, so that each rest is known when it is asked for.
    fn new(characters: &[(usize, usize)], limit: usize) -> Self {
        let count = characters.len();
        let (mut reach, mut fewest) = (vec![count; count + 1], vec![0; count + 1]);
        let (mut end, mut held) = (count, 0);
        for from in (0..count).rev() {
            held += characters[from].1;
            while held > limit {
                end -= 1;
                held -= characters[end].1;
            }
            reach[from] = end;
            fewest[from] = 1 + fewest[end];
        }
        Self { reach, fewest }
    }

    fn fewest(&self, from: usize) -> usize {
        self.fewest[from]
    }

    /// The last border of a cluster that can be reached and leaves a rest of no more segments; else as far as it goes.
    fn cut(&self, from: usize, border: impl Fn(usize) -> bool) -> usize {
        let furthest = self.reach[from];
        let rest = self.fewest[furthest];
        if furthest + 1 == self.fewest.len() {
            return furthest;
        }
        let candidates = (from + 1..=furthest).rev().take_while(|to| self.fewest[*to] == rest);
        candidates.into_iter().find(|to| border(*to)).unwrap_or(furthest)
    }
}

/// The borders of grapheme clusters (UAX 29), as a bit per byte of the text.
struct Clusters(Vec<bool>);

impl Clusters {
    /// In the GSM alphabet only CR and LF form a cluster, which is found without the tables.
    fn of(text: &str, encoding: Encoding) -> Self {
        let mut borders = vec![encoding == Encoding::Gsm7; text.len()];
        match encoding {
            Encoding::Gsm7 => text.match_indices("\r\n").for_each(|(at, _)| borders[at + 1] = false),
            Encoding::Ucs2 => text.grapheme_indices(true).for_each(|(at, _)| borders[at] = true),
        }
        Self(borders)
    }

    fn border(&self, at: usize) -> bool {
        self.0[at]
    }
}
