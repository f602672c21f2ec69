//! What clients say, and what they are answered.

use serde_json::{Value, json};

use crate::support::client_id;

both_dbs!(
    async fn typing_reaches_the_others_only(t: TestApp) {
        let [ana, ben, eve] = t.users(["ana", "ben", "eve"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let (mut anas, mut anas_other, mut bens, mut eves) =
            (ana.connects().await, ana.connects().await, ben.connects().await, eve.connects().await);
        anas.says(json!({"type": "typing", "conversation_id": group})).await.ok();
        assert_eq!(bens.hears("typing").await, json!({"type": "typing", "conversation_id": group, "user_id": ana.id}));
        anas.hears_nothing().await;
        anas_other.hears_nothing().await;
        eves.says(json!({"type": "typing", "conversation_id": group})).await.problem(404, "conversation_not_found");
        eves.hears_nothing().await;
        bens.hears_nothing().await;
        assert_eq!(ana.view(&group).await["version"], 1, "typing is never stored");
    }
);

both_dbs!(
    |config| config.limits.off = false;
    async fn typing_more_often_is_ignored(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let direct = ana.direct(&ben).await;
        let (mut anas, mut bens) = (ana.connects().await, ben.connects().await);
        for _ in 0..5 {
            anas.says(json!({"type": "typing", "conversation_id": direct})).await.ok();
        }
        ana.sends(&direct, "hello").await;
        bens.hears("message.created").await;
        assert_eq!(bens.all_types().await, ["typing"]);
    }
);

both_dbs!(
    async fn bad_frames_get_clear_errors(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        let mut anas = ana.connects().await;
        for frame in [
            json!({}),
            json!({"type": "message.sned"}),
            json!({"type": "message.send"}),
            json!({"type": "message.send", "conversation_id": own, "client_id": "x", "body": "x"}),
            json!({"type": "message.send", "conversation_id": own, "client_id": client_id(), "body": 5}),
            json!({"type": "message.send", "conversation_id": "usr_1", "client_id": client_id(), "body": "x"}),
            json!({"type": "message.edit", "conversation_id": own, "seq": "one", "body": "x"}),
            json!({"type": "receipt", "conversation_id": own, "read_seq": 1.5}),
            json!({"type": "receipt"}),
            json!({"type": "sync", "cursor": 5}),
            json!({"type": "sync", "cursor": "nonsense"}),
            json!({"type": "auth", "token": ana.access_token}),
        ] {
            let answer = anas.says(frame.clone()).await.problem(400, "malformed_request");
            assert!(!answer["problem"]["detail"].as_str().unwrap().is_empty(), "{frame}");
        }
        // Without a `ref`, or with one that cannot be, there is nobody to answer to; the socket goes on.
        for text in [
            "",
            "x",
            "[]",
            "null",
            "{\"type\":\"ping\"}",
            "{\"type\":\"ping\",\"ref\":[1]}",
            "{\"type\":\"nothing\"}",
            &format!("{{\"type\":\"ping\",\"ref\":\"{}\"}}", "x".repeat(65)),
        ] {
            anas.writes(text).await;
        }
        anas.hears_nothing().await;
        anas.writes("{\"type\":\"ping\",\"ref\":\"a word\"}").await;
        assert_eq!(anas.hears("ok").await, json!({"type": "ok", "ref": "a word"}));
        assert_eq!(anas.says(json!({"type": "ping"})).await.ok()["type"], "ok");
    }
);

both_dbs!(
    async fn frames_and_http_refuse_alike(t: TestApp) {
        let [ana, eve] = t.users(["ana", "eve"]).await;
        let group = ana.creates_group("Team", &[]).await;
        let (mut anas, mut eves) = (ana.connects().await, eve.connects().await);
        let send = |body: &str| json!({"type": "message.send", "conversation_id": group, "client_id": client_id(), "body": body});
        eves.says(send("x")).await.problem(404, "conversation_not_found");
        eves.says(json!({"type": "message.edit", "conversation_id": group, "seq": 1, "body": "x"}))
            .await
            .problem(404, "conversation_not_found");
        anas.says(json!({"type": "message.edit", "conversation_id": group, "seq": 1, "body": "x"}))
            .await
            .problem(403, "not_the_author");
        anas.says(json!({"type": "message.edit", "conversation_id": group, "seq": 9, "body": "x"}))
            .await
            .problem(404, "message_not_found");
        let mut reply = send("x");
        reply["reply_to_seq"] = json!(9);
        assert_eq!(anas.says(reply).await.problem(422, "reply_not_found")["problem"]["field"], "reply_to_seq");
        assert_eq!(ana.bodies(&group).await, [""; 0]);
    }
);

both_dbs!(
    async fn heads_over_the_socket_are_those_of_http(t: TestApp) {
        let ana = t.user("ana").await;
        ana.creates_group("Team", &[]).await;
        let mut anas = ana.connects().await;
        assert_eq!(anas.hello["user_id"], ana.id.as_str());
        assert_eq!(
            (&anas.hello["session_id"], &anas.hello["ping_secs"], &anas.hello["sync_secs"]),
            (&json!(ana.session_id), &json!(30), &json!(60))
        );
        let mut said = anas.says(json!({"type": "sync"})).await.ok();
        let heads: Value = ana.get("/api/sync").await.ok();
        assert_eq!(anas.hello["user_version"], heads["user_version"]);
        said.as_object_mut().unwrap().retain(|key, _| key != "type" && key != "ref");
        assert_eq!(said, heads);
    }
);
