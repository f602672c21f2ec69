//! The marketplace and what people own: bought once, renewed, given back.

use std::{collections::HashSet, time::Duration};

use serde_json::json;

const DAY: Duration = Duration::from_secs(86_400);

both_dbs!(
    async fn a_number_is_found_by_its_digits_and_bought_once(t: TestApp) {
        let ana = t.user("ana").await;
        let countries = ana.get("/api/numbers/countries").await.ok();
        assert!(countries["countries"].as_array().unwrap().len() >= 20);
        let found = ana.finds_numbers("US", "contains=55501&sms=true&limit=5").await;
        let number = found[0]["number"].as_str().unwrap().to_owned();
        assert!(number.contains("55501"), "{number}");
        let price = found[0]["monthly_micros"].as_i64().unwrap();

        let lacks = ana.buys("first", &number).await.problem(402, "not_enough_money");
        assert_eq!((&lacks["missing_micros"], &lacks["mode"]), (&json!(price), &json!("test")));
        ana.tops_up("money", 10_000_000).await.created();
        let mut screen = ana.connects().await;
        let bought = ana.buys("first", &number).await.created();
        assert_eq!((&bought["state"], &bought["number"]), (&json!("owned"), &json!(number)));
        assert_eq!(screen.hears("number.updated").await["number"]["id"], bought["id"]);
        let again = ana.buys("first", &number).await.ok();
        assert_eq!(again["id"], bought["id"]);
        assert_eq!(ana.balance().await, 10_000_000 - price);
        ana.buys("second", &number).await.problem(409, "number_gone");
        assert_eq!(ana.balance().await, 10_000_000 - price);
        assert_eq!(ana.wallet("test").await["held_micros"], 0);
        let after = ana.finds_numbers("US", &format!("contains={}", &number[2..])).await;
        assert!(after.is_empty(), "{after:?}");
    }
);

both_dbs!(
    async fn many_buyers_of_few_numbers_get_each_once(t: TestApp) {
        let mut buyers = vec![];
        // `CONVO_BUYERS=200` for the whole crowd; so many at once would slow down every story beside this one.
        #[expect(clippy::disallowed_methods, reason = "how large the crowd is, may be said from outside")]
        let crowd: usize = std::env::var("CONVO_BUYERS").ok().and_then(|crowd| crowd.parse().ok()).unwrap_or(20);
        for n in 0..crowd {
            buyers.push(t.user(&format!("buyer{n}")).await);
        }
        for buyer in &buyers {
            buyer.tops_up("money", 100_000_000).await.created();
        }
        let numbers: Vec<String> = buyers[0]
            .finds_numbers("DE", &format!("limit={}&kind=mobile", crowd / 4))
            .await
            .iter()
            .map(|offer| offer["number"].as_str().unwrap().to_owned())
            .collect();
        let wishes = buyers.iter().enumerate().flat_map(|(b, buyer)| {
            // Each asks twice with the same key, as a client on a bad network does.
            let number = &numbers[b % numbers.len()];
            [buyer.buys("wish", number), buyer.buys("wish", number)].map(|wish| (buyer, wish))
        });
        let results =
            futures_util::future::join_all(wishes.map(|(buyer, wish)| async move { (buyer, wish.await) })).await;
        let winners: HashSet<_> =
            results.iter().filter(|(_, reply)| reply.status.is_success()).map(|(buyer, _)| buyer.id.clone()).collect();
        assert_eq!((winners.len(), numbers.len()), (crowd / 4, crowd / 4));
        for (buyer, reply) in &results {
            if !winners.contains(&buyer.id) {
                assert_eq!(reply.status.as_u16(), 409, "{}", reply.json);
            }
        }
        for buyer in &buyers {
            let owned = buyer.get("/api/numbers/owned").await.ok();
            let spent: i64 =
                owned["numbers"].as_array().unwrap().iter().map(|n| n["monthly_micros"].as_i64().unwrap()).sum();
            assert_eq!(buyer.balance().await, 100_000_000 - spent);
            assert_eq!(buyer.wallet("test").await["held_micros"], 0);
        }
    }
);

both_dbs!(
    async fn a_number_that_the_carrier_does_not_sell_costs_nothing(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 10_000_000).await.created();
        // The simulated carrier never sells numbers that end so.
        ana.buys("wish", "+447700900000").await.problem(409, "number_gone");
        ana.buys("wish", "+447700900000").await.problem(409, "number_gone");
        assert_eq!((ana.balance().await, &ana.wallet("test").await["held_micros"]), (10_000_000, &json!(0)));
        ana.buys("none", "+4915112345678").await.problem(409, "number_gone");
        ana.buys("bad", "12").await.problem(422, "not_a_number");
        assert!(ana.get("/api/numbers/owned").await.ok()["numbers"].as_array().unwrap().is_empty());
    }
);

