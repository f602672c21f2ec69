//! Money of one's own: topping up, looking at it, and what administrators do with wallets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reply, TestUser};

impl TestUser {
    pub async fn pays(&self, key: &str, path: &str, body: Value) -> Reply {
        self.t.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    pub async fn tops_up(&self, key: &str, amount_micros: i64) -> Reply {
        self.pays(key, "/api/wallets/test/top-ups", json!({"amount_micros": amount_micros})).await
    }

    pub async fn wallet(&self, mode: &str) -> Value {
        let list = self.get("/api/wallets").await.ok();
        list["wallets"].as_array().unwrap().iter().find(|wallet| wallet["mode"] == mode).unwrap().clone()
    }
}

both_dbs!(
    async fn a_top_up_happens_once_however_often_it_is_repeated(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        assert_eq!(
            ana.get("/api/wallets").await.ok(),
            json!({"currency": "USD", "wallets": [
                {"mode": "test", "balance_micros": 0, "held_micros": 0, "credit_limit_micros": 0, "version": 0},
                {"mode": "live", "balance_micros": 0, "held_micros": 0, "credit_limit_micros": 0, "version": 0},
            ]})
        );
        let mut phone = ana.connects().await;

        let many = futures_util::future::join_all((0..8).map(|_| ana.tops_up("first", 12_500_000))).await;
        let statuses: Vec<_> = many.iter().map(|reply| reply.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 7, "{statuses:?}");
        assert!(many.iter().all(|reply| reply.json == many[0].json));
        assert_eq!(many[0].json["balance_micros"], 12_500_000);
        assert_eq!(ana.wallet("test").await["balance_micros"], 12_500_000);
        assert_eq!(phone.hears("wallet.updated").await["wallet"]["balance_micros"], 12_500_000);
        // Keys are each person's own.
        ben.tops_up("first", 1_000_000).await.created();
        assert_eq!(ana.wallet("test").await["version"], 1);

        ana.tops_up("first", 12_500_001).await.problem(409, "idempotency_key_reused");
        ana.tops_up("", 1_000_000).await.problem(400, "idempotency_key_missing");
        ana.tops_up(&"x".repeat(201), 1_000_000).await.problem(400, "idempotency_key_missing");
        let bare = ana.post("/api/wallets/test/top-ups", json!({"amount_micros": 1_000_000})).await;
        bare.problem(400, "idempotency_key_missing");
    }
);

both_dbs!(
    async fn play_money_is_free_and_real_money_is_not(t: TestApp) {
        let ana = t.user("ana").await;
        for amount in [-1, 0, 9_999, 10_000_000_001, i64::MIN, i64::MAX] {
            ana.tops_up("wrong", amount).await.problem(422, "amount_invalid");
        }
        // A wish that was refused leaves its key free.
        ana.tops_up("wrong", 10_000).await.created();
        let body = json!({"amount_micros": 1_000_000});
        ana.pays("live", "/api/wallets/live/top-ups", body.clone()).await.problem(403, "no_payment_provider");
        ana.pays("gold", "/api/wallets/gold/top-ups", body).await.problem(404, "not_found");
        assert_eq!(ana.wallet("live").await["balance_micros"], 0);
    }
);

both_dbs!(
    async fn what_happened_to_a_wallet_is_told_page_by_page(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        for n in 1..=5 {
            ana.tops_up(&n.to_string(), n * 1_000_000).await.created();
        }
        let first = ana.get("/api/wallets/test/transfers?limit=3").await.ok();
        let next = first["next_cursor"].as_str().unwrap();
        let second = ana.get(&format!("/api/wallets/test/transfers?limit=3&cursor={next}")).await.ok();
        let amounts: Vec<_> = [&first, &second]
            .into_iter()
            .flat_map(|page| page["transfers"].as_array().unwrap())
            .map(|transfer| (transfer["amount_micros"].as_i64().unwrap(), transfer["balance_micros"].as_i64().unwrap()))
            .collect();
        let million = |(amount, balance): (i64, i64)| (amount * 1_000_000, balance * 1_000_000);
        assert_eq!(amounts, [(5, 15), (4, 10), (3, 6), (2, 3), (1, 1)].map(million));
        assert_eq!(second["next_cursor"], Value::Null);
        assert_eq!(first["transfers"][0]["from_account"], "payments");
        assert_eq!(ben.get(&format!("/api/wallets/test/transfers?cursor={next}")).await.ok()["transfers"], json!([]));
        ana.get("/api/wallets/test/transfers?cursor=x").await.problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn an_administrator_gives_takes_and_lends(t: TestApp) {
        let (admin, ana) = (t.admin().await, t.user("ana").await);
        let path = format!("/api/admin/users/{}/wallets/live", ana.id);
        let adjustments = format!("{path}/adjustments");
        let by = |amount: i64| json!({"amount_micros": amount, "reason": "paid by bank transfer"});

        admin.pays("a", &adjustments, by(5_000_000)).await.created();
        admin.pays("a", &adjustments, by(5_000_000)).await.ok();
        admin.pays("b", &adjustments, by(-5_000_001)).await.problem(402, "not_enough_money");
        admin.put(&path, json!({"credit_limit_micros": 2_000_000})).await.ok();
        admin.pays("b", &adjustments, by(-6_000_000)).await.created();
        assert_eq!(ana.wallet("live").await["balance_micros"], -1_000_000);
        admin.put(&path, json!({"credit_limit_micros": 999_999})).await.problem(409, "owes_more");
        admin.put(&path, json!({"credit_limit_micros": -1})).await.problem(422, "amount_invalid");

        admin.pays("c", &adjustments, json!({"amount_micros": 1, "reason": " "})).await.problem(422, "reason_invalid");
        for amount in [0, i64::MIN, i64::MAX] {
            admin.pays("d", &adjustments, by(amount)).await.problem(422, "amount_invalid");
        }
        let nobody = "/api/admin/users/usr_01h455vb4pex5vsknk084sn02q/wallets/live";
        admin.pays("e", &format!("{nobody}/adjustments"), by(1)).await.problem(404, "user_not_found");
        admin.put(nobody, json!({"credit_limit_micros": 1})).await.problem(404, "user_not_found");

        let told = ana.get("/api/wallets/live/transfers").await.ok();
        assert_eq!(told["transfers"][1]["about"], "paid by bank transfer");
        assert_eq!(admin.get(&format!("{path}/transfers")).await.ok(), told);
        assert_eq!(
            admin.get(&format!("/api/admin/users/{}/wallets", ana.id)).await.ok(),
            ana.get("/api/wallets").await.ok()
        );
        ana.pays("f", &adjustments, by(1)).await.problem(403, "administrators_only");
    }
);
