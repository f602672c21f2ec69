//! Carriers that administrators enter: a message centre that none of us wrote takes our texts and brings others.
//! Live and simulated never mix, whatever fails.

use std::time::Duration;

use convo_carriers::Inbound;
use convo_db::Timestamp;
use convo_phone::sms;
use convo_server::{
    app::App,
    clock::Clock,
    sms::{
        carriers::{Allowance, actions::check_worlds},
        inbound::actions::{accept, mark_answered},
        outbound::actions::claim,
    },
};
use convo_smpp_peer::Peer;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, TestUser, eventually};

/// Of nobody that we know, in a range that is given to people.
const OURS: &str = "+447400123456";
const THEIRS: &str = "+447400654321";

fn at(peer: &Peer, more: Value) -> Value {
    let mut settings = json!({
        "smpp": {
            "host": "127.0.0.1", "port": peer.port, "system_id": "convo", "password": "hidden", "country": "GB",
            "window": 10, "segments_per_second": 1000,
        },
        "prices": {"text_micros": 50_000, "by_prefix": {"44": 40_000}, "inbound_micros": 1_000},
    });
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    settings
}

async fn enters(t: &TestApp, name: &str, settings: Value) -> Value {
    t.admin().await.put(&format!("/api/admin/carriers/{name}"), settings).await.ok()
}

async fn is_bound(t: &TestApp, name: &str) {
    let admin = t.admin().await;
    eventually(&format!("{name} to be bound"), async || {
        let all = admin.get("/api/admin/carriers").await.ok();
        let found = all["carriers"].as_array().unwrap().iter().find(|carrier| carrier["name"] == name).cloned();
        found.filter(|carrier| carrier["link"]["is_up"] == true)
    })
    .await;
}

/// The id of a number that a carrier gave, with live money for its owner.
async fn owns(t: &TestApp, user: &TestUser, carrier: &str, number: &str) -> String {
    let admin = t.admin().await;
    let key = Uuid::now_v7().to_string();
    let path = format!("/api/admin/users/{}/wallets/live/adjustments", user.id);
    admin.pays(&key, &path, json!({"amount_micros": 10_000_000, "reason": "for the test"})).await.created();
    let new = json!({"carrier": carrier, "number": number, "user_id": user.id, "monthly_micros": 2_000_000});
    let entered = admin.pays(&format!("{key}-number"), "/api/admin/numbers", new.clone()).await.created();
    let again = admin.pays(&format!("{key}-number"), "/api/admin/numbers", new).await.ok();
    assert_eq!(again["id"], entered["id"]);
    entered["id"].as_str().unwrap().to_owned()
}

async fn begins(user: &TestUser, number_id: &str, to: &str) -> String {
    let begun = user.post("/api/conversations", json!({"kind": "sms", "number_id": number_id, "to": to})).await;
    begun.json["conversation"]["id"].as_str().unwrap_or_else(|| panic!("{}", begun.json)).to_owned()
}

async fn live_balance(user: &TestUser) -> i64 {
    user.wallet("live").await["balance_micros"].as_i64().unwrap()
}

