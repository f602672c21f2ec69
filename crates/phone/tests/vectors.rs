//! Published vectors of 3GPP TS 23.038 and 23.040, and the fixture that other implementations of ours read too.

use convo_phone::sms::{self, Encoding, Malformed, NotWhole, Part, Payload, Reference, UserData};
use serde::Deserialize;

#[test]
fn every_septet_says_what_the_published_table_says_and_back() {
    let mut seen = 0;
    for line in include_str!("../fixtures/gsm0338.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (octets, code) = line.split_once('\t').unwrap();
        let code = u32::from_str_radix(&code[2..], 16).unwrap();
        let text = char::from_u32(code).unwrap().to_string();
        let octets = u16::from_str_radix(&octets[2..], 16).unwrap();
        let septets = if octets > 0xFF { octets.to_be_bytes().to_vec() } else { vec![octets as u8] };
        assert_eq!(sms::decode_gsm7(&septets), text, "{line}");
        assert_eq!(sms::encode_gsm7(&text), Some(septets), "{line}");
        seen += 1;
    }
    assert_eq!(seen, 127 + 10, "all but the escape, and the extension");
}

#[test]
fn no_other_character_is_in_the_alphabet() {
    let count = ('\0'..=char::MAX).filter(|character| sms::encode_gsm7(&character.to_string()).is_some()).count();
    assert_eq!(count, 127 + 10);
}

#[test]
fn escapes_that_mean_nothing_show_as_23_038_wants_them() {
    assert_eq!(sms::decode_gsm7(&[0x1B, 0x41]), "A");
    assert_eq!(sms::decode_gsm7(&[0x41, 0x1B]), "A ");
    assert_eq!(sms::decode_gsm7(&[0x1B, 0x1B, 0x41]), " A");
    assert_eq!(sms::decode_gsm7(&[0x80 | 0x41]), "A");
}

