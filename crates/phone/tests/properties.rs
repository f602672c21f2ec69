//! What holds for any text and any string.

use convo_phone::sms::{self, Encoding, Payload};
use convo_phone::{Country, Number, Party};
use proptest::prelude::*;

/// Texts of the GSM alphabet, of anything, and of what is hard to cut.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "€",
        "{",
        "\r\n",
        "я",
        "😀",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "e\u{301}",
        "\u{200d}",
        "한",
        "@",
        "\u{c}",
    ]);
    prop_oneof![
        "[ -Z_a-z€{}^]{0,400}",
        "\\PC{0,200}",
        any::<String>(),
        prop::collection::vec(pieces, 0..250).prop_map(|pieces| pieces.concat()),
    ]
}

proptest! {
    #[test]
    fn every_text_comes_back_from_the_wire(text in texts(), reference in any::<u8>()) {
        let split = sms::split(&text);
        let payloads = split.payloads(reference).unwrap();
        let packed: Vec<Payload> =
            payloads.iter().map(|it| Payload::from_packed(&it.packed(), it.encoding).unwrap()).collect();
        let unpacked: Vec<Payload> = payloads
            .iter()
            .map(|it| Payload::from_unpacked(&it.unpacked(), it.encoding, it.part.is_some()).unwrap())
            .collect();
        prop_assert_eq!(sms::join(&packed).unwrap(), text.clone());
        prop_assert_eq!(sms::join(&unpacked).unwrap(), text.clone());
        let texts: String = payloads.iter().map(Payload::text).collect();
        prop_assert_eq!(texts, text, "each segment can be read alone");
    }

    #[test]
    fn no_segment_is_too_long_and_none_could_be_saved(text in texts()) {
        let split = sms::split(&text);
        prop_assert_eq!(split.texts().collect::<String>(), &text[..]);
        let limit =
            if split.segments.len() == 1 { split.encoding.units_alone() } else { split.encoding.units_in_part() };
        for (segment, text) in split.segments.iter().zip(split.texts()) {
            let units: Option<usize> = text.chars().map(|character| split.encoding.units(character)).sum();
            prop_assert_eq!(units, Some(segment.units));
            prop_assert!(segment.units <= limit);
        }
        for payload in split.payloads(1).unwrap() {
            prop_assert!(payload.packed().octets.len() <= 140);
        }
        prop_assert_eq!(split.segments.len(), fewest(&text, split.encoding));
        let preview = sms::preview(&text);
        prop_assert_eq!((preview.segments, preview.units_used), (split.segments.len(), split.units()));
    }

    #[test]
    fn any_octets_can_be_read(octets in any::<Vec<u8>>(), length in 0_usize..300, has_header in any::<bool>()) {
        for encoding in [Encoding::Gsm7, Encoding::Ucs2] {
            let data = sms::UserData { octets: octets.clone(), length, has_header };
            let read = [Payload::from_packed(&data, encoding), Payload::from_unpacked(&octets, encoding, has_header)];
            for payload in read.into_iter().flatten() {
                payload.text();
                let _ = sms::join(&[payload]);
            }
        }
    }

    #[test]
    fn padded_septets_come_back(septets in prop::collection::vec(0_u8..128, 0..40)) {
        let read = sms::unpack_padded(&sms::pack_padded(&septets));
        let doubled = [&septets[..], b"\r"].concat();
        prop_assert!(read == septets || (septets.ends_with(b"\r") && read == doubled));
    }

    #[test]
    fn anything_may_be_taken_for_a_number(text in any::<String>(), country in prop::sample::select(Country::all())) {
        reads(&text, country)?;
    }

    #[test]
    fn nearly_numbers_are_read_or_refused(
        text in "(tel:)?[+＋]?[0-9() ./x#*,;~-]{0,24}(;phone-context=|;ext=|tel:|;isub=)?[+0-9a-z]{0,8}",
        country in prop::sample::select(Country::all()),
    ) {
        reads(&text, country)?;
    }
}

/// Whatever is read comes back from its stored form, and everything can be asked of it.
fn reads(text: &str, country: Country) -> Result<(), TestCaseError> {
    for default in [None, Some(country)] {
        if let Ok(number) = Number::parse(text, default) {
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            let description = number.describe();
            let _ = (number.operator(), number.time_zones().count(), number.national(), number.international());
            if description.is_valid {
                prop_assert_eq!(Number::parse(&number.to_string(), None), Ok(number));
            }
        }
    }
    if let Ok(party) = Party::parse(text, country) {
        prop_assert_eq!(party.to_string().parse(), Ok(party));
    }
    Ok(())
}

/// As many segments as filling each needs.
fn fewest(text: &str, encoding: Encoding) -> usize {
    let units: Vec<usize> = text.chars().filter_map(|character| encoding.units(character)).collect();
    if units.iter().sum::<usize>() <= encoding.units_alone() {
        return 1;
    }
    let (mut segments, mut held) = (1, 0);
    for unit in units {
        if held + unit > encoding.units_in_part() {
            (segments, held) = (segments + 1, 0);
        }
        held += unit;
    }
    segments
}
