//! What administrators do with accounts.

use serde_json::{Value, json};

use crate::support::PASSWORD;

both_dbs!(
    async fn somebody_is_made_administrator_and_back(t: TestApp) {
        let ana = t.user("ana").await;
        let admin = t.admin().await;
        let role_of = |id: &str| format!("/api/admin/users/{id}/role");
        ana.get("/api/admin/users").await.problem(403, "administrators_only");
        assert_eq!(admin.put(&role_of(&ana.id), json!({"role": "admin"})).await.ok()["role"], json!("admin"));
        assert_eq!(admin.put(&role_of(&ana.id), json!({"role": "admin"})).await.ok()["role"], json!("admin"));
        ana.get("/api/admin/users").await.ok();
        admin.put(&role_of(&ana.id), json!({"role": "owner"})).await.problem(400, "malformed_request");
        admin
            .put(&role_of("usr_01h455vb4pex5vsknk084sn02q"), json!({"role": "admin"}))
            .await
            .problem(404, "user_not_found");

        ana.put(&role_of(&admin.id), json!({"role": "user"})).await.ok();
        ana.put(&role_of(&ana.id), json!({"role": "user"})).await.problem(409, "last_admin");
        ana.post(&format!("/api/admin/users/{}/suspend", ana.id), json!({})).await.problem(409, "last_admin");
        admin.get("/api/admin/users").await.problem(403, "administrators_only");
        ana.put(&role_of(&admin.id), json!({"role": "admin"})).await.ok();
    }
);

both_dbs!(
    async fn two_who_demote_each_other_leave_one(t: TestApp) {
        let ana = t.user("ana").await;
        let admin = t.admin().await;
        admin.put(&format!("/api/admin/users/{}/role", ana.id), json!({"role": "admin"})).await.ok();
        let (anas, admins) =
            (format!("/api/admin/users/{}/role", ana.id), format!("/api/admin/users/{}/role", admin.id));
        let (one, other) =
            tokio::join!(admin.put(&anas, json!({"role": "user"})), ana.put(&admins, json!({"role": "user"})));
        let done = [one.status.as_u16(), other.status.as_u16()];
        assert_eq!(done.iter().filter(|status| **status == 200).count(), 1, "{done:?}");
        let left = if one.status.as_u16() == 200 { &admin } else { &ana };
        left.put(&admins, json!({"role": "admin"})).await.ok();
    }
);

both_dbs!(
    async fn a_suspended_account_is_out_until_it_is_restored(t: TestApp) {
        let ana = t.user("ana").await;
        let admin = t.admin().await;
        let at = |what: &str| format!("/api/admin/users/{}/{what}", ana.id);
        ana.post(&at("suspend"), json!({})).await.problem(403, "administrators_only");
        assert!(admin.post(&at("suspend"), json!({})).await.ok()["suspended_at"].is_string());
        admin.post(&at("suspend"), json!({})).await.ok();

        ana.get("/api/users/me").await.problem(401, "session_ended");
        t.post("/api/auth/refresh", json!({"refresh_token": ana.refresh_token})).await.problem(401, "session_ended");
        t.post("/api/auth/login", json!({"login": "ana", "password": PASSWORD})).await.problem(403, "suspended");
        t.post("/api/auth/login", json!({"login": "ana", "password": "wrong"})).await.problem(401, "wrong_credentials");

        assert_eq!(admin.post(&at("restore"), json!({})).await.ok()["suspended_at"], Value::Null);
        admin.post(&at("restore"), json!({})).await.ok();
        t.signs_in("ana").await.get("/api/users/me").await.ok();
        admin
            .post("/api/admin/users/usr_01h455vb4pex5vsknk084sn02q/suspend", json!({}))
            .await
            .problem(404, "user_not_found");

        // Last, because the mail that must not be sent would be sent beside the answer.
        admin.post(&at("suspend"), json!({})).await.ok();
        t.post("/api/auth/forgot-password", json!({"email": ana.email()})).await.accepted();
    }
);

both_dbs!(
    async fn accounts_are_listed_in_pages(t: TestApp) {
        t.users(["ana", "ben", "cem"]).await;
        let admin = t.admin().await;
        let (mut names, mut cursor) = (vec![], String::new());
        loop {
            let page = admin.get(&format!("/api/admin/users?limit=3{cursor}")).await.ok();
            names.extend(
                page["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(names, ["admin", "ana", "ben", "cem"]);
        let found = admin.get("/api/admin/users?search=be").await.ok();
        assert_eq!(
            (found["users"][0]["email"].clone(), found["users"].as_array().unwrap().len()),
            (json!("ben@example.org"), 1)
        );
        admin.get("/api/admin/users?cursor=!").await.problem(422, "cursor_invalid");
    }
);

both_dbs!(
    async fn the_local_outbox_is_for_administrators(t: TestApp) {
        let ana = t.user("ana").await;
        ana.get("/api/admin/mails").await.problem(403, "administrators_only");
        t.post("/api/auth/forgot-password", json!({"email": ana.email()})).await.accepted();
        assert!(t.mail_to(&ana.email()).await.contains(&format!("{}/reset#", t.url)));
        let page = t.admin().await.get("/api/admin/mails?limit=1").await.ok();
        assert_eq!((&page["enabled"], page["mails"].as_array().unwrap().len()), (&json!(true), 1));
        let older = t
            .admin()
            .await
            .get(&format!("/api/admin/mails?cursor={}", page["next_cursor"].as_str().unwrap()))
            .await
            .ok();
        assert_eq!((older["mails"].as_array().unwrap().len(), &older["next_cursor"]), (1, &Value::Null));
    }
);
