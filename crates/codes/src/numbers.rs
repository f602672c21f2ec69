//! The numbers of a text that could be a code, as one would type them.
//! Never looks at words; what is by its shape a date, an amount, a phone or an account number is left out here.

use std::ops::Range;

use crate::reading::Reading;

pub(crate) const DIGITS: std::ops::RangeInclusive<usize> = 4..=10;
const LETTERS_AND_DIGITS: std::ops::RangeInclusive<usize> = 4..=10;
const LETTERS: std::ops::RangeInclusive<usize> = 4..=8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Digits,
    Mixed,
    /// Capitals alone, in a text that is not all capitals.
    Letters,
}

/// What could be a code, as signs; without a brand's letter before it.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub code: String,
    pub shape: Shape,
    pub place: Range<usize>,
}

/// A word of ASCII letters, digits, and the signs between them.
struct Word {
    place: Range<usize>,
    kind: WordKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WordKind {
    /// Digits alone, which may go on after a space.
    Group,
    Whole(Shape),
    Refused,
}

pub(crate) fn find(reading: &Reading) -> Vec<Number> {
    let words = words(reading);
    let is_shouted = !reading.signs.iter().any(|sign| sign.plain.is_lowercase());
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let chain = chain(reading, &words[at..]);
        let places = match words[at].kind {
            WordKind::Group => joined(reading, &words[at..at + chain]),
            WordKind::Whole(Shape::Letters) if is_shouted => Vec::new(),
            WordKind::Whole(shape) => vec![(words[at].place.clone(), shape)],
            WordKind::Refused => Vec::new(),
        };
        numbers.extend(places.into_iter().filter_map(|(place, shape)| number(reading, place, shape)));
        at += chain;
    }
    numbers
}

fn number(reading: &Reading, place: Range<usize>, shape: Shape) -> Option<Number> {
    let signs = reading.plain(place.clone());
    let code: String =
        if shape == Shape::Digits { signs.filter(char::is_ascii_digit).collect() } else { signs.collect() };
    let fits = shape != Shape::Digits || DIGITS.contains(&code.len());
    (fits && !is_spoiled(reading, &place)).then_some(Number { code, shape, place })
}

/// What stands right beside it says that it is an amount, a share, a masked number, or a part of something longer.
fn is_spoiled(reading: &Reading, place: &Range<usize>) -> bool {
    let before = |back: usize| reading.at(place.start.checked_sub(back));
    let after = |on: usize| reading.at(Some(place.end - 1 + on));
    let near = |first: Option<char>, second: Option<char>| if first == Some(' ') { second } else { first };
    let beside = [near(before(1), before(2)), near(after(1), after(2))];
    let is_masked = match before(1) {
        Some('*') => after(1) != Some('*') || before(2) == Some('*'),
        Some('•' | '●' | '×' | '+' | '/' | '\\' | '~' | '≈' | '@' | '_' | '$') => true,
        Some('.') => before(2) == Some('.'),
        Some(' ') => matches!((before(3), before(2)), (Some('*'), Some('*')) | (Some('•'), Some('•'))),
        _ => false,
    };
    let goes_on = matches!(after(1), Some('%' | '٪' | '/' | '*' | '°')) && after(1) != before(1);
    is_masked
        || goes_on
        || matches!(near(after(1), after(2)), Some('%' | '٪'))
        || beside.into_iter().flatten().any(is_currency)
}

fn is_currency(sign: char) -> bool {
    matches!(sign, '$' | '£' | '¥' | '฿' | '¢' | '﷼' | '\u{20A0}'..='\u{20CF}')
}

/// How many words from the first are one row of digits with a single space between them.
fn chain(reading: &Reading, words: &[Word]) -> usize {
    let follows = |pair: &&[Word]| {
        let space = pair[0].place.end;
        pair.iter().all(|word| word.kind == WordKind::Group)
            && pair[1].place.start == space + 1
            && matches!(reading.at(Some(space)), Some(' ' | '\u{a0}'))
    };
    1 + words.windows(2).take_while(follows).count()
}

