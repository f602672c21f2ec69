//! The table of `countries.txt`: who sells what, where and for how much.
//! Never a number: those are computed.

use std::sync::LazyLock;

use convo_phone::Country;

/// What stands in one line.
pub struct Sold {
    pub country: Country,
    /// A month of a local, a mobile and a toll-free number, in millionths.
    pub local_micros: i64,
    pub mobile_micros: i64,
    pub toll_free_micros: i64,
    pub operators: Vec<&'static str>,
    /// First digits of a number in its country, and where that is.
    pub areas: Vec<(&'static str, &'static str)>,
}

const MICROS_PER_CENT: i64 = 10_000;

pub static COUNTRIES: LazyLock<Vec<Sold>> =
    LazyLock::new(|| include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')).map(read).collect());

fn read(line: &'static str) -> Sold {
    let mut columns = line.split('|');
    let mut column = || columns.next().expect("every line has four columns");
    let country = column().parse().expect("a country");
    let mut prices = column().split(',').map(|cents| cents.parse::<i64>().expect("a price in cents") * MICROS_PER_CENT);
    let mut price = || prices.next().expect("three prices");
    Sold {
        country,
        local_micros: price(),
        mobile_micros: price(),
        toll_free_micros: price(),
        operators: column().split(',').collect(),
        areas: column().split(',').map(|area| area.split_once('=').expect("a code and its place")).collect(),
    }
}
