//! What was waited for: lists, files, figures; and every language in which services write.

use std::time::Duration;

use convo_server::sms::verifications;
use serde_json::json;
use uuid::Uuid;

use crate::support::text;

const PRICE: i64 = 120_000;

both_dbs!(
    async fn history_is_filtered_exported_and_counted(t: TestApp) {
        let [ana, _] = t.users(["ana", "ben"]).await;
        let line = ana.buys_a_number("GB").await;
        let from = t.clock.now();
        let mut took = 1_000;
        for service in ["google", "slack", "google"] {
            let begun = ana.waits_on(&line, service).await;
            t.clock.advance(Duration::from_millis(took));
            took *= 2;
            ana.lets_send(&Uuid::now_v7().to_string(), &begun["id"], json!({"code": "424242"})).await.accepted();
            ana.sees(&begun["id"], "completed").await;
        }
        let formula = ana.waits_on(&line, "=cmd,\"x\"").await;
        ana.cancels(&formula["id"]).await.no_content();
        let vain = ana.waits_on(&line, "uber").await;
        t.clock.advance(Duration::from_secs(20 * 60));
        verifications::actions::end_due(&t.app).await.unwrap();
        let ana = t.signs_in("ana").await;
        ana.sees(&vain["id"], "expired").await;

        let count = async |query: &str| {
            let list = ana.get(&format!("/api/verifications?{query}")).await.ok();
            list["verifications"].as_array().unwrap().len()
        };
        for (query, found) in [
            ("", 5),
            ("service=google", 2),
            ("service=WhatsApp", 0),
            ("status=completed", 3),
            ("status=expired&service=uber", 1),
            ("q=SLACK", 1),
            ("q=424242", 3),
            ("q=%25", 0),
            (&format!("from={from}"), 5),
            (&format!("to={from}"), 0),
        ] {
            assert_eq!(count(query).await, found, "{query}");
        }
        ana.get("/api/verifications?status=lost").await.problem(400, "malformed_request");
        let first = ana.get("/api/verifications?limit=3").await.ok();
        let rest = ana.get(&format!("/api/verifications?limit=3&cursor={}", text(&first["next_cursor"]))).await.ok();
        assert_eq!((rest["verifications"].as_array().unwrap().len(), &rest["next_cursor"]), (2, &json!(null)));
        assert_eq!(first["verifications"][0]["id"], vain["id"]);

        let file = ana.get("/api/verifications/export?format=csv").await;
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"verifications.csv\""));
        let table = String::from_utf8(file.bytes).unwrap();
        assert_eq!(table.lines().count(), 6, "{table}");
        assert!(table.contains("\"'=cmd,\"\"x\"\"\"") && table.contains(&format!(",'{},", line.number)), "{table}");
        assert!(table.contains(",completed,424242,0.000000,test,"), "{table}");
        let json = ana.get("/api/verifications/export?format=json&status=completed").await.ok();
        assert_eq!(json["verifications"].as_array().unwrap().len(), 3);
        ana.get("/api/verifications/export").await.problem(400, "malformed_request");

        let figures = ana.get("/api/verifications/stats").await.ok();
        let total = &figures["total"];
        assert_eq!((&total["begun"], &total["completed"], &total["cancelled"]), (&json!(5), &json!(3), &json!(1)));
        assert_eq!(
            (&total["success_rate"], &total["median_ms"], &total["p95_ms"]),
            (&json!(0.75), &json!(2_000), &json!(4_000))
        );
        assert_eq!(
            (&figures["services"][0]["service"], &figures["services"][0]["begun"]),
            (&json!("google"), &json!(2))
        );
        assert_eq!(figures["countries"][0]["country"], "GB");
        assert_eq!(
            figures["days"].as_array().unwrap().iter().map(|day| day["begun"].as_i64().unwrap()).sum::<i64>(),
            5
        );
        let ben = t.signs_in("ben").await;
        let none = ben.get("/api/verifications/stats").await.ok();
        assert_eq!((&none["total"]["begun"], &none["total"]["success_rate"]), (&json!(0), &json!(null)));
        let theirs = ben.get("/api/verifications/export?format=json").await.ok();
        assert_eq!(theirs["verifications"], json!([]));
    }
);

both_dbs!(
    async fn every_language_of_every_service_is_understood(t: TestApp) {
        let ana = t.user("ana").await;
        let line = ana.buys_a_number("GB").await;
        let known = ana.get("/api/verifications/services").await.ok();
        assert_eq!(known["temporary"][0]["price_micros"], PRICE);
        let simulated: Vec<_> =
            known["services"].as_array().unwrap().iter().filter(|service| service["simulated"] == true).collect();
        assert!(simulated.len() >= 25);
        let languages = convo_carriers::simulator::languages();
        assert!(languages.len() >= 20);
        // Each language once, each time with another service.
        for (language, service) in languages.iter().zip(simulated.iter().cycle()) {
            let begun = ana.waits_on(&line, service["id"].as_str().unwrap()).await;
            let sent = ana
                .lets_send(&Uuid::now_v7().to_string(), &begun["id"], json!({"language": language, "code": "715284"}))
                .await
                .accepted();
            assert_eq!(ana.sees(&begun["id"], "completed").await["code"], sent["code"], "{language} {service}");
        }
    }
);
