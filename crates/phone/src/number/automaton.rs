//! Whose a number is and what for, digit by digit: every numbering plan of the world as one automaton (`data/plans.py`).
//! Says what the patterns of libphonenumber say, without trying them one after the other; knows no number that no plan has.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Country, Kind};

static WORLD: LazyLock<World> = LazyLock::new(|| World::read(include_str!("../../data/plans.txt")));

/// The country (none for +800 and the like) and the kind of a number that a plan has. Both halves of E.164 as decimal digits.
pub fn find(calling_code: u16, national: &[u8]) -> Option<(Option<Country>, Kind)> {
    let code = WORLD.codes.get(&calling_code)?;
    let state = national.iter().try_fold(code.root, |state, digit| {
        let next = WORLD.states[usize::from(state)][usize::from(digit.checked_sub(b'0')?)];
        (next != NOWHERE).then_some(next)
    })?;
    let label = usize::from(WORLD.labels[usize::from(state)]);
    WORLD.meanings.get(label.checked_sub(1)?).copied()
}

/// Whether this first digit could be that of a national prefix, which does not belong to the number.
pub fn may_have_prefix(calling_code: u16, first: u8) -> bool {
    WORLD.codes.get(&calling_code).is_none_or(|code| code.prefixes.contains(&first))
}

pub fn is_calling_code(calling_code: u16) -> bool {
    WORLD.codes.contains_key(&calling_code)
}

/// No digit leads on from here.
const NOWHERE: u16 = 0;

struct World {
    codes: HashMap<u16, Code>,
    /// By label, from 1.
    meanings: Vec<(Option<Country>, Kind)>,
    /// Where each digit leads.
    states: Vec<[u16; 10]>,
    /// What a number is that ends in this state, 0 if it is none.
    labels: Vec<u16>,
}

struct Code {
    root: u16,
    /// ASCII digits.
    prefixes: &'static [u8],
}

impl World {
    /// Three lists, a remark before each; `plans.py` says what stands in them.
    fn read(text: &'static str) -> Self {
        let mut lists = text.lines().skip_while(|line| line.starts_with('#') && !line.contains("Calling codes"));
        lists.next();
        let mut lists = lists.collect::<Vec<_>>().into_iter();
        let mut list = || lists.by_ref().take_while(|line| !line.starts_with('#')).collect::<Vec<_>>();
        let codes = list().into_iter().map(|line| code(line).expect(WRITTEN)).collect();
        let meanings = list().into_iter().map(|line| meaning(line).expect(WRITTEN)).collect();
        let (labels, states) = list().into_iter().map(|line| state(line).expect(WRITTEN)).unzip();
        Self { codes, meanings, states, labels }
    }
}

/// A test reads all of the table.
const WRITTEN: &str = "the table is as `plans.py` writes it";

fn code(line: &'static str) -> Option<(u16, Code)> {
    let (code, rest) = line.split_once('\t')?;
    let (root, prefixes) = rest.split_once('\t')?;
    Some((code.parse().ok()?, Code { root: u16::from_str_radix(root, 16).ok()?, prefixes: prefixes.as_bytes() }))
}

fn meaning(line: &str) -> Option<(Option<Country>, Kind)> {
    let (country, kind) = line.split_once('\t')?;
    Some((Country::from_letters(country), Kind::ALL.into_iter().find(|other| other.name() == kind)?))
}

/// `label`, then `first digit, last digit, state` for each run.
fn state(line: &str) -> Option<(u16, [u16; 10])> {
    let (label, runs) = line.split_once('\t')?;
    let mut after = [NOWHERE; 10];
    for run in runs.split_terminator(' ') {
        let (digits, state) = run.split_at_checked(2)?;
        let [first, last] = [0, 1].map(|at| usize::from(digits.as_bytes()[at].wrapping_sub(b'0')));
        after.get_mut(first..=last)?.fill(u16::from_str_radix(state, 16).ok()?);
    }
    Some((u16::from_str_radix(label, 16).ok()?, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::number::{Number, plan};
    use crate::{Country, Kind};

    fn agree(number: Number) -> Result<(), TestCaseError> {
        let parsed = number.parsed();
        let found = number.find();
        prop_assert_eq!(found.map(|(_, kind)| kind), parsed.kind(), "{}", number.to_string());
        if let Some((country, _)) = found {
            prop_assert_eq!(country, parsed.country(), "{}", number.to_string());
        }
        reads_alike(&number.to_string())
    }

    /// What is read quickly, signs and all, the library reads alike.
    fn reads_alike(text: &str) -> Result<(), TestCaseError> {
        if let Some(plain) = Number::plain(text) {
            let read = plan::Parsed::read(text, None).ok().and_then(|parsed| Number::of(&parsed));
            prop_assert_eq!(read, Some(plain), "{}", text);
        }
        Ok(())
    }

    /// The table and the crate carry the same release of libphonenumber: whoever renews one renews the other.
    #[test]
    fn every_example_is_what_the_patterns_say() {
        for country in Country::all() {
            for example in Kind::ALL.iter().filter_map(|kind| country.example(*kind)) {
                agree(example).unwrap();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn numbers_near_examples_are_what_the_patterns_say(
            country in prop::sample::select(Country::all()),
            kind in prop::sample::select(Kind::ALL.to_vec()),
            cut in 0_u32..9,
            digits in 0_u64..1_000_000_000,
            longer in -1_i32..=1,
        ) {
            if let Some(example) = country.example(kind) {
                let scale = 10_u64.pow(cut);
                let near = example.digits() / scale * scale + digits % scale;
                let near = match longer { 1 => near * 10 + digits % 10, -1 => near / 10, _ => near };
                if let Some(number) = Number::from_digits(near) {
                    agree(number)?;
                }
            }
        }

        #[test]
        fn numbers_with_signs_are_read_as_the_library_reads_them(
            country in prop::sample::select(Country::all()),
            kind in prop::sample::select(Kind::ALL.to_vec()),
            signs in "[ ().-]{0,3}",
            places in prop::array::uniform3(1_usize..16),
            zero in any::<bool>(),
        ) {
            if let Some(example) = country.example(kind) {
                let mut text = if zero {
                    format!("+{} (0){}", example.calling_code(), example.national_digits())
                } else {
                    example.to_string()
                };
                for (sign, place) in signs.chars().zip(places) {
                    text.insert(place.min(text.len()), sign);
                }
                reads_alike(&text)?;
            }
        }

        #[test]
        fn any_digits_are_what_the_patterns_say(digits in 10_000_u64..1_000_000_000_000_000) {
            if let Some(number) = Number::from_digits(digits) {
                agree(number)?;
            }
        }
    }
}
