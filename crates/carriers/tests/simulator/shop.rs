//! Numbers: what there is, how it is found, and who gets it.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use convo_carriers::{Offer, Order, OrderState, Search, Shop, SortBy, simulator::Settings};
use convo_phone::Kind;
use futures_util::future::join_all;
use uuid::Uuid;

use crate::{
    both_engines, everywhere,
    stage::{Engine, Place, *},
};

async fn pages(stage: &Stage, mut wanted: Search) -> Vec<Offer> {
    let mut offers = vec![];
    loop {
        let page = Shop::search(&*stage.network, wanted.clone()).await.unwrap();
        assert!(page.offers.len() <= wanted.limit);
        offers.extend(page.offers);
        match page.next_cursor {
            Some(cursor) => wanted.cursor = Some(cursor),
            None => return offers,
        }
    }
}

everywhere!(
    async fn a_number_is_bought_once_and_its_order_remembered(stage) {
        let wanted = search("GB");
        let first = Shop::search(&*stage.network, wanted.clone()).await.unwrap().offers;
        let number = first.iter().find(|offer| !offer.number.digits().is_multiple_of(10_000)).unwrap().number;
        let (key, late) = (Uuid::now_v7(), Uuid::now_v7());
        let bought = stage.network.order(key, number, "ana".to_owned()).await.unwrap();
        assert_eq!(bought, Order { key, number, state: OrderState::Bought });
        assert_eq!(stage.network.order(key, number, "ana".to_owned()).await.unwrap(), bought);
        assert_eq!(stage.network.order(late, number, "ben".to_owned()).await.unwrap().state, OrderState::Gone);
        assert_eq!(stage.network.find(number).await.unwrap(), None);
        let after = Shop::search(&*stage.network, wanted).await.unwrap().offers;
        assert!(after.iter().all(|offer| offer.number != number));

        stage.restart().await;
        assert_eq!(stage.network.recall_order(key).await.unwrap(), Some(bought));
        assert_eq!(stage.network.order(late, number, "ben".to_owned()).await.unwrap().state, OrderState::Gone);
        stage.network.release(number).await.unwrap();
        stage.network.release(number).await.unwrap();
        assert!(stage.network.find(number).await.unwrap().is_some());
        let again = stage.network.order(Uuid::now_v7(), number, "ben".to_owned()).await.unwrap();
        assert_eq!(again.state, OrderState::Bought);
    }
);

everywhere!(
    async fn an_order_that_never_arrived_never_will(stage) {
        let number = Shop::search(&*stage.network, search("GB")).await.unwrap().offers[5].number;
        let key = Uuid::now_v7();
        assert_eq!(stage.network.recall_order(key).await.unwrap(), None);
        assert_eq!(stage.network.order(key, number, "ana".to_owned()).await.unwrap().state, OrderState::Gone);
        assert_eq!(stage.network.recall_order(key).await.unwrap(), None);
        assert!(stage.network.find(number).await.unwrap().is_some());
    }
);

everywhere!(
    async fn of_fifty_who_buy_the_same_number_one_gets_it(stage) {
        let number = Shop::search(&*stage.network, search("GB")).await.unwrap().offers[5].number;
        let orders = join_all((0..50).map(|buyer| stage.network.order(Uuid::now_v7(), number, format!("buyer {buyer}")))).await;
        let bought = orders.into_iter().filter(|order| order.as_ref().unwrap().state == OrderState::Bought);
        assert_eq!(bought.count(), 1);
    }
);

everywhere!(
    async fn some_orders_fail_by_rule_and_what_is_not_sold_is_gone(stage) {
        // It can be tried by who knows it; nobody finds it by browsing.
        let never_sold = number("+447700900000");
        assert!(stage.network.find(never_sold).await.unwrap().is_some());
        let wanted = Search { contains: Some("7700900000".to_owned()), ..search("GB") };
        assert!(pages(stage, wanted).await.is_empty());
        for number in [never_sold, number("+447700900900"), number("+447911123456")] {
            let order = stage.network.order(Uuid::now_v7(), number, "ana".to_owned()).await.unwrap();
            assert_eq!(order.state, OrderState::Gone);
        }
    }
);

both_engines!(
    Settings { gone_percent: 100.0, ..Settings::default() },
    async fn orders_fail_as_often_as_the_settings_say(stage) {
        let number = Shop::search(&*stage.network, search("GB")).await.unwrap().offers[5].number;
        let order = stage.network.order(Uuid::now_v7(), number, "ana".to_owned()).await.unwrap();
        assert_eq!(order.state, OrderState::Gone);
        assert!(stage.network.find(number).await.unwrap().is_some());
    }
);

everywhere!(
    async fn a_text_to_a_number_that_was_bought_arrives_there(stage) {
        let number = stage.buys("SE", "ana").await;
        let sent = part_to(number);
        stage.accepts(std::slice::from_ref(&sent)).await;
        stage.advance(LATENCY);
        let events = stage.takes(2).await;
        assert_eq!(outcomes(&events), [convo_carriers::Outcome::Delivered]);
        let came = inbound(&events);
        assert_eq!((&came[0].from, &came[0].to, &came[0].payload), (&sent.from, &sent.to, &sent.payload));
    }
);

/// Nothing of this touches a store, so that one engine is enough.
async fn here() -> Stage {
    Stage::open(Engine::Sqlite, Place::Here, Settings::default()).await
}

