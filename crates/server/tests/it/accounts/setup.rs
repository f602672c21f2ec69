//! How the first administrator comes to be.

use serde_json::{Value, json};

fn wish(token: &str, username: &str) -> Value {
    json!({"token": token, "username": username, "email": format!("{username}@example.org"), "password": "mirror canyon velvet 9"})
}

both_dbs!(
    async fn the_holder_of_the_link_becomes_administrator(t: TestApp) {
        let options = t.get("/api/auth/options").await.ok();
        assert_eq!((&options["setup_required"], &options["registration"]), (&json!(true), &json!("closed")));

        let token = t.setup_token().await.unwrap();
        let session = t.post("/api/setup", wish(&token, "ana")).await.created();

        assert_eq!((&session["user"]["role"], &session["user"]["email_verified"]), (&json!("admin"), &json!(true)));
        assert_eq!(t.get("/api/auth/options").await.ok()["setup_required"], json!(false));
        assert_eq!(t.setup_token().await, None, "no link once there is an administrator");
        t.post("/api/setup", wish(&token, "ben")).await.problem(409, "already_set_up");
    }
);

both_dbs!(
    async fn a_fresh_link_voids_the_one_before(t: TestApp) {
        let old = t.setup_token().await.unwrap();
        let fresh = t.setup_token().await.unwrap();
        t.post("/api/setup", wish(&old, "ana")).await.problem(403, "setup_token_invalid");
        t.post("/api/setup", wish("", "ana")).await.problem(403, "setup_token_invalid");
        t.post("/api/setup", wish(&fresh, "a")).await.problem(422, "username_length");
        t.post("/api/setup", wish(&fresh, "ana")).await.created();
    }
);

both_dbs!(
    async fn of_many_at_once_one_becomes_administrator(t: TestApp) {
        let token = t.setup_token().await.unwrap();
        let replies =
            futures_util::future::join_all((0..8).map(|n| t.post("/api/setup", wish(&token, &format!("user{n}")))))
                .await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    }
);

both_dbs!(
    async fn nobody_registers_before_there_is_an_administrator(t: TestApp) {
        let body = json!({"email": "ben@example.org", "username": "ben", "password": "mirror canyon velvet 9"});
        t.post("/api/auth/register", body).await.problem(403, "setup_required");
    }
);
