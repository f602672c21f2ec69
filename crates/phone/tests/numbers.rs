//! Numbers as people write them, what the plans say of them, and who else may be the other side of a text.

use convo_phone::{Country, Kind, Name, NotAParty, Number, Party, ShortCode, Unreadable, fiction};

fn country(letters: &str) -> Country {
    letters.parse().expect("a country of the test")
}

fn number(text: &str) -> Number {
    Number::from_e164(text).expect("a number of the test")
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (text, default, e164) in [
        ("020 7946 0018", Some("GB"), "+442079460018"),
        ("+44 (0)20 7946 0018", None, "+442079460018"),
        ("0044 20 7946 0018", Some("DE"), "+442079460018"),
        ("(202) 555-0123", Some("US"), "+12025550123"),
        ("1-800-FLOWERS", Some("US"), "+18003569377"),
        ("tel:+1-202-555-0123;ext=7", None, "+12025550123"),
        ("TEL:202-555-0123;phone-context=+1", None, "+12025550123"),
        ("+1 202 555 0123 ext. 9", None, "+12025550123"),
        ("＋１２０２５５５０１２３", None, "+12025550123"),
        ("02 1234 5678", Some("IT"), "+390212345678"),
        ("11 15 2345 6789", Some("AR"), "+5491123456789"),
        ("٠٥٠ ١٢٣ ٤٥٦٧", Some("AE"), "+971501234567"),
    ] {
        let read = Number::parse(text, default.map(country));
        assert_eq!(read.map(|number| number.to_string()), Ok(e164.to_owned()), "{text}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    for (text, default, why) in [
        ("", None, Unreadable::NotANumber),
        ("hello", Some("US"), Unreadable::NotANumber),
        ("202 555 0123", None, Unreadable::MissingCountryCode),
        ("+999 123 456 789", None, Unreadable::UnknownCountryCode),
        ("+0123456789", None, Unreadable::UnknownCountryCode),
        ("+0044 20 7946 0018", None, Unreadable::UnknownCountryCode),
        ("555 0123", Some("US"), Unreadable::TooShort),
        ("+1 202 555", None, Unreadable::TooShort),
        ("+1 202 555 0123 4567", None, Unreadable::TooLong),
        ("+44 123456789012345", None, Unreadable::TooLong),
        ("+49 1", None, Unreadable::TooShort),
        ("+64 12345678901", None, Unreadable::TooLong),
        // Belize has seven digits or eleven, and nothing between.
        ("+501 12345678", None, Unreadable::Impossible),
    ] {
        let read = Number::parse(text, default.map(country));
        assert_eq!(read, Err(why), "{text}");
        assert!(!why.to_string().is_empty());
        assert_eq!(serde_json::to_value(why).unwrap(), why.code());
    }
    assert_eq!(Number::parse(&"1".repeat(251), None), Err(Unreadable::TooLong));
}

#[test]
fn the_stored_form_is_read_alone_and_says_nothing_in_logs() {
    let stored = serde_json::to_string(&number("+390612345678")).unwrap();
    assert_eq!(stored, "\"+390612345678\"");
    assert_eq!(serde_json::from_str::<Number>(&stored).unwrap(), number("+390612345678"));
    for refused in
        ["390612345678", "+39 06", "+", "+1", "+99912345678", "+12345678901234567890", "+12a45", "+0442079460018", ""]
    {
        assert!(Number::from_e164(refused).is_err(), "{refused}");
    }
    assert_eq!(format!("{:?}", number("+12025550123")), "+1…23");
    assert_eq!(number("+390612345678").national(), "06 1234 5678");
    assert_eq!(number("+442079460018").international(), "+44 20 7946 0018");
}

#[test]
fn every_example_of_every_country_is_what_it_says() {
    let (mut seen, mut shared) = (0, 0);
    for country in Country::all() {
        for kind in Kind::ALL {
            let Some(number) = country.example(kind) else { continue };
            let description = number.describe();
            assert!(description.is_valid, "{country} {kind:?} {number}");
            // Countries that share a calling code share its toll-free numbers and the like, a few even all of one kind
            // (Åland's mobile numbers, Western Sahara's): those count as the first one's, as libphonenumber counts them.
            assert_eq!(description.country.unwrap().calling_code(), country.calling_code());
            if description.country != Some(country) {
                shared += 1;
            }
            // Where the plan does not tell mobile phones from others, an example of one is of all three.
            let either = |kind| matches!(kind, Kind::FixedLine | Kind::Mobile | Kind::FixedLineOrMobile);
            let same = description.kind.is_some_and(|said| said == kind || (either(said) && either(kind)));
            assert!(same, "{country} {kind:?} {number} is {:?}", description.kind);
            assert_eq!(number.calling_code(), country.calling_code());
            assert_eq!(Number::parse(&number.to_string(), None), Ok(number), "{country} {kind:?} {number}");
            assert_eq!(
                Number::parse(&number.international(), None),
                Ok(number),
                "{country} {} {number}",
                number.international()
            );
            assert_eq!(Number::parse(&number.national(), Some(country)), Ok(number), "{country} {}", number.national());
            seen += 1;
        }
    }
    assert!(seen > 1_000 && shared < 150, "{seen} {shared}");
}

/// `data/renew.py` asks the Python port of libphonenumber, which shares no code with the crate under ours.
#[test]
fn what_is_said_of_a_number_is_what_libphonenumber_says() {
    let mut seen = 0;
    for line in include_str!("../fixtures/numbers.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [e164, country, kind, operator, zones, national] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let number = Number::parse(e164, None).unwrap();
        let description = number.describe();
        assert_eq!(description.is_valid, !kind.is_empty(), "{line}");
        if description.is_valid {
            let said = serde_json::to_value(description.kind).unwrap();
            assert_eq!(said, kind, "{line}");
            assert_eq!(description.country.map(String::from).unwrap_or_default(), country, "{line}");
            assert_eq!(number.operator().unwrap_or_default(), operator, "{line}");
            assert_eq!(number.time_zones().collect::<Vec<_>>().join("&"), zones, "{line}");
            assert_eq!(number.national(), national, "{line}");
        }
        seen += 1;
    }
    assert!(seen > 1_500, "{seen}");
}

#[test]
fn zones_and_operators_of_well_known_numbers() {
    assert_eq!(number("+442079460018").time_zones().collect::<Vec<_>>(), ["Europe/London"]);
    assert_eq!(number("+12125550123").time_zones().collect::<Vec<_>>(), ["America/New_York"]);
    assert!(number("+61412345678").time_zones().count() > 4, "a phone of Australia may be anywhere in it");
    assert_eq!(number("+491712345678").operator(), Some("T-Mobile"));
    assert_eq!(number("+493012345678").operator(), None);
    assert_eq!(number("+80012345678").country(), None);
}

#[test]
fn numbers_for_fiction_are_known_and_never_beyond_their_ranges() {
    for e164 in [
        "+447700900000",
        "+447700900461",
        "+447700900999",
        "+442079460999",
        "+441632960000",
        "+12025550100",
        "+14165550199",
        "+18005550199",
        "+61491570006",
        "+61491570159",
        "+33639989999",
        "+491713920099",
        "+4915228817386",
        "+4917604069000",
        "+46701740605",
        "+353209112345",
    ] {
        let number = number(e164);
        assert!(number.is_fictional() && number.describe().is_fictional, "{e164}");
        assert!(number.describe().kind.is_some());
    }
    for e164 in [
        "+447700901000",
        "+447700899999",
        "+442079461000",
        "+12025550200",
        "+12025550099",
        "+18005550123",
        "+61491570160",
        "+33639990000",
        "+491713920100",
        "+4915228817387",
        "+46701740604",
        "+46701740700",
    ] {
        assert!(!number(e164).is_fictional(), "{e164}");
    }
}

#[test]
fn a_british_number_for_fiction_is_read_though_its_plan_has_no_such_number() {
    let number = Number::parse("07700 900461", Some(country("GB"))).unwrap();
    let description = number.describe();
    assert!(!description.is_valid && description.is_fictional);
    assert_eq!((description.country, description.kind), (Some(country("GB")), Some(Kind::Mobile)));
}

#[test]
fn fictional_numbers_of_a_country_can_be_counted_out() {
    assert!(fiction::countries().len() >= 15);
    for country in fiction::countries() {
        assert_eq!(country.as_str().parse(), Ok(country));
        let mut before = Vec::new();
        for range in fiction::ranges(country) {
            for number in [range.nth(0), range.nth(range.count - 1)].map(Option::unwrap) {
                assert!(number.is_fictional(), "{number}");
                assert_eq!(Number::parse(&number.to_string(), None), Ok(number), "{number}");
                let description = number.describe();
                assert_eq!(description.country, Some(country), "{number}");
                if description.is_valid {
                    let kind = description.kind.unwrap();
                    assert!(kind == range.kind || kind.is_mobile(), "{number} {kind:?} {:?}", range.kind);
                }
            }
            assert_eq!(range.nth(range.count), None);
            before.push((range.nth(0).unwrap(), range.nth(range.count - 1).unwrap()));
        }
        before.sort();
        assert!(before.windows(2).all(|pair| pair[0].1 < pair[1].0), "ranges of {country} overlap");
    }
    let britain = country("GB");
    let nth = |index| fiction::nth(britain, index, Kind::is_mobile).map(|number| number.to_string());
    assert_eq!(nth(461).as_deref(), Some("+447700900461"));
    assert_eq!(nth(1_000), None);
    let australian: Vec<_> = (0..).map_while(|index| fiction::nth(country("AU"), index, Kind::is_mobile)).collect();
    assert_eq!(australian.len(), 30);
    assert_eq!((0..).map_while(|index| fiction::nth(country("US"), index, |_| true)).count(), 5_000);
    assert_eq!(fiction::nth(country("CH"), 0, |_| true), None);
}

#[test]
fn the_other_side_may_be_a_number_a_short_code_or_a_name() {
    let us = country("US");
    for (text, stored) in [
        ("(202) 555-0123", "+12025550123"),
        (" 24273 ", "short:US:24273"),
        ("911", "short:US:911"),
        ("short:GB:60777", "short:GB:60777"),
        ("Acme Bank", "Acme Bank"),
        (" ACME ", "ACME"),
        ("1-800-FLOWERS", "+18003569377"),
        ("short:ab", "short:ab"),
        ("short:US:1", "short:US:1"),
        ("3M", "3M"),
        ("Grüße", "Grüße"),
    ] {
        let party = Party::parse(text, us).unwrap();
        assert_eq!(party.to_string(), stored, "{text}");
        assert_eq!(stored.parse(), Ok(party.clone()));
        let json = serde_json::to_value(&party).unwrap();
        assert_eq!(json, stored);
        assert_eq!(serde_json::from_value::<Party>(json).unwrap(), party);
    }
    for (text, error) in [
        ("Twelve chars", NotAParty::Name),
        ("{bracket}ed", NotAParty::Name),
        ("Žluťoučký", NotAParty::Name),
        ("a\nb", NotAParty::Name),
        ("12", NotAParty::Unreadable(Unreadable::TooShort)),
        ("!!!", NotAParty::Unreadable(Unreadable::NotANumber)),
    ] {
        assert_eq!(Party::parse(text, us), Err(error), "{text:?}");
    }
    assert!(ShortCode::new(us, "12").is_err() && ShortCode::new(us, "123456789").is_err());
    assert_eq!(Name::new("Acme").unwrap().as_str(), "Acme");
    // A short number that is a number of its country stays one.
    assert_eq!(Party::parse("62889", country("AC")).unwrap().to_string(), "+24762889");
}
