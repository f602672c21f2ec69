//! Texts as services send them, in many languages, with and without a code; all written for this test, about services that do not exist.
//! Those held out were written when the rules stood. At first sight 67 of their 69 codes were found, and 2 invented in 52 texts without one;
//! after that was mended, 34 of 34 and none in 26 of a later lot; 14 of 18 and none in 22 of the last, which was made to be hard.
//! The rules have learned from each since, so what is asserted is what holds now.

use convo_codes::{Hint, extract};
use serde::Deserialize;

#[derive(Deserialize)]
struct Example {
    set: Set,
    language: String,
    service: Option<String>,
    code: Option<String>,
    text: String,
}

#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Set {
    Development,
    HeldOut,
    HeldOutLater,
    HeldOutLast,
}

#[derive(Debug, Default)]
struct Figures {
    with_code: usize,
    right: usize,
    missed: usize,
    wrong: usize,
    without: usize,
    invented: usize,
    mistakes: Vec<String>,
}

fn corpus() -> Vec<Example> {
    serde_json::from_str(include_str!("../fixtures/corpus.json")).expect("the fixture is what `Example` says")
}

fn figures<'a>(examples: impl Iterator<Item = &'a Example>) -> Figures {
    let mut figures = Figures::default();
    for Example { language, code, text, .. } in examples {
        let found = extract(text, &Hint::default());
        match (code, found.as_ref().map(|found| &found.code)) {
            (Some(code), Some(found)) if code == found => figures.right += 1,
            (Some(_), Some(_)) => figures.wrong += 1,
            (Some(_), None) => figures.missed += 1,
            (None, Some(_)) => figures.invented += 1,
            (None, None) => {}
        }
        figures.with_code += usize::from(code.is_some());
        figures.without += usize::from(code.is_none());
        let found = found.map(|found| found.code);
        if found != *code {
            figures.mistakes.push(format!("{language}: {found:?} instead of {code:?} in {text:?}"));
        }
    }
    figures
}

#[test]
fn nearly_every_code_is_found_and_none_is_invented() {
    let corpus = corpus();
    for set in [Set::Development, Set::HeldOut, Set::HeldOutLater, Set::HeldOutLast] {
        println!("{set:?}: {:#?}", figures(corpus.iter().filter(|example| example.set == set)));
    }
    let all = figures(corpus.iter());
    assert!(all.right * 100 >= all.with_code * 97, "{all:#?}");
    assert_eq!((all.invented, all.wrong), (0, 0), "{all:#?}");
}

#[test]
fn the_name_of_the_service_takes_nothing_away() {
    for Example { service, text, .. } in corpus() {
        let services: Vec<&str> = service.iter().map(String::as_str).collect();
        let code = |hint| extract(&text, &hint).map(|found| found.code);
        assert_eq!(code(Hint { services: &services, templates: &[] }), code(Hint::default()), "{text}");
    }
}

#[test]
fn the_corpus_is_wide_enough_to_say_something() {
    let corpus = corpus();
    let languages: std::collections::HashSet<&str> = corpus.iter().map(|example| &example.language[..]).collect();
    let without = corpus.iter().filter(|example| example.code.is_none()).count();
    assert!(corpus.len() >= 260 && without * 4 >= corpus.len() && languages.len() >= 24);
}
