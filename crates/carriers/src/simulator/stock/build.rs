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
/// The last digits of a number, which differ from number to number.
const COUNTED: usize = 5;

const KINDS: [Kind; 4] = [Kind::FixedLine, Kind::Mobile, Kind::FixedLineOrMobile, Kind::TollFree];

pub fn stock(sold: &'static Sold) -> Stock {
    let mut numbers: Vec<(Number, Kind)> = fictional(sold.country).collect();
    let has = |numbers: &[(Number, Kind)], kinds: &[Kind]| numbers.iter().any(|(_, kind)| kinds.contains(kind));
    // A plan that does not tell fixed lines from mobile phones has numbers of the third kind only.
    for kind in [Kind::FixedLine, Kind::FixedLineOrMobile] {
        if !has(&numbers, &[Kind::FixedLine, Kind::FixedLineOrMobile]) {
            for (area, _) in &sold.areas {
                numbers.extend(planned(sold.country, kind, area, OF_AN_AREA));
            }
        }
    }
    for kind in [Kind::Mobile, Kind::FixedLineOrMobile] {
        if !has(&numbers, &[Kind::Mobile, Kind::FixedLineOrMobile]) {
            numbers.extend(planned(sold.country, kind, "", OF_A_KIND));
        }
    }
    if !has(&numbers, &[Kind::TollFree]) {
        numbers.extend(planned(sold.country, Kind::TollFree, "", OF_A_KIND));
    }
    numbers.sort_unstable_by_key(|(number, _)| *number);
    numbers.dedup_by_key(|(number, _)| *number);
    numbers.retain(|(number, _)| !magic::is_kept(*number));
    Stock::new(sold, numbers.into_iter().map(|(number, kind)| item(sold, number, kind)).collect())
}

fn fictional(country: Country) -> impl Iterator<Item = (Number, Kind)> {
    let numbers = fiction::ranges(country).flat_map(|range| {
        (0..OF_A_RANGE).map_while(move |index| range.nth(index)).map(move |number| (number, range.kind))
    });
    // Some plans say more of a number than its range does.
    let described = numbers.map(|(number, kind)| (number, number.kind().unwrap_or(kind)));
    described.filter(|(_, kind)| KINDS.contains(kind))
}

/// Numbers around the example of a plan, their first digits those of the area.
fn planned(country: Country, kind: Kind, area: &str, count: usize) -> Vec<(Number, Kind)> {
    let code = country.calling_code().to_string();
    let Some(example) = country.example(kind).map(|example| example.to_string()) else { return vec![] };
    // What the example says of the subscriber; its last digits are counted through.
    let Some(rest) = example.get(code.len() + 1 + area.len()..).filter(|rest| !rest.is_empty()) else { return vec![] };
    let counted = rest.len().min(COUNTED);
    let head = &rest[..rest.len() - counted];
    let prefix = format!("+{code}{area}");
    // Where the example is of another place, its subscribers may begin with other digits.
    let heads = std::iter::once(head.to_owned())
        .chain((2..10).map(|first| format!("{first}{}", head.get(1..).unwrap_or_default())));
    let fits = |number: &Number| {
        let described = number.describe();
        described.is_valid && described.kind == Some(kind) && described.country == Some(country)
    };
    let mut best = vec![];
    for head in heads.filter(|other| other.len() == head.len()) {
        let numbers = count_through(format!("{prefix}{head}"), counted, count * TRIES).filter(fits);
        let found: Vec<_> = numbers.map(|number| (number, kind)).take(count).collect();
        if found.len() > best.len() {
            best = found;
        }
        if best.len() == count {
            break;
        }
    }
    best
}

/// A prime step spreads them over all that there are before any comes again.
fn count_through(prefix: String, digits: usize, tries: usize) -> impl Iterator<Item = Number> {
    let space = 10_usize.pow(u32::try_from(digits).unwrap_or_default());
    let texts = (0..tries.min(space)).map(move |index| format!("{prefix}{:0digits$}", (index * 7_919 + 1_003) % space));
    texts.filter_map(|text| Number::from_e164(&text).ok())
}

fn item(sold: &Sold, number: Number, kind: Kind) -> Item {
    let digits = number.to_string();
    let national = &digits[sold.country.calling_code().to_string().len() + 1..];
    let is_placed = matches!(kind, Kind::FixedLine | Kind::FixedLineOrMobile);
    let area = sold.areas.iter().enumerate().filter(|(_, (code, _))| is_placed && national.starts_with(code));
    let area = area.max_by_key(|(_, (code, _))| code.len()).and_then(|(index, _)| u8::try_from(index).ok());
    let rolled = fate::hash(0, uuid::Uuid::from_u64_pair(0, number.digits()), "number");
    let (takes_texts, takes_pictures) = match kind {
        Kind::Mobile | Kind::FixedLineOrMobile => (true, !rolled.is_multiple_of(4)),
        Kind::TollFree => (sold.country.calling_code() == 1, false),
        _ => (rolled.is_multiple_of(2), false),
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
