//! Registration and passwords where mail works: no answer tells who has an account.

use std::{sync::OnceLock, time::Duration};

use convo_server::config::{Config, Secret};
use serde_json::{Value, json};

use crate::support::{PASSWORD, SmtpServer, token_in};

/// One for all stories: each of them uses addresses of its own.
fn smtp() -> &'static (SmtpServer, String) {
    static SMTP: OnceLock<(SmtpServer, String)> = OnceLock::new();
    SMTP.get_or_init(SmtpServer::start)
}

fn with_smtp(config: &mut Config) {
    config.mail.smtp_url = Some(Secret::new(smtp().1.clone()));
    config.mail.from = Some("Convo <convo@example.org>".to_owned());
}

/// An address that no other story uses.
fn address(name: &str) -> String {
    format!("{name}-{}@example.org", uuid::Uuid::new_v4().simple())
}

fn wish(username: &str, email: &str) -> Value {
    json!({"email": email, "username": username, "password": PASSWORD})
}

both_dbs!(|config| with_smtp(config); async fn the_link_in_the_mail_makes_the_account(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    assert_eq!(t.post("/api/auth/register", wish("ana", &email)).await.accepted(), json!({"status": "check_mail"}));
    t.post("/api/auth/login", json!({"login": "ana", "password": PASSWORD})).await.problem(401, "wrong_credentials");
    t.post("/api/auth/register", wish("ana", &address("other"))).await.problem(409, "username_taken");
    assert_eq!(t.post("/api/auth/check-username", json!({"username": "ana"})).await.ok()["available"], json!(false));

    let mail = smtp().0.mail_to(&email).await;
    assert!(mail.contains("Subject: Confirm your email address") && mail.contains(&format!("{}/verify#", t.url)), "{mail}");
    let token = token_in(&mail);
    assert_eq!(t.post("/api/auth/verify-email", json!({"token": token})).await.ok(), json!({"username": "ana"}));
    assert_eq!(t.post("/api/auth/verify-email", json!({"token": token})).await.ok(), json!({"username": "ana"}));
    assert_eq!(t.signs_in("ana").await.get("/api/users/me").await.ok()["email_verified"], json!(true));
});

both_dbs!(|config| with_smtp(config); async fn a_taken_address_gets_the_same_answer_and_its_owner_a_mail(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    let token = token_in(&smtp().0.mail_to(&email).await);
    t.post("/api/auth/verify-email", json!({"token": token})).await.ok();

    let taken = t.post("/api/auth/register", wish("ben", &email)).await;
    let free = t.post("/api/auth/register", wish("cem", &address("cem"))).await;
    assert_eq!((taken.status, &taken.bytes), (free.status, &free.bytes));
    let mail = smtp().0.mail_to(&email).await;
    assert!(mail.contains("You already have an account") && !mail.contains('#'), "{mail}");
});

both_dbs!(|config| with_smtp(config); async fn a_registration_runs_out_and_its_name_is_free_again(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    let first = token_in(&smtp().0.mail_to(&email).await);
    t.post("/api/auth/resend-verification", json!({"email": email})).await.accepted();
    let second = token_in(&smtp().0.mail_to(&email).await);
    t.post("/api/auth/verify-email", json!({"token": first})).await.problem(422, "token_invalid");
    t.clock.advance(Duration::from_secs(24 * 3600 + 1));
    t.post("/api/auth/verify-email", json!({"token": second})).await.problem(422, "token_invalid");
    let again = address("ana");
    t.post("/api/auth/register", wish("ana", &again)).await.accepted();
    smtp().0.mail_to(&again).await;
});

both_dbs!(|config| with_smtp(config); async fn the_local_outbox_is_closed_once_mail_works(t: TestApp) {
    let mails = t.admin().await.get("/api/admin/mails").await.ok();
    assert_eq!(mails, json!({"enabled": false, "mails": [], "next_cursor": null}));
    assert_eq!(t.get("/api/auth/options").await.ok()["mail"], json!(true));
});

both_dbs!(|config| with_smtp(config); async fn a_password_is_reset_by_mail(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    t.post("/api/auth/verify-email", json!({"token": token_in(&smtp().0.mail_to(&email).await)})).await.ok();
    t.post("/api/auth/forgot-password", json!({"email": email})).await.accepted();
    let token = token_in(&smtp().0.mail_to(&email).await);
    t.post("/api/auth/reset-password", json!({"token": token, "password": "another harbour 77 lamp"})).await.no_content();
    t.post("/api/auth/login", json!({"login": email, "password": "another harbour 77 lamp"})).await.ok();
});