both_dbs!(
    async fn texts_leave_and_arrive_by_a_carrier_that_an_administrator_entered(t: TestApp) {
        let mut peer = Peer::start().await;
        peer.behave(json!({"receipts": "after"})).await;
        let ana = t.user("ana").await;
        let entered = enters(&t, "acme", at(&peer, json!({}))).await;
        assert_eq!((&entered["world"], &entered["has_password"]), (&json!("live"), &json!(true)));
        assert!(!entered.to_string().contains("hidden"), "{entered}");
        is_bound(&t, "acme").await;
        let number = owns(&t, &ana, "acme", OURS).await;
        assert_eq!(live_balance(&ana).await, 8_000_000);

        let thread = begins(&ana, &number, THEIRS).await;
        ana.texts(&thread, "one", "Hello out there").await.created();
        ana.sees_delivery(&thread, 1, "delivered").await;
        assert_eq!(live_balance(&ana).await, 8_000_000 - 40_000);
        let sent = peer.tell("submitted", json!({})).await;
        assert_eq!(sent["submitted"][0]["text"], "Hello out there");

        let text = json!({"source_addr": &THEIRS[1..], "source_addr_ton": 1, "source_addr_npi": 1,
            "destination_addr": &OURS[1..], "dest_addr_ton": 1, "dest_addr_npi": 1, "short_message": "Hello in there"});
        peer.tell("deliver", json!({"pdus": [text]})).await;
        let answer = ana.sees_delivery(&thread, 2, "received").await;
        assert_eq!(answer["body"], "Hello in there");
        assert_eq!(live_balance(&ana).await, 8_000_000 - 41_000);

        // Changed without a password, it keeps the one that it has.
        let mut without = at(&peer, json!({"segments_per_sender_second": 5}));
        without["smpp"].as_object_mut().unwrap().remove("password");
        let changed = enters(&t, "acme", without).await;
        assert_eq!(changed["has_password"], true);
        let (first, second) = (peer.event("bind").await, peer.event("bind").await);
        assert_eq!((&first["password"], &second["password"]), (&json!("hidden"), &json!("hidden")));
        ana.texts(&thread, "two", "Still there?").await.created();
        ana.sees_delivery(&thread, 3, "delivered").await;
        let admin = t.admin().await;
        admin.delete("/api/admin/carriers/acme").await.problem(409, "carrier_in_use");

        // To another server goes no password that nobody typed again.
        let mut elsewhere = at(&peer, json!({}));
        elsewhere["smpp"].as_object_mut().unwrap().remove("password");
        elsewhere["smpp"]["host"] = json!("localhost");
        admin.put("/api/admin/carriers/acme", elsewhere).await.problem(422, "password_needed");
    }
);

both_dbs!(
    async fn wrong_settings_change_nothing(t: TestApp) {
        let peer = Peer::start().await;
        let admin = t.admin().await;
        let wrong = [
            ("Acme", at(&peer, json!({}))),
            ("simulator", at(&peer, json!({}))),
            ("acme", at(&peer, json!({"segments_per_sender_second": 0}))),
            ("acme", at(&peer, json!({"prices": {"text_micros": -1}}))),
            ("acme", at(&peer, json!({"smpp": {"host": "", "system_id": "convo", "country": "GB"}}))),
        ];
        for (name, settings) in wrong {
            admin.put(&format!("/api/admin/carriers/{name}"), settings).await.problem(422, "carrier_wrong");
        }
        enters(&t, "acme", at(&peer, json!({}))).await;
        let mut other_world = at(&peer, json!({}));
        other_world["smpp"]["world"] = json!("simulated");
        admin.put("/api/admin/carriers/acme", other_world).await.problem(409, "world_is_fixed");
        admin.delete("/api/admin/carriers/simulator").await.problem(409, "carrier_of_file");
        let new = |number: &str| json!({"carrier": "acme", "number": number, "user_id": admin.id});
        admin.pays("film", "/api/admin/numbers", new("+447700900123")).await.problem(422, "fictional_number");
        admin.pays("words", "/api/admin/numbers", new("a number")).await.problem(422, "not_a_number");
        let mut priced = new(OURS);
        priced["monthly_micros"] = json!(1);
        admin.pays("no money", "/api/admin/numbers", priced).await.problem(402, "not_enough_money");
        admin.pays("first", "/api/admin/numbers", new(OURS)).await.created();
        admin.pays("second", "/api/admin/numbers", new(OURS)).await.problem(409, "number_taken");
        let mut simulated = new(OURS);
        simulated["carrier"] = json!("simulator");
        admin.pays("simulated", "/api/admin/numbers", simulated).await.problem(409, "carrier_sells_numbers");
    }
);

