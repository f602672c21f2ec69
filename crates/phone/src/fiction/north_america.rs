//! 555-0100 to 555-0199 in the area codes of the North American Numbering Plan.
//! Source: ATIS-0300115, "Geographic NXX 555 line number assignment guidelines"; NANPA, "555 line numbers".
//! Never the rest of 555, which may be given to somebody; nor the toll-free codes, where only 800-555-0199 is kept.

#![expect(clippy::inconsistent_digit_grouping, reason = "grouped as they are written in their countries")]

use crate::number::{Country, Kind, Number};

use super::Range;

const PER_AREA: u32 = 100;
const TOLL_FREE: u64 = 1_800_555_0199;

/// Area codes that numbers are taken from; all others are recognised too. One that was split or overlaid stays in use.
const AREAS: &[(&[u8; 2], &[u16])] = &[
    (
        b"US",
        &[
            212, 213, 202, 305, 312, 404, 415, 512, 602, 617, 702, 713, 206, 215, 216, 303, 313, 314, 317, 402, 407,
            412, 414, 501, 502, 503, 504, 505, 515, 601, 603, 605, 612, 614, 615, 616, 619, 703, 704, 801, 802, 803,
            804, 808, 816, 901, 904, 907, 913, 916,
        ],
    ),
    (b"CA", &[416, 514, 604, 403, 613, 204, 306, 506, 709, 902, 867, 418]),
    (b"PR", &[787]),
    (b"JM", &[876]),
    (b"DO", &[809]),
    (b"TT", &[868]),
    (b"BS", &[242]),
    (b"BB", &[246]),
    (b"BM", &[441]),
];

pub fn is_fictional(number: Number) -> bool {
    let digits = number.digits();
    if digits == TOLL_FREE {
        return true;
    }
    let (area, line) = (digits / 10_000_000, digits % 10_000_000);
    number.calling_code() == 1
        && (1_200..2_000).contains(&area)
        && !is_service(area - 1_000)
        && (555_0100..555_0200).contains(&line)
}

/// Toll-free and premium codes are no areas.
fn is_service(code: u64) -> bool {
    matches!(code, 800 | 822 | 833 | 844 | 855 | 866 | 877 | 888 | 900)
}

pub fn countries() -> impl Iterator<Item = Country> {
    AREAS.iter().map(|(country, _)| Country::listed(country))
}

pub fn ranges(country: Country) -> impl Iterator<Item = Range> {
    let areas =
        AREAS.iter().find(|(letters, _)| Country::listed(letters) == country).map_or(&[][..], |(_, areas)| *areas);
    areas.iter().map(move |area| Range {
        country,
        kind: Kind::FixedLineOrMobile,
        first: (1_000 + u64::from(*area)) * 10_000_000 + 555_0100,
        count: PER_AREA,
    })
}
