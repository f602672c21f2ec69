//! Numbers that nobody texts, and texts that nobody tells of: what administrators keep in order.

use convo_carriers::Submission;
use convo_server::sms::{
    carriers::Allowance,
    outbound::actions::{Report, claim, report},
};
use serde_json::{Value, json};

use crate::support::{Reply, TestUser};

const LIST: &str = "/api/admin/suppressions";

impl TestUser {
    async fn suppresses(&self, numbers: &[&str], reason: &str) -> Reply {
        self.post(LIST, json!({"numbers": numbers, "reason": reason})).await
    }

    async fn suppressed(&self, query: &str) -> Vec<String> {
        let page = self.get(&format!("{LIST}?{query}")).await.ok();
        let each = |suppression: &Value| suppression["number"].as_str().unwrap().to_owned();
        page["suppressions"].as_array().unwrap().iter().map(each).collect()
    }
}

both_dbs!(
    async fn a_suppressed_number_gets_nothing_until_it_is_taken_off(t: TestApp) {
        let (admin, ana) = (t.admin().await, t.user("ana").await);
        let line = ana.buys_a_number("GB").await;
        let thread = ana.begins_thread(&line, "+447700900900").await;
        let before = ana.balance().await;
        let path = format!("/api/conversations/{thread}/messages");
        let later = json!({"client_id": uuid::Uuid::now_v7(), "body": "in an hour", "due_in_ms": 3_600_000});
        ana.post(&path, later).await.created();

        let report = admin.suppresses(&["+44 7700 900900"], "Asked us by letter").await.ok();
        assert_eq!(report, json!({"added": 1, "known": 0, "bad": []}));
        ana.texts(&thread, "now", "Hello").await.problem(409, "suppressed");
        // What waited was accepted before; it does not leave, and comes back.
        t.clock.advance(std::time::Duration::from_secs(3_601));
        let ended = t.signs_in("ana").await;
        let ended = ended.sees_delivery(&thread, 1, "failed").await;
        assert_eq!(ended["delivery"]["failure"], 21_610);
        let (admin, ana) = (t.signs_in("admin").await, t.signs_in("ana").await);
        assert_eq!(ana.balance().await, before);

        admin.delete(&format!("{LIST}/+447700900900")).await.no_content();
        admin.delete(&format!("{LIST}/%2B447700900900")).await.no_content();
        ana.texts(&thread, "now", "Hello").await.created();
        ana.sees_delivery(&thread, 2, "delivered").await;
    }
);