both_dbs!(
    async fn live_and_simulated_never_mix(t: TestApp) {
        let mut peer = Peer::start().await;
        peer.behave(json!({"receipts": "after"})).await;
        let ana = t.user("ana").await;
        // It would take everything from everybody.
        let greedy = json!({"routes": {"any_sender": true, "priority": -100, "prefixes": ["1", "44"], "failover_after_secs": 0}});
        enters(&t, "greedy", at(&peer, greedy)).await;
        is_bound(&t, "greedy").await;

        // A simulated number never leaves by a live route.
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let played = begins(&ana, &line.id, &handset.number).await;
        ana.texts(&played, "play", "Only play").await.created();
        handset.receives("Only play").await;
        ana.sees_delivery(&played, 1, "delivered").await;
        assert_eq!(peer.stats().await["submissions"], 0);

        // What a live carrier brings is not for a simulated number.
        let text = json!({"source_addr": &THEIRS[1..], "source_addr_ton": 1, "source_addr_npi": 1,
            "destination_addr": &line.number[1..], "dest_addr_ton": 1, "dest_addr_npi": 1, "short_message": "Let me in"});
        peer.tell("deliver", json!({"pdus": [text]})).await;
        peer.event("answer").await;
        let list = ana.get("/api/conversations").await.ok();
        assert_eq!(list["conversations"].as_array().unwrap().len(), 1, "{list}");

        // Test money never pays a live text, however much there is.
        let number = owns(&t, &ana, "greedy", OURS).await;
        ana.tops_up("play money", 50_000_000).await.created();
        let rest = live_balance(&ana).await;
        let admin = t.admin().await;
        let path = format!("/api/admin/users/{}/wallets/live/adjustments", ana.id);
        admin.pays("take", &path, json!({"amount_micros": -rest, "reason": "for the test"})).await.created();
        let (live, test) = (begins(&ana, &number, THEIRS).await, ana.balance().await);
        ana.texts(&live, "poor", "Who pays?").await.problem(402, "not_enough_money");
        assert_eq!((live_balance(&ana).await, ana.balance().await), (0, test));

        // Numbers of films are refused on a live route, those of handsets among them.
        admin.pays("give", &path, json!({"amount_micros": 1_000_000, "reason": "for the test"})).await.created();
        for to in ["+447700900123", "+12025550123"] {
            let film = begins(&ana, &number, to).await;
            ana.texts(&film, "film", "Hello Hollywood").await.problem(409, "fictional_number");
        }

        // A failed live route waits; the simulator never takes its texts.
        peer.tell("stop", json!({})).await;
        ana.texts(&live, "waits", "Still waiting").await.created();
        let looked = async || {
            let all = admin.get("/api/admin/carriers").await.ok();
            let greedy = all["carriers"].as_array().unwrap().iter().find(|one| one["name"] == "greedy").cloned()?;
            (greedy["link"]["is_up"] == false && greedy["queued"] == 1).then_some(())
        };
        eventually("the live route to be down, with a text that waits", looked).await;
        convo_server::sms::carriers::failover::run(&t.app).await.unwrap();
        let all = admin.get("/api/admin/carriers").await.ok();
        let queued = |name: &str| {
            let all = all["carriers"].as_array().unwrap();
            all.iter().find(|one| one["name"] == name).unwrap()["queued"].clone()
        };
        assert_eq!((queued("greedy"), queued("simulator")), (json!(1), json!(0)));
        peer.tell("start", json!({})).await;
        ana.sees_delivery(&live, 1, "delivered").await;
    }
);

both_dbs!(
    |config| {
        let settings = json!({"enabled": false, "smpp": {"host": "127.0.0.1", "port": 9, "system_id": "convo", "country": "GB"}});
        config.carriers.insert("acme".to_owned(), serde_json::from_value(settings).unwrap())
    };
    async fn a_settings_file_that_changes_the_world_of_a_carrier_with_numbers_starts_no_server(t: TestApp) {
        let ana = t.user("ana").await;
        owns(&t, &ana, "acme", OURS).await;
        check_worlds(&t.app).await.unwrap();
        // As another file left them.
        let mut tx = t.app.begin().await.unwrap();
        tx.sql("update numbers set mode = 'test' where carrier = 'acme'").run().await.unwrap();
        tx.commit().await.unwrap();
        let refused = check_worlds(&t.app).await.unwrap_err().to_string();
        assert!(refused.contains("`acme`") && refused.contains("1 of its numbers"), "{refused}");
        assert!(App::start(t.app.config.clone(), Clock::System).await.is_err());
    }
);

