//! Judging, changing and resetting passwords.

use std::time::Duration;

use serde_json::json;

use crate::support::PASSWORD;

const ANOTHER: &str = "another harbour 77 lamp";

both_dbs!(
    async fn passwords_are_judged_while_one_types(t: TestApp) {
        let judge = async |body| t.post("/api/auth/check-password", body).await.ok();
        assert_eq!(judge(json!({"password": ANOTHER})).await["acceptable"], json!(true));
        assert_eq!(judge(json!({"password": "short"})).await["code"], json!("password_too_short"));
        let common = judge(json!({"password": "password123"})).await;
        assert_eq!((&common["code"], common["warning"].is_string()), (&json!("password_too_weak"), true));
        let own_name = judge(json!({"password": "wilhelmina1", "username": "wilhelmina"})).await;
        assert_eq!(own_name["acceptable"], json!(false));
        assert_eq!(judge(json!({"password": "ab".repeat(60_000)})).await["code"], json!("password_too_long"));
        let long_names = json!({"password": ANOTHER, "username": "ab".repeat(30_000), "email": "ba".repeat(30_000)});
        assert_eq!(judge(long_names).await["acceptable"], json!(true));
    }
);

both_dbs!(
    async fn a_crowd_that_has_passwords_judged_is_told_to_wait(t: TestApp) {
        let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
        let may_go_on = std::sync::Arc::new(std::sync::Mutex::new(may_go_on));
        let crowd = async || {
            let may_go_on = may_go_on.clone();
            t.app.judging.take(move || may_go_on.lock().unwrap().recv().is_err()).await.unwrap()
        };
        let stranger = async {
            let reply = t.post("/api/auth/check-password", json!({"password": ANOTHER})).await;
            assert_eq!(reply.header("retry-after"), Some("1"));
            reply.problem(503, "unavailable");
            t.get("/health").await.ok();
            drop(go_on);
        };
        tokio::join!(crowd(), crowd(), stranger);
        t.post("/api/auth/check-password", json!({"password": ANOTHER})).await.ok();
    }
);

both_dbs!(
    async fn changing_a_password_ends_the_other_sessions(t: TestApp) {
        let ana = t.user("ana").await;
        let phone = t.signs_in("ana").await;
        let change = async |current: &str, new: &str| {
            ana.post("/api/user/change-password", json!({"current_password": current, "new_password": new})).await
        };
        assert_eq!(change("wrong", ANOTHER).await.problem(422, "wrong_password")["field"], json!("current_password"));
        assert_eq!(
            change(PASSWORD, "ana12345678").await.problem(422, "password_too_weak")["field"],
            json!("new_password")
        );
        change(PASSWORD, ANOTHER).await.no_content();

        phone.get("/api/users/me").await.problem(401, "session_ended");
        ana.get("/api/users/me").await.ok();
        t.post("/api/auth/login", json!({"login": "ana", "password": PASSWORD}))
            .await
            .problem(401, "wrong_credentials");
        t.post("/api/auth/login", json!({"login": "ana", "password": ANOTHER})).await.ok();
        change(PASSWORD, ANOTHER).await.problem(422, "wrong_password");
    }
);

both_dbs!(
    async fn a_link_sets_a_new_password_once(t: TestApp) {
        let ana = t.user("ana").await;
        t.post("/api/auth/forgot-password", json!({"email": "nobody@example.org"})).await.accepted();
        t.post("/api/auth/forgot-password", json!({"email": "Ana@example.org"})).await.accepted();
        let first = t.token_mailed_to(&ana.email()).await;
        t.post("/api/auth/forgot-password", json!({"email": "ana@example.org"})).await.accepted();
        let second = t.token_mailed_to(&ana.email()).await;

        let reset = async |token: &str, password: &str| {
            t.post("/api/auth/reset-password", json!({"token": token, "password": password})).await
        };
        reset("invented", ANOTHER).await.problem(422, "token_invalid");
        reset(&first, "weak").await.problem(422, "password_too_short");
        reset(&first, ANOTHER).await.no_content();
        reset(&first, ANOTHER).await.problem(422, "token_invalid");
        reset(&second, ANOTHER).await.problem(422, "token_invalid");
        ana.get("/api/users/me").await.problem(401, "session_ended");
        let session = t.post("/api/auth/login", json!({"login": "ana", "password": ANOTHER})).await.ok();
        assert_eq!(session["user"]["email_verified"], json!(true), "the link proved the address");
    }
);

both_dbs!(
    async fn a_link_runs_out_and_frees_who_was_locked_out(t: TestApp) {
        let ana = t.user("ana").await;
        t.post("/api/auth/forgot-password", json!({"email": ana.email()})).await.accepted();
        let late = t.token_mailed_to(&ana.email()).await;
        t.clock.advance(Duration::from_secs(3601));
        t.post("/api/auth/reset-password", json!({"token": late, "password": ANOTHER}))
            .await
            .problem(422, "token_invalid");

        for _ in 0..6 {
            t.post("/api/auth/login", json!({"login": "ana", "password": "wrong"})).await;
        }
        t.post("/api/auth/forgot-password", json!({"email": ana.email()})).await.accepted();
        let token = t.token_mailed_to(&ana.email()).await;
        t.post("/api/auth/reset-password", json!({"token": token, "password": ANOTHER})).await.no_content();
        t.post("/api/auth/login", json!({"login": "ana", "password": ANOTHER})).await.ok();
    }
);
