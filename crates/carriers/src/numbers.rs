//! Numbers as a carrier sells them.
//! What we ask of people for them is not known here.

use convo_phone::{Country, Kind, Number};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::LinkError;

/// Where numbers are searched and bought. Every order has a key that the shop remembers.
pub trait Shop: Send + Sync {
    /// The countries in which there are numbers, by their letters.
    fn countries(&self) -> BoxFuture<'_, Result<Vec<Stocked>, LinkError>>;

    fn search(&self, search: Search) -> BoxFuture<'_, Result<OfferPage, LinkError>>;

    /// `None` if it is not for sale, or not any more.
    fn find(&self, number: Number) -> BoxFuture<'_, Result<Option<Offer>, LinkError>>;

    /// Buys it. The same key again tells what became of the first order; two keys for one number: one gets it.
    /// `account` is who may talk with it in a simulated world; carriers of the real one pass over it.
    fn order(&self, key: Uuid, number: Number, account: String) -> BoxFuture<'_, Result<Order, ShopError>>;

    /// What became of an order; `None` if it never arrived, and then it never will: the key is spent.
    fn recall_order(&self, key: Uuid) -> BoxFuture<'_, Result<Option<Order>, LinkError>>;

    /// Gives it back. Done twice is done.
    fn release(&self, number: Number) -> BoxFuture<'_, Result<(), LinkError>>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stocked {
    pub country: Country,
    pub count: u64,
    /// The kinds that there are.
    pub kinds: Vec<Kind>,
    pub operators: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    pub country: Country,
    /// All kinds if none is named.
    pub kinds: Vec<Kind>,
    /// The first digits after the country's own: an area code.
    pub area_code: Option<String>,
    /// These digits in a row, anywhere in the number.
    pub contains: Option<String>,
    pub operator: Option<String>,
    pub sms: bool,
    pub mms: bool,
    pub voice: bool,
    pub sort: SortBy,
    /// Goes on after the page that gave it.
    pub cursor: Option<String>,
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// By the number itself, so by dialling code.
    #[default]
    Number,
    AreaCode,
    Operator,
    Price,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferPage {
    pub offers: Vec<Offer>,
    pub next_cursor: Option<String>,
}

/// A number that can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub number: Number,
    pub country: Country,
    pub kind: Kind,
    /// Empty for numbers that belong to no place.
    pub area_code: String,
    pub place: Option<String>,
    pub operator: Option<String>,
    pub sms: bool,
    pub mms: bool,
    pub voice: bool,
    /// A month of it, in millionths of the currency.
    pub monthly_micros: i64,
    /// Not a number that a phone anywhere has.
    pub simulated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub key: Uuid,
    pub number: Number,
    pub state: OrderState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    Bought,
    /// Somebody else has it, or it is not for sale.
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "is", content = "reason", rename_all = "snake_case")]
pub enum ShopError {
    /// It may have been bought: ask for the order.
    #[error("the order may or may not have arrived: {0}")]
    Unknown(String),
    /// It was not bought.
    #[error(transparent)]
    Link(#[from] LinkError),
}
