//! A text as it is compared: NFKC, ASCII digits, no invisible marks, links cut out; each sign knows where it came from.
//! Never changes what is handed out: spans are of the original.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::cuts;

/// Stands for what was cut: no letter, no digit, no space.
pub(crate) const CUT: char = '\u{FFFC}';

/// The zeros of the scripts that count with ten digits of their own (general category Nd, Unicode 16); NFKC knows the others.
const ZEROS: [u32; 64] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136,
    0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0,
    0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1E140, 0x1E4F0, 0x1E950,
];

#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign {
    pub plain: char,
    /// Without case and accents, so that texts in GSM letters alone say the same; any space is a blank.
    pub folded: char,
    pub sentence: u32,
    pub line: u32,
    from: usize,
    to: usize,
}

#[derive(Debug)]
pub(crate) struct Reading {
    pub signs: Vec<Sign>,
}

impl Reading {
    pub fn of(text: &str) -> Self {
        let mut reading = Self { signs: Vec::with_capacity(text.len()) };
        let mut rest = text.char_indices().peekable();
        while let Some((from, first)) = rest.next() {
            while rest.next_if(|(_, next)| !first.is_whitespace() && continues(*next)).is_some() {}
            let to = rest.peek().map_or(text.len(), |(next, _)| *next);
            reading.push(first, &text[from..to], from..to);
        }
        for cut in cuts::find(&reading.signs) {
            reading.signs[cut].iter_mut().for_each(|sign| (sign.plain, sign.folded) = (CUT, CUT));
        }
        reading.number_sentences();
        reading
    }

    fn push(&mut self, first: char, cluster: &str, span: Range<usize>) {
        if first.is_ascii() && cluster.len() == 1 {
            self.push_sign(first, &span);
        } else if first == '№' {
            self.push_sign('#', &span);
        } else {
            cluster.nfkc().for_each(|character| self.push_sign(character, &span));
        }
    }

    fn push_sign(&mut self, character: char, span: &Range<usize>) {
        if is_invisible(character) {
            return;
        }
        let plain = plain(character);
        let sign = Sign { plain, folded: fold(plain), sentence: 0, line: 0, from: span.start, to: span.end };
        self.signs.push(sign);
    }

    /// Bytes of the original.
    pub fn span(&self, signs: Range<usize>) -> Range<usize> {
        self.signs[signs.start].from..self.signs[signs.end - 1].to
    }

    pub fn plain(&self, signs: Range<usize>) -> impl DoubleEndedIterator<Item = char> + '_ {
        self.signs[signs].iter().map(|sign| sign.plain)
    }

    /// Before the start there is nothing, and after the end neither.
    pub fn at(&self, sign: Option<usize>) -> Option<char> {
        Some(self.signs.get(sign?)?.plain)
    }

    /// Where a name stands, as signs. None for a name without letters and digits.
    pub fn places_of(&self, name: &str) -> Option<Vec<Range<usize>>> {
        let name = folded(name.trim());
        name.iter().any(|character| character.is_alphanumeric()).then(|| {
            let starts = |at: &usize| name.iter().zip(&self.signs[*at..]).all(|(left, right)| *left == right.folded);
            let last = (self.signs.len() + 1).saturating_sub(name.len());
            (0..last).filter(starts).map(|at| at..at + name.len()).collect()
        })
    }

    /// A full stop ends a sentence when a space follows, unless it shortens a word before a number (`Nr. 5`).
    fn number_sentences(&mut self) {
        let (mut sentence, mut line) = (0, 0);
        let mut letters = 0;
        for at in 0..self.signs.len() {
            let sign = self.signs[at].plain;
            (self.signs[at].sentence, self.signs[at].line) = (sentence, line);
            let next = self.at(Some(at + 1));
            match sign {
                '\n' => {
                    line += 1;
                    sentence += u32::from(next == Some('\n'));
                }
                '。' | '؟' | '।' | '॥' | '!' | '?' => sentence += 1,
                '.' if next.is_none_or(char::is_whitespace) => {
                    let counts = self.at(Some(at + 2)).is_some_and(|after| after.is_ascii_digit());
                    sentence += u32::from(!(counts && (1..=3).contains(&letters)));
                }
                _ => {}
            }
            letters = if sign.is_alphabetic() { letters + 1 } else { 0 };
        }
    }
}

/// A text as its words are compared.
pub(crate) fn folded(text: &str) -> Vec<char> {
    text.nfkc().filter(|character| !is_invisible(*character)).map(|character| fold(plain(character))).collect()
}

/// Marks, and the vowels and finals of Hangul in parts, belong to the sign before.
fn continues(character: char) -> bool {
    !character.is_ascii() && (is_combining_mark(character) || matches!(character, '\u{1160}'..='\u{11FF}'))
}

/// Bidi marks, joiners, soft hyphens, and what makes an emoji of a digit.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{20E3}'
    )
}

fn plain(character: char) -> char {
    match character {
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ if character.is_ascii() => character,
        _ if character.is_whitespace() => ' ',
        _ => decimal(character).unwrap_or(character),
    }
}

fn decimal(character: char) -> Option<char> {
    let code = u32::from(character);
    let before = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code - ZEROS[before], 10)
}

/// One sign for one, so that places stay.
fn fold(character: char) -> char {
    if character.is_ascii() {
        return if character.is_ascii_whitespace() { ' ' } else { character.to_ascii_lowercase() };
    }
    let base = match character {
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' | 'ð' => 'd',
        'ı' => 'i',
        'ς' => 'σ',
        'أ' | 'إ' | 'آ' => 'ا',
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        '\u{80}'..'\u{2000}' => [character].into_iter().nfd().next().unwrap_or(character),
        _ => character,
    };
    base.to_lowercase().next().unwrap_or(base)
}
