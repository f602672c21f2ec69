//! Handsets: made once, and clear about what they cannot be.

use serde_json::json;

both_dbs!(
    async fn a_handset_is_made_once_for_each_key(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let wish = json!({"country": "US", "label": "Kitchen"});
        let first = ana.pays("k", "/api/handsets", wish.clone()).await.created();
        let many = futures_util::future::join_all((0..4).map(|_| ana.pays("k", "/api/handsets", wish.clone()))).await;
        for again in many {
            assert_eq!(again.ok(), first);
        }
        // At the same moment, before any of them is answered.
        let at_once =
            futures_util::future::join_all((0..4).map(|_| ana.pays("m", "/api/handsets", wish.clone()))).await;
        assert!(at_once.iter().all(|reply| reply.json["id"] == at_once[0].json["id"]), "{at_once:?}");
        assert_eq!(ana.get("/api/handsets").await.ok()["handsets"].as_array().unwrap().len(), 2);

        let other = json!({"country": "US", "label": "Hall"});
        ana.pays("k", "/api/handsets", other).await.problem(409, "idempotency_key_reused");
        ana.pays("", "/api/handsets", wish.clone()).await.problem(400, "idempotency_key_invalid");
        ana.pays(&"x".repeat(201), "/api/handsets", wish.clone()).await.problem(400, "idempotency_key_invalid");
        // Keys are each person's own, and may be left out.
        let bens = ben.pays("k", "/api/handsets", wish.clone()).await.created();
        assert_ne!(bens["id"], first["id"]);
        ben.post("/api/handsets", wish.clone()).await.created();
        ben.post("/api/handsets", wish.clone()).await.created();
        assert_eq!(ben.get("/api/handsets").await.ok()["handsets"].as_array().unwrap().len(), 3);

        // What the key made is gone, and a late repetition does not make it again.
        ana.delete(&format!("/api/handsets/{}", first["id"].as_str().unwrap())).await.no_content();
        ana.pays("k", "/api/handsets", wish).await.problem(404, "handset_not_found");
    }
);

both_dbs!(
    async fn a_refused_wish_leaves_its_key_free(t: TestApp) {
        let ana = t.user("ana").await;
        let wish = json!({"country": "US"});
        let mut phones = vec![];
        for _ in 0..10 {
            phones.push(ana.has_a_handset("US").await);
        }
        ana.pays("k", "/api/handsets", wish.clone()).await.problem(409, "too_many_handsets");
        ana.delete(&format!("/api/handsets/{}", phones[0].id)).await.no_content();
        ana.pays("k", "/api/handsets", wish).await.created();
    }
);

both_dbs!(
    async fn what_is_written_wrongly_is_told_with_its_place(t: TestApp) {
        let ana = t.user("ana").await;
        let (line, phone) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let path = format!("/api/handsets/{}", phone.id);
        for (change, code, field) in [
            (json!({"label": " "}), "bad_label", "label"),
            (json!({"label": "x".repeat(61)}), "bad_label", "label"),
            (json!({"label": "a\0b"}), "bad_label", "label"),
            (json!({"latency_ms": 3_600_001}), "latency_too_long", "latency_ms"),
            (json!({"loss_percent": 101}), "loss_too_high", "loss_percent"),
        ] {
            let problem = ana.patch(&path, change).await.problem(422, code);
            assert_eq!(problem["field"], field);
        }
        let new = json!({"country": "US", "label": "x".repeat(61)});
        assert_eq!(ana.post("/api/handsets", new).await.problem(422, "bad_label")["field"], "label");
        for (text, code) in [("", "no_text"), (&"x".repeat(1_601), "text_too_long")] {
            assert_eq!(phone.texts(&line.number, text).await.problem(422, code)["field"], "text");
        }
        // What depends on how things are stays a conflict.
        ana.patch(&path, json!({"airplane": true})).await.ok();
        phone.texts(&line.number, "hello").await.problem(409, "airplane_mode");
    }
);
