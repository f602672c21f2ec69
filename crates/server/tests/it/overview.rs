//! The account at a glance, what happened in it, and how the server does.

use std::time::Duration;

use convo_server::sms::usage;
use serde_json::{Value, json};

use crate::support::{TestApp, TestUser, eventually};

const DAY: Duration = Duration::from_secs(86_400);

impl TestUser {
    async fn dashboard(&self) -> Value {
        self.get("/api/user/dashboard").await.ok()
    }

    async fn activity(&self, query: &str) -> (Vec<String>, Option<String>) {
        let page = self.get(&format!("/api/user/activity?{query}")).await.ok();
        let kinds = page["activity"].as_array().unwrap().iter();
        let kinds = kinds.map(|told| told["kind"].as_str().unwrap().to_owned()).collect();
        (kinds, page["next_cursor"].as_str().map(str::to_owned))
    }
}

/// A token lives a quarter of an hour, and these stories take days.
async fn days_pass(t: &TestApp, days: u32, who: &TestUser) -> TestUser {
    t.clock.advance(DAY * days);
    t.signs_in(&who.username).await
}

fn sum(days: &Value, field: &str) -> i64 {
    days.as_array().unwrap().iter().map(|day| day[field].as_i64().unwrap()).sum()
}

fn cost(dashboard: &Value, kind: &str) -> i64 {
    let costs = dashboard["costs"].as_array().unwrap().iter().filter(|cost| cost["kind"] == kind);
    costs.map(|cost| cost["amount_micros"].as_i64().unwrap()).sum()
}

