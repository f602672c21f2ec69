//! Watermarks, unread counts, and who has read what.

use serde_json::{Value, json};

both_dbs!(
    async fn watermarks_only_rise(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        for n in 0..4 {
            ana.sends(&group, &n.to_string()).await;
        }
        let mut anas = ana.connects().await;
        assert_eq!(ana.position_of(&group, &ben).await, (0, 0));
        ben.receives(&group, 3).await.no_content();
        assert_eq!(ana.position_of(&group, &ben).await, (3, 0));
        ben.reads(&group, 2).await.no_content();
        assert_eq!(ana.position_of(&group, &ben).await, (3, 2));
        ben.reads(&group, 4).await.no_content();
        assert_eq!(ana.position_of(&group, &ben).await, (4, 4), "read implies delivered");
        for _ in 0..3 {
            let event = anas.hears("receipt.updated").await;
            assert_eq!(event["positions"][0]["user_id"], ben.id.as_str());
        }
        // Lower ones, and repeats, say nothing.
        ben.reads(&group, 1).await.no_content();
        ben.receives(&group, 4).await.no_content();
        assert_eq!(ana.position_of(&group, &ben).await, (4, 4));
        anas.hears_nothing().await;
        // Nobody can have read what was not said.
        ben.reads(&group, 9_000).await.no_content();
        assert_eq!(ana.position_of(&group, &ben).await, (5, 5));
        assert_eq!(
            anas.hears("receipt.updated").await["positions"],
            json!([{"user_id": ben.id, "delivered_seq": 5, "read_seq": 5}])
        );
        let mut bens = ben.connects().await;
        bens.says(json!({"type": "receipt", "conversation_id": group, "read_seq": 5})).await.ok();
        bens.says(json!({"type": "receipt", "conversation_id": group, "read_seq": -1}))
            .await
            .problem(422, "seq_negative");
        ben.reads(&group, -1).await.problem(422, "seq_negative");
        ben.post(&format!("/api/conversations/{group}/receipt"), json!({})).await.problem(422, "receipt_empty");
    }
);

both_dbs!(
    async fn receipts_of_a_moment_are_one_event(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[&ben, &cleo]).await;
        for n in 0..20 {
            ana.sends(&group, &n.to_string()).await;
        }
        let before = ana.view(&group).await["version"].as_i64().unwrap();
        let (mut anas, mut bens, mut cleos) = (ana.connects().await, ben.connects().await, cleo.connects().await);
        let mut references = vec![];
        for seq in 2..=21 {
            let frame = json!({"type": "receipt", "conversation_id": group, "read_seq": seq});
            references.push((bens.begins(frame.clone()).await, cleos.begins(frame).await));
        }
        for (of_ben, of_cleo) in references {
            bens.answer(&of_ben).await.ok();
            cleos.answer(&of_cleo).await.ok();
        }
        let heard = anas.all_heard().await;
        let last = heard.last().unwrap();
        assert!(heard.len() < 10, "40 receipts were told by {} events", heard.len());
        assert_eq!(last["version"].as_i64().unwrap() - before, i64::try_from(heard.len()).unwrap());
        assert_eq!((ana.position_of(&group, &ben).await, ana.position_of(&group, &cleo).await), ((21, 21), (21, 21)));
    }
);

both_dbs!(
    async fn who_has_read_a_message_and_when(t: TestApp) {
        let [ana, ben, cleo, dan, late] = t.users(["ana", "ben", "cleo", "dan", "late"]).await;
        let group = ana.creates_group("Team", &[&ben, &cleo, &dan]).await;
        let sent = ana.sends(&group, "hello").await;
        ana.adds(&group, &[&late]).await.ok();
        t.clock.advance(std::time::Duration::from_secs(10));
        ben.receives(&group, 2).await.no_content();
        t.clock.advance(std::time::Duration::from_secs(10));
        ben.reads(&group, 3).await.no_content();
        cleo.receives(&group, 3).await.no_content();
        let receipts = dan.get(&format!("/api/conversations/{group}/messages/2/receipts")).await.ok();
        let seconds_later = |at: &Value| (time(at) - time(&sent["created_at"])).num_seconds();
        assert_eq!(receipts["read"][0]["user_id"], ben.id.as_str());
        assert_eq!(seconds_later(&receipts["read"][0]["at"]), 20);
        assert_eq!(receipts["delivered"][0]["user_id"], cleo.id.as_str());
        assert_eq!(seconds_later(&receipts["delivered"][0]["at"]), 20);
        assert_eq!(receipts["pending"], json!([dan.id]), "neither its sender nor who joined later");
        assert_eq!(receipts["users"].as_array().unwrap().len(), 3);
        late.get(&format!("/api/conversations/{group}/messages/2/receipts")).await.problem(404, "message_not_found");
        // Who was told by an answer is known to have read, but not when.
        ben.sends(&group, "later").await;
        let receipts = ana.get(&format!("/api/conversations/{group}/messages/4/receipts")).await.ok();
        assert_eq!((receipts["read"].as_array().unwrap().len(), receipts["pending"].as_array().unwrap().len()), (0, 4));
    }
);

