//! What a segment costs by where it goes, in millionths of the currency.
//! A price list of our own for the simulated world, near to what such texts cost in the real one.

use convo_phone::Party;

/// Of the countries that are far from the rest; everything else costs [`ELSEWHERE`].
const BY_COUNTRY: &[(&str, i64)] = &[
    ("US", 7_900),
    ("CA", 7_900),
    ("GB", 40_000),
    ("IE", 55_000),
    ("DE", 75_000),
    ("AT", 70_000),
    ("CH", 60_000),
    ("FR", 65_000),
    ("ES", 60_000),
    ("IT", 70_000),
    ("NL", 75_000),
    ("BE", 80_000),
    ("PL", 30_000),
    ("SE", 50_000),
    ("NO", 55_000),
    ("DK", 45_000),
    ("FI", 60_000),
    ("AU", 51_500),
    ("NZ", 60_000),
    ("IN", 8_300),
    ("BR", 15_000),
    ("MX", 12_000),
    ("JP", 75_000),
    ("KR", 35_000),
    ("SG", 40_000),
    ("ZA", 25_000),
    ("TR", 20_000),
];
const ELSEWHERE: i64 = 50_000;

pub fn text_micros(party: &Party) -> i64 {
    let Some(country) = party.country() else { return ELSEWHERE };
    let listed = BY_COUNTRY.iter().find(|(listed, _)| *listed == country.as_str());
    listed.map_or(ELSEWHERE, |(_, price)| *price)
}
