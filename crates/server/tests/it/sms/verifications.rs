//! Waiting for codes: whose text is whose, what it costs, and how it ends once.

use std::time::Duration;

use convo_server::sms::{temporary, verifications};
use serde_json::json;

use crate::support::{eventually, service_texts, text};

const PRICE: i64 = 120_000;

both_dbs!(
    async fn a_code_on_ones_own_number_is_shown_live_and_stays_in_its_thread(t: TestApp) {
        let [ana, eve] = t.users(["ana", "eve"]).await;
        let line = ana.buys_a_number("US").await;
        let balance = ana.balance().await;
        let mut screen = ana.connects().await;
        let begun = ana.waits_on(&line, "whatsapp").await;
        assert_eq!((&begun["status"], &begun["service_name"]), (&json!("waiting"), &json!("WhatsApp")));
        assert_eq!((&begun["price_micros"], &begun["number"]), (&json!(0), &json!(line.number)));
        assert_eq!(screen.hears("verification.updated").await["verification"]["status"], "waiting");
        // The same wish while it waits is the same verification.
        let again = json!({"service": "WhatsApp", "number_id": line.id});
        assert_eq!(ana.post("/api/verifications/create", again).await.ok()["id"], begun["id"]);

        t.clock.advance(Duration::from_millis(1_500));
        let sent = ana.lets_send("send", &begun["id"], json!({"language": "ru"})).await.accepted();
        let heard = screen.hears("verification.updated").await["verification"].clone();
        assert_eq!((&heard["status"], &heard["code"]), (&json!("completed"), &sent["code"]));
        assert_eq!(heard["took_ms"], 1_500);
        let codes = ana.codes(&begun["id"]).await;
        assert_eq!((codes.len(), &codes[0]["code"], &codes[0]["late"]), (1, &sent["code"], &json!(false)));
        // The text is in the thread of the number, too.
        let list = ana.get("/api/conversations").await.ok();
        assert_eq!(list["conversations"][0]["last_message"]["body"], codes[0]["text"]);
        assert_eq!(ana.balance().await, balance);
        ana.lets_send("send", &begun["id"], json!({"language": "ru"})).await.problem(409, "verification_over");
        ana.cancels(&begun["id"]).await.problem(409, "verification_over");

        for path in ["", "/codes"] {
            let path = format!("/api/verifications/{}{path}", text(&begun["id"]));
            eve.get(&path).await.problem(404, "verification_not_found");
        }
        eve.cancels(&begun["id"]).await.problem(404, "verification_not_found");
        eve.lets_send("x", &begun["id"], json!({})).await.problem(404, "verification_not_found");
        assert_eq!(eve.get("/api/verifications").await.ok()["verifications"], json!([]));
        eve.post("/api/verifications/create", json!({"service": "x", "number_id": line.id}))
            .await
            .problem(404, "number_not_found");
    }
);

both_dbs!(
    async fn a_text_goes_to_the_one_it_names_or_to_the_only_one(t: TestApp) {
        let ana = t.user("ana").await;
        let line = ana.buys_a_number("US").await;
        let handset = ana.has_a_handset("US").await;
        service_texts(&t, "google", &line.number, "111111").await;
        eventually("the text", async || {
            let list = ana.get("/api/conversations").await.ok();
            (!list["conversations"].as_array().unwrap().is_empty()).then_some(())
        })
        .await;
        let google = ana.waits_on(&line, "google").await;
        let slack = ana.waits_on(&line, "slack").await;
        // What came before is for nobody; one of another service neither.
        service_texts(&t, "netflix", &line.number, "222222").await;
        // With two that wait, a text that names none is for neither.
        handset.texts(&line.number, "Your code is 333333").await.created();
        service_texts(&t, "slack", &line.number, "444444").await;
        assert_eq!(ana.sees(&slack["id"], "completed").await["code"], "444444");
        assert_eq!(ana.verification(&google["id"]).await["status"], "waiting");
        assert!(ana.codes(&google["id"]).await.is_empty());
        assert_eq!(ana.codes(&slack["id"]).await.len(), 1);

        // Now it is the only one: another service's is still not for it, nor is small talk, but a code without a name is.
        service_texts(&t, "netflix", &line.number, "555555").await;
        handset.texts(&line.number, "See you soon").await.created();
        handset.texts(&line.number, "Your code is 666666").await.created();
        assert_eq!(ana.sees(&google["id"], "completed").await["code"], "666666");
        assert_eq!(ana.codes(&google["id"]).await.len(), 1);
        // A text of its service that comes after is late, and changes nothing.
        service_texts(&t, "google", &line.number, "777777").await;
        let codes = ana.sees_codes(&google["id"], 2).await;
        assert_eq!((&codes[1]["code"], &codes[1]["late"]), (&json!("777777"), &json!(true)));
        assert_eq!(ana.verification(&google["id"]).await["code"], "666666");
        // Each is a text in the inbox all the same.
        let thread = ana.begins_thread(&line, &handset.number).await;
        assert_eq!(ana.reads_thread(&thread).await.len(), 3);
    }
);