both_dbs!(
    async fn a_stop_to_a_number_that_nobody_has_holds_for_who_takes_it_next(t: TestApp) {
        let mut peer = Peer::start().await;
        let [ana, ben] = t.users(["ana", "ben"]).await;
        enters(&t, "acme", at(&peer, json!({}))).await;
        is_bound(&t, "acme").await;
        let number = owns(&t, &ana, "acme", OURS).await;
        let thread = begins(&ana, &number, THEIRS).await;
        ana.texts(&thread, "one", "Hello").await.created();
        ana.sees_delivery(&thread, 1, "submitted").await;
        ana.delete(&format!("/api/numbers/{number}")).await.no_content();
        let stop = json!({"source_addr": &THEIRS[1..], "source_addr_ton": 1, "source_addr_npi": 1,
            "destination_addr": &OURS[1..], "dest_addr_ton": 1, "dest_addr_npi": 1, "short_message": "STOP"});
        peer.tell("deliver", json!({"pdus": [stop]})).await;
        eventually("STOP to be obeyed", async || {
            let shown = ana.get(&format!("/api/conversations/{thread}")).await.ok();
            shown["conversation"]["line"]["opted_out_at"].is_string().then_some(())
        })
        .await;
        let next = owns(&t, &ben, "acme", OURS).await;
        let fresh = begins(&ben, &next, THEIRS).await;
        ben.texts(&fresh, "again", "Hello again").await.problem(409, "opted_out");
    }
);

both_dbs!(
    async fn what_waits_for_a_carrier_that_is_down_leaves_by_another(t: TestApp) {
        let (mut first, mut second) = (Peer::start().await, Peer::start().await);
        second.behave(json!({"receipts": "after"})).await;
        let ana = t.user("ana").await;
        let soon = json!({"routes": {"failover_after_secs": 0}});
        enters(&t, "first", at(&first, soon)).await;
        let other = json!({"routes": {"any_sender": true, "priority": 200, "failover_after_secs": 0}});
        enters(&t, "second", at(&second, other)).await;
        is_bound(&t, "first").await;
        is_bound(&t, "second").await;
        let number = owns(&t, &ana, "first", OURS).await;
        let thread = begins(&ana, &number, THEIRS).await;
        ana.texts(&thread, "one", "By the first").await.created();
        ana.sees_delivery(&thread, 1, "submitted").await;
        assert_eq!((&first.stats().await["accepted"], &second.stats().await["accepted"]), (&json!(1), &json!(0)));

        first.tell("stop", json!({})).await;
        ana.texts(&thread, "two", "By the second").await.created();
        ana.sees_delivery(&thread, 2, "delivered").await;
        assert_eq!(second.stats().await["accepted"], 1);
        // A carrier of its prefix goes before the number's own.
        first.tell("start", json!({})).await;
        is_bound(&t, "first").await;
        let special = json!({"routes": {"any_sender": true, "priority": 200, "prefixes": ["447400"]}});
        enters(&t, "second", at(&second, special)).await;
        is_bound(&t, "second").await;
        ana.texts(&thread, "three", "By its prefix").await.created();
        ana.sees_delivery(&thread, 3, "delivered").await;
        assert_eq!(second.stats().await["accepted"], 2);

        // Accepted by a server that did not know yet that the second is gone.
        let later = json!({"client_id": uuid::Uuid::now_v7(), "body": "By one that is gone", "due_in_ms": 10_000});
        ana.post(&format!("/api/conversations/{thread}/messages"), later).await.created();
        let mut tx = t.app.begin().await.unwrap();
        let moved = tx.sql("update parts set carrier = 'gone' where state = 'queued'").run().await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(std::time::Duration::from_secs(11));
        ana.sees_delivery(&thread, 4, "delivered").await;
        assert_eq!((moved, &second.stats().await["accepted"]), (1, &json!(3)));
    }
);

both_dbs!(
    async fn a_broken_link_leaves_a_text_unknown_and_never_sends_it_twice(t: TestApp) {
        let mut peer = Peer::start().await;
        peer.behave(json!({"drop_after": 1})).await;
        let ana = t.user("ana").await;
        enters(&t, "acme", at(&peer, json!({}))).await;
        is_bound(&t, "acme").await;
        let number = owns(&t, &ana, "acme", OURS).await;
        let thread = begins(&ana, &number, THEIRS).await;
        ana.texts(&thread, "one", "Did it arrive?").await.created();
        let unknown = ana.sees_delivery(&thread, 1, "unknown").await;
        assert_eq!(unknown["delivery"]["price_micros"], 40_000);
        // The link comes back, and what is new leaves; the unknown one does not.
        ana.texts(&thread, "two", "And this?").await.created();
        ana.sees_delivery(&thread, 2, "submitted").await;
        let stats = peer.stats().await;
        assert_eq!((&stats["accepted"], &stats["doubled"]), (&json!(2), &json!(0)));
    }
);

