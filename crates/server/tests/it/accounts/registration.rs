//! Getting an account where no mail is sent: by the modes of registration, and proving an address later.

use convo_server::config::RegistrationMode;
use serde_json::{Value, json};

use crate::support::PASSWORD;

fn wish(username: &str, email: &str) -> Value {
    json!({"email": email, "username": username, "password": PASSWORD})
}

both_dbs!(
    async fn an_account_works_at_once_and_is_verified_later(t: TestApp) {
        t.admin().await;
        let session = t.post("/api/auth/register", wish("Ana", "Ana@Example.org")).await.created();
        let me = &session["user"];
        assert_eq!(
            (&me["username"], &me["email"], &me["email_verified"], &me["role"]),
            (&json!("Ana"), &json!("Ana@example.org"), &json!(false), &json!("user"))
        );

        let token = t.token_mailed_to("Ana@example.org").await;
        let verify = async |token: &str, password: &str| {
            t.post("/api/auth/verify-email", json!({"token": token, "password": password})).await
        };
        verify(&token, "somebody else's").await.problem(422, "wrong_password");
        for _ in 0..2 {
            let me = verify(&token, PASSWORD).await.ok()["user"].clone();
            assert_eq!((&me["username"], &me["email_verified"]), (&json!("Ana"), &json!(true)));
        }
        verify("invented", PASSWORD).await.problem(422, "token_invalid");
        t.post("/api/auth/verify-email", json!({"token": token})).await.problem(400, "malformed_request");

        let id = session["user"]["id"].as_str().unwrap();
        t.admin().await.post(&format!("/api/admin/users/{id}/suspend"), json!({})).await.ok();
        verify(&token, PASSWORD).await.problem(403, "suspended");
        t.post("/api/auth/resend-verification", json!({"email": "ana@example.org"})).await.accepted();
    }
);

both_dbs!(
    async fn a_taken_name_or_address_is_told(t: TestApp) {
        t.user("ana").await;
        t.post("/api/auth/register", wish("ANA", "other@example.org")).await.problem(409, "username_taken");
        t.post("/api/auth/register", wish("ａｎａ", "other@example.org")).await.problem(409, "username_taken");
        t.post("/api/auth/register", wish("other", "ANA@example.org")).await.problem(409, "email_taken");
    }
);

both_dbs!(
    async fn of_many_who_want_one_name_one_gets_it(t: TestApp) {
        t.admin().await;
        let replies = futures_util::future::join_all(
            (0..6).map(|n| t.post("/api/auth/register", wish("ana", &format!("ana{n}@example.org")))),
        )
        .await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
        let winner = replies.iter().find(|reply| reply.status.as_u16() == 201).unwrap();
        t.mail_to(winner.json["user"]["email"].as_str().unwrap()).await;
    }
);

both_dbs!(
    async fn what_cannot_be_is_refused_with_its_field(t: TestApp) {
        t.admin().await;
        for (change, field, code) in [
            (json!({"username": "a b"}), "username", "username_characters"),
            (json!({"username": "ab"}), "username", "username_length"),
            (json!({"email": "nowhere"}), "email", "email_invalid"),
            (json!({"password": "short"}), "password", "password_too_short"),
            (json!({"password": "password12"}), "password", "password_too_weak"),
            (json!({"password": "x".repeat(201)}), "password", "password_too_long"),
            (json!({"full_name": "x".repeat(81)}), "full_name", "full_name_invalid"),
            (json!({"language": "tlh"}), "language", "language_unknown"),
        ] {
            let mut body = wish("ana", "ana@example.org");
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(t.post("/api/auth/register", body).await.problem(422, code)["field"], json!(field));
        }
        t.post("/api/auth/register", json!({"email": "ana@example.org"})).await.problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn names_are_checked_while_one_types(t: TestApp) {
        t.user("ana").await;
        for (username, answer) in [
            ("Ana", json!({"available": false, "code": "username_taken"})),
            ("a", json!({"available": false, "code": "username_length"})),
            ("ben", json!({"available": true})),
        ] {
            assert_eq!(t.post("/api/auth/check-username", json!({"username": username})).await.ok(), answer);
        }
    }
);

both_dbs!(
    async fn the_mail_is_sent_again_only_if_there_is_something_to_prove(t: TestApp) {
        let ana = t.user("ana").await;
        t.post("/api/auth/resend-verification", json!({"email": "nobody@example.org"})).await.accepted();
        t.post("/api/auth/resend-verification", json!({"email": "ANA@example.org"})).await.accepted();
        let token = t.token_mailed_to(&ana.email()).await;
        t.post("/api/auth/verify-email", json!({"token": token, "password": PASSWORD})).await.ok();
        t.post("/api/auth/resend-verification", json!({"email": "ana@example.org"})).await.accepted();
        let admin = t.admin().await;
        t.post("/api/auth/resend-verification", json!({"email": admin.email()})).await.accepted();
    }
);

both_dbs!(|config| config.registration.mode = RegistrationMode::Closed; async fn a_closed_server_takes_nobody(t: TestApp) {
    t.admin().await;
    assert_eq!(t.get("/api/auth/options").await.ok()["registration"], json!("closed"));
    t.post("/api/auth/register", wish("ana", "ana@example.org")).await.problem(403, "registration_closed");
});

both_dbs!(|config| { config.registration.mode = RegistrationMode::Domain; config.registration.domains = vec!["Example.org".to_owned()] }; async fn a_server_may_take_only_some_domains(t: TestApp) {
    t.admin().await;
    t.post("/api/auth/register", wish("ana", "ana@example.com")).await.problem(403, "domain_not_allowed");
    t.post("/api/auth/register", wish("ana", "ana@sub.example.org")).await.problem(403, "domain_not_allowed");
    t.post("/api/auth/register", wish("ana", "ana@example.org")).await.created();
    t.mail_to("ana@example.org").await;
});
