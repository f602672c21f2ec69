//! Which numbers there are to be had: computed, the same on every machine, and never stored.
//! Who has bought which of them is not known here.

mod build;
mod countries;
mod search;

use std::{
    collections::BTreeMap,
    sync::{LazyLock, OnceLock},
};

use convo_phone::{Country, Kind, Number};

pub use search::page;

use self::countries::{COUNTRIES, Sold};
use crate::Offer;

/// Each country's, computed when it is first asked for: the same for every simulator, as a constant is.
static STOCKS: LazyLock<BTreeMap<Country, (&'static Sold, OnceLock<Stock>)>> =
    LazyLock::new(|| COUNTRIES.iter().map(|sold| (sold.country, (sold, OnceLock::new()))).collect());

/// One country's numbers, by number, and in each of the orders in which they are shown.
pub struct Stock {
    sold: &'static Sold,
    items: Vec<Item>,
    by_area: Vec<u32>,
    by_operator: Vec<u32>,
    by_price: Vec<u32>,
}

/// Small, because there are a hundred thousand: what it says of itself as places in the lists of its country.
#[derive(Clone, Copy)]
struct Item {
    number: Number,
    kind: Kind,
    area: Option<u8>,
    operator: u8,
    takes_texts: bool,
    takes_pictures: bool,
    monthly_micros: i64,
}

pub fn countries() -> impl Iterator<Item = Country> {
    STOCKS.keys().copied()
}

/// `None` if nothing is sold there.
pub fn of(country: Country) -> Option<&'static Stock> {
    let (sold, stock) = STOCKS.get(&country)?;
    Some(stock.get_or_init(|| build::stock(sold)))
}

/// If it is one that is sold, whoever has it now.
pub fn find(number: Number) -> Option<Offer> {
    let stock = of(number.country()?)?;
    let at = stock.items.binary_search_by_key(&number, |item| item.number).ok()?;
    Some(stock.offer(&stock.items[at]))
}