#[tokio::test]
async fn there_are_a_hundred_thousand_numbers_in_many_countries_all_of_them_valid_or_fictional() {
    let stage = here().await;
    let countries = stage.network.countries().await.unwrap();
    let count: u64 = countries.iter().map(|stocked| stocked.count).sum();
    assert!(countries.len() >= 24 && (90_000..140_000).contains(&count), "{count} in {}", countries.len());
    for stocked in &countries {
        let offers = pages(&stage, Search { limit: 200, ..search(stocked.country.as_str()) }).await;
        // But for those that are never sold, one in ten thousand, or the first of a short range.
        let unlisted = stocked.count - offers.len() as u64;
        assert!(unlisted <= 1 + stocked.count / 500, "{}: {unlisted} of {}", stocked.country, stocked.count);
        let kinds: HashSet<_> = offers.iter().map(|offer| offer.kind).collect();
        assert_eq!(kinds, stocked.kinds.iter().copied().collect());
        assert!(kinds.iter().any(|kind| kind.is_mobile()), "{} has no mobile numbers", stocked.country);
        // To look each up in its plan would take a while; a seventh shows as much.
        for offer in offers.iter().step_by(7) {
            let described = offer.number.describe();
            assert!(described.is_valid || described.is_fictional);
            assert_eq!((described.country, described.kind), (Some(stocked.country), Some(offer.kind)));
            assert!(offer.simulated && offer.monthly_micros > 0 && offer.operator.is_some());
            assert!(!offer.kind.is_mobile() || offer.sms);
        }
        let is_placed = offers.iter().any(|offer| offer.place.is_some());
        assert!(is_placed, "{} has no numbers of places", stocked.country);
    }
    stage.end().await;
}

fn naively(offers: &[Offer], wanted: &Search) -> Vec<Offer> {
    let code = wanted.country.calling_code().to_string();
    let fits = |offer: &&Offer| {
        let digits = offer.number.digits().to_string();
        (wanted.kinds.is_empty() || wanted.kinds.contains(&offer.kind))
            && wanted.area_code.as_ref().is_none_or(|area| digits[code.len()..].starts_with(area))
            && wanted.contains.as_ref().is_none_or(|contains| digits.contains(contains))
            && (wanted.operator.is_none() || offer.operator == wanted.operator)
            && (!wanted.sms || offer.sms)
            && (!wanted.mms || offer.mms)
    };
    let mut found: Vec<_> = offers.iter().filter(fits).cloned().collect();
    found.sort_by_key(|offer| offer.number);
    match wanted.sort {
        SortBy::Number => {}
        SortBy::AreaCode => found.sort_by_key(|offer| offer.area_code.clone()),
        SortBy::Operator => found.sort_by_key(|offer| offer.operator.clone()),
        SortBy::Price => found.sort_by_key(|offer| offer.monthly_micros),
    }
    found
}

#[tokio::test]
async fn a_search_finds_what_a_naive_one_finds_in_its_order_and_in_pages_without_repeats() {
    let stage = here().await;
    for letters in ["GB", "US", "NL", "FR"] {
        let all = pages(&stage, Search { limit: 200, ..search(letters) }).await;
        let operator = all[7].operator.clone();
        let area = all.iter().map(|offer| &offer.area_code).find(|area| !area.is_empty()).unwrap().clone();
        for sort in [SortBy::Number, SortBy::AreaCode, SortBy::Operator, SortBy::Price] {
            let base = Search { sort, limit: 137, ..search(letters) };
            for wanted in [
                base.clone(),
                Search { kinds: vec![Kind::Mobile, Kind::FixedLineOrMobile], ..base.clone() },
                Search { area_code: Some(area.clone()), ..base.clone() },
                Search { contains: Some("12".to_owned()), mms: true, ..base.clone() },
                Search { operator: operator.clone(), sms: true, voice: true, ..base.clone() },
                Search { contains: Some("nonsense".to_owned()), ..base.clone() },
            ] {
                assert_eq!(pages(&stage, wanted.clone()).await, naively(&all, &wanted), "{wanted:?}");
            }
        }
    }
    let nonsense = Search { cursor: Some("nonsense".to_owned()), ..search("GB") };
    assert_eq!(Shop::search(&*stage.network, nonsense).await.unwrap().offers, []);
    assert_eq!(Shop::search(&*stage.network, search("VA")).await.unwrap().offers, []);
    stage.end().await;
}

#[tokio::test]
async fn a_cursor_goes_on_after_its_number_was_sold() {
    let stage = here().await;
    let page = Shop::search(&*stage.network, search("GB")).await.unwrap();
    let last = page.offers.last().unwrap().number;
    stage.network.order(Uuid::now_v7(), last, "ana".to_owned()).await.unwrap();
    let next = Shop::search(&*stage.network, Search { cursor: page.next_cursor, ..search("GB") }).await.unwrap();
    assert!(next.offers[0].number > last);
    stage.end().await;
}

#[tokio::test]
async fn a_search_answers_within_its_time() {
    let stage = here().await;
    // The worst: everything is looked at, and nothing fits.
    let wanted = Search { contains: Some("987654".to_owned()), sort: SortBy::Price, ..search("GB") };
    Shop::search(&*stage.network, wanted.clone()).await.unwrap();
    let mut took = vec![];
    for _ in 0..20 {
        let started = Instant::now();
        Shop::search(&*stage.network, wanted.clone()).await.unwrap();
        took.push(started.elapsed());
    }
    took.sort();
    assert!(took[18] < Duration::from_millis(50), "{took:?}");
    stage.end().await;
}
