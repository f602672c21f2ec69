//! What the first administrator finds after set-up.

use serde_json::{Value, json};

use crate::support::{Handset, Line, TestApp, eventually};

async fn jobs_end(t: &TestApp) {
    eventually("the jobs to end", async || (t.app.jobs.count().await.unwrap() == 0).then_some(())).await;
}

both_dbs!(|config| config.simulator.welcome = true;
    async fn set_up_gives_a_number_a_handset_and_play_money_once(t: TestApp) {
        let admin = t.admin().await;
        jobs_end(&t).await;
        let numbers = admin.get("/api/numbers/owned").await.ok()["numbers"].clone();
        assert_eq!((numbers.as_array().unwrap().len(), &numbers[0]["state"]), (1, &json!("owned")));
        let handsets = admin.get("/api/handsets").await.ok()["handsets"].clone();
        assert_eq!(handsets.as_array().unwrap().len(), 1);
        let left = 20_000_000 - numbers[0]["monthly_micros"].as_i64().unwrap();
        assert_eq!((admin.balance().await, admin.wallet("live").await["balance_micros"].as_i64()), (left, Some(0)));

        // As after a crash that lost the news that it was done.
        let number_ids = json!([numbers[0]["id"], "num_00000000000000000000000001", "num_00000000000000000000000002"]);
        let payload = json!({"user_id": admin.id, "number_ids": number_ids}).to_string();
        let mut tx = t.app.begin().await.unwrap();
        tx.sql("insert into jobs (id, queue, payload, run_at, created_at) values ($1, 'sms.welcome', $2, 0, 0)")
            .bind(uuid::Uuid::now_v7())
            .bind(payload)
            .run()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        jobs_end(&t).await;
        assert_eq!(admin.get("/api/numbers/owned").await.ok()["numbers"], numbers);
        assert_eq!(admin.get("/api/handsets").await.ok()["handsets"], handsets);
        assert_eq!(admin.balance().await, left);

        // It is enough to text at once.
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let line = Line { id: text(&numbers[0]["id"]), number: text(&numbers[0]["number"]) };
        let handset = Handset { owner: admin.clone(), id: text(&handsets[0]["id"]), number: text(&handsets[0]["number"]) };
        // The clock stands still, and so would the text.
        admin.patch(&format!("/api/handsets/{}", handset.id), json!({"latency_ms": 0})).await.ok();
        handset.texts(&line.number, "Hello Convo").await.created();
        let thread = eventually("the text to arrive", async || {
            let list = admin.get("/api/conversations").await.ok();
            list["conversations"][0]["id"].as_str().map(str::to_owned)
        })
        .await;
        admin.texts(&thread, "answer", "Hello phone").await.created();
        handset.receives("Hello phone").await;

        let ben = t.user("ben").await;
        assert_eq!(ben.get("/api/numbers/owned").await.ok()["numbers"], json!([]));
        assert_eq!(ben.balance().await, 0);
    }
);

both_dbs!(|config| {
        config.simulator.welcome = true;
        // Nobody listens there.
        config.simulator.url = Some("http://127.0.0.1:9".to_owned());
        config.simulator.secret = Some(convo_server::config::Secret::new("of this story"));
    };
    async fn set_up_works_while_the_simulated_carrier_does_not(t: TestApp) {
        let admin = t.admin().await;
        // Its job is tried again later; what needs no carrier is there.
        let failed = eventually("the job to fail", async || {
            let list = admin.get("/api/admin/jobs").await.ok();
            list["jobs"].as_array().unwrap().iter().find(|job| job["queue"] == "sms.welcome").cloned()
        })
        .await;
        assert_eq!((failed["attempts"].as_i64(), failed["retry_at"].is_string()), (Some(1), true), "{failed}");
        assert_eq!(admin.balance().await, 20_000_000);
        let mut tx = t.app.begin().await.unwrap();
        tx.sql("delete from jobs").run().await.unwrap();
        tx.commit().await.unwrap();
    }
);