both_dbs!(
    async fn days_are_told_alike_before_and_after_they_are_counted(t: TestApp) {
        let [mut ana, ben] = t.users(["ana", "ben"]).await;
        let (line, mut handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let good = ana.begins_thread(&line, &handset.number).await;
        let bad = ana.begins_thread(&line, "+447700900903").await;
        let mut spent = 0;
        for day in 0..4_u32 {
            for n in 0..=day {
                let sent = ana.texts(&good, &format!("good {day} {n}"), "Hello").await.created();
                ana.sees_delivery(&good, sent["seq"].as_i64().unwrap(), "delivered").await;
                spent += sent["delivery"]["price_micros"].as_i64().unwrap();
            }
            let sent = ana.texts(&bad, &format!("bad {day}"), "Hello").await.created();
            ana.sees_delivery(&bad, sent["seq"].as_i64().unwrap(), "failed").await;
            spent += sent["delivery"]["price_micros"].as_i64().unwrap();
            // A text that was taken back was none.
            let path = format!("/api/conversations/{good}/messages");
            let wish = json!({"client_id": uuid::Uuid::now_v7(), "body": "never", "due_in_ms": 3_600_000});
            let never = ana.post(&path, wish).await.created();
            ana.post(&format!("{path}/{}/cancel", never["seq"]), json!({})).await.ok();
            handset.texts(&line.number, "Back").await.created();
            ana.sees_delivery(&good, never["seq"].as_i64().unwrap() + 1, "received").await;
            if day < 3 {
                ana = days_pass(&t, 1, &ana).await;
                handset.owner = ana.clone();
            }
        }
        let (before, rent) = (ana.dashboard().await, line_rent(&ana).await);
        let told = |field: &str| {
            let days = before["texts"].as_array().unwrap();
            days.iter().map(|day| day[field].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(told("sent"), [2, 3, 4, 5]);
        assert_eq!(told("delivered"), [1, 2, 3, 4]);
        assert_eq!((told("failed"), told("received")), (vec![1; 4], vec![1; 4]));
        assert_eq!(before["texts"][3]["day"], before["today"]);
        assert_eq!((cost(&before, "texts"), cost(&before, "numbers")), (spent, rent));
        let ben = t.signs_in(&ben.username).await;
        assert_eq!(ben.dashboard().await["texts"], json!([]));

        usage::count_past_days(&t.app).await.unwrap();
        usage::count_past_days(&t.app).await.unwrap();
        let mut tx = t.app.begin().await.unwrap();
        let (counted,): (i64,) = tx.sql("select count(*) from text_days").one().await.unwrap();
        drop(tx);
        // Both directions of the days before yesterday.
        assert_eq!(counted, 4);
        let after = ana.dashboard().await;
        assert_eq!((&after["texts"], &after["costs"]), (&before["texts"], &before["costs"]));

        // What was counted stays, and nothing is told for ever.
        let ana = days_pass(&t, 20, &ana).await;
        usage::count_past_days(&t.app).await.unwrap();
        assert_eq!(ana.dashboard().await["texts"], before["texts"]);
        let ana = days_pass(&t, 8, &ana).await;
        assert_eq!(sum(&ana.dashboard().await["texts"], "sent"), 9);
    }
);

both_dbs!(
    async fn codes_that_came_and_those_that_are_waited_for_are_counted(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let line = ana.buys_a_number("US").await;
        let came = ana.waits_on(&line, "whatsapp").await;
        ana.lets_send("send", &came["id"], json!({})).await.accepted();
        ana.sees(&came["id"], "completed").await;
        ana.waits_on(&line, "google").await;
        let counts = json!({"begun": 2, "completed": 1, "waiting": 1});
        assert_eq!(ana.dashboard().await["verifications"], counts);
        assert_eq!(ben.dashboard().await["verifications"], json!({"begun": 0, "completed": 0, "waiting": 0}));
    }
);

async fn line_rent(user: &TestUser) -> i64 {
    user.get("/api/numbers/owned").await.ok()["numbers"][0]["monthly_micros"].as_i64().unwrap()
}

both_dbs!(
    async fn what_needs_somebody_is_said_in_time(t: TestApp) {
        let ana = t.user("ana").await;
        ana.tops_up("money", 3_000_000).await.created();
        let offers = ana.finds_numbers("US", "sms=true&limit=2").await;
        for (key, offer) in ["one", "two"].into_iter().zip(&offers) {
            ana.buys(key, offer["number"].as_str().unwrap()).await.created();
        }
        let quiet = ana.dashboard().await;
        assert_eq!(quiet["warnings"], json!([]));
        assert_eq!((&quiet["numbers"]["owned"], &quiet["numbers"]["ending"]), (&json!(2), &json!([])));
        let monthly = line_rent(&ana).await;
        let left = ana.balance().await;
        assert!(left < monthly, "the story wants too little money for both");

        let ana = days_pass(&t, 24, &ana).await;
        let soon = ana.dashboard().await;
        assert_eq!(soon["numbers"]["ending"].as_array().unwrap().len(), 2);
        let warnings = soon["warnings"].as_array().unwrap();
        let missing: Vec<_> = warnings.iter().map(|each| (&each["kind"], each["missing_micros"].as_i64())).collect();
        let lacks = &json!("number_lacks_money");
        assert_eq!(missing, [(lacks, Some(monthly - left)), (lacks, Some(2 * monthly - left))]);

        let id = soon["numbers"]["ending"][0]["id"].as_str().unwrap();
        ana.patch(&format!("/api/numbers/{id}"), json!({"auto_renew": false})).await.ok();
        let warnings = ana.dashboard().await["warnings"].clone();
        let kinds: Vec<_> = warnings.as_array().unwrap().iter().map(|each| each["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["number_ends", "number_lacks_money"]);
        let limits = ana.dashboard().await["limits"].clone();
        assert_eq!(limits, json!([{"name": "numbers", "used": 2, "max": 1000}]));

        let ana = days_pass(&t, 7, &ana).await;
        let unpaid = ana.dashboard().await["warnings"].clone();
        assert_eq!((&unpaid[0]["kind"], &unpaid[1]["kind"]), (&json!("number_unpaid"), &json!("number_unpaid")));
        assert_eq!(unpaid.as_array().unwrap().len(), 2, "{unpaid}");
    }
);

both_dbs!(
    async fn what_happened_is_one_list_page_by_page(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        ana.texts(&thread, "hello", "Hello").await.created();
        ana.sees_delivery(&thread, 1, "delivered").await;
        t.clock.advance(Duration::from_secs(60));
        ana.put(&format!("/api/numbers/{}/shares/{}", line.id, ben.id), json!({"role": "read"})).await.no_content();
        handset.texts(&line.number, "STOP").await.created();
        eventually("the STOP to be obeyed", async || {
            ana.activity("").await.0.contains(&"opted_out".to_owned()).then_some(())
        })
        .await;
        t.clock.advance(Duration::from_secs(60));
        ana.puts("renew", &format!("/api/numbers/{}/renew", line.id)).await.ok();
        t.clock.advance(Duration::from_secs(60));
        let bad = ana.begins_thread(&line, "+447700900903").await;
        ana.texts(&bad, "bad", "Hello").await.created();
        ana.sees_delivery(&bad, 1, "failed").await;

        let (mut all, end) = ana.activity("").await;
        let mut first = all.split_off(3);
        assert_eq!(all, ["texts_failed", "number_renewed", "opted_out"]);
        // Of one moment: by their ids.
        first.sort();
        assert_eq!((first, end), (["number_bought", "signed_in", "topped_up"].map(str::to_owned).to_vec(), None));

        let (mut paged, mut next) = ana.activity("limit=2").await;
        while let Some(cursor) = next {
            let (page, then) = ana.activity(&format!("limit=2&cursor={cursor}")).await;
            paged.extend(page);
            next = then;
        }
        assert_eq!(paged.len(), 6, "{paged:?}");
        assert_eq!(paged[..3], all);
        ana.get("/api/user/activity?cursor=x").await.problem(400, "malformed_request");

        let page = ana.get("/api/user/activity").await.ok();
        assert_eq!(page["activity"][1]["number"], line.number);
        assert_eq!((&page["activity"][2]["about"], &page["activity"][0]["count"]), (&json!(handset.number), &json!(1)));
        assert_eq!(ben.activity("").await.0, ["number_shared", "signed_in"]);
        let recent = ana.dashboard().await["recent"].clone();
        assert_eq!(recent.as_array().unwrap().len(), 6);
    }
);

both_dbs!(
    async fn administrators_see_how_the_server_does(t: TestApp) {
        let (admin, ana) = (t.admin().await, t.user("ana").await);
        let mut device = ana.connects().await;
        let health = eventually("the link", async || {
            let health = admin.get("/api/admin/health").await.ok();
            health["carriers"][0]["linked_by"].is_string().then_some(health)
        })
        .await;
        let carrier = &health["carriers"][0];
        assert_eq!(
            (&carrier["name"], &carrier["mode"], &carrier["queued"]),
            (&json!("simulator"), &json!("test"), &json!(0))
        );
        assert_eq!(health["sockets"], 1);
        assert!(health["process"]["memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1_000_000), "{health}");
        assert!(health["process"]["cpu_percent"].is_number(), "{health}");

        let line = ana.buys_a_number("US").await;
        device.hears("number.updated").await;
        let thread = ana.begins_thread(&line, "+447700900900").await;
        let path = format!("/api/conversations/{thread}/messages");
        let later = json!({"client_id": uuid::Uuid::now_v7(), "body": "later", "due_in_ms": 3_600_000});
        ana.post(&path, later).await.created();
        let health = admin.get("/api/admin/health").await.ok();
        assert_eq!(
            (&health["carriers"][0]["queued"], &health["carriers"][0]["waiting_since"]),
            (&json!(1), &Value::Null)
        );
        ana.get("/api/admin/health").await.problem(403, "administrators_only");
    }
);