both_dbs!(
    async fn a_pasted_list_is_taken_line_by_line(t: TestApp) {
        let admin = t.admin().await;
        let pasted = ["020 7946 0958", "", " +1 (415) 555-0142 ", "nobody", "+44 20 7946 0958", "+49"];
        let body = json!({"numbers": pasted, "country": "GB", "reason": "  Complaints\u{0}  of May "});
        let report = admin.post(LIST, body.clone()).await.ok();
        assert_eq!((&report["added"], &report["known"]), (&json!(2), &json!(0)));
        let bad: Vec<_> = report["bad"].as_array().unwrap().iter().map(|line| (&line["line"], &line["text"])).collect();
        assert_eq!(bad, [(&json!(4), &json!("nobody")), (&json!(6), &json!("+49"))]);
        assert!(report["bad"][0]["detail"].as_str().is_some_and(|detail| detail.len() > 5));

        let list = admin.get(LIST).await.ok();
        let first = &list["suppressions"][0];
        assert_eq!((&first["number"], &first["reason"]), (&json!("+14155550142"), &json!("Complaints of May")));
        assert_eq!((&first["made_by"], &list["users"][0]["username"]), (&json!(admin.id), &json!("admin")));
        // Again: nothing changes, and the first reason stays.
        let again = admin.suppresses(&["+14155550142"], "Another reason").await.ok();
        assert_eq!((&again["added"], &again["known"]), (&json!(0), &json!(1)));
        assert_eq!(admin.get(LIST).await.ok(), list);

        assert_eq!(admin.suppressed("search=7946").await, ["+442079460958"]);
        assert_eq!(admin.suppressed("search=%2B1%20(415)").await, ["+14155550142"]);
        assert_eq!(admin.suppressed("search=999").await, [""; 0]);
        let page = admin.get(&format!("{LIST}?limit=1")).await.ok();
        let next = page["next_cursor"].as_str().unwrap();
        assert_eq!(admin.suppressed(&format!("limit=1&cursor={next}")).await, ["+442079460958"]);

        admin.suppresses(&["+14155550143"], " ").await.problem(422, "reason_invalid");
        admin.suppresses(&["+14155550143"], &"x".repeat(201)).await.problem(422, "reason_invalid");
        admin.suppresses(&[], "None").await.problem(422, "numbers_invalid");
        admin.suppresses(&["+14155550143"; 1_001], "Too many").await.problem(422, "numbers_invalid");
        let nowhere = json!({"numbers": ["1"], "country": "XXX", "reason": "x"});
        admin.post(LIST, nowhere).await.problem(422, "country_unknown");
        admin.delete(&format!("{LIST}/nobody")).await.problem(422, "not_a_number");
        admin.get(&format!("{LIST}?cursor=%00")).await.problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn a_text_without_news_stays_unknown_and_leaves_the_list(t: TestApp) {
        let (admin, ana) = (t.admin().await, t.user("ana").await);
        let line = ana.buys_a_number("US").await;
        let thread = ana.begins_thread(&line, "+447700900900").await;
        let path = format!("/api/conversations/{thread}/messages");
        for body in ["one", "two"] {
            let wish = json!({"client_id": uuid::Uuid::now_v7(), "body": body, "due_in_ms": 3_600_000});
            ana.post(&path, wish).await.created();
        }
        // The carrier that has them is nobody's, and its link broke.
        let mut tx = t.app.begin().await.unwrap();
        tx.sql("update numbers set carrier = 'elsewhere'").run().await.unwrap();
        tx.sql("update parts set carrier = 'elsewhere', due_at = 0").run().await.unwrap();
        tx.commit().await.unwrap();
        let parts = claim(&t.app, "elsewhere", 1, 10, &Allowance::unbounded()).await.unwrap();
        let told = parts.iter().map(|part| Report::Wire {
            part: part.id,
            place: (part.conversation_id, part.seq),
            submission: Submission::Unknown { reason: "the link broke".to_owned() },
        });
        report(&t.app, "elsewhere", told.collect()).await.unwrap();

        let unknown = "/api/admin/texts/unknown";
        let page = admin.get(&format!("{unknown}?limit=1")).await.ok();
        let newest = &page["texts"][0];
        assert_eq!((&newest["to"], &newest["detail"]), (&json!("+447700900900"), &json!("the link broke")));
        assert_eq!((&newest["owner_id"], &page["users"][0]["username"]), (&json!(ana.id), &json!("ana")));
        assert!(!page.to_string().contains("two"), "what it says is its people's own");
        let next = page["next_cursor"].as_str().unwrap();
        let second = admin.get(&format!("{unknown}?limit=1&cursor={next}")).await.ok();
        assert_ne!(second["texts"][0]["id"], newest["id"]);

        let close = format!("/api/admin/texts/{}/close", newest["id"].as_str().unwrap());
        ana.post(&close, json!({})).await.problem(403, "administrators_only");
        admin.post(&close, json!({})).await.no_content();
        admin.post(&close, json!({})).await.no_content();
        let left = admin.get(unknown).await.ok();
        assert_eq!(left["texts"].as_array().unwrap().len(), 1);
        assert_eq!(left["texts"][0]["id"], second["texts"][0]["id"]);
        let states: Vec<_> =
            ana.reads_thread(&thread).await.iter().map(|message| message["delivery"]["state"].clone()).collect();
        assert_eq!(states, ["unknown", "unknown"]);

        // A late receipt is news; what had news cannot be closed.
        let other = &parts.iter().find(|part| json!(part.id) == second["texts"][0]["id"]).unwrap();
        let accepted = Submission::Accepted { carrier_id: "late".to_owned() };
        let place = (other.conversation_id, other.seq);
        report(&t.app, "elsewhere", vec![Report::Wire { part: other.id, place, submission: accepted }]).await.unwrap();
        admin.post(&format!("/api/admin/texts/{}/close", other.id), json!({})).await.problem(409, "text_has_news");
        admin
            .post("/api/admin/texts/part_00000000000000000000000000/close", json!({}))
            .await
            .problem(404, "text_not_found");
        assert_eq!(admin.get(unknown).await.ok()["texts"], json!([]));
    }
);