both_dbs!(
    async fn a_service_without_a_known_name_is_found_by_the_one_that_was_typed(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("GB").await, ana.has_a_handset("GB").await);
        let acme = ana.waits_on(&line, "Acme Bank").await;
        let other = ana.waits_on(&line, "Zenith").await;
        handset
            .texts(&line.number, "ACME BANK: 19.99 was paid. Your code is AB-1234, call 0800 123456")
            .await
            .created();
        let done = ana.sees(&acme["id"], "completed").await;
        assert_eq!(done["service"], "acme bank");
        assert!(["AB1234", "AB-1234"].contains(&done["code"].as_str().unwrap()), "{done}");
        assert_eq!(ana.verification(&other["id"]).await["status"], "waiting");
        ana.lets_send("x", &other["id"], json!({})).await.problem(409, "unknown_service");
        for (wish, code) in [
            (json!({"service": "", "number_id": line.id}), "service_invalid"),
            (json!({"service": "x", "number_id": line.id, "minutes": 61}), "minutes_invalid"),
            (json!({"service": "x", "number_id": line.id, "country": "US"}), "number_or_country"),
            (json!({"service": "x", "country": "Nowhere"}), "country_unknown"),
        ] {
            ana.pays("bad", "/api/verifications/create", wish).await.problem(422, code);
        }
    }
);

both_dbs!(
    async fn colleagues_on_one_number_never_read_each_others_verifications(t: TestApp) {
        let [ana, ben, cyd] = t.users(["ana", "ben", "cyd"]).await;
        let line = ana.buys_a_number("US").await;
        let shares = format!("/api/numbers/{}/shares", line.id);
        ana.put(&format!("{shares}/{}", ben.id), json!({"role": "answer"})).await.no_content();
        ana.put(&format!("{shares}/{}", cyd.id), json!({"role": "read"})).await.no_content();
        let wish = json!({"service": "google", "number_id": line.id});
        cyd.post("/api/verifications/create", wish.clone()).await.problem(403, "readers_only_read");
        let bens = ben.waits_on(&line, "google").await;
        ana.post("/api/verifications/create", wish.clone()).await.problem(409, "already_waiting");
        let anas = ana.waits_on(&line, "slack").await;
        ana.get(&format!("/api/verifications/{}", text(&bens["id"]))).await.problem(404, "verification_not_found");
        let mut anas_screen = ana.connects().await;
        ben.lets_send("send", &bens["id"], json!({"code": "123456"})).await.accepted();
        assert_eq!(ben.sees(&bens["id"], "completed").await["code"], "123456");
        assert_eq!(ana.verification(&anas["id"]).await["code"], json!(null));
        service_texts(&t, "slack", &line.number, "654321").await;
        let heard = anas_screen.hears("verification.updated").await;
        assert_eq!(heard["verification"]["id"], anas["id"]);

        // Who may not answer any more gets no more codes.
        let second = ben.waits_on(&line, "google").await;
        ana.delete(&format!("{shares}/{}", ben.id)).await.no_content();
        service_texts(&t, "google", &line.number, "999999").await;
        let dropbox = ana.waits_on(&line, "dropbox").await;
        ana.lets_send("after", &dropbox["id"], json!({})).await.accepted();
        ana.sees(&dropbox["id"], "completed").await;
        assert!(ben.codes(&second["id"]).await.is_empty());
        // And need not wait for them.
        ben.sees(&second["id"], "cancelled").await;
    }
);

