//! Texts out and in: threads, receipts, refunds, words that end them.

use serde_json::json;

use crate::support::eventually;

both_dbs!(
    async fn somebody_texts_a_phone_and_is_answered(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        let mut screen = ana.connects().await;
        let before = ana.balance().await;

        let sent = ana.texts(&thread, "first", "Hello phone").await.created();
        assert_eq!(sent["delivery"]["state"], "queued");
        assert_eq!(sent["delivery"]["segments"], 1);
        let price = sent["delivery"]["price_micros"].as_i64().unwrap();
        assert!(price > 0);
        assert_eq!(ana.balance().await, before - price);
        let again = ana.texts(&thread, "first", "Hello phone").await.ok();
        assert_eq!(again["seq"], sent["seq"]);
        handset.receives("Hello phone").await;
        let delivered = ana.sees_delivery(&thread, 1, "delivered").await;
        assert_eq!(delivered["delivery"]["price_micros"], price);
        assert_eq!(screen.hears("message.updated").await["message"]["delivery"]["state"], "submitted");

        handset.texts(&line.number, "Hello yourself 👋").await.created();
        let answer = ana.sees_delivery(&thread, 2, "received").await;
        assert_eq!(answer["body"], "Hello yourself 👋");
        assert_eq!(answer["sender_id"], json!(null));
        let list = ana.get("/api/conversations").await.ok();
        let conversation = &list["conversations"][0];
        assert_eq!(conversation["kind"], "sms");
        assert_eq!(conversation["unread_count"], 1);
        assert_eq!(conversation["line"]["party"], handset.number);
        assert_eq!(handset.shows().await.len(), 2);
        assert_eq!(ana.balance().await, before - price);
    }
);

both_dbs!(
    async fn a_long_text_travels_in_parts_both_ways(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        let long = "Straße ✓ ".repeat(40).trim_end().to_owned();

        let sent = ana.texts(&thread, "long", &long).await.created();
        assert!(sent["delivery"]["segments"].as_i64().unwrap() > 4, "{sent}");
        handset.receives(&long).await;
        ana.sees_delivery(&thread, 1, "delivered").await;
        handset.texts(&line.number, &long).await.created();
        let answer = ana.sees_delivery(&thread, 2, "received").await;
        assert_eq!(answer["body"], long);
        assert_eq!(answer["delivery"]["segments"], sent["delivery"]["segments"]);

        let endless = "x".repeat(1_600);
        ana.texts(&thread, "endless", &endless).await.problem(422, "text_too_long");
    }
);

both_dbs!(
    async fn every_way_in_which_a_text_can_end_is_told(t: TestApp) {
        let ana = t.user("ana").await;
        let line = ana.buys_a_number("GB").await;
        for (number, state, failure) in [
            ("+447700900900", "delivered", json!(null)),
            ("+447700900903", "failed", json!(30003)),
            ("+447700900907", "failed", json!(30007)),
            ("+447700900942", "failed", json!(30004)),
            ("+447700900932", "delivered", json!(null)),
            ("+447700900933", "delivered", json!(null)),
        ] {
            let before = ana.balance().await;
            let thread = ana.begins_thread(&line, number).await;
            let sent = ana.texts(&thread, "text", "How does this end?").await.created();
            let ended = ana.sees_delivery(&thread, 1, state).await;
            assert_eq!(ended["delivery"]["failure"], failure, "{number}");
            // What the carrier refused costs nothing; what did not arrive does.
            let refused = number == "+447700900942";
            let price = if refused { 0 } else { sent["delivery"]["price_micros"].as_i64().unwrap() };
            assert_eq!(ended["delivery"]["price_micros"], price, "{number}");
            assert_eq!(ana.balance().await, before - price, "{number}");
        }
    }
);

both_dbs!(
    async fn a_number_that_is_given_back_and_taken_again_still_obeys_stop(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        handset.texts(&line.number, "STOP").await.created();
        ana.sees_delivery(&thread, 1, "received").await;
        ana.delete(&format!("/api/numbers/{}", line.id)).await.no_content();
        let again = eventually("the number to be for sale again", async || {
            let bought = ana.buys(&uuid::Uuid::now_v7().to_string(), &line.number).await;
            (bought.status == 201).then_some(bought.json)
        })
        .await;
        let wish = json!({"kind": "sms", "number_id": again["id"], "to": handset.number});
        let fresh = ana.post("/api/conversations", wish).await.json["conversation"]["id"].clone();
        ana.texts(fresh.as_str().unwrap(), "again", "Hello again").await.problem(409, "opted_out");
        handset.texts(&line.number, "START").await.created();
        eventually("START to be obeyed", async || {
            (ana.texts(fresh.as_str().unwrap(), "after", "Hello").await.status == 201).then_some(())
        })
        .await;
    }
);

