//! The ranges outside North America, each with who keeps it.
//! Never a range that only custom keeps free: without a regulator's word it could be given to somebody tomorrow.

#![expect(clippy::inconsistent_digit_grouping, reason = "grouped as they are written in their countries")]

use crate::number::{Country, Kind};

use super::Range;

const fn range(country: &[u8; 2], kind: Kind, first: u64, count: u32) -> Range {
    Range { country: Country::listed(country), kind, first, count }
}

const fn one(country: &[u8; 2], kind: Kind, number: u64) -> Range {
    range(country, kind, number, 1)
}

use Kind::{Company, FixedLine, Mobile, PremiumRate, SharedCost, TollFree};

/// Only ever added to at the end of a country: an index stays the same number.
pub const RANGES: &[Range] = &[
    // United Kingdom. Ofcom, "Telephone numbers for use in TV and radio drama programmes".
    range(b"GB", Mobile, 44_7700_900000, 1_000),
    range(b"GB", FixedLine, 44_20_7946_0000, 1_000), // London
    range(b"GB", FixedLine, 44_1632_960000, 1_000),  // no area
    range(b"GB", FixedLine, 44_113_496_0000, 1_000), // Leeds
    range(b"GB", FixedLine, 44_114_496_0000, 1_000), // Sheffield
    range(b"GB", FixedLine, 44_115_496_0000, 1_000), // Nottingham
    range(b"GB", FixedLine, 44_116_496_0000, 1_000), // Leicester
    range(b"GB", FixedLine, 44_117_496_0000, 1_000), // Bristol
    range(b"GB", FixedLine, 44_118_496_0000, 1_000), // Reading
    range(b"GB", FixedLine, 44_121_496_0000, 1_000), // Birmingham
    range(b"GB", FixedLine, 44_131_496_0000, 1_000), // Edinburgh
    range(b"GB", FixedLine, 44_141_496_0000, 1_000), // Glasgow
    range(b"GB", FixedLine, 44_151_496_0000, 1_000), // Liverpool
    range(b"GB", FixedLine, 44_161_496_0000, 1_000), // Manchester
    range(b"GB", FixedLine, 44_191_498_0000, 1_000), // Tyneside, Durham, Sunderland
    range(b"GB", FixedLine, 44_28_9649_6000, 1_000), // Northern Ireland
    range(b"GB", FixedLine, 44_29_2018_0000, 1_000), // Cardiff
    range(b"GB", TollFree, 44_808_157_0000, 1_000),
    range(b"GB", PremiumRate, 44_909_879_0000, 1_000),
    range(b"GB", Company, 44_306_999_0000, 1_000),
    // Australia. ACMA, "Phone numbers for use in TV shows, films and creative works".
    one(b"AU", Mobile, 61_491_570_006),
    one(b"AU", Mobile, 61_491_570_110),
    range(b"AU", Mobile, 61_491_570_156, 4),
    one(b"AU", Mobile, 61_491_570_313),
    one(b"AU", Mobile, 61_491_570_737),
    one(b"AU", Mobile, 61_491_571_266),
    one(b"AU", Mobile, 61_491_571_491),
    one(b"AU", Mobile, 61_491_571_804),
    one(b"AU", Mobile, 61_491_572_549),
    one(b"AU", Mobile, 61_491_572_665),
    one(b"AU", Mobile, 61_491_572_983),
    one(b"AU", Mobile, 61_491_573_087),
    one(b"AU", Mobile, 61_491_573_770),
    one(b"AU", Mobile, 61_491_574_118),
    one(b"AU", Mobile, 61_491_574_632),
    one(b"AU", Mobile, 61_491_575_254),
    one(b"AU", Mobile, 61_491_575_789),
    one(b"AU", Mobile, 61_491_576_398),
    one(b"AU", Mobile, 61_491_576_801),
    one(b"AU", Mobile, 61_491_577_426),
    one(b"AU", Mobile, 61_491_577_644),
    one(b"AU", Mobile, 61_491_578_148),
    one(b"AU", Mobile, 61_491_578_888),
    one(b"AU", Mobile, 61_491_578_957),
    one(b"AU", Mobile, 61_491_579_212),
    one(b"AU", Mobile, 61_491_579_455),
    one(b"AU", Mobile, 61_491_579_760),
    range(b"AU", FixedLine, 61_2_5550_0000, 10_000), // New South Wales, Canberra
    range(b"AU", FixedLine, 61_2_7010_0000, 10_000),
    range(b"AU", FixedLine, 61_3_5550_0000, 10_000), // Victoria, Tasmania
    range(b"AU", FixedLine, 61_3_7010_0000, 10_000),
    range(b"AU", FixedLine, 61_7_5550_0000, 10_000), // Queensland
    range(b"AU", FixedLine, 61_7_7010_0000, 10_000),
    range(b"AU", FixedLine, 61_8_5550_0000, 10_000), // the south and the west
    range(b"AU", FixedLine, 61_8_7010_0000, 10_000),
    one(b"AU", TollFree, 61_1800_160_401),
    range(b"AU", TollFree, 61_1800_975_707, 5),
    range(b"AU", SharedCost, 61_1300_975_707, 5),
    // Germany. Bundesnetzagentur, Mitteilung 148/2021, "Rufnummern für Medienproduktionen (Drama Numbers)".
    range(b"DE", Mobile, 49_171_3920000, 100),
    range(b"DE", Mobile, 49_176_04069000, 100),
    one(b"DE", Mobile, 49_152_28817386),
    one(b"DE", Mobile, 49_152_28895456),
    one(b"DE", Mobile, 49_152_54599371),
    one(b"DE", Mobile, 49_172_9925904),
    one(b"DE", Mobile, 49_172_9968532),
    range(b"DE", Mobile, 49_172_9973185, 2),
    one(b"DE", Mobile, 49_172_9980752),
    one(b"DE", Mobile, 49_174_9091317),
    one(b"DE", Mobile, 49_174_9464308),
    range(b"DE", FixedLine, 49_30_23125_000, 1_000), // Berlin
    range(b"DE", FixedLine, 49_40_66969_000, 1_000), // Hamburg
    range(b"DE", FixedLine, 49_69_90009_000, 1_000), // Frankfurt
    range(b"DE", FixedLine, 49_89_99998_000, 1_000), // Munich
    range(b"DE", FixedLine, 49_221_4710_000, 1_000), // Cologne
    // France. ARCEP, décision 2018-0881, numbers for audiovisual works.
    range(b"FR", Mobile, 33_6_39_98_00_00, 10_000),
    range(b"FR", FixedLine, 33_1_99_00_00_00, 10_000),
    range(b"FR", FixedLine, 33_2_61_91_00_00, 10_000),
    range(b"FR", FixedLine, 33_3_53_01_00_00, 10_000),
    range(b"FR", FixedLine, 33_4_65_71_00_00, 10_000),
    range(b"FR", FixedLine, 33_5_36_49_00_00, 10_000),
    // Sweden. PTS, "Telefonnummer för användning i böcker och filmer m.m.".
    range(b"SE", Mobile, 46_70_174_06_05, 95),
    range(b"SE", FixedLine, 46_8_465_004_00, 100), // Stockholm
    range(b"SE", FixedLine, 46_31_390_06_00, 100), // Gothenburg
    range(b"SE", FixedLine, 46_40_628_04_00, 100), // Malmö
    range(b"SE", FixedLine, 46_980_319_200, 100),  // Kiruna
    // Ireland. ComReg, Numbering Conditions of Use: 020 91x xxxx, "drama numbers".
    range(b"IE", FixedLine, 353_20_91_00000, 100_000),
];