both_dbs!(
    async fn a_number_that_is_given_back_is_waited_on_no_more(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, other) = (ana.buys_a_number("US").await, ana.buys_a_number("US").await);
        let (begun, elsewhere) = (ana.waits_on(&line, "google").await, ana.waits_on(&other, "google").await);
        let mut screen = ana.connects().await;
        ana.delete(&format!("/api/numbers/{}", line.id)).await.no_content();
        screen.hears_where("its end", |event| event["verification"]["status"] == "cancelled").await;
        ana.cancels(&begun["id"]).await.no_content();
        assert_eq!(ana.verification(&elsewhere["id"]).await["status"], "waiting");
    }
);

both_dbs!(
    async fn a_lent_number_is_paid_by_its_first_code_alone(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        ana.post("/api/verifications/create", json!({"service": "google"}))
            .await
            .problem(400, "idempotency_key_missing");
        ana.borrows("poor", "google").await.problem(402, "not_enough_money");
        for user in [&ana, &ben] {
            user.tops_up("money", 1_000_000).await.created();
        }
        let begun = ana.borrows("first", "google").await.created();
        assert_eq!((&begun["status"], &begun["temporary"]), (&json!("waiting"), &json!(true)));
        assert_eq!((ana.balance().await, ana.held().await), (1_000_000 - PRICE, PRICE));
        let again = ana.borrows("first", "google").await.ok();
        assert_eq!((&again["id"], ana.held().await), (&begun["id"], PRICE));
        ana.borrows("first", "slack").await.problem(409, "idempotency_key_reused");
        let cheap = json!({"service": "google", "max_price_micros": PRICE - 1});
        ana.pays("cheap", "/api/verifications/create", cheap).await.problem(409, "price_too_high");

        // The same key again is the same text.
        let sent = ana.lets_send("send", &begun["id"], json!({})).await.accepted();
        let done = ana.sees(&begun["id"], "completed").await;
        assert_eq!(done["code"], sent["code"]);
        assert_eq!((ana.balance().await, ana.held().await), (1_000_000 - PRICE, 0));
        // It appears in no inbox, and nobody owns the number.
        assert_eq!(ana.get("/api/conversations").await.ok()["conversations"], json!([]));
        assert_eq!(ana.get("/api/numbers/owned").await.ok()["numbers"], json!([]));

        // A second code is late and costs nothing; the number rests, so Ben gets another one.
        let number = text(&begun["number"]);
        service_texts(&t, "google", &number, "222222").await;
        assert_eq!(ana.sees_codes(&begun["id"], 2).await[1]["late"], true);
        let bens = ben.borrows("bens", "slack").await.created();
        assert_ne!(bens["number"], begun["number"]);
        ben.cancels(&bens["id"]).await.no_content();
        ben.cancels(&bens["id"]).await.no_content();
        assert_eq!((ben.balance().await, ben.held().await), (1_000_000, 0));
        assert_eq!((ana.balance().await, ana.held().await), (1_000_000 - PRICE, 0));
    }
);

