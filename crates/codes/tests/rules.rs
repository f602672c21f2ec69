//! Each rule as a person would tell it.

use convo_codes::{Candidate, Found, Hint, Rule, Template, extract};

fn found(text: &str) -> Option<Found> {
    extract(text, &Hint::default())
}

fn code(text: &str) -> Option<String> {
    found(text).map(|found| found.code)
}

fn is(text: &str, expected: &str) {
    assert_eq!(code(text).as_deref(), Some(expected), "{text}");
}

fn is_none(text: &str) {
    assert_eq!(code(text), None, "{text}");
}

#[test]
fn a_last_line_that_binds_the_code_to_a_site_is_believed_before_all_else() {
    let found = found("Your code is 111111.\n\n@acme.example #747723").unwrap();
    assert_eq!((&found.code[..], found.rule, found.span.clone()), ("747723", Rule::OriginBound, 37..43));
    is("@acme.example #a1-B2 %frame.example", "a1-B2");
    is("@acme.example #747723 @frame.example\n", "747723");
    // What only looks like one is read as any text.
    is_none("@acme.example  #747723");
    is_none("see @acme.example #747723");
    is_none("@acme.example #747723 and more");
    is_none("@acme.example #747723\nBye");
}

#[test]
fn a_correction_teaches_where_the_service_puts_its_code() {
    let text = "Acme 4821: ticket 7719 opens your vault, ref 5512";
    assert_eq!(code(text), None);
    let template = Template::learn(text, "7719").unwrap();
    let hint = Hint { services: &[], templates: std::slice::from_ref(&template) };
    let next = extract("Acme 9035: ticket 0417 opens your vault, ref 8160", &hint).unwrap();
    assert_eq!((&next.code[..], next.rule, next.span), ("0417", Rule::Template, 18..22));
    // Other texts of the service are read without it.
    assert_eq!(extract("Acme: your code is 662018", &hint).unwrap().rule, Rule::Words);
    assert_eq!(extract("Acme: ticket 0417 closes", &hint), None);
    assert_eq!(
        template.apply("  Acme 1: ticket 0418 opens your door").map(|it| (it.code, it.span)),
        Some(("0418".to_owned(), 17..21))
    );
}

#[test]
fn a_template_knows_groups_letters_and_brands() {
    let learned = |text: &str, code: &str, other: &str| Template::learn(text, code)?.apply(other).map(|it| it.code);
    let brand = learned("FB-48213 is your key", "48213", "FB-90417 is your key");
    assert_eq!(brand.as_deref(), Some("90417"));
    let grouped = learned("Key: 482 913 (valid)", "482913", "Key: 110 427 (valid)");
    assert_eq!(grouped.as_deref(), Some("110427"));
    let letters = learned("your key is x7-Kq9 today", "x7-Kq9", "your key is b2-Zt4 today");
    assert_eq!(letters.as_deref(), Some("b2-Zt4"));
    let arabic = learned("مفتاحك ٤٨٢٩ اليوم", "4829", "مفتاحك ١٠٢٧ اليوم");
    assert_eq!(arabic.as_deref(), Some("1027"));
    assert_eq!(Template::learn("482913", "482913"), None, "there is no word to know the place by");
    assert_eq!(Template::learn("your key is 482913", "111111"), None);
}

#[test]
fn a_template_is_stored_without_the_code() {
    let template = Template::learn("Order 5512, key 482913 for you", "482913").unwrap();
    let stored = serde_json::to_string(&template).unwrap();
    assert!(!stored.contains("482913") && !stored.contains("5512"), "{stored}");
    assert_eq!(serde_json::from_str::<Template>(&stored).unwrap(), template);
}

