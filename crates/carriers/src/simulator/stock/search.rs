//! Finds offers: walks one of the orders of a country's numbers and passes over what does not fit.
//! A page goes on after the number that ended the one before, whatever was sold in between.

use std::cmp::Ordering;

use convo_phone::Number;

use super::{Item, Stock, countries::Sold};
use crate::{Offer, OfferPage, Search, SortBy};

const MAX_PAGE: usize = 200;

impl Stock {
    pub(super) fn new(sold: &'static Sold, items: Vec<Item>) -> Self {
        let mut stock = Self { sold, items, by_area: vec![], by_operator: vec![], by_price: vec![] };
        stock.by_area = stock.sorted(SortBy::AreaCode);
        stock.by_operator = stock.sorted(SortBy::Operator);
        stock.by_price = stock.sorted(SortBy::Price);
        stock
    }

    fn sorted(&self, sort: SortBy) -> Vec<u32> {
        let mut order: Vec<u32> = (0..).take(self.items.len()).collect();
        order.sort_unstable_by(|one, other| self.compare(sort, self.at(*one), self.at(*other)));
        order
    }

    fn at(&self, index: u32) -> &Item {
        &self.items[index as usize]
    }

    /// The number decides between those that are alike, so that there is one order.
    fn compare(&self, sort: SortBy, one: &Item, other: &Item) -> Ordering {
        let by_sort = match sort {
            SortBy::Number => Ordering::Equal,
            SortBy::AreaCode => self.area_code(one).cmp(self.area_code(other)),
            SortBy::Operator => self.operator(one).cmp(self.operator(other)),
            SortBy::Price => one.monthly_micros.cmp(&other.monthly_micros),
        };
        by_sort.then_with(|| one.number.cmp(&other.number))
    }

    fn area_code(&self, item: &Item) -> &'static str {
        item.area.map_or("", |area| self.sold.areas[usize::from(area)].0)
    }

    fn operator(&self, item: &Item) -> &'static str {
        self.sold.operators[usize::from(item.operator)]
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn operators(&self) -> impl Iterator<Item = &'static str> {
        self.sold.operators.iter().copied()
    }

    pub fn kinds(&self) -> Vec<convo_phone::Kind> {
        let kinds = convo_phone::Kind::ALL.into_iter();
        kinds.filter(|kind| self.items.iter().any(|item| item.kind == *kind)).collect()
    }

    /// Mobile numbers, from somewhere in the middle on and around.
    pub fn mobile_from(&self, start: u64) -> impl Iterator<Item = Number> {
        let start = usize::try_from(start).unwrap_or_default() % self.items.len().max(1);
        let around = self.items[start..].iter().chain(&self.items[..start]);
        around.filter(|item| item.kind.is_mobile()).map(|item| item.number)
    }

    pub(super) fn offer(&self, item: &Item) -> Offer {
        Offer {
            number: item.number,
            country: self.sold.country,
            kind: item.kind,
            area_code: self.area_code(item).to_owned(),
            place: item.area.map(|area| self.sold.areas[usize::from(area)].1.to_owned()),
            operator: Some(self.operator(item).to_owned()),
            sms: item.takes_texts,
            mms: item.takes_pictures,
            voice: true,
            monthly_micros: item.monthly_micros,
            simulated: true,
        }
    }

    fn fits(&self, item: &Item, wanted: &Wanted) -> bool {
        let Search { kinds, operator, sms, mms, .. } = wanted.search;
        (kinds.is_empty() || kinds.contains(&item.kind))
            && (!sms || item.takes_texts)
            && (!mms || item.takes_pictures)
            && operator.as_deref().is_none_or(|operator| self.operator(item) == operator)
            && wanted.has_digits(item.number)
    }
}

/// A search, made ready to be compared with many numbers.
struct Wanted<'a> {
    search: &'a Search,
    /// How many digits the country's own code has.
    code_digits: usize,
    area: &'a [u8],
    contains: &'a [u8],
}

impl Wanted<'_> {
    fn has_digits(&self, number: Number) -> bool {
        if self.area.is_empty() && self.contains.is_empty() {
            return true;
        }
        let (mut buffer, mut start, mut rest) = ([0; 20], 20, number.digits());
        while rest > 0 {
            start -= 1;
            buffer[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let digits = &buffer[start..];
        digits[self.code_digits..].starts_with(self.area)
            && (self.contains.is_empty() || digits.windows(self.contains.len()).any(|window| window == self.contains))
    }
}

/// A page of what fits and is not taken.
pub fn page(stock: &Stock, search: &Search, is_taken: impl Fn(Number) -> bool) -> OfferPage {
    let wanted = Wanted {
        search,
        code_digits: stock.sold.country.calling_code().to_string().len(),
        area: search.area_code.as_deref().unwrap_or_default().as_bytes(),
        contains: search.contains.as_deref().unwrap_or_default().as_bytes(),
    };
    let order = match search.sort {
        SortBy::Number => None,
        SortBy::AreaCode => Some(&stock.by_area),
        SortBy::Operator => Some(&stock.by_operator),
        SortBy::Price => Some(&stock.by_price),
    };
    let at = |place: usize| order.map_or_else(|| &stock.items[place], |order| stock.at(order[place]));
    let Some(start) = start(stock, search, at) else {
        return OfferPage { offers: vec![], next_cursor: None };
    };
    let limit = search.limit.clamp(1, MAX_PAGE);
    let mut fitting =
        (start..stock.items.len()).map(at).filter(|item| stock.fits(item, &wanted) && !is_taken(item.number));
    let offers: Vec<Offer> = fitting.by_ref().take(limit).map(|item| stock.offer(item)).collect();
    let next_cursor = fitting.next().and(offers.last()).map(|last| last.number.digits().to_string());
    OfferPage { offers, next_cursor }
}

/// Where the page begins; `None` if the cursor is not one of ours.
fn start<'a>(stock: &'a Stock, search: &Search, at: impl Fn(usize) -> &'a Item) -> Option<usize> {
    let Some(cursor) = &search.cursor else { return Some(0) };
    let number = Number::from_e164(&format!("+{cursor}")).ok()?;
    let last = &stock.items[stock.items.binary_search_by_key(&number, |item| item.number).ok()?];
    let (mut low, mut high) = (0, stock.items.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if stock.compare(search.sort, at(middle), last).is_le() {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Some(low)
}