both_dbs!(
    async fn stop_ends_it_and_start_begins_it_again(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        ana.texts(&thread, "one", "May I?").await.created();
        handset.receives("May I?").await;

        handset.texts(&line.number, "Stop!").await.created();
        let confirmation = "You will get no more messages from this number. Reply START to get them again.";
        handset.receives(confirmation).await;
        let balance = ana.balance().await;
        ana.texts(&thread, "two", "Please?").await.problem(409, "opted_out");
        // A retry of what was sent before is answered as it was.
        ana.texts(&thread, "one", "May I?").await.ok();
        assert_eq!(ana.balance().await, balance);
        let shown = ana.get(&format!("/api/conversations/{thread}")).await.ok();
        assert!(shown["conversation"]["line"]["opted_out_at"].is_string(), "{shown}");
        // Said twice, it is confirmed once.
        handset.texts(&line.number, "STOP").await.created();
        ana.sees_delivery(&thread, 4, "received").await;

        handset.texts(&line.number, "start").await.created();
        handset.receives("You will get messages from this number again. Reply STOP to end them.").await;
        ana.texts(&thread, "three", "Thank you").await.created();
        handset.receives("Thank you").await;
        let confirmations = handset.shows().await.iter().filter(|message| message["text"] == confirmation).count();
        assert_eq!(confirmations, 1);
        let lines: Vec<_> = ana
            .reads_thread(&thread)
            .await
            .iter()
            .filter_map(|m| m["system"]["event"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(lines, ["opted_out", "opted_in"]);
    }
);

both_dbs!(
    async fn words_are_answered_five_times_in_ten_minutes_and_always_obeyed(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        for _ in 0..7 {
            handset.texts(&line.number, "HELP").await.created();
        }
        handset.texts(&line.number, "STOP").await.created();
        let lines = eventually("STOP to be obeyed", async || {
            let messages = ana.reads_thread(&thread).await;
            let lines: Vec<_> = messages.into_iter().filter(|message| message["system"].is_object()).collect();
            lines.iter().any(|line| line["system"]["event"] == "opted_out").then_some(lines)
        })
        .await;
        let answered = lines.iter().filter(|line| line["delivery"].is_object()).count();
        assert_eq!((lines.len(), answered), (6, 5), "{lines:?}");
        ana.texts(&thread, "one", "Hello?").await.problem(409, "opted_out");
        t.clock.advance(std::time::Duration::from_secs(601));
        let ana = t.signs_in("ana").await;
        handset.texts(&line.number, "START").await.created();
        handset.receives("You will get messages from this number again. Reply STOP to end them.").await;
        ana.texts(&thread, "two", "Hello again").await.created();
    }
);

both_dbs!(
    async fn a_text_can_be_taken_back_until_it_leaves(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        let before = ana.balance().await;
        let path = format!("/api/conversations/{thread}/messages");
        let wish = json!({"client_id": uuid::Uuid::now_v7(), "body": "Oops", "due_in_ms": 5_000});
        let sent = ana.post(&path, wish).await.created();
        assert!(sent["delivery"]["due_at"].is_string());
        assert!(ana.balance().await < before);

        ben.post(&format!("{path}/1/cancel"), json!({})).await.problem(404, "conversation_not_found");
        let cancelled = ana.post(&format!("{path}/1/cancel"), json!({})).await.ok();
        assert_eq!(cancelled["delivery"]["state"], "cancelled");
        assert_eq!(ana.balance().await, before);
        ana.post(&format!("{path}/1/cancel"), json!({})).await.ok();
        assert_eq!(ana.balance().await, before);

        let wish = json!({"client_id": uuid::Uuid::now_v7(), "body": "Meant", "due_in_ms": 5_000});
        ana.post(&path, wish).await.created();
        t.clock.advance(std::time::Duration::from_secs(5));
        handset.receives("Meant").await;
        ana.sees_delivery(&thread, 2, "delivered").await;
        ana.post(&format!("{path}/2/cancel"), json!({})).await.problem(409, "already_sent");
        assert_eq!(handset.shows().await.len(), 1);

        // What was taken back is no text, on the number's page neither.
        t.clock.advance(std::time::Duration::from_secs(1));
        let used = ana.get(&format!("/api/numbers/{}/usage", line.id)).await.ok();
        let texts: Vec<_> =
            used["days"].as_array().unwrap().iter().map(|day| (&day["received"], &day["texts"])).collect();
        assert_eq!(texts, [(&json!(false), &json!(1))], "{used}");
        let path = format!("/api/numbers/{}/usage?from=2020-01-01T00:00:00Z", line.id);
        ana.get(&path).await.problem(400, "malformed_request");
        ben.get(&format!("/api/numbers/{}/usage", line.id)).await.problem(404, "number_not_found");
    }
);

both_dbs!(
    async fn stop_between_acceptance_and_the_wire_is_obeyed_and_paid_back(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        let before = ana.balance().await;
        let wish = json!({"client_id": uuid::Uuid::now_v7(), "body": "Late", "due_in_ms": 60_000});
        ana.post(&format!("/api/conversations/{thread}/messages"), wish).await.created();
        handset.texts(&line.number, "STOP").await.created();
        ana.sees_delivery(&thread, 2, "received").await;
        t.clock.advance(std::time::Duration::from_secs(60));
        let ended = ana.sees_delivery(&thread, 1, "failed").await;
        assert_eq!(ended["delivery"]["failure"], 21610);
        assert_eq!(ana.balance().await, before);
        assert!(handset.shows().await.iter().all(|message| message["text"] != "Late"));
    }
);

both_dbs!(
    async fn colleagues_share_a_number_and_see_one_thread(t: TestApp) {
        let [ana, ben, cyd, eve] = t.users(["ana", "ben", "cyd", "eve"]).await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        ana.texts(&thread, "one", "From Ana").await.created();
        let shares = format!("/api/numbers/{}/shares", line.id);
        ben.get(&format!("/api/conversations/{thread}")).await.problem(404, "conversation_not_found");
        eve.put(&format!("{shares}/{}", eve.id), json!({"role": "read"})).await.problem(404, "number_not_found");
        let mut bens_screen = ben.connects().await;

        ana.put(&format!("{shares}/{}", ben.id), json!({"role": "answer"})).await.no_content();
        ana.put(&format!("{shares}/{}", cyd.id), json!({"role": "read"})).await.no_content();
        assert_eq!(bens_screen.hears("number.updated").await["number"]["my_role"], "answer");
        ben.put(&format!("{shares}/{}", eve.id), json!({"role": "read"})).await.problem(403, "owner_only");

        // The whole past, nothing of it unread; new ones live.
        assert_eq!(ben.reads_thread(&thread).await[0]["body"], "From Ana");
        handset.texts(&line.number, "To both").await.created();
        eventually("Ben to hear it", async || {
            let heard = bens_screen.hears("message.created").await;
            (heard["message"]["body"] == "To both").then_some(())
        })
        .await;
        ben.texts(&thread, "bens", "From Ben").await.created();
        handset.receives("From Ben").await;
        cyd.texts(&thread, "cyds", "From Cyd").await.problem(403, "readers_only_read");
        assert_eq!(cyd.reads_thread(&thread).await.len(), 3);

        // Notes stay among people.
        let note = json!({"client_id": uuid::Uuid::now_v7(), "body": "She sounds cross", "note": true});
        let noted = ben.post(&format!("/api/conversations/{thread}/messages"), note).await.created();
        assert_eq!((&noted["kind"], &noted["delivery"]), (&json!("note"), &json!(null)));
        ana.sees_delivery(&thread, 3, "delivered").await;
        assert!(handset.shows().await.iter().all(|message| message["text"] != "She sounds cross"));

        ana.delete(&format!("{shares}/{}", ben.id)).await.no_content();
        ben.texts(&thread, "late", "Too late").await.problem(404, "conversation_not_found");
        ben.get(&format!("/api/numbers/{}", line.id)).await.problem(404, "number_not_found");
        cyd.delete(&format!("{shares}/{}", cyd.id)).await.no_content();
        assert!(cyd.get("/api/numbers/owned").await.ok()["numbers"].as_array().unwrap().is_empty());
    }
);