both_dbs!(
    async fn what_comes_late_never_reaches_the_next_user(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        for user in [&ana, &ben] {
            user.tops_up("money", 1_000_000).await.created();
        }
        let anas = ana.borrows("anas", "google").await.created();
        let number = text(&anas["number"]);
        ana.cancels(&anas["id"]).await.no_content();
        // Not paid for, so it is not shown; searching does not find it either.
        service_texts(&t, "google", &number, "111111").await;
        let codes = ana.sees_codes(&anas["id"], 1).await;
        assert_eq!(
            (&codes[0]["code"], &codes[0]["text"], &codes[0]["late"]),
            (&json!(null), &json!(null), &json!(true))
        );
        assert_eq!(ana.get("/api/verifications?q=111111").await.ok()["verifications"], json!([]));
        assert_eq!(
            (ana.balance().await, ana.verification(&anas["id"]).await["status"].clone()),
            (1_000_000, json!("cancelled"))
        );

        // After its rest it serves another service, never the same one.
        t.clock.advance(temporary::COOL_DOWN);
        let (ana, ben) = (t.signs_in("ana").await, t.signs_in("ben").await);
        let same = ben.borrows("same", "google").await.created();
        assert_ne!(same["number"], json!(number));
        let bens = ben.borrows("other", "slack").await.created();
        assert_eq!(bens["number"], json!(number));
        service_texts(&t, "google", &number, "222222").await;
        assert_eq!(ana.sees_codes(&anas["id"], 2).await[1]["late"], true);
        assert!(ben.codes(&bens["id"]).await.is_empty());
        service_texts(&t, "slack", &number, "333333").await;
        assert_eq!(ben.sees(&bens["id"], "completed").await["code"], "333333");
        assert_eq!(ana.codes(&anas["id"]).await.len(), 2);
    }
);

both_dbs!(
    async fn waiting_in_vain_ends_with_notice_and_is_not_paid(t: TestApp) {
        let ana = t.user("ana").await;
        let line = ana.buys_a_number("US").await;
        let balance = ana.balance().await;
        let lent =
            ana.pays("lent", "/api/verifications/create", json!({"service": "google", "minutes": 1})).await.created();
        let own = ana.waits_on(&line, "google").await;
        let mut screen = ana.connects().await;
        t.clock.advance(Duration::from_secs(60));
        // Its time is over, whether or not somebody has said so.
        service_texts(&t, "google", &text(&lent["number"]), "111111").await;
        assert_eq!(ana.sees_codes(&lent["id"], 1).await[0]["late"], true);
        for _ in 0..3 {
            verifications::actions::end_due(&t.app).await.unwrap();
        }
        screen.hears_where("its end", |event| event["verification"]["status"] == "expired").await;
        assert_eq!(ana.verification(&lent["id"]).await["code"], json!(null));
        assert_eq!((ana.balance().await, ana.held().await), (balance, 0));
        assert_eq!(ana.verification(&own["id"]).await["status"], "waiting");
        t.clock.advance(Duration::from_secs(19 * 60));
        let ana = t.signs_in("ana").await;
        verifications::actions::end_due(&t.app).await.unwrap();
        ana.sees(&own["id"], "expired").await;
        ana.cancels(&own["id"]).await.problem(409, "verification_over");
        // It can be waited for again.
        ana.waits_on(&line, "google").await;
    }
);

both_dbs!(
    async fn code_cancelling_and_expiry_at_once_move_the_money_once(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 10_000_000).await.created();
        let mut paid = 0;
        for round in 0..6 {
            let wish = json!({"service": "google", "minutes": 1});
            let key = format!("round-{round}");
            let begun = ana.pays(&key, "/api/verifications/create", wish).await.created();
            if round % 2 == 0 {
                t.clock.advance(Duration::from_secs(60));
            }
            let number = text(&begun["number"]);
            let sending = service_texts(&t, "google", &number, "123456");
            let (_, cancelled, expired) =
                tokio::join!(sending, ana.cancels(&begun["id"]), verifications::actions::end_due(&t.app));
            expired.unwrap();
            assert!([204, 409].contains(&cancelled.status.as_u16()), "{}", cancelled.json);
            ana.sees_codes(&begun["id"], 1).await;
            let ended = ana.verification(&begun["id"]).await;
            paid += i64::from(ended["status"] == "completed");
            assert_ne!(ended["status"], "waiting");
            assert_eq!((ana.balance().await, ana.held().await), (10_000_000 - paid * PRICE, 0), "{ended}");
        }
    }
);

