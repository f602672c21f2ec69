//! How many texts one thread reads in a second: `cargo run --release -p convo-codes --example throughput`.
//! Never a test: it prints figures and judges none.
//!
//! On one core of a busy machine of two (November 2026): 85,000 texts of the corpus, and 60,000 with a name and a template to look for;
//! of the longest texts 580 of prose and 210 of nothing but codes. The first text takes 10 ms more.

#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use convo_codes::{Hint, MAX_TEXT_BYTES, Template, extract};

const LONG: Duration = Duration::from_secs(2);

fn main() {
    let cold = Instant::now();
    extract("Your code is 482913", &Hint::default());
    println!("{:>12?} for the first text, which builds the automaton", cold.elapsed());

    let corpus: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../fixtures/corpus.json")).expect("the fixture is JSON");
    let texts: Vec<String> = corpus.iter().filter_map(|it| it["text"].as_str().map(str::to_owned)).collect();
    let template = Template::learn("Your code is 1234.", "1234").expect("the code is in the text");
    let hint = Hint { services: &["Acme"], templates: &[template] };
    measure("texts of the corpus", &texts, &Hint::default());
    measure("the same with a name and a template", &texts, &hint);
    measure("English texts", &["482913 is your Acme verification code. It expires in 10 minutes.".to_owned()], &hint);
    measure("longest texts of prose", &["Your code will be with you soon. ".repeat(MAX_TEXT_BYTES / 33)], &hint);
    measure("longest texts of codes", &["code 1234 ".repeat(MAX_TEXT_BYTES / 10)], &hint);
}

/// One thread, for two seconds after a warm-up.
fn measure(what: &str, texts: &[String], hint: &Hint<'_>) {
    let read = || texts.iter().for_each(|text| drop(black_box(extract(black_box(text), hint))));
    read();
    let (started, mut done) = (Instant::now(), 0);
    while started.elapsed() < LONG {
        read();
        done += texts.len();
    }
    println!("{:>12.0} {what} a second", done as f64 / started.elapsed().as_secs_f64());
}
