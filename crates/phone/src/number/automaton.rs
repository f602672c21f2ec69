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

/// The calling code of a country, and the digits of a number after it as people there dial it.
/// `None` where more than one digit is to be thought about: the library decides.
pub fn at_home(country: Country, dialled: &str) -> Option<(u16, &str)> {
    let home = WORLD.homes.get(&country)?;
    let is_abroad = home.abroad.iter().any(|beginning| dialled.starts_with(beginning));
    if is_abroad || dialled.starts_with(home.calling_code) {
        return None;
    }
    let first = dialled.as_bytes().first()?;
    let national = if home.plain.contains(first) { &dialled[1..] } else { dialled };
    let is_clear = home.plain.contains(first) || !home.prefixes.contains(first);
    is_clear.then(|| Some((home.calling_code.parse().ok()?, national))).flatten()
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
    homes: HashMap<Country, Home>,
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

struct Home {
    calling_code: &'static str,
    /// ASCII digits, each of which is a national prefix and never the beginning of a longer one.
    plain: &'static [u8],
    /// ASCII digits with which a national prefix may begin.
    prefixes: &'static [u8],
    /// The first two digits of what calls abroad begin with.
    abroad: Vec<&'static str>,
}

impl World {
    /// Four lists, a remark before each; `plans.py` says what stands in them.
    fn read(text: &'static str) -> Self {
        let mut lists = text.lines().skip_while(|line| line.starts_with('#') && !line.contains("Calling codes"));
        lists.next();
        let mut lists = lists.collect::<Vec<_>>().into_iter();
        let mut list = || lists.by_ref().take_while(|line| !line.starts_with('#')).collect::<Vec<_>>();
        let codes = list().into_iter().map(|line| code(line).expect(WRITTEN)).collect();
        let homes = list().into_iter().map(|line| home(line).expect(WRITTEN)).collect();
        let meanings = list().into_iter().map(|line| meaning(line).expect(WRITTEN)).collect();
        let (labels, states) = list().into_iter().map(|line| state(line).expect(WRITTEN)).unzip();
        Self { codes, homes, meanings, states, labels }
    }
}

/// A test reads all of the table.
const WRITTEN: &str = "the table is as `plans.py` writes it";

fn code(line: &'static str) -> Option<(u16, Code)> {
    let (code, rest) = line.split_once('\t')?;
    let (root, prefixes) = rest.split_once('\t')?;
    Some((code.parse().ok()?, Code { root: u16::from_str_radix(root, 16).ok()?, prefixes: prefixes.as_bytes() }))
}

fn home(line: &'static str) -> Option<(Country, Home)> {
    let [country, calling_code, plain, prefixes, abroad] = line.split('\t').collect::<Vec<_>>()[..] else {
        return None;
    };
    let abroad = abroad.split_terminator(' ').collect();
    let home = Home { calling_code, plain: plain.as_bytes(), prefixes: prefixes.as_bytes(), abroad };
    Some((Country::from_letters(country)?, home))
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
        reads_alike(&number.to_string(), None)
    }

    /// What is read quickly, signs and all, the library reads alike.
    fn reads_alike(text: &str, country: Option<Country>) -> Result<(), TestCaseError> {
        if let Some(plain) = Number::plain(text, country) {
            let read = plan::Parsed::read(text, country).ok().and_then(|parsed| Number::of(&parsed));
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

    /// British, free of charge, and with a digit less than Jersey's own plan allows.
    #[test]
    fn a_neighbours_number_is_left_to_the_library() {
        reads_alike("0800 735456", "JE".parse().ok()).unwrap();
    }

    proptest! {
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
                reads_alike(&text, Some(country))?;
                reads_alike(&text[1..], Some(country))?;
            }
        }

        /// In its own country, and in those that share its calling code.
        #[test]
        fn numbers_dialled_at_home_are_read_as_the_library_reads_them(
            country in prop::sample::select(Country::all()),
            kind in prop::sample::select(Kind::ALL.to_vec()),
            cut in 0_u32..9,
            digits in 0_u64..1_000_000_000,
            neighbour in any::<prop::sample::Index>(),
        ) {
            if let Some(example) = country.example(kind) {
                let scale = 10_u64.pow(cut);
                let near = example.digits() / scale * scale + digits % scale;
                let number = Number::from_digits(near).unwrap_or(example);
                let neighbours: Vec<Country> =
                    Country::all().into_iter().filter(|other| other.calling_code() == country.calling_code()).collect();
                for home in [country, *neighbour.get(&neighbours)] {
                    reads_alike(&number.national(), Some(home))?;
                    reads_alike(&number.national_digits(), Some(home))?;
                    reads_alike(&format!("0{}", number.national_digits()), Some(home))?;
                }
            }
        }

        #[test]
        fn any_digits_dialled_anywhere_are_read_as_the_library_reads_them(
            country in prop::sample::select(Country::all()),
            dialled in "[0-9]{4,14}",
        ) {
            reads_alike(&dialled, Some(country))?;
        }

        #[test]
        fn any_digits_are_what_the_patterns_say(digits in 10_000_u64..1_000_000_000_000_000) {
            if let Some(number) = Number::from_digits(digits) {
                agree(number)?;
            }
        }
    }
}