both_dbs!(
    async fn nobody_borrows_more_than_they_may_by_asking_at_once(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 100_000_000).await.created();
        let many = (0..40).map(|n| {
            let ana = ana.clone();
            async move { ana.borrows(&format!("key-{n}"), "google").await }
        });
        let replies = futures_util::future::join_all(many).await;
        let begun = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(begun, 30);
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            reply.problem(409, "too_many_unpaid");
        }
    }
);

both_dbs!(
    async fn a_country_without_numbers_costs_nothing(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 1_000_000).await.created();
        let wish = json!({"service": "google", "country": "NR"});
        ana.pays("far", "/api/verifications/create", wish).await.problem(409, "no_temporary_number");
        assert_eq!((ana.balance().await, ana.held().await), (1_000_000, 0));
        let list = ana.get("/api/verifications?status=failed").await.ok();
        assert_eq!(list["verifications"].as_array().unwrap().len(), 1);
    }
);

both_dbs!(
    async fn numbers_that_nobody_needs_are_given_back(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 1_000_000).await.created();
        let begun = ana.borrows("one", "google").await.created();
        let number = text(&begun["number"]);
        let for_sale = format!("contains={}", &number[2..]);
        ana.cancels(&begun["id"]).await.no_content();
        t.clock.advance(temporary::COOL_DOWN);
        temporary::actions::give_back_idle(&t.app).await.unwrap();
        assert!(t.signs_in("ana").await.finds_numbers("US", &for_sale).await.is_empty());
        t.clock.advance(temporary::IDLE + Duration::from_secs(1));
        temporary::actions::give_back_idle(&t.app).await.unwrap();
        temporary::actions::give_back_idle(&t.app).await.unwrap();
        assert_eq!(t.signs_in("ana").await.finds_numbers("US", &for_sale).await.len(), 1);
    }
);

both_dbs!(
    async fn an_order_that_a_crash_cut_off_is_asked_for_and_not_repeated(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        for user in [&ana, &ben] {
            user.tops_up("money", 1_000_000).await.created();
        }
        let begun = ana.borrows("one", "google").await.created();
        ana.cancels(&begun["id"]).await.no_content();
        let id = text(&begun["id"]).parse().unwrap();
        let row = verifications::access::find_mine(&mut t.app.db.read(), ana.id.parse().unwrap(), id).await.unwrap();
        let provider = t.app.carriers.get("simulator").unwrap();
        for is_sold in [true, false] {
            // Written down, and asked for or not, when the server died; its job comes again.
            let cut_off = temporary::actions::choose(&t.app, &provider, &row).await.unwrap().unwrap();
            let number = cut_off.number.parse().unwrap();
            if is_sold {
                provider.shop().unwrap().order(cut_off.id.0, number, "temporary".to_owned()).await.unwrap();
            }
            let mut tx = t.app.begin().await.unwrap();
            tx.enqueue(&temporary::jobs::OrderTemporary { verification_id: id }).await.unwrap();
            tx.commit().await.unwrap();
            eventually("the order to end", async || {
                temporary::actions::find_ordered(&t.app, id).await.unwrap().is_none().then_some(())
            })
            .await;
            let for_sale = ana.finds_numbers("US", &format!("contains={}", &cut_off.number[2..])).await;
            assert_eq!(for_sale.len(), usize::from(!is_sold));
            if is_sold {
                let bens = ben.borrows("bens", "slack").await.created();
                assert_eq!(bens["number"], json!(cut_off.number));
            }
        }
        assert_eq!(ana.verification(&begun["id"]).await["status"], "cancelled");
        assert_eq!((ana.balance().await, ana.held().await), (1_000_000, 0));
    }
);

both_dbs!(
    |config| config.simulator.network.gone_percent = 100.0;
    async fn numbers_that_others_have_by_then_cost_nothing(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 1_000_000).await.created();
        ana.borrows("gone", "google").await.problem(409, "no_temporary_number");
        assert_eq!(ana.borrows("gone", "google").await.ok()["status"], "failed");
        assert_eq!((ana.balance().await, ana.held().await), (1_000_000, 0));
    }
);