/// The numbers of a row of groups: one, if the groups are alike; each alone, if they are not; none, if it is a phone or account number.
fn joined(reading: &Reading, words: &[Word]) -> Vec<(Range<usize>, Shape)> {
    let sizes: Vec<usize> = words.iter().map(|word| word.place.len()).collect();
    let first = words[0].place.start;
    let before = reading.at(first.checked_sub(1));
    // The rest of an account number: `DE89 3704 …`.
    let is_rest = before == Some(' ')
        && sizes[0] == 4
        && reading.at(first.checked_sub(2)).is_some_and(|sign| sign.is_ascii_digit());
    if before == Some('+') || is_rest || is_long_number(&sizes, reading.at(Some(first)) == Some('0')) {
        return Vec::new();
    }
    let mut places = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let size = sizes[at];
        let alike = sizes[at..].iter().take_while(|other| **other == size).count();
        if are_one(alike, size) {
            places.push((words[at].place.start..words[at + alike - 1].place.end, Shape::Digits));
        } else {
            places.extend(words[at..at + alike].iter().map(|word| (word.place.clone(), Shape::Digits)));
        }
        at += alike;
    }
    places
}

/// Groups of one size that people write to make one code easier to read.
fn are_one(groups: usize, size: usize) -> bool {
    match size {
        1 => (4..=10).contains(&groups),
        2..=4 => groups > 1 && (groups * size <= 8 || (size, groups) == (3, 3)),
        _ => false,
    }
}

/// Phones, accounts, cards and dates by the sizes of their groups.
fn is_long_number(sizes: &[usize], starts_with_zero: bool) -> bool {
    let total: usize = sizes.iter().sum();
    let are_alike = sizes.iter().all(|size| *size == sizes[0]);
    match sizes {
        [_] => false,
        [3, 3, 4] | [3, 4] | [3, 4, 4] | [2, 4, 4] | [2, 2, 4] | [4, 2, 2] | [1, 3, 3, 4] => true,
        _ if are_alike => (2..=4).contains(&sizes[0]) && !are_one(sizes.len(), sizes[0]),
        _ => (starts_with_zero && total >= 9) || (sizes.len() > 2 && total > 10),
    }
}

fn words(reading: &Reading) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < reading.signs.len() {
        if !is_part(reading, at) {
            at += 1;
            continue;
        }
        let (end, runs) = word(reading, at);
        let kind = kind(reading, &runs, at);
        if let Some((start, kind)) = kind {
            words.push(Word { place: start..end, kind });
        }
        at = end;
    }
    words
}

fn is_part(reading: &Reading, at: usize) -> bool {
    reading.at(Some(at)).is_some_and(|sign| sign.is_ascii_alphanumeric())
}

/// Reads letters and digits, and what holds them together: a hyphen; between digits also what decimals, dates and times have.
fn word(reading: &Reading, start: usize) -> (usize, Vec<Range<usize>>) {
    let mut runs = Vec::new();
    let mut from = start;
    loop {
        let to = from + reading.signs[from..].iter().take_while(|sign| sign.plain.is_ascii_alphanumeric()).count();
        runs.push(from..to);
        if !is_part(reading, to + 1) {
            return (to, runs);
        }
        let next = reading.signs[to + 1..].iter().take(3).take_while(|sign| sign.plain.is_ascii_alphanumeric()).count();
        let digits = [to - 1, to + 1].iter().all(|at| reading.signs[*at].plain.is_ascii_digit());
        let holds = match reading.signs[to].plain {
            '-' => true,
            '.' | '/' => digits,
            // After more digits a comma begins the next clause, where texts have no spaces.
            ',' => digits && to - from <= 3,
            ':' => digits && to - from <= 2 && next <= 2,
            _ => false,
        };
        if !holds {
            return (to, runs);
        }
        from = to + 1;
    }
}