both_dbs!(
    async fn a_number_renews_itself_or_ends_after_its_grace(t: TestApp) {
        let ana = t.user("ana").await;
        let line = ana.buys_a_number("US").await;
        let paid_until = |number: &serde_json::Value| number["paid_until"].as_str().unwrap().to_owned();
        let path = format!("/api/numbers/{}", line.id);
        let first = ana.get(&path).await.ok();
        let before = ana.balance().await;

        t.clock.advance(29 * DAY + DAY / 2);
        let ana = t.signs_in("ana").await;
        for _ in 0..3 {
            convo_server::sms::numbers::jobs::renew_due(&t.app).await.unwrap();
        }
        let renewed = ana.get(&path).await.ok();
        assert_ne!(paid_until(&renewed), paid_until(&first));
        assert_eq!(ana.balance().await, before - first["monthly_micros"].as_i64().unwrap());

        // By hand: once for each key.
        let again = ana.puts("one", &format!("{path}/renew")).await.ok();
        assert_eq!(paid_until(&ana.puts("one", &format!("{path}/renew")).await.ok()), paid_until(&again));
        assert_eq!(ana.balance().await, before - 2 * first["monthly_micros"].as_i64().unwrap());

        ana.patch(&path, json!({"auto_renew": false, "label": "Support"})).await.ok();
        t.clock.advance(58 * DAY);
        let ana = t.signs_in("ana").await;
        convo_server::sms::numbers::jobs::renew_due(&t.app).await.unwrap();
        assert!(t.mail_to("ana@example.org").await.contains(&line.number));
        t.clock.advance(5 * DAY);
        let ana_ = t.signs_in("ana").await;
        convo_server::sms::numbers::jobs::renew_due(&t.app).await.unwrap();
        assert!(ana_.get(&path).await.ok()["grace_until"].is_string());
        let handset = ana_.has_a_handset("US").await;
        let refused =
            ana_.post("/api/conversations", json!({"kind": "sms", "number_id": line.id, "to": handset.number})).await;
        refused.problem(409, "number_unpaid");
        handset.texts(&line.number, "Still there?").await.created();
        t.clock.advance(7 * DAY);
        let ana_ = t.signs_in("ana").await;
        convo_server::sms::numbers::jobs::renew_due(&t.app).await.unwrap();
        assert_eq!(ana_.get(&path).await.ok()["state"], "released");
        let _ = ana;
        // It can be had again.
        crate::support::eventually("the number to be for sale", async || {
            (!ana_.finds_numbers("US", &format!("contains={}", &line.number[2..])).await.is_empty()).then_some(())
        })
        .await;
    }
);

both_dbs!(
    async fn a_resold_number_starts_empty(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let line = ana.buys_a_number("US").await;
        let thread = ana.begins_thread(&line, "+447700900900").await;
        ana.texts(&thread, "secret", "Only for Ana").await.created();
        ana.sees_delivery(&thread, 1, "delivered").await;
        let before = ana.balance().await;
        let waits = json!({"client_id": uuid::Uuid::now_v7(), "body": "Too late", "due_in_ms": 60_000});
        ana.post(&format!("/api/conversations/{thread}/messages"), waits).await.created();
        ben.delete(&format!("/api/numbers/{}", line.id)).await.problem(404, "number_not_found");
        ana.delete(&format!("/api/numbers/{}", line.id)).await.no_content();
        ana.delete(&format!("/api/numbers/{}", line.id)).await.no_content();
        // What had not left is taken back, with its price.
        assert_eq!(ana.reads_thread(&thread).await[1]["delivery"]["state"], "cancelled");
        assert_eq!(ana.balance().await, before);
        ana.texts(&thread, "late", "Too late").await.problem(409, "number_released");

        ben.tops_up("money", 50_000_000).await.created();
        crate::support::eventually("the number to be for sale", async || {
            ben.buys(&uuid::Uuid::now_v7().to_string(), &line.number).await.status.is_success().then_some(())
        })
        .await;
        let bens = ben.get("/api/numbers/owned").await.ok()["numbers"][0].clone();
        assert_eq!(bens["number"], json!(line.number));
        assert!(ben.get("/api/conversations").await.ok()["conversations"].as_array().unwrap().is_empty());
        ben.get(&format!("/api/conversations/{thread}")).await.problem(404, "conversation_not_found");
    }
);
