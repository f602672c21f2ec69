//! The simulator as a shop: numbers are searched in what is computed, and sold in the store.
//! An order's key is remembered for ever, and a number is never sold twice.

use convo_phone::{Country, Number};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{
    Simulator, fate,
    handsets::check_account,
    pen::StoreError,
    stock,
    store::numbers::{self, BOUGHT, GIVEN_UP, GONE},
};
use crate::{LinkError, Offer, OfferPage, Order, OrderState, Search, Shop, ShopError, Stocked};

/// Longer than any number.
const MAX_DIGITS: usize = 15;

impl Shop for Simulator {
    fn countries(&self) -> BoxFuture<'_, Result<Vec<Stocked>, LinkError>> {
        let simulator = self.clone();
        Box::pin(compute(move || simulator.stocked()))
    }

    fn search(&self, search: Search) -> BoxFuture<'_, Result<OfferPage, LinkError>> {
        let simulator = self.clone();
        Box::pin(compute(move || simulator.search_now(&search)))
    }

    fn find(&self, number: Number) -> BoxFuture<'_, Result<Option<Offer>, LinkError>> {
        let simulator = self.clone();
        Box::pin(compute(move || simulator.for_sale(number)))
    }

    fn order(&self, key: Uuid, number: Number, account: String) -> BoxFuture<'_, Result<Order, ShopError>> {
        let simulator = self.clone();
        Box::pin(async move {
            check_account(&account).map_err(|error| LinkError(error.to_string()))?;
            let buyer = simulator.clone();
            let ordered = simulator.act(async move { buyer.order_now(key, number, account).await }).await;
            ordered.map_err(|error| ShopError::Unknown(LinkError::from(error).0))
        })
    }

    fn recall_order(&self, key: Uuid) -> BoxFuture<'_, Result<Option<Order>, LinkError>> {
        let shared = self.0.clone();
        Box::pin(async move {
            let recalled = self.act(async move {
                let mut writing = shared.write().await?;
                let known = numbers::find_order(&mut writing.tx, key).await?;
                if known.is_none() {
                    let now = writing.now;
                    numbers::insert_order(&mut writing.tx, key, None, GIVEN_UP, now).await?;
                    writing.commit(|_| ()).await?;
                }
                Ok(known)
            });
            Ok(recalled.await?.and_then(|(number, state)| Some(order(key, number?, &state))))
        })
    }

    fn release(&self, number: Number) -> BoxFuture<'_, Result<(), LinkError>> {
        let shared = self.0.clone();
        Box::pin(async move {
            let released = self.act(async move {
                let mut writing = shared.write().await?;
                numbers::delete(&mut writing.tx, number).await?;
                writing.commit(|world| drop(world.owned.remove(&number))).await
            });
            Ok(released.await?)
        })
    }
}

impl Simulator {
    fn stocked(&self) -> Vec<Stocked> {
        let taken: Vec<Number> = self.0.worlds.read().taken().collect();
        let taken: Vec<Country> = taken.into_iter().filter_map(stock::find).map(|offer| offer.country).collect();
        let countries = stock::countries().filter_map(|country| Some((country, stock::of(country)?)));
        countries
            .map(|(country, stock)| {
                let gone = taken.iter().filter(|other| **other == country).count();
                Stocked {
                    country,
                    count: stock.len().saturating_sub(gone) as u64,
                    kinds: stock.kinds(),
                    operators: stock.operators().map(str::to_owned).collect(),
                }
            })
            .collect()
    }

    fn search_now(&self, search: &Search) -> OfferPage {
        let are_digits = |text: &Option<String>| {
            text.as_ref()
                .is_none_or(|text| text.len() <= MAX_DIGITS && text.bytes().all(|digit| digit.is_ascii_digit()))
        };
        let stock = stock::of(search.country);
        match stock.filter(|_| are_digits(&search.area_code) && are_digits(&search.contains)) {
            Some(stock) => {
                let world = self.0.worlds.read();
                // Nobody finds by browsing what they could never have.
                stock::page(stock, search, |number| world.is_taken(number) || is_always_gone(number))
            }
            None => OfferPage { offers: vec![], next_cursor: None },
        }
    }

    fn for_sale(&self, number: Number) -> Option<Offer> {
        if self.0.worlds.read().is_taken(number) { None } else { stock::find(number) }
    }

    async fn order_now(&self, key: Uuid, number: Number, account: String) -> Result<Order, StoreError> {
        let mut writing = self.0.write().await?;
        if let Some((first, state)) = numbers::find_order(&mut writing.tx, key).await? {
            // A key that was given up never buys anything.
            return Ok(order(key, first.unwrap_or(number), &state));
        }
        let now = writing.now;
        let is_gone = is_always_gone(number)
            || self.for_sale(number).is_none()
            || fate::percent(self.0.settings.seed, key, "order") < self.0.settings.gone_percent;
        let state = if is_gone { GONE } else { BOUGHT };
        numbers::insert_order(&mut writing.tx, key, Some(number), state, now).await?;
        if !is_gone {
            numbers::insert(&mut writing.tx, number, &account, now).await?;
        }
        writing
            .commit(|world| {
                if !is_gone {
                    world.owned.insert(number, vec![account]);
                }
            })
            .await?;
        Ok(order(key, number, state))
    }

    /// One that nobody has, which nobody can choose.
    pub(super) fn number_for_handset(&self, country: Country, id: Uuid) -> Option<Number> {
        let stock = stock::of(country)?;
        let world = self.0.worlds.read();
        let free = |number: &Number| !world.is_taken(*number) && !is_always_gone(*number);
        stock.mobile_from(fate::hash(self.0.settings.seed, id, "handset")).find(free)
    }
}

/// Numbers that end in 0000 are for trying what happens when somebody else was faster.
fn is_always_gone(number: Number) -> bool {
    number.digits().is_multiple_of(10_000)
}

fn order(key: Uuid, number: Number, state: &str) -> Order {
    Order { key, number, state: if state == BOUGHT { OrderState::Bought } else { OrderState::Gone } }
}

/// Away from the tasks that must not wait: a country's numbers are computed when they are first asked for.
async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LinkError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| LinkError(error.to_string()))
}
