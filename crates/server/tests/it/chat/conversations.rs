//! Direct conversations, and what each keeps of a conversation privately.

use serde_json::{Value, json};

both_dbs!(
    async fn two_people_have_one_direct_conversation(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let mut bens = ben.connects().await;
        let one = ana.direct(&ben).await;
        assert_eq!(ben.direct(&ana).await, one);
        bens.hears("conversation.created").await;
        bens.hears_nothing().await;
        let view = ben.view(&one).await;
        assert_eq!(
            (&view["kind"], &view["title"], &view["last_seq"], &view["member_count"], &view["my_role"]),
            (&json!("direct"), &Value::Null, &json!(0), &json!(2), &json!("member"))
        );
        ana.leaves(&one).await.problem(409, "direct_conversation");
        ana.removes(&one, &ben).await.problem(409, "direct_conversation");
        ana.patch(&format!("/api/conversations/{one}"), json!({"title": "Us"}))
            .await
            .problem(409, "direct_conversation");
        ana.adds(&one, &[&t.admin().await]).await.problem(409, "direct_conversation");
        ana.gives_role(&one, &ben, "admin").await.problem(409, "direct_conversation");
        ana.post(
            "/api/conversations",
            json!({"kind": "direct", "participant_ids": ["usr_00000000000000000000000000"]}),
        )
        .await
        .problem(404, "user_not_found");
    }
);

both_dbs!(
    async fn both_begin_it_at_once_and_it_is_one(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let ids = futures_util::future::join_all((0..16).map(|n| {
            let (from, to) = if n % 2 == 0 { (&ana, &ben) } else { (&ben, &ana) };
            from.direct(to)
        }))
        .await;
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(ana.get("/api/conversations").await.ok()["conversations"].as_array().unwrap().len(), 1);
    }
);

both_dbs!(
    async fn one_can_write_to_oneself(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        assert_eq!(ana.direct(&ana).await, own);
        let mut anas = ana.connects().await;
        ana.sends(&own, "a note").await;
        anas.hears("message.created").await;
        anas.hears_nothing().await;
        let view = ana.view(&own).await;
        assert_eq!(
            (&view["member_count"], &view["unread_count"], &view["members"].as_array().unwrap().len()),
            (&json!(1), &json!(0), &1)
        );
        ana.leaves(&own).await.problem(409, "direct_conversation");
    }
);

both_dbs!(
    async fn what_one_keeps_of_it_is_private(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let (mut anas, mut bens) = (ana.connects().await, ben.connects().await);
        let until = "2026-06-01T00:00:00.000000Z";
        let mine = ben.keeps(&group, json!({"muted_until": until, "pinned": true})).await;
        assert_eq!(
            (&mine["muted_until"], &mine["archived_at"], &mine["mine_version"]),
            (&json!(until), &Value::Null, &json!(1))
        );
        assert_ne!(mine["pinned_at"], Value::Null);
        assert_eq!(bens.hears("mine.updated").await["mine"], mine);
        t.clock.advance(std::time::Duration::from_secs(5));
        assert_eq!(
            ben.keeps(&group, json!({"pinned": true, "muted_until": until})).await,
            mine,
            "a repeat changes nothing"
        );
        assert_eq!(ben.keeps(&group, json!({})).await, mine);
        bens.hears_nothing().await;
        anas.hears_nothing().await;
        let mine = ben.keeps(&group, json!({"muted_until": null, "pinned": false})).await;
        assert_eq!(
            (&mine["muted_until"], &mine["pinned_at"], &mine["mine_version"]),
            (&Value::Null, &Value::Null, &json!(2))
        );
        assert_eq!(ben.view(&group).await["mine"], mine);
        assert_eq!(ana.view(&group).await["mine"]["mine_version"], 0);
        assert_eq!(ana.view(&group).await["version"], 1, "others do not learn of it");
        ben.put(&format!("/api/conversations/{group}/mine"), json!({"muted_until": "tomorrow"}))
            .await
            .problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn archiving_loses_nothing(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let direct = ana.direct(&ben).await;
        ana.sends(&direct, "hello").await;
        let mut bens = ben.connects().await;
        ben.delete(&format!("/api/conversations/{direct}")).await.no_content();
        ben.delete(&format!("/api/conversations/{direct}")).await.no_content();
        assert_ne!(bens.hears("mine.updated").await["mine"]["archived_at"], Value::Null);
        bens.hears_nothing().await;
        let listed = async |query: &str| {
            ben.get(&format!("/api/conversations?archived={query}")).await.ok()["conversations"]
                .as_array()
                .unwrap()
                .len()
        };
        assert_eq!((listed("false").await, listed("true").await), (0, 1));
        assert_eq!(ben.bodies(&direct).await, ["hello"]);
        ana.sends(&direct, "still there?").await;
        bens.hears("message.created").await;
        assert_eq!(ben.keeps(&direct, json!({"archived": false})).await["archived_at"], Value::Null);
        assert_eq!((listed("false").await, listed("true").await), (1, 0));
        assert_eq!(ana.get("/api/conversations").await.ok()["conversations"].as_array().unwrap().len(), 1);
    }
);

both_dbs!(
    async fn a_title_is_what_one_sees_of_it(t: TestApp) {
        let ana = t.user("ana").await;
        let group = ana.creates_group("Te\u{200b}am\u{202e}\n  \u{2067}one", &[]).await;
        assert_eq!(ana.view(&group).await["title"], json!("Team one"));
        let path = format!("/api/conversations/{group}");
        let change = json!({"title": "👩\u{200d}👧 \u{feff}", "description": "\u{2066}one\n\ntwo\u{2069}"});
        let view = ana.patch(&path, change).await.ok()["conversation"].clone();
        assert_eq!((&view["title"], &view["description"]), (&json!("👩\u{200d}👧"), &json!("one\n\ntwo")));
        ana.patch(&path, json!({"title": "\u{200f}\u{3164}"})).await.problem(422, "title_empty");
    }
);
