//! Weighs each number of a text by the words around it.
//! Never asks in which language they are, and never lets a word speak for a number that another one stands closer to.

use std::ops::Range;

use crate::numbers::{Number, Shape};
use crate::reading::{CUT, Reading, Sign};
use crate::words::{self, Hit, Kind};

/// Signs between a word and the number that it speaks for, and words looked at on each side: both bound the work.
const REACH: usize = 90;
const WORDS_LOOKED_AT: usize = 24;

/// How far words reach that name another number (`order no.`); those of three letters and fewer (`tel`), and those that are common (`card`), less.
const THING_REACH: usize = 18;
const SHORT_THING_REACH: usize = 6;
const LOOSE_REACH: usize = 2;
const OLD_REACH: usize = 25;

/// `Enter` speaks for what comes next.
const ASK_REACH: usize = 12;

pub(crate) struct Surroundings<'a> {
    reading: &'a Reading,
    numbers: &'a [Number],
    hits: Vec<Hit>,
    /// How many digits and ends of clauses stand before each sign.
    barriers: Vec<usize>,
    /// What speaks against each number.
    against: Vec<i32>,
    /// Nothing speaks against but one code of digits.
    is_only: bool,
    has_act: bool,
    has_scene: bool,
}

impl<'a> Surroundings<'a> {
    pub fn of(reading: &'a Reading, numbers: &'a [Number], is_name: &[bool]) -> Self {
        let mut hits = words::find(reading);
        // A service that is called LINE names no other number; one that is called Code still speaks of codes.
        let speaks_for = |kind| matches!(kind, Kind::Strong | Kind::Plain | Kind::Act | Kind::Ask);
        hits.retain(|hit| speaks_for(hit.kind) || !is_name[hit.from..hit.to].contains(&true));
        let mut barriers = vec![0; reading.signs.len() + 1];
        for (at, sign) in reading.signs.iter().enumerate() {
            let is_barrier = matches!(sign.plain, '0'..='9' | ',' | ';' | '،' | '、');
            barriers[at + 1] = barriers[at] + usize::from(is_barrier);
        }
        let has = |kind: Kind| hits.iter().any(|hit| hit.kind == kind);
        let (has_act, has_scene) = (has(Kind::Act), has(Kind::Scene) || has_share(reading));
        let (against, is_only) = (Vec::new(), false);
        let mut surroundings = Self { reading, numbers, hits, barriers, against, is_only, has_act, has_scene };
        surroundings.against = numbers.iter().map(|number| surroundings.against(number)).collect();
        let likely = numbers.iter().zip(&surroundings.against);
        let likely = likely.filter(|(number, against)| number.shape == Shape::Digits && **against == 0);
        let mut codes = likely.map(|(number, _)| &number.code);
        let first = codes.next();
        surroundings.is_only = codes.all(|code| Some(code) == first);
        surroundings
    }

    pub fn points(&self, at: usize) -> i32 {
        let number = &self.numbers[at];
        let Some(label) = self.label(at) else { return self.marks(at) - 50 };
        let elsewhere = match label.kind {
            Kind::Strong => 0,
            _ if self.has_scene && self.has_act => -20,
            _ if self.has_scene => -45,
            _ if is_word_and_number(number) => -15,
            _ => 0,
        };
        // A year, unless it stands where codes do: some are drawn that look like one.
        let is_year = number.code.len() == 4 && ("1900".."2100").contains(&&number.code[..]) && label.gap > 10;
        label.points + self.marks(at) + elsewhere - self.against[at] - 25 * i32::from(is_year)
    }

    /// How the number itself looks.
    fn marks(&self, at: usize) -> i32 {
        let number = &self.numbers[at];
        let place = &number.place;
        let shape = match (number.shape, number.code.len()) {
            (Shape::Digits, 6) => 10,
            (Shape::Digits, 4..=8) => 5,
            (Shape::Digits, _) => -15,
            (Shape::Mixed, _) => 0,
            (Shape::Letters, _) => -5,
        };
        let before = self.reading.at(place.start.checked_sub(1));
        let after = self.reading.at(Some(place.end));
        let brackets =
            [('(', ')'), ('[', ']'), ('"', '"'), ('*', '*'), ('<', '>'), ('「', '」'), ('『', '』'), ('“', '”')];
        let is_bracketed = brackets.iter().any(|(open, close)| before == Some(*open) && after == Some(*close));
        shape
            + 6 * i32::from(is_bracketed)
            + 4 * i32::from(self.is_announced(number))
            + 6 * i32::from(self.is_only)
            + 10 * i32::from(self.fills_line(place))
    }