fn packed(text: &str) -> String {
    hex(&sms::pack(&sms::encode_gsm7(text).expect("GSM"), 0))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

#[test]
fn septets_are_packed_as_in_the_well_known_examples() {
    let vectors = [
        ("hello", "E8329BFD06"),
        ("hellohello", "E8329BFD4697D9EC37"),
        ("1234567", "31D98C56B3DD00"),
        ("12345678", "31D98C56B3DD70"),
        ("Hello world", "C8329BFD06DDDF723619"),
        ("€", "9B32"),
        ("", ""),
    ];
    for (text, octets) in vectors {
        assert_eq!(packed(text), octets, "{text}");
        let septets = sms::encode_gsm7(text).unwrap();
        assert_eq!(sms::unpack(&sms::pack(&septets, 0), 0, septets.len()), septets);
    }
}

#[test]
fn seven_spare_bits_are_no_commercial_at() {
    let seven = sms::encode_gsm7("1234567").unwrap();
    // With the number of septets told, zeros are as 23.038, 6.1.2.1.1 wants them.
    assert_eq!(sms::unpack(&sms::pack(&seven, 0), 0, 7), seven);
    // Without it, a carriage return is (6.1.2.3.1).
    assert_eq!(hex(&sms::pack_padded(&seven)), "31D98C56B3DD1A");
    assert_eq!(sms::unpack_padded(&sms::pack_padded(&seven)), seven);
    let eight = sms::encode_gsm7("1234567@").unwrap();
    assert_eq!(sms::unpack_padded(&sms::pack_padded(&eight)), eight);
    // One that was meant, at the end of an octet, is doubled rather than lost.
    let meant = sms::encode_gsm7("1234567\r").unwrap();
    assert_eq!(sms::decode_gsm7(&sms::unpack_padded(&sms::pack_padded(&meant))), "1234567\r\r");
}

#[test]
fn ucs2_is_utf16_with_the_higher_octet_first() {
    assert_eq!(hex(&sms::encode_ucs2("Яé😀")), "042F00E9D83DDE00");
    assert_eq!(sms::decode_ucs2(&[0x04, 0x2F, 0xD8, 0x3D]), "Я\u{FFFD}");
    assert_eq!(sms::decode_ucs2(&[0xDE, 0x00, 0x04, 0x2F, 0x04]), "\u{FFFD}Я\u{FFFD}");
}

#[derive(Deserialize)]
struct Case {
    text: String,
    encoding: Encoding,
    segments: Vec<Piece>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Piece {
    units: usize,
    text: String,
}

#[test]
fn texts_are_cut_as_in_the_fixture() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../fixtures/segments.json")).unwrap();
    assert!(cases.len() >= 60);
    for case in cases {
        let split = sms::split(&case.text);
        let pieces: Vec<Piece> = split
            .segments
            .iter()
            .zip(split.texts())
            .map(|(segment, text)| Piece { units: segment.units, text: text.to_owned() })
            .collect();
        assert_eq!((split.encoding, pieces), (case.encoding, case.segments), "{:?}", case.text);
    }
}

#[test]
fn the_borders_that_cost_money() {
    let parts = |text: String| sms::split(&text).segments.len();
    for (text, count, expected) in [
        ("a", 160, 1),
        ("a", 161, 2),
        ("a", 306, 2),
        ("a", 307, 3),
        ("€", 80, 1),
        ("€", 81, 2),
        ("€", 228, 3),
        ("€", 229, 4),
        ("я", 70, 1),
        ("я", 71, 2),
        ("я", 134, 2),
        ("я", 135, 3),
        ("😀", 35, 1),
        ("😀", 36, 2),
        ("😀", 66, 2),
        ("😀", 67, 3),
    ] {
        assert_eq!(parts(text.repeat(count)), expected, "{count} times {text}");
    }
}

#[test]
fn pairs_are_never_cut() {
    let escaped = format!("{}{{{}", "a".repeat(152), "b".repeat(20));
    assert_eq!(sms::split(&escaped).texts().next().unwrap(), "a".repeat(152));
    let emoji = format!("{}😀{}", "я".repeat(66), "я".repeat(20));
    assert_eq!(sms::split(&emoji).texts().next().unwrap(), "я".repeat(66));
}

#[test]
fn a_family_stays_together_unless_that_costs_a_segment() {
    let family = "👨‍👩‍👧‍👦";
    let fits = format!("{}{family}{}", "a".repeat(60), "b".repeat(50));
    assert_eq!(sms::split(&fits).texts().collect::<Vec<_>>(), [&fits[..60], &fits[60..]]);
    let full = format!("{}{family}{}", "a".repeat(61), "b".repeat(62));
    let split = sms::split(&full);
    assert_eq!((split.segments.len(), split.units()), (2, 134));
    assert_eq!(split.segments[0].units, 67);
}

#[test]
fn headers_are_written_and_read_to_the_bit() {
    let text = "a".repeat(161);
    let payloads = sms::split(&text).payloads(0x42).unwrap();
    let first = payloads[0].packed();
    // Six octets are 48 bits; one fill bit, and septets begin at the seventh septet.
    assert_eq!(&hex(&first.octets)[..18], "050003420201C2E170");
    assert_eq!((first.length, first.octets.len(), first.has_header), (160, 140, true));
    assert_eq!(payloads[1].packed().length, 7 + 8);
    assert_eq!(&payloads[0].unpacked()[..7], [5, 0, 3, 0x42, 2, 1, b'a']);
    for payload in &payloads {
        assert_eq!(&Payload::from_packed(&payload.packed(), Encoding::Gsm7).unwrap(), payload);
        assert_eq!(&Payload::from_unpacked(&payload.unpacked(), Encoding::Gsm7, true).unwrap(), payload);
    }
}

#[test]
fn long_references_and_elements_of_others_are_read() {
    let read = |octets: &[u8]| Payload::from_unpacked(octets, Encoding::Gsm7, true).map(|payload| payload.part);
    let long = Part { reference: Reference::Long(0x1234), number: 2, total: 3 };
    assert_eq!(read(&[6, 8, 4, 0x12, 0x34, 3, 2, b'x']), Ok(Some(long)));
    assert_eq!(long.octets(), [6, 8, 4, 0x12, 0x34, 3, 2]);
    // Ports first, then the part.
    let short = Part { reference: Reference::Short(9), number: 1, total: 2 };
    assert_eq!(read(&[11, 5, 4, 0x0B, 0x84, 0, 0, 0, 3, 9, 2, 1]), Ok(Some(short)));
    // Parts that cannot be are passed over.
    assert_eq!(read(&[5, 0, 3, 9, 2, 0]), Ok(None));
    assert_eq!(read(&[5, 0, 3, 9, 2, 3]), Ok(None));
    for broken in [&[][..], &[5, 0, 3, 9, 2], &[2, 0, 3], &[1, 0], &[4, 0, 3, 9, 2]] {
        assert_eq!(read(broken), Err(Malformed), "{broken:?}");
    }
    let short = UserData { octets: vec![0xC8], length: 2, has_header: false };
    assert_eq!(Payload::from_packed(&short, Encoding::Gsm7), Err(Malformed));
}

#[test]
fn parts_join_in_any_order_and_only_if_all_are_there() {
    let text = "The price is 5 {euro} 😀. ".repeat(12);
    let mut payloads = sms::split(&text).payloads(7).unwrap();
    assert!(payloads.len() > 3);
    payloads.reverse();
    payloads.push(payloads[1].clone());
    assert_eq!(sms::join(&payloads).unwrap(), text);
    let last = payloads.len() - 1;
    assert_eq!(sms::join(&payloads[1..last]), Err(NotWhole::Missing));
    let other = sms::split(&text).payloads(8).unwrap();
    assert_eq!(sms::join(&[payloads[0].clone(), other[1].clone()]), Err(NotWhole::Mixed));
    assert_eq!(sms::join(&[]), Err(NotWhole::Missing));
}

#[test]
fn pairs_that_others_cut_are_read_whole() {
    let part = |number| Some(Part { reference: Reference::Short(1), number, total: 2 });
    let of = |encoding, first: &[u8], second: &[u8]| {
        [(part(1), first), (part(2), second)].map(|(part, body)| Payload { part, encoding, body: body.to_vec() })
    };
    assert_eq!(sms::join(&of(Encoding::Gsm7, &[b'a', 0x1B], &[0x65])).unwrap(), "a€");
    assert_eq!(sms::join(&of(Encoding::Ucs2, &[0xD8, 0x3D], &[0xDE, 0x00])).unwrap(), "😀");
}

#[test]
fn more_segments_than_a_header_can_number_are_refused() {
    let text = "a".repeat(153 * 255);
    assert_eq!(sms::split(&text).payloads(0).unwrap().len(), sms::MAX_SEGMENTS);
    let error = sms::split(&(text + "a")).payloads(0).unwrap_err();
    assert_eq!(error.segments, 256);
}

#[test]
fn a_preview_says_what_it_takes_and_what_makes_it_dear() {
    let plain = sms::preview(&"a".repeat(161));
    assert_eq!((plain.segments, plain.units_used, plain.units_left_in_last), (2, 161, 145));
    assert!(plain.offenders.is_empty());
    assert_eq!(sms::preview("").units_left_in_last, 160);

    let dear = sms::preview("😀 it’s me");
    assert_eq!((dear.encoding, dear.segments, dear.units_left_in_last), (Encoding::Ucs2, 1, 60));
    let offenders: Vec<_> = dear.offenders.iter().map(|it| (it.character, it.index, it.replacement)).collect();
    assert_eq!(offenders, [('😀', 0, None), ('’', 5, Some("'"))]);
    assert_eq!(sms::plainer("“It’s” – 5\u{a0}€…"), "\"It's\" - 5 €...");
    assert_eq!(Encoding::of(&sms::plainer("“It’s” – 5\u{a0}€…")), Encoding::Gsm7);
}