#[test]
fn digits_of_any_script_are_typed_as_ascii() {
    for digits in ["٤٨٢٩١٣", "۴۸۲۹۱۳", "४८२९१३", "৪৮২৯১৩", "๔๘๒๙๑๓", "４８２９１３", "𝟒𝟖𝟐𝟗𝟏𝟑", "4️⃣8️⃣2️⃣9️⃣1️⃣3️⃣", "၄၈၂၉၁၃"]
    {
        let text = format!("Your code: {digits}!");
        let found = found(&text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((&found.code[..], &text[found.span]), ("482913", digits));
    }
}

#[test]
fn groups_are_joined_and_the_letter_of_a_brand_is_dropped() {
    for written in ["123 456", "123-456", "123\u{a0}456", "1 2 3 4 5 6", "12 34 56", "1-2-3-4-5-6", "123–456"] {
        let text = format!("Your code is {written}.");
        assert_eq!(found(&text).map(|it| (it.code, text[it.span].to_owned())), Some(("123456".into(), written.into())));
    }
    is("G-123456 is your Gadget code", "123456");
    is("Your code is 003 007", "003007");
    is("Your code is 1234 5678", "12345678");
    is("Your code is AB12-CD34", "AB12-CD34");
    is("Your code is 9Q2X7", "9Q2X7");
}

#[test]
fn invisible_marks_do_not_hide_a_code() {
    is("Your code is \u{202a}482913\u{202c}", "482913");
    is("Your code is 48\u{200b}29\u{2060}13", "482913");
    is("قود ‏رمز التحقق: \u{200f}482913", "482913");
}

#[test]
fn links_mail_and_hashes_hold_no_code() {
    is_none("Verify your account: https://acme.example/verify?code=482913");
    is_none("Your code is at acme.example/482913");
    is_none("Your code went to 482913@acme.example");
    is("Your code for 1688.com is 482913: www.acme.example/991204", "482913");
    is("<#> 482913 is your code\nFA+9qCX9VSu", "482913");
    is("Your code is 482913.Do not share it", "482913");
}

#[test]
fn the_new_code_is_taken_and_not_the_old_one() {
    is("Your old code 111111 is no longer valid. Your new code: 222222", "222222");
    is("Code 111111 has expired, use code 222222 to log in", "222222");
    is("Ihr alter Code 111111 ist ungültig, Ihr neuer Code ist 222222.", "222222");
    is("旧验证码111111已失效,新验证码222222", "222222");
}

#[test]
fn numbers_that_are_something_else_are_no_code() {
    for text in [
        "Use promo code SAVE20 at checkout",
        "Use code 482913 for 20% off your next order",
        "Your order 482913 is confirmed. Login to verify.",
        "Ticket 482913: please verify your e-mail",
        "Tracking number 48291302",
        "Your balance is 4821.50",
        "We charged $4821 to your card. Not you? Verify your account",
        "Verify: your payment of 4821 USD",
        "Your code expires on 12/05/2026 at 14:30",
        "Your code expires on 2026-05-12",
        "Call 1-800-555-0142 to verify your account",
        "Call +44 20 7946 0142 for your code",
        "Your code was sent in 2026",
        "IBAN DE89 3704 0044 0532 0130 00, password required",
        "Card ending 1234, password changed",
        "Card **** 1234, password changed",
        "Password changed for XX1234",
        "Your pick-up code is 482913",
        "Parcel in locker 12, code 4821",
        "Your gift card code: 4821 9913 0042 5518",
        "Room 1204, wifi password 48219930",
        "Zip code 90210",
    ] {
        is_none(text);
    }
}

#[test]
fn words_speak_for_the_number_beside_them() {
    is("Order 5512, ticket 990412: your verification code is 482913", "482913");
    is("2024 is your code", "2024");
    is("Your code to pay 1250.00 EUR with card 0042: 7719. Ref 55129034", "7719");
    is("Never share your code. Ticket 771204. Your code: 482913", "482913");
    is_none("Never share your verification code. Ticket 771204 was opened.");
}

#[test]
fn a_text_of_nothing_but_a_number_is_one_but_not_surely() {
    let alone = found(" 482913\n").unwrap();
    assert_eq!((&alone.code[..], alone.rule, alone.span.clone()), ("482913", Rule::Alone, 1..7));
    assert!(alone.confidence <= 50);
    assert_eq!(code("Acme 482913"), None);
    let hint = Hint { services: &["ACME"], templates: &[] };
    assert_eq!(extract("Acme 482913", &hint).unwrap().rule, Rule::Alone);
}

#[test]
fn digits_in_the_name_of_the_service_are_no_code() {
    let text = "4444 Taxi: code?";
    assert_eq!(code(text).as_deref(), Some("4444"));
    assert_eq!(extract(text, &Hint { services: &["4444 Taxi"], templates: &[] }), None);
}

#[test]
fn other_candidates_are_kept_for_a_correction() {
    let text = "Your code is 482913. Support: 771204 or 990412.";
    let found = found(text).unwrap();
    let others: Vec<(&str, &str)> =
        found.others.iter().map(|Candidate { code, span }| (&code[..], &text[span.clone()])).collect();
    assert_eq!(others, [("771204", "771204"), ("990412", "990412")]);
    let sure = code_confidence("Your verification code is 482913");
    assert!(found.confidence <= sure && sure > 70, "{} {sure}", found.confidence);
}

fn code_confidence(text: &str) -> u8 {
    found(text).expect("there is a code").confidence
}

#[test]
fn what_a_service_is_called_speaks_against_no_number() {
    let of_line = Hint { services: &["LINE"], templates: &[] };
    let text = "[LINE] 012345 is the code to confirm your phone number.";
    assert_eq!(extract(text, &of_line).map(|found| found.code).as_deref(), Some("012345"));
    // Without their marks, the Vietnamese "of" and "door" are one word.
    is("Mã Airbnb của bạn là 7412. Không chia sẻ với bất kỳ ai.", "7412");
    is("eBay: Melde dich mit 715284 an. Der Code gilt 10 Minuten.", "715284");
}
