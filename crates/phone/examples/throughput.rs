//! How many numbers and texts one thread takes in a second: `cargo run --release -p convo-phone --example throughput`.
//! Never a test: it prints figures and judges none. A second is one of the processor.
//!
//! On one core of a busy machine of two (November 2026): 1,100,000 numbers in E.164 and 600,000 as dialled at home parsed, validated and typed,
//! of all countries mixed; 9,000,000 operators and 5,000,000 time zones found; 13,000,000 texts of one segment and 400,000 of three segmented,
//! 94,000 of eight in UCS-2. All tables unfolded take 20 MB, and the binary grows by 1.1 MB.

#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use convo_phone::{Country, Kind, Number, sms};

const LONG: Duration = Duration::from_secs(2);

fn main() {
    let cold = Instant::now();
    let numbers = numbers();
    println!("{:>12} numbers to choose from, plans unfolded in {:?}", numbers.len(), cold.elapsed());
    let national: Vec<(String, Option<Country>)> =
        numbers.iter().map(|number| (number.national(), number.country())).collect();
    let stored: Vec<String> = numbers.iter().map(Number::to_string).collect();
    let cold = Instant::now();
    numbers.iter().for_each(|number| {
        black_box((number.operator(), number.time_zones().count()));
    });
    println!("{:>12?} for the first look at operators and zones of all", cold.elapsed());

    measure("E.164 parsed, validated, typed", &stored, |text| Number::parse(text, None).map(Number::describe).is_ok());
    measure("national numbers parsed, validated, typed", &national, |(text, country)| {
        Number::parse(text, *country).map(Number::describe).is_ok()
    });
    measure("E.164 parsed", &stored, |text| Number::parse(text, None).is_ok());
    measure("numbers validated, typed", &numbers, |number| number.describe().is_valid);
    let home: Vec<String> = (0..10_000).map(|line| format!("+49171{}", 2_000_000 + line * 317)).collect();
    measure("E.164 of one country parsed, validated, typed", &home, |text| {
        Number::parse(text, None).map(Number::describe).is_ok()
    });
    measure("stored numbers read", &stored, |text| Number::from_e164(text).is_ok());
    measure("operators found", &numbers, |number| number.operator().is_some());
    measure("time zones found", &numbers, |number| number.time_zones().count() > 0);
    measure("numbers formatted as international", &numbers, |number| !number.international().is_empty());

    let short =
        ["Your code is 123456. Do not share it.".to_owned(), "See you at 8, bring [the] €20 {please}".to_owned()];
    let long = ["The quick brown fox jumps over the lazy dog. ".repeat(10)];
    let emoji = ["Tonight 🎉 at Zoë’s — bring the 👨‍👩‍👧‍👦 along. ".repeat(10)];
    measure("short texts segmented", &short, |text| !sms::split(text).segments.is_empty());
    measure("texts of 3 GSM segments segmented", &long, |text| sms::split(text).segments.len() == 3);
    measure("texts of 8 UCS-2 segments segmented", &emoji, |text| sms::split(text).segments.len() > 1);
    measure("texts of 3 GSM segments packed", &long, |text| {
        let payloads = sms::split(text).payloads(7).expect("three segments");
        payloads.iter().map(|payload| payload.packed().octets.len()).sum::<usize>() > 0
    });
}

/// One thread, for two seconds after a warm-up.
fn measure<T>(what: &str, over: &[T], mut act: impl FnMut(&T) -> bool) {
    over.iter().for_each(|item| {
        black_box(act(item));
    });
    let (start, mut done) = (time_spent(), 0_u64);
    while time_spent() - start < LONG {
        // Looking at the clock costs more than a short text.
        for item in over.iter().cycle().take(over.len().max(2_000)) {
            black_box(act(black_box(item)));
        }
        done += over.len().max(2_000) as u64;
    }
    println!("{:>12.0} a second: {what}", done as f64 / (time_spent() - start).as_secs_f64());
}

/// Time on the processor where the system tells it, so that others at work beside us do not count; else time that passed.
fn time_spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|line| line.split(' ').next()?.parse().ok()).filter(|nanos| *nanos > 0);
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Neighbours of every example of every country, so that no branch is learned by heart.
fn numbers() -> Vec<Number> {
    let mut numbers = Vec::new();
    for country in Country::all() {
        for example in Kind::ALL.iter().filter_map(|kind| country.example(*kind)) {
            let neighbours = (0..20).map(|step| format!("+{}", example.digits() + step * 7));
            numbers.extend(neighbours.filter_map(|text| Number::from_e164(&text).ok()));
        }
    }
    // Strides of a prime, so that countries come in a mixed order.
    let count = numbers.len();
    (0..count).map(|index| numbers[index * 7919 % count]).collect()
}
