//! Sending, repeating, editing, replying.

use serde_json::{Value, json};

use crate::support::client_id;

both_dbs!(
    async fn a_message_reaches_every_member_once(t: TestApp) {
        let [ana, ben, eve] = t.users(["ana", "ben", "eve"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let (mut anas, mut bens, mut eves) = (ana.connects().await, ben.connects().await, eve.connects().await);

        let body = json!({"client_id": client_id(), "body": "hello  \n"});
        let sent = ana.tries_to_send(&group, body.clone()).await.created();
        let again = ana.tries_to_send(&group, body).await.ok();

        assert_eq!(sent, again);
        assert_eq!((&sent["seq"], &sent["body"], &sent["sender_id"]), (&json!(2), &json!("hello"), &json!(ana.id)));
        for device in [&mut anas, &mut bens] {
            let event = device.hears("message.created").await;
            assert_eq!(
                (&event["message"], &event["version"], &event["conversation_id"]),
                (&sent, &json!(2), &json!(group))
            );
            assert_eq!(event["sender_position"], json!({"user_id": ana.id, "delivered_seq": 2, "read_seq": 2}));
            device.hears_nothing().await;
        }
        eves.hears_nothing().await;
        assert_eq!(ben.unread(&group).await, 1);
        assert_eq!(ana.unread(&group).await, 0);
        eve.get(&format!("/api/conversations/{group}")).await.problem(404, "conversation_not_found");
        eve.tries_to_send(&group, json!({"client_id": client_id(), "body": "x"}))
            .await
            .problem(404, "conversation_not_found");
    }
);

both_dbs!(
    async fn the_same_client_id_gives_the_first_message_by_every_road(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let id = client_id();
        let frame =
            |body: &str| json!({"type": "message.send", "conversation_id": group, "client_id": id, "body": body});

        let first = bens.says(frame("one")).await.ok();
        assert_eq!(first["repeated"], false);
        let again = bens.says(frame("two")).await.ok();
        assert_eq!((&again["message"], &again["repeated"]), (&first["message"], &json!(true)));
        let over_http = ben.tries_to_send(&group, json!({"client_id": id, "body": "three"})).await.ok();
        assert_eq!(over_http, first["message"]);
        // Somebody else may use the same id.
        ana.tries_to_send(&group, json!({"client_id": id, "body": "mine"})).await.created();

        // A repeat is answered even when they could not send it today.
        ana.removes(&group, &ben).await.no_content();
        let again = ben.tries_to_send(&group, json!({"client_id": id, "body": "one"})).await.ok();
        assert_eq!((&again["seq"], &again["body"]), (&first["message"]["seq"], &json!("one")));
        ben.tries_to_send(&group, json!({"client_id": client_id(), "body": "new"}))
            .await
            .problem(404, "conversation_not_found");
        assert_eq!(ana.bodies(&group).await, ["one", "mine"]);
    }
);

both_dbs!(
    async fn twenty_at_once_with_one_client_id_are_one_message(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let body = json!({"client_id": client_id(), "body": "once"});
        let replies = futures_util::future::join_all((0..20).map(|_| ana.tries_to_send(&group, body.clone()))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status.as_u16() == 201).count(), 1);
        assert!(replies.iter().all(|reply| reply.json == replies[0].json));

        // The same over one socket, where they wait for one transaction together.
        let mut anas = ana.connects().await;
        let frame =
            json!({"type": "message.send", "conversation_id": group, "client_id": client_id(), "body": "twice"});
        let mut references = vec![];
        for _ in 0..20 {
            references.push(anas.begins(frame.clone()).await);
        }
        let mut fresh = 0;
        for reference in references {
            fresh += i32::from(anas.answer(&reference).await.ok()["repeated"] == false);
        }
        assert_eq!(fresh, 1);
        assert_eq!(ana.bodies(&group).await, ["once", "twice"]);
        assert_eq!(bens.all_types().await, ["message.created", "message.created"]);
    }
);

both_dbs!(
    async fn what_one_socket_says_keeps_its_order(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        let mut anas = ana.connects().await;
        let mut references = vec![];
        for n in 0..60 {
            let frame = json!({"type": "message.send", "conversation_id": own, "client_id": client_id(), "body": n.to_string()});
            references.push(anas.begins(frame).await);
        }
        for reference in &references {
            anas.answer(reference).await.ok();
        }
        let expected: Vec<_> = (0..60).map(|n| n.to_string()).collect();
        assert_eq!(ana.bodies(&own).await, expected);
    }
);

both_dbs!(
    async fn seqs_are_dense_when_several_people_send_at_once(t: TestApp) {
        let people = t.users(["ana", "ben", "cleo", "dan"]).await;
        let [ana, ben, cleo, dan] = &people;
        let group = ana.creates_group("Team", &[ben, cleo, dan]).await;
        let mut bens = ben.connects().await;
        let sends = (0..200).map(|n| {
            let (who, group) = (&people[n % 4], &group);
            async move { who.sends(group, &n.to_string()).await["seq"].as_i64().unwrap() }
        });
        let mut seqs = futures_util::future::join_all(sends).await;
        seqs.sort_unstable();
        assert_eq!(seqs, (2..=201).collect::<Vec<_>>());
        let view = ana.view(&group).await;
        assert_eq!((&view["last_seq"], &view["version"]), (&json!(201), &json!(201)));

        let mut versions = vec![];
        for _ in 0..200 {
            let event = bens.hears("message.created").await;
            assert_eq!(event["version"], event["message"]["seq"]);
            versions.push(event["version"].as_i64().unwrap());
        }
        versions.sort_unstable();
        assert_eq!(versions, (2..=201).collect::<Vec<_>>());
    }
);

both_dbs!(
    async fn an_edit_keeps_what_was_said_before(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let sent = ana.sends(&group, "first").await;
        t.clock.advance(std::time::Duration::from_secs(60));

        let edited = ana.edits(&group, 2, "second\n").await.ok();
        assert_eq!(
            (&edited["body"], &edited["version"], &edited["created_at"]),
            (&json!("second"), &json!(3), &sent["created_at"])
        );
        assert_ne!(edited["edited_at"], Value::Null);
        let unchanged = ana.edits(&group, 2, "second").await.ok();
        assert_eq!(unchanged, edited, "an unchanged edit is no change");
        let mut anas = ana.connects().await;
        let over_socket =
            anas.says(json!({"type": "message.edit", "conversation_id": group, "seq": 2, "body": "third"})).await.ok();
        assert_eq!(over_socket["message"]["body"], "third");

        let history = ben.get(&format!("/api/conversations/{group}/messages/2/history")).await.ok();
        let bodies: Vec<_> =
            history["edits"].as_array().unwrap().iter().map(|edit| edit["body"].as_str().unwrap()).collect();
        assert_eq!(bodies, ["first", "second"]);
        bens.hears("message.created").await;
        assert_eq!(bens.hears("message.updated").await["message"], edited);
        assert_eq!(bens.hears("message.updated").await["message"], over_socket["message"]);
        bens.hears_nothing().await;
        assert_eq!(ben.message(&group, 2).await.ok(), over_socket["message"]);
    }
);

both_dbs!(
    async fn only_its_author_edits_a_message(t: TestApp) {
        let [ana, ben, eve] = t.users(["ana", "ben", "eve"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ben.sends(&group, "mine").await;
        ana.edits(&group, 2, "yours").await.problem(403, "not_the_author");
        ana.edits(&group, 1, "the line").await.problem(403, "not_the_author");
        ana.edits(&group, 3, "nothing").await.problem(404, "message_not_found");
        eve.edits(&group, 2, "mine").await.problem(404, "conversation_not_found");
        ben.edits(&group, 2, "").await.problem(422, "body_empty");
        ben.deletes_for("everyone", &group, 2).await.no_content();
        ben.edits(&group, 2, "back").await.problem(409, "message_deleted");
        ana.removes(&group, &ben).await.no_content();
        ben.edits(&group, 2, "gone").await.problem(404, "conversation_not_found");
    }
);

both_dbs!(
    async fn bodies_have_limits(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        let mut anas = ana.connects().await;
        let cases = [("   \n", "body_empty"), ("", "body_empty"), ("a\0b", "body_has_nul")];
        let long = "é".repeat(8_001);
        for (body, code) in cases.into_iter().chain([(long.as_str(), "body_too_long")]) {
            ana.tries_to_send(&own, json!({"client_id": client_id(), "body": body})).await.problem(422, code);
            anas.says(json!({"type": "message.send", "conversation_id": own, "client_id": client_id(), "body": body}))
                .await
                .problem(422, code);
        }
        let longest = "😀".repeat(8_000);
        assert_eq!(ana.sends(&own, &format!("{longest}  ")).await["body"], longest);
        ana.tries_to_send(&own, json!({"client_id": "not a uuid", "body": "x"}))
            .await
            .problem(400, "malformed_request");
        ana.tries_to_send(&own, json!({"body": "x"})).await.problem(400, "malformed_request");
        ana.tries_to_send(&own, json!({"client_id": client_id(), "body": "x".repeat(300_000)}))
            .await
            .problem(413, "too_large");
        ana.tries_to_send("conv_x", json!({"client_id": client_id(), "body": "x"})).await.problem(404, "not_found");
        for odd in
            ["  code", "\u{202e}abc", "\u{1}\u{7f}", "a\u{301}", "'; drop table users; --", "\\u0000 \\", "\u{feff}x"]
        {
            assert_eq!(ana.sends(&own, odd).await["body"], odd);
            assert_eq!(ana.messages(&own).await.last().unwrap()["body"], odd);
        }
    }
);

both_dbs!(
    async fn a_reply_quotes_only_what_its_writer_sees(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[]).await;
        ana.sends(&group, "before ben").await;
        ana.adds(&group, &[&ben]).await.ok();
        ana.sends(&group, "after").await;

        assert_eq!(ben.replies(&group, "yes", 4).await.created()["reply_to_seq"], 4);
        for hidden in [2, 3, 99, 0, -1] {
            ben.replies(&group, "no", hidden).await.problem(422, "reply_not_found");
        }
        // The quote of somebody who sees more names a message that this reader cannot have.
        assert_eq!(ana.replies(&group, "remember?", 2).await.created()["seq"], 6);
        assert_eq!(ben.message(&group, 6).await.ok()["reply_to_seq"], 2);
        ben.message(&group, 2).await.problem(404, "message_not_found");
        // Nothing to quote in a deleted message.
        ana.deletes_for("everyone", &group, 4).await.no_content();
        ana.replies(&group, "what?", 4).await.problem(422, "reply_not_found");
    }
);

both_dbs!(
    async fn pages_go_in_both_directions(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        for n in 1..=10 {
            ana.sends(&own, &n.to_string()).await;
        }
        let page = async |query: &str| {
            let page = ana.get(&format!("/api/conversations/{own}/messages?{query}")).await.ok();
            let seqs: Vec<_> =
                page["messages"].as_array().unwrap().iter().map(|message| message["seq"].as_i64().unwrap()).collect();
            (seqs, page["has_before"].as_bool().unwrap(), page["has_after"].as_bool().unwrap())
        };
        assert_eq!(page("").await, ((1..=10).collect(), false, false));
        assert_eq!(page("limit=3").await, (vec![8, 9, 10], true, false));
        assert_eq!(page("before=8&limit=3").await, (vec![5, 6, 7], true, true));
        assert_eq!(page("before=3&limit=3").await, (vec![1, 2], false, true));
        assert_eq!(page("after=8&limit=3").await, (vec![9, 10], true, false));
        assert_eq!(page("after=0&limit=3").await, (vec![1, 2, 3], false, true));
        assert_eq!(page("around=5&limit=4").await, (vec![3, 4, 5, 6, 7], true, true));
        assert_eq!(page("around=9999&limit=2").await, (vec![9, 10], true, false));
        assert_eq!(page("after=99").await.0, [0; 0]);
        ana.get(&format!("/api/conversations/{own}/messages?before=x")).await.problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn a_repeat_tells_a_former_member_nothing_new(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let message = json!({"client_id": client_id(), "body": "hello"});
        let sent = ben.tries_to_send(&group, message.clone()).await.created();
        ana.removes(&group, &ben).await.no_content();
        ana.reacts(&group, 2, "👍").await.ok();
        let again = ben.tries_to_send(&group, message.clone()).await.ok();
        assert_eq!((&again["seq"], &again["body"]), (&sent["seq"], &json!("hello")));
        assert_eq!((&again["reactions"], &again["version"]), (&json!([]), &json!(0)));
        ana.unreacts(&group, 2, "👍").await.ok();
        assert_eq!(ben.tries_to_send(&group, message.clone()).await.ok(), again);
        ana.deletes_for("everyone", &group, 2).await.no_content();
        ben.tries_to_send(&group, message.clone()).await.problem(404, "message_not_found");
        // Back again, they see what everybody sees.
        ana.adds(&group, &[&ben]).await.ok();
        assert!(ben.tries_to_send(&group, message).await.ok()["deleted_at"].is_string());
    }
);

both_dbs!(
    async fn a_message_is_edited_a_hundred_times_at_most(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        ana.sends(&own, "0").await;
        for n in 1..=100 {
            ana.edits(&own, 1, &n.to_string()).await.ok();
        }
        ana.edits(&own, 1, "100").await.ok();
        ana.edits(&own, 1, "101").await.problem(409, "too_many_edits");
        assert_eq!(ana.message(&own, 1).await.ok()["body"], "100");
        let history = ana.get(&format!("/api/conversations/{own}/messages/1/history")).await.ok();
        assert_eq!(history["edits"].as_array().unwrap().len(), 100);
    }
);

both_dbs!(
    |config| config.limits.off = false;
    async fn six_hundred_messages_a_minute_are_enough(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        for _ in 0..600 {
            ana.sends(&own, "one more").await;
        }
        let message = json!({"client_id": client_id(), "body": "too many"});
        let refused = ana.tries_to_send(&own, message.clone()).await;
        assert!(refused.header("retry-after").is_some());
        refused.problem(429, "too_many_requests");
        t.clock.advance(std::time::Duration::from_secs(120));
        ana.tries_to_send(&own, message).await.created();
    }
);