both_dbs!(
    async fn a_text_that_was_not_answered_is_taken_in_once_when_it_comes_again(t: TestApp) {
        let peer = Peer::start().await;
        let ana = t.user("ana").await;
        enters(&t, "acme", at(&peer, json!({"enabled": false}))).await;
        let number = owns(&t, &ana, "acme", OURS).await;
        let thread = begins(&ana, &number, THEIRS).await;
        let (one, two, three, four) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let ok = |session| Inbound {
            id: None,
            from: THEIRS.parse().unwrap(),
            to: OURS.parse().unwrap(),
            payload: sms::split("ok").payloads(0).unwrap().remove(0),
            at: Timestamp::from_micros(0),
            session: Some(session),
        };
        let there = async || ana.reads_thread(&thread).await.len();
        // Two honest ones of one connection are two.
        accept(&t.app, "acme", &[ok(one), ok(one)]).await.unwrap();
        assert_eq!(there().await, 2);
        // Both come again; a third is new. And again on the next connection, because that one broke, too.
        accept(&t.app, "acme", &[ok(two), ok(two), ok(two)]).await.unwrap();
        assert_eq!(there().await, 3);
        accept(&t.app, "acme", &[ok(three), ok(three), ok(three)]).await.unwrap();
        assert_eq!(there().await, 3);
        // Answered, it does not come again: the next one is another text.
        mark_answered(&t.app, "acme", &[three], t.clock.now()).await.unwrap();
        accept(&t.app, "acme", &[ok(four)]).await.unwrap();
        assert_eq!(there().await, 4);
        // What was never answered is forgotten after ten minutes.
        t.clock.advance(Duration::from_secs(601));
        accept(&t.app, "acme", &[ok(one)]).await.unwrap();
        assert_eq!(there().await, 5);
    }
);

both_dbs!(
    async fn a_sender_waits_for_its_turn_and_others_do_not_wait_for_it(t: TestApp) {
        let mut peer = Peer::start().await;
        let [ana, ben] = t.users(["ana", "ben"]).await;
        enters(&t, "acme", at(&peer, json!({}))).await;
        is_bound(&t, "acme").await;
        let (first, second) = (owns(&t, &ana, "acme", OURS).await, owns(&t, &ben, "acme", "+447400123457").await);
        peer.tell("stop", json!({})).await;
        let admin = t.admin().await;
        eventually("the link to be down", async || {
            let all = admin.get("/api/admin/carriers").await.ok();
            let acme = all["carriers"].as_array().unwrap().iter().find(|one| one["name"] == "acme").cloned()?;
            (acme["link"]["is_up"] == false).then_some(())
        })
        .await;
        let (long, short) = (begins(&ana, &first, THEIRS).await, begins(&ben, &second, THEIRS).await);
        ana.texts(&long, "long", &"x".repeat(400)).await.created();
        ben.texts(&short, "short", "Me, too").await.created();
        let senders = |parts: Vec<convo_server::sms::outbound::PartRow>| {
            let mut senders: Vec<_> = parts.iter().map(|part| part.number_id.to_string()).collect();
            senders.sort();
            senders
        };
        let number_id = |id: &str| serde_json::from_value(json!(id)).unwrap();
        // One each; then the first has no token, and the second has sent all.
        let allowance = Allowance { each: 1, less: vec![] };
        let claimed = senders(claim(&t.app, "acme", 1_000, 10, &allowance).await.unwrap());
        let mut both = vec![first.clone(), second.clone()];
        both.sort();
        assert_eq!(claimed, both);
        let allowance = Allowance { each: 1, less: vec![(number_id(&first), 0)] };
        assert_eq!(senders(claim(&t.app, "acme", 1_000, 10, &allowance).await.unwrap()), Vec::<String>::new());
        let claimed = senders(claim(&t.app, "acme", 1_000, 10, &Allowance::unbounded()).await.unwrap());
        assert_eq!(claimed, [first.clone(), first]);
    }
);