/// What a word is, and where its code starts. None for words of prose.
fn kind(reading: &Reading, runs: &[Range<usize>], start: usize) -> Option<(usize, WordKind)> {
    let has = |run: &Range<usize>, test: fn(&char) -> bool| reading.plain(run.clone()).any(|sign| test(&sign));
    let is_number = |run: &Range<usize>| !has(run, char::is_ascii_alphabetic);
    let are_hyphens = runs.windows(2).all(|pair| reading.signs[pair[0].end].plain == '-');
    let kind = match runs {
        [run] if is_number(run) => WordKind::Group,
        [run] => single(reading, run)?,
        [brand, rest @ ..] if are_hyphens && brand.len() == 1 && !is_number(brand) && rest.iter().all(is_number) => {
            let fits = rest.len() == 1 || are_alike(rest);
            return Some((rest[0].start, if fits { WordKind::Whole(Shape::Digits) } else { WordKind::Refused }));
        }
        _ if are_hyphens && runs.iter().all(is_number) && are_alike(runs) => WordKind::Whole(Shape::Digits),
        _ if are_hyphens && runs.len() <= 3 && is_mixed(reading, runs) => WordKind::Whole(Shape::Mixed),
        _ if runs.iter().any(|run| has(run, char::is_ascii_digit)) => WordKind::Refused,
        _ => return None,
    };
    Some((start, kind))
}

fn are_alike(runs: &[Range<usize>]) -> bool {
    runs.iter().all(|run| run.len() == runs[0].len()) && are_one(runs.len(), runs[0].len())
}

/// `AB12-CD34`: capitals and digits, a few of each.
fn is_mixed(reading: &Reading, runs: &[Range<usize>]) -> bool {
    let signs = || runs.iter().flat_map(|run| reading.plain(run.clone()));
    let has = |test: fn(&char) -> bool| signs().any(|sign| test(&sign));
    let total: usize = runs.iter().map(Range::len).sum();
    let is_mask = |run: &Range<usize>| run.len() > 1 && reading.plain(run.clone()).all(|sign| sign == 'X');
    (6..=12).contains(&total)
        && runs.iter().all(|run| (2..=8).contains(&run.len()) && !is_mask(run))
        && !has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
        && has(char::is_ascii_uppercase)
}

fn single(reading: &Reading, run: &Range<usize>) -> Option<WordKind> {
    let sign = |at: usize| reading.signs[at].plain;
    let digits = reading.plain(run.clone()).filter(char::is_ascii_digit).count();
    if digits == 0 {
        let fits = LETTERS.contains(&run.len()) && run.clone().all(|at| sign(at).is_ascii_uppercase());
        return fits.then_some(WordKind::Whole(Shape::Letters));
    }
    let leading = reading.plain(run.clone()).take_while(char::is_ascii_digit).count();
    let trailing = reading.plain(run.clone()).rev().take_while(char::is_ascii_digit).count();
    let is_masked = trailing < run.len() && (run.start..run.end - trailing).all(|at| matches!(sign(at), 'x' | 'X'));
    // `1000th`, `500ms`, `20GB`.
    let unit: String = (run.start + leading..run.end).map(sign).collect();
    let is_counted = leading > 0
        && (unit.bytes().all(|byte| byte.is_ascii_lowercase()) || matches!(unit.as_str(), "KB" | "MB" | "GB" | "TB"));
    let touches = |at: Option<usize>| {
        at.and_then(|at| reading.signs.get(at)).is_some_and(|sign| sign.plain.is_alphabetic() && sign.plain < '\u{590}')
    };
    let is_part = touches(run.start.checked_sub(1)) || touches(Some(run.end));
    let fits = LETTERS_AND_DIGITS.contains(&run.len()) && !is_masked && !is_counted && !is_part;
    Some(if fits { WordKind::Whole(Shape::Mixed) } else { WordKind::Refused })
}
