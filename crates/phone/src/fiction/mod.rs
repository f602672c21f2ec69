//! Numbers that regulators keep for films, books and examples, so that nobody is called who did not ask for it.
//! A number from here may be shown anywhere and must never be sent to.

mod north_america;
mod ranges;

use crate::number::{Country, Kind, Number};

/// Neighbouring numbers that are kept for fiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub country: Country,
    /// What the number would be for.
    pub kind: Kind,
    first: u64,
    /// How many there are.
    pub count: u32,
}

impl Range {
    /// `None` beyond the last one.
    pub fn nth(&self, index: u32) -> Option<Number> {
        if index < self.count { Number::from_digits(self.first + u64::from(index)) } else { None }
    }

    fn holds(&self, number: Number) -> bool {
        (self.first..self.first + u64::from(self.count)).contains(&number.digits())
    }
}

/// Whether a regulator keeps this number for fiction.
pub fn is_fictional(number: Number) -> bool {
    is_north_american(number) || range_of(number).is_some()
}

/// The ranges of a country, in the order of the tables. Empty where its regulator keeps none (or we do not know of it).
pub fn ranges(country: Country) -> impl Iterator<Item = Range> {
    let listed = ranges::RANGES.iter().copied().filter(move |range| range.country == country);
    listed.chain(north_america::ranges(country))
}

/// The n-th fictional number of a country among those of the kinds that `wanted` says; `None` beyond the last one.
/// The same index gives the same number for ever: new ranges are added at the end.
pub fn nth(country: Country, mut index: u32, wanted: impl Fn(Kind) -> bool) -> Option<Number> {
    for range in ranges(country).filter(|range| wanted(range.kind)) {
        match range.nth(index) {
            Some(number) => return Some(number),
            None => index -= range.count,
        }
    }
    None
}

/// The countries with ranges, in the order of their letters.
pub fn countries() -> Vec<Country> {
    let mut countries: Vec<Country> =
        ranges::RANGES.iter().map(|range| range.country).chain(north_america::countries()).collect();
    countries.sort_unstable();
    countries.dedup();
    countries
}

/// The range of a number outside North America, where area codes are too many to list.
pub(crate) fn range_of(number: Number) -> Option<Range> {
    ranges::RANGES.iter().copied().find(|range| range.holds(number))
}

pub(crate) fn is_north_american(number: Number) -> bool {
    north_america::is_fictional(number)
}