    fn fills_line(&self, place: &Range<usize>) -> bool {
        let mut left = self.reading.signs[..place.start].iter().rev().map(|sign| sign.plain);
        let mut right = self.reading.signs[place.end..].iter().map(|sign| sign.plain);
        let is_edge = |sign: Option<char>| matches!(sign, None | Some('\n' | CUT));
        let skips = |sign: &char| *sign != ' ' && *sign != '.';
        is_edge(left.find(skips)) && is_edge(right.find(skips))
    }
}

/// `20%`, which offers have and codes have not.
fn has_share(reading: &Reading) -> bool {
    let is_share = |pair: &[Sign]| pair[0].plain.is_ascii_digit() && matches!(pair[1].plain, '%' | '٪');
    reading.signs.windows(2).any(is_share)
}

/// The word that says that a number is a code.
#[derive(Clone, Copy)]
struct Label {
    kind: Kind,
    points: i32,
    gap: usize,
}

impl Surroundings<'_> {
    fn label(&self, at: usize) -> Option<Label> {
        let before = self.hits_before(self.numbers[at].place.start).filter_map(|hit| self.label_before(at, hit));
        let after = self.hits_after(self.numbers[at].place.end).filter_map(|hit| self.label_after(at, hit));
        before.chain(after).max_by_key(|label| label.points)
    }

    fn label_before(&self, at: usize, hit: &Hit) -> Option<Label> {
        let number = &self.numbers[at];
        let gap = number.place.start - hit.to;
        let (left, right) = (self.reading.signs[hit.to - 1], self.reading.signs[number.place.start]);
        let crosses = left.sentence != right.sentence;
        if crosses && !(self.fills_line(&number.place) || self.fills_sentence(&number.place)) {
            return None;
        }
        let nearer = (0..at).rev().take_while(|other| self.numbers[*other].place.start >= hit.to).take(4);
        let between = nearer.filter(|other| self.against[*other] == 0).count();
        let short = self.barriers[number.place.start] - self.barriers[hit.to];
        let lines = right.line - left.line;
        let fits = match number.shape {
            Shape::Digits => hit.kind != Kind::Ask || gap <= ASK_REACH,
            Shape::Mixed => names_code(hit) && short == 0 && gap <= mixed_reach(number),
            Shape::Letters => names_code(hit) && short == 0 && gap <= 6 && self.is_announced(number),
        };
        let points = worth(hit.kind, self.has_act)?
            - cost(gap)
            - 25 * count(between)
            - 4 * i32::from(short > 0 && between == 0)
            - 5 * i32::from(lines > 0)
            - 15 * i32::from(crosses);
        fits.then_some(Label { kind: hit.kind, points, gap })
    }

    fn label_after(&self, at: usize, hit: &Hit) -> Option<Label> {
        let number = &self.numbers[at];
        let gap = hit.from - number.place.end;
        let (left, right) = (self.reading.signs[number.place.end - 1], self.reading.signs[hit.from]);
        let next = self.numbers.get(at + 1);
        let is_past_next = next.is_some_and(|next| next.place.start < hit.from);
        let is_of_next = next.is_some_and(|next| next.place.start < hit.to + 10);
        let opens = self.starts_sentence(&number.place);
        let fits = match number.shape {
            Shape::Digits => hit.kind != Kind::Ask || gap <= ASK_REACH,
            Shape::Mixed => names_code(hit) && gap <= 40 && opens && is_capital(number),
            Shape::Letters => false,
        };
        let points = worth(hit.kind, self.has_act)?
            - 5 * i32::from(!opens)
            - cost(gap)
            - 15 * i32::from(is_of_next)
            - 5 * i32::from(right.line > left.line);
        (fits && !is_past_next && left.sentence == right.sentence).then_some(Label { kind: hit.kind, points, gap })
    }

    /// A colon, a line break or a bracket stands before it.
    fn is_announced(&self, number: &Number) -> bool {
        let before = self.reading.plain(0..number.place.start).rev().find(|sign| *sign != ' ');
        before.is_some_and(|sign| matches!(sign, ':' | '=' | '\n' | '"' | '[' | '(' | '“'))
    }

    fn fills_sentence(&self, place: &Range<usize>) -> bool {
        let after = self.reading.at(Some(place.end));
        self.starts_sentence(place) && matches!(after, None | Some('.' | '\n' | '。' | '!' | CUT))
    }

    fn starts_sentence(&self, place: &Range<usize>) -> bool {
        let sentence = self.reading.signs[place.start].sentence;
        let before = self.reading.signs[..place.start].iter().rev().take(8);
        before.take_while(|sign| sign.sentence == sentence).all(|sign| !sign.plain.is_alphanumeric())
    }

    /// What speaks for another kind of number.
    fn against(&self, number: &Number) -> i32 {
        let place = &number.place;
        let mut points = 0;
        let mut is_named = false;
        for hit in self.hits_before(place.start) {
            let gap = place.start - hit.to;
            let is_near = !is_named && self.is_beside(hit.to, place.start);
            points += match hit.kind {
                Kind::Strong | Kind::Plain => {
                    is_named = true;
                    0
                }
                Kind::Thing | Kind::Scene if is_near && gap <= self.reach(hit) => 60,
                Kind::Loose if is_near && gap <= LOOSE_REACH && !self.names_code_before(hit) => 40,
                Kind::Old if is_near && gap <= OLD_REACH => 60,
                Kind::Money if gap <= 1 => 100,
                _ => 0,
            };
        }
        for hit in self.hits_after(place.end) {
            let gap = hit.from - place.end;
            points += match hit.kind {
                Kind::Money if gap <= 1 => 100,
                Kind::Unit if gap <= self.unit_reach(hit) => 60,
                Kind::Old if gap <= OLD_REACH && self.is_beside(place.end, hit.from) => 60,
                _ => 0,
            };
        }
        points
    }

    /// `5 points`, but `5点`: a single sign after a space begins another word.
    fn unit_reach(&self, hit: &Hit) -> usize {
        usize::from(self.reading.signs[hit.from].folded < '\u{2E80}')
    }

    /// The same clause, and no other number between.
    fn is_beside(&self, from: usize, to: usize) -> bool {
        let sentence = |at: usize| self.reading.signs[at].sentence;
        self.barriers[from] == self.barriers[to] && sentence(from.saturating_sub(1)) == sentence(to)
    }

    /// In a sentence about a code, things are mentioned on the way: `your code for flight bookings is 4821`.
    fn reach(&self, hit: &Hit) -> usize {
        let is_short = hit.to - hit.from <= 3 || self.names_code_before(hit);
        if is_short { SHORT_THING_REACH } else { THING_REACH }
    }

    fn names_code_before(&self, hit: &Hit) -> bool {
        self.hits_before(hit.from)
            .any(|other| (names_code(other) || other.kind == Kind::Act) && self.is_beside(other.to, hit.from))
    }

    /// The nearest first.
    fn hits_before(&self, sign: usize) -> impl Iterator<Item = &Hit> {
        let end = self.hits.partition_point(|hit| hit.from < sign);
        let hits = self.hits[..end].iter().rev().take(WORDS_LOOKED_AT);
        hits.filter(move |hit| hit.to <= sign && sign - hit.to <= REACH)
    }

    fn hits_after(&self, sign: usize) -> impl Iterator<Item = &Hit> {
        let start = self.hits.partition_point(|hit| hit.from < sign);
        self.hits[start..].iter().take(WORDS_LOOKED_AT).filter(move |hit| hit.from - sign <= REACH)
    }
}

/// What a word for a code gives to the number beside it.
fn worth(kind: Kind, has_act: bool) -> Option<i32> {
    match kind {
        Kind::Strong => Some(60),
        Kind::Plain => Some(45),
        Kind::Act => Some(32),
        Kind::Ask if has_act => Some(38),
        _ => None,
    }
}

fn names_code(hit: &Hit) -> bool {
    matches!(hit.kind, Kind::Strong | Kind::Plain)
}

fn cost(gap: usize) -> i32 {
    count(gap / 4)
}

fn count(of: usize) -> i32 {
    i32::try_from(of).expect("no more than `REACH`")
}

/// `SUMMER25`, as people invent codes; those that machines draw mix letters and digits.
fn is_word_and_number(number: &Number) -> bool {
    let word = number.code.trim_end_matches(|sign: char| sign.is_ascii_digit());
    number.shape == Shape::Mixed && word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Codes with small letters look like words, so they have to stand right behind what names them.
fn mixed_reach(number: &Number) -> usize {
    if is_capital(number) { 14 } else { 5 }
}

fn is_capital(number: &Number) -> bool {
    !number.code.bytes().any(|byte| byte.is_ascii_lowercase())
}
