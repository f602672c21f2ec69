//! Heads and differences over HTTP.

use serde_json::{Value, json};

both_dbs!(
    async fn a_difference_tells_what_happened_since(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "one").await;
        ana.sends(&group, "two").await;
        let now = ben.view(&group).await;
        let position = |of: &Value| {
            (
                of["version"].as_i64().unwrap(),
                of["last_seq"].as_i64().unwrap(),
                of["mine"]["mine_version"].as_i64().unwrap(),
            )
        };
        let (version, last_seq, mine_version) = position(&now);

        let nothing = ben.changes(&group, version, last_seq, mine_version).await.ok();
        assert_eq!(
            (&nothing["messages"], &nothing["members"], &nothing["mine"], &nothing["reset"]),
            (&json!([]), &json!([]), &Value::Null, &json!(false))
        );
        assert_eq!(
            (&nothing["version"], &nothing["last_seq"], &nothing["unread_count"]),
            (&now["version"], &now["last_seq"], &json!(2))
        );

        ana.edits(&group, 2, "one!").await.ok();
        ana.sends(&group, "three").await;
        ana.reacts(&group, 3, "👍").await.ok();
        ana.adds(&group, &[&cleo]).await.ok();
        ben.keeps(&group, json!({"pinned": true})).await;
        ben.reads(&group, 3).await.no_content();
        let difference = ben.changes(&group, version, last_seq, mine_version).await.ok();
        let seqs: Vec<_> =
            difference["messages"].as_array().unwrap().iter().map(|message| message["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, [2, 3, 4, 5], "older ones that changed, then new ones");
        assert_eq!(difference["messages"][0], ben.message(&group, 2).await.ok());
        let mut changed: Vec<_> = difference["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| member["user_id"].as_str().unwrap())
            .collect();
        changed.sort_unstable();
        let mut expected = [ana.id.as_str(), ben.id.as_str(), cleo.id.as_str()];
        expected.sort_unstable();
        assert_eq!(changed, expected, "sending moved ana, reading moved ben, cleo is new");
        let fresh = ben.view(&group).await;
        assert_eq!(difference["mine"], fresh["mine"]);
        for key in ["version", "last_seq", "unread_count", "lowest"] {
            assert_eq!(difference[key], fresh[key], "{key}");
        }
        assert_eq!(difference["conversation"]["member_count"], 3);
        assert!(difference["users"].as_array().unwrap().iter().any(|user| user["username"] == "cleo"));

        ana.removes(&group, &cleo).await.no_content();
        let (version, last_seq, mine_version) = position(&fresh);
        let left = ben.changes(&group, version, last_seq, mine_version).await.ok();
        assert_eq!((&left["members"][0]["user_id"], &left["members"][0]["active"]), (&json!(cleo.id), &json!(false)));
    }
);

both_dbs!(
    async fn after_more_than_five_hundred_changes_one_loads_anew(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        for _ in 0..10 {
            futures_util::future::join_all((0..50).map(|n| {
                let (ana, own) = (&ana, &own);
                async move { ana.sends(own, &n.to_string()).await }
            }))
            .await;
        }
        let all = ana.changes(&own, 0, 0, 0).await.ok();
        // The 500 messages, and ana's own row.
        assert_eq!((&all["reset"], &all["messages"], &all["version"]), (&json!(true), &json!([]), &json!(500)));
        let most = ana.changes(&own, 1, 1, 0).await.ok();
        assert_eq!((&most["reset"], most["messages"].as_array().unwrap().len()), (&json!(false), 499));
        // A position that never was comes from before a restore.
        for (version, last_seq) in [(501, 500), (500, 501), (9_999, 9_999)] {
            assert_eq!(ana.changes(&own, version, last_seq, 0).await.ok()["reset"], true);
        }
        ana.changes(&own, -1, 0, 0).await.problem(400, "malformed_request");
        ana.get(&format!("/api/conversations/{own}/changes")).await.problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn long_messages_come_in_shorter_pages_and_none_is_left_out(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let direct = ana.direct(&ben).await;
        // 32,000 bytes each: 32 of them are less than 1 MiB, 33 are more.
        let long = "𝄞".repeat(8_000);
        for n in 1..=34 {
            ana.sends(&direct, &format!("{n}{}", &long[..long.len() - 8])).await;
        }
        let page = async |place: &str| ben.get(&format!("/api/conversations/{direct}/messages?{place}")).await.ok();
        let seqs = |page: &Value| -> Vec<i64> {
            page["messages"].as_array().unwrap().iter().map(|message| message["seq"].as_i64().unwrap()).collect()
        };
        let newest = page("limit=200").await;
        assert_eq!((seqs(&newest), &newest["has_before"]), ((3..=34).collect(), &json!(true)));
        let oldest = page("limit=200&before=3").await;
        assert_eq!((seqs(&oldest), &oldest["has_before"]), (vec![1, 2], &json!(false)));
        let from_the_first = page("limit=200&after=0").await;
        assert_eq!((seqs(&from_the_first), &from_the_first["has_after"]), ((1..=32).collect(), &json!(true)));
        let rest = page("limit=200&after=32").await;
        assert_eq!((seqs(&rest), &rest["has_after"]), (vec![33, 34], &json!(false)));
        let around = page("limit=200&around=17").await;
        assert_eq!(seqs(&around), (2..=33).collect::<Vec<_>>());
        assert_eq!((&around["has_before"], &around["has_after"]), (&json!(true), &json!(true)));

        let too_much = ben.changes(&direct, 0, 0, 0).await.ok();
        assert_eq!((&too_much["reset"], &too_much["messages"]), (&json!(true), &json!([])));
        let most = ben.changes(&direct, 2, 2, 0).await.ok();
        assert_eq!((&most["reset"], seqs(&most)), (&json!(false), (3..=34).collect()));
        // One that changed and those that are new share the room.
        ana.reacts(&direct, 1, "👍").await.ok();
        let with_an_older_one = ben.changes(&direct, 2, 2, 0).await.ok();
        assert_eq!((&with_an_older_one["reset"], &with_an_older_one["messages"]), (&json!(true), &json!([])));
        let less = ben.changes(&direct, 3, 3, 0).await.ok();
        assert_eq!((&less["reset"], seqs(&less).len()), (&json!(false), 32));
    }
);

both_dbs!(
    async fn heads_are_newest_first(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let first = ana.creates_group("first", &[&ben]).await;
        t.clock.advance(std::time::Duration::from_secs(1));
        let second = ana.creates_group("second", &[&ben]).await;
        let order = async || {
            let heads = ben.get("/api/sync").await.ok()["heads"].clone();
            heads
                .as_array()
                .unwrap()
                .iter()
                .map(|head| head["conversation_id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(order().await, [second.clone(), first.clone()]);
        t.clock.advance(std::time::Duration::from_secs(1));
        ana.sends(&first, "up").await;
        assert_eq!(order().await, [first.clone(), second.clone()]);
        ana.removes(&second, &ben).await.no_content();
        let heads = ben.get("/api/sync").await.ok();
        let removed =
            heads["heads"].as_array().unwrap().iter().find(|head| head["conversation_id"] == second.as_str()).unwrap();
        assert_eq!(removed["removed"], true);
        // What is said there afterwards does not even move it up.
        t.clock.advance(std::time::Duration::from_secs(1));
        ana.sends(&first, "here").await;
        let before = ben.get("/api/sync").await.ok();
        t.clock.advance(std::time::Duration::from_secs(1));
        ana.sends(&second, "there").await;
        assert_eq!(order().await, [first.clone(), second.clone()]);
        assert_eq!(ben.get("/api/sync").await.ok(), before);
        assert_eq!(heads["user_version"], ben.get("/api/users/me").await.ok()["user_version"]);
    }
);