both_dbs!(
    async fn sending_reads_only_if_nothing_was_unread(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut anas = ana.connects().await;
        ana.sends(&group, "one").await;
        ben.sends(&group, "two").await;
        assert_eq!(ana.position_of(&group, &ben).await, (0, 0), "one was unread, so two moved nothing");
        assert_eq!(ben.unread(&group).await, 1);
        anas.hears("message.created").await;
        assert_eq!(anas.hears("message.created").await.get("sender_position"), None);
        ben.reads(&group, 3).await.no_content();
        anas.hears("receipt.updated").await;
        ben.sends(&group, "three").await;
        assert_eq!(
            anas.hears("message.created").await["sender_position"],
            json!({"user_id": ben.id, "delivered_seq": 4, "read_seq": 4})
        );
        assert_eq!(ana.position_of(&group, &ben).await, (4, 4));
        assert_eq!(ana.position_of(&group, &ana).await, (2, 2));
    }
);

both_dbs!(
    async fn unread_is_what_others_said_since(t: TestApp) {
        let [ana, ben, late] = t.users(["ana", "ben", "late"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        assert_eq!(ben.unread(&group).await, 0, "lines of the system are not unread");
        for body in ["one", "two", "three"] {
            ana.sends(&group, body).await;
        }
        assert_eq!((ana.unread(&group).await, ben.unread(&group).await), (0, 3));
        ben.sends(&group, "mine").await;
        assert_eq!((ana.unread(&group).await, ben.unread(&group).await), (1, 3));
        ana.deletes_for("everyone", &group, 3).await.no_content();
        assert_eq!(ben.unread(&group).await, 2);
        ben.deletes_for("me", &group, 4).await.no_content();
        assert_eq!(ben.unread(&group).await, 1);
        ana.adds(&group, &[&late]).await.ok();
        assert_eq!(late.unread(&group).await, 0, "nothing before they joined");
        ana.sends(&group, "welcome").await;
        assert_eq!((late.unread(&group).await, ben.unread(&group).await), (1, 2));
        assert_eq!(ben.changes(&group, 0, 0, 0).await.ok()["unread_count"], 2);
        ben.reads(&group, 99).await.no_content();
        assert_eq!(ben.unread(&group).await, 0);
    }
);

both_dbs!(
    async fn a_mark_of_unread_is_cleared_by_reading(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "one").await;
        ben.reads(&group, 2).await.no_content();
        let (mut bens, mut anas) = (ben.connects().await, ana.connects().await);
        assert_eq!(ben.keeps(&group, json!({"marked_unread": true})).await["marked_unread"], true);
        assert_eq!(bens.hears("mine.updated").await["mine"]["marked_unread"], true);
        anas.hears_nothing().await;
        ana.sends(&group, "two").await;
        ben.reads(&group, 3).await.no_content();
        let mine = bens.hears("mine.updated").await["mine"].clone();
        assert_eq!((&mine["marked_unread"], &mine["read_seq"]), (&json!(false), &json!(3)));
        assert_eq!(ben.view(&group).await["mine"], mine);
    }
);

both_dbs!(
    async fn strangers_mark_nothing(t: TestApp) {
        let [ana, eve] = t.users(["ana", "eve"]).await;
        let group = ana.creates_group("Team", &[]).await;
        eve.reads(&group, 1).await.problem(404, "conversation_not_found");
        eve.connects()
            .await
            .says(json!({"type": "receipt", "conversation_id": group, "read_seq": 1}))
            .await
            .problem(404, "conversation_not_found");
    }
);

fn time(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().unwrap().parse().unwrap()
}

both_dbs!(
    async fn above_a_hundred_members_only_the_lowest_is_told(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let crowd = futures_util::future::join_all((0..99).map(|n| {
            let t = &t;
            async move { t.user(&format!("crowd{n}")).await }
        }))
        .await;
        let mut others: Vec<_> = crowd.iter().collect();
        others.push(&ben);
        let group = ana.creates_group("Crowd", &others).await;
        ana.sends(&group, "hello").await;
        let view = ben.view(&group).await;
        assert_eq!((&view["members"], &view["member_count"]), (&Value::Null, &json!(101)));
        assert_eq!(view["lowest"], json!({"delivered_seq": 0, "read_seq": 0}));
        let (mut anas, mut bens, mut bens_other) = (ana.connects().await, ben.connects().await, ben.connects().await);

        ben.reads(&group, 2).await.no_content();
        let event = anas.hears("receipt.updated").await;
        assert_eq!((event.get("positions"), &event["lowest"]), (None, &json!({"delivered_seq": 0, "read_seq": 0})));
        for device in [&mut bens, &mut bens_other] {
            let mine = device.hears("mine.updated").await["mine"].clone();
            assert_eq!((&mine["read_seq"], &mine["delivered_seq"]), (&json!(2), &json!(2)));
            device.hears("receipt.updated").await;
        }
        assert_eq!(ben.unread(&group).await, 0);
        bens.says(json!({"type": "typing", "conversation_id": group})).await.ok();
        anas.hears_nothing().await;
    }
);
