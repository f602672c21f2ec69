//! What holds for any text.

use std::time::{Duration, Instant};

use convo_codes::{Hint, MAX_OTHERS, MAX_TEXT_BYTES, Rule, Template, extract};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Anything, and what nearly is a text with a code.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "code",
        "Your verification code",
        "is",
        ": ",
        " ",
        " ",
        "\n",
        ". ",
        "-",
        "482913",
        "482 913",
        "G-1234",
        "AB12CD",
        "٤٨٢٩",
        "４８２９",
        "1\u{fe0f}\u{20e3}",
        "\u{202e}",
        "\u{200b}",
        "e\u{301}",
        "한",
        "ᄒ\u{1161}",
        "验证码",
        "รหัส",
        "कोड",
        "https://a.example/1234",
        "@a.example #1234",
        "a@b.example",
        "€",
        "$",
        "%",
        "**",
        "2026",
        "12/05/2026",
        "old code",
        "order",
        "\u{301}",
        "№",
        "İ",
        "ß",
        "+49 30",
        "FA+9qCX9VSu",
        "\r\n",
        "\u{2028}",
    ]);
    prop_oneof![
        any::<String>(),
        "[ -~]{0,200}",
        "\\PC{0,100}",
        prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat()),
    ]
}

/// Letters and digits alone, as both sides of a comparison.
fn typed(text: &str) -> String {
    text.nfkc().filter(|sign| sign.is_alphanumeric()).collect()
}

proptest! {
    #[test]
    fn what_is_found_stands_in_the_text(text in texts()) {
        if let Some(found) = extract(&text, &Hint::default()) {
            prop_assert!((1..=100).contains(&found.confidence) && found.others.len() <= MAX_OTHERS);
            let others = found.others.into_iter().map(|other| (other.code, other.span));
            for (code, span) in [(found.code, found.span)].into_iter().chain(others) {
                let written = text.get(span);
                prop_assert!(written.is_some(), "{code:?} in {text:?}");
                let (code, written) = (typed(&code), typed(written.unwrap()));
                prop_assert_eq!(code.chars().count(), written.chars().count(), "{} {}", code, written);
                if written.is_ascii() {
                    prop_assert_eq!(code, written);
                }
            }
        }
    }

    #[test]
    fn spaces_around_a_text_change_nothing(text in texts(), left in "[ \n\t]{0,9}", right in "[ \n\t]{0,9}") {
        let plain = extract(&text, &Hint::default());
        let mut spaced = extract(&format!("{left}{text}{right}"), &Hint::default());
        if let Some(found) = &mut spaced {
            found.span = found.span.start - left.len()..found.span.end - left.len();
            for other in &mut found.others {
                other.span = other.span.start - left.len()..other.span.end - left.len();
            }
        }
        prop_assert_eq!(spaced, plain);
    }

    #[test]
    fn what_is_learned_from_a_text_finds_the_same_in_it(text in texts(), name in "[a-z]{1,9}") {
        if let Some(found) = extract(&text, &Hint { services: &[&name], templates: &[] })
            && let Some(template) = Template::learn(&text, &found.code)
        {
            let again = extract(&text, &Hint { services: &[], templates: &[template] }).unwrap();
            prop_assert!(again.rule == Rule::OriginBound || typed(&again.code) == typed(&found.code), "{again:?} {found:?}");
        }
    }

    #[test]
    fn any_code_is_found_after_the_plainest_words(digits in "[0-9]{4,8}") {
        let found = extract(&format!("Your verification code is {digits}."), &Hint::default()).unwrap();
        prop_assert_eq!(found.code, digits);
    }
}

/// As long as may be, and of what makes careless readers slow.
#[test]
fn a_hostile_text_takes_hardly_longer_than_a_harmless_one() {
    let harmless = timed(&"Your code will be with you soon, dear friend. ".repeat(400));
    let pieces = [
        "1",
        "1 ",
        "1-",
        "1234 ",
        "123-",
        "a1",
        "code ",
        "code 1234 ",
        "@",
        "a@",
        "https://",
        "a.",
        "\u{301}",
        "验证码1234",
        "old code 1234, ",
    ];
    for piece in pieces {
        let hostile = timed(&piece.repeat(MAX_TEXT_BYTES / piece.len()));
        assert!(hostile < harmless * 40 + Duration::from_millis(50), "{piece:?}: {hostile:?}, harmless {harmless:?}");
    }
}

fn timed(text: &str) -> Duration {
    let hint = Hint {
        services: &["Acme"],
        templates: &[Template::learn("Your code is 1234", "1234").expect("the code is in the text")],
    };
    extract("warm", &hint);
    let started = Instant::now();
    extract(text, &hint);
    started.elapsed()
}

#[test]
fn what_stands_after_the_limit_is_not_read() {
    let code = |text: &str| extract(text, &Hint::default()).map(|found| found.code);
    let long = "hello ".repeat(20_000);
    assert_eq!(code(&format!("Your code is 482913. {long}")).as_deref(), Some("482913"));
    assert_eq!(code(&format!("{long}Your code is 482913.")), None);
    // No half of a number: the limit lies within it.
    let filling = "a".repeat(MAX_TEXT_BYTES - "\nYour code is 4829".len());
    assert_eq!(code(&format!("{filling}\nYour code is 48291355")), None);
}
