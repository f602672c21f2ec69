//! Computes the numbers of a country: those that its regulator keeps for fiction, and others that its numbering plan has.
//! Never a number that neither of them knows.

use convo_phone::{Country, Kind, Number, fiction};

use super::{Item, Stock, countries::Sold};
use crate::simulator::{fate, magic};

/// Of each range for fiction.
const OF_A_RANGE: u32 = 1_000;
/// Of each kind that has no range for fiction.
const OF_A_KIND: usize = 450;
/// Of each area code that has none.
const OF_AN_AREA: usize = 180;
/// Tried for each number that is wanted: plans have gaps.
const TRIES: usize = 4;

const KINDS: [Kind; 4] = [Kind::FixedLine, Kind::Mobile, Kind::FixedLineOrMobile, Kind::TollFree];

pub fn stock(sold: &'static Sold) -> Stock {
    let mut numbers: Vec<(Number, Kind)> = fictional(sold.country).collect();
    let areas: Vec<&str> = sold.areas.iter().map(|(code, _)| *code).collect();
    let has_fixed = numbers.iter().any(|(_, kind)| matches!(kind, Kind::FixedLine | Kind::FixedLineOrMobile));
    for kind in KINDS {
        if numbers.iter().any(|(_, there)| *there == kind) {
            continue;
        }
        match kind {
            Kind::FixedLine if !has_fixed => {
                for area in &areas {
                    numbers.extend(planned(sold.country, kind, Some(area), OF_AN_AREA));
                }
            }
            // North America's numbers are both, and its fictional ones are there.
            Kind::FixedLine | Kind::FixedLineOrMobile => {}
            Kind::Mobile if sold.country.calling_code() == 1 => {}
            _ => numbers.extend(planned(sold.country, kind, None, OF_A_KIND)),
        }
    }
    numbers.sort_unstable_by_key(|(number, _)| *number);
    numbers.dedup_by_key(|(number, _)| *number);
    numbers.retain(|(number, _)| !magic::is_kept(*number));
    Stock::new(sold, numbers.into_iter().map(|(number, kind)| item(sold, number, kind)).collect())
}

fn fictional(country: Country) -> impl Iterator<Item = (Number, Kind)> {
    fiction::ranges(country)
        .filter(|range| KINDS.contains(&range.kind))
        .flat_map(|range| (0..OF_A_RANGE).map_while(move |index| Some((range.nth(index)?, range.kind))))
}

/// Numbers around the example of a plan, their first digits those of the area.
fn planned(country: Country, kind: Kind, area: Option<&str>, count: usize) -> impl Iterator<Item = (Number, Kind)> {
    let code = country.calling_code().to_string();
    let example = country.example(kind).map(|example| example.to_string()).unwrap_or_default();
    let national = example.get(code.len() + 1..).unwrap_or_default().to_owned();
    let area = area.filter(|area| area.len() < national.len()).unwrap_or_default().to_owned();
    // What the example says of the subscriber; its last digits are counted through.
    let rest = national.get(area.len()..).unwrap_or_default().to_owned();
    let counted = rest.len().min(5);
    let head = rest[..rest.len() - counted].to_owned();
    let space = 10_usize.pow(u32::try_from(counted).unwrap_or_default());
    // A prime step spreads them over all of the space before any comes again.
    let tries = (count * TRIES).min(space);
    (0..tries)
        .map(move |index| format!("+{code}{area}{head}{:0counted$}", (index * 7_919 + 1_003) % space))
        .filter_map(move |text| {
            let number = Number::from_e164(&text).ok()?;
            let described = number.describe();
            (described.is_valid && described.kind == Some(kind) && described.country == Some(country))
                .then_some((number, kind))
        })
        .take(count)
}

fn item(sold: &Sold, number: Number, kind: Kind) -> Item {
    let digits = number.to_string();
    let national = &digits[sold.country.calling_code().to_string().len() + 1..];
    let is_placed = matches!(kind, Kind::FixedLine | Kind::FixedLineOrMobile);
    let area = sold.areas.iter().enumerate().filter(|(_, (code, _))| is_placed && national.starts_with(code));
    let area = area.max_by_key(|(_, (code, _))| code.len()).and_then(|(index, _)| u8::try_from(index).ok());
    let rolled = fate::hash(0, uuid::Uuid::from_u64_pair(0, number.digits()), "number");
    let (takes_texts, takes_pictures) = match kind {
        Kind::Mobile | Kind::FixedLineOrMobile => (true, rolled % 4 != 0),
        Kind::TollFree => (sold.country.calling_code() == 1, false),
        _ => (rolled % 2 == 0, false),
    };
    let base = match kind {
        Kind::Mobile | Kind::FixedLineOrMobile => sold.mobile_micros,
        Kind::TollFree => sold.toll_free_micros,
        _ => sold.local_micros,
    };
    Item {
        number,
        kind,
        area,
        operator: (rolled >> 32) as u8 % u8::try_from(sold.operators.len()).unwrap_or(u8::MAX),
        takes_texts,
        takes_pictures,
        monthly_micros: base * if is_easy(&digits) { 3 } else { 1 },
    }
}

/// Easy to remember: it ends in three digits that are alike.
fn is_easy(digits: &str) -> bool {
    let last = &digits.as_bytes()[digits.len() - 3..];
    last.iter().all(|digit| *digit == last[0])
}
