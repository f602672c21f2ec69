//! Puts what could be the code in order, each once, and says whether the first is one.
//! Never takes a number from the name of the service.

use std::cmp::Reverse;
use std::ops::Range;

use crate::numbers::{self, Number, Shape};
use crate::reading::Reading;
use crate::score::Surroundings;
use crate::{Candidate, MAX_OTHERS, Rule};

/// With less than this a number is no code. A plain word for it right before six digits gives half as much again.
/// The points here and in `score` were set by the development texts of the corpus; those held out judge them.
const ENOUGH: i32 = 40;

/// The same code twice in a text is no accident.
const REPEATED: i32 = 6;

const ALONE_CONFIDENCE: u8 = 50;

pub(crate) struct Ranked {
    candidates: Vec<Weighed>,
    rule: Rule,
}

struct Weighed {
    candidate: Candidate,
    points: i32,
    is_repeated: bool,
}

impl Weighed {
    fn points(&self) -> i32 {
        self.points + if self.is_repeated { REPEATED } else { 0 }
    }
}

impl Ranked {
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> + '_ {
        self.candidates.iter().map(|it| it.candidate.clone())
    }

    /// The first, if it has enough; surer, the farther ahead of the next it is.
    pub fn best(&self) -> Option<(Candidate, Rule, u8)> {
        let best = self.candidates.first()?;
        if self.rule == Rule::Alone {
            return Some((best.candidate.clone(), Rule::Alone, ALONE_CONFIDENCE));
        }
        let points = best.points();
        let next = self.candidates.get(1).map_or(0, Weighed::points);
        let doubt = (20 - (points - next)).max(0);
        let confidence = u8::try_from((points - doubt).clamp(1, 99)).unwrap_or(99);
        (points >= ENOUGH).then(|| (best.candidate.clone(), Rule::Words, confidence))
    }
}

/// All that could be a code, the likeliest first, each once. What stands within one of the names is left out.
pub(crate) fn rank(reading: &Reading, names: &[Range<usize>]) -> Ranked {
    let mut is_name = vec![false; reading.signs.len()];
    names.iter().for_each(|name| is_name[name.clone()].fill(true));
    let mut numbers = numbers::find(reading);
    numbers.retain(|number| !is_name[number.place.clone()].contains(&true));

    let surroundings = Surroundings::of(reading, &numbers, &is_name);
    let mut weighed: Vec<_> =
        numbers.iter().enumerate().map(|(at, number)| (number, surroundings.points(at))).collect();
    weighed.sort_by_key(|(number, points)| (Reverse(*points), number.place.start));
    let mut candidates: Vec<Weighed> = Vec::new();
    for (number, points) in weighed {
        if let Some(same) = candidates.iter_mut().find(|it| it.candidate.code == number.code) {
            same.is_repeated = true;
        } else if candidates.len() <= MAX_OTHERS {
            let candidate = Candidate { code: number.code.clone(), span: reading.span(number.place.clone()) };
            candidates.push(Weighed { candidate, points, is_repeated: false });
        }
    }
    candidates.sort_by_key(|it| Reverse(it.points()));
    let rule = if are_alone(reading, &numbers, &is_name) { Rule::Alone } else { Rule::Words };
    Ranked { candidates, rule }
}

/// Nothing but the digits of one code, and the name of the service if that is known.
fn are_alone(reading: &Reading, numbers: &[Number], is_name: &[bool]) -> bool {
    let [number] = numbers else { return false };
    let is_more =
        |at: &usize| !is_name[*at] && !number.place.contains(at) && reading.signs[*at].plain.is_alphanumeric();
    number.shape == Shape::Digits
        && (4..=8).contains(&number.code.len())
        && !(0..reading.signs.len()).any(|at| is_more(&at))
}
