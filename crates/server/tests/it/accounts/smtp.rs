//! Registration and passwords where mail works: no answer tells who has an account.

use std::{sync::OnceLock, time::Duration};

use convo_server::config::{Config, Secret};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, SmtpServer, TestApp, TestUser, token_in};

const EVES: &str = "borrowed feather 44 anvil";

/// One for all stories: each of them uses addresses of its own.
fn smtp() -> &'static (SmtpServer, String) {
    static SMTP: OnceLock<(SmtpServer, String)> = OnceLock::new();
    SMTP.get_or_init(SmtpServer::start)
}

fn with_smtp(config: &mut Config) {
    config.mail.smtp_url = Some(Secret::new(smtp().1.clone()));
    config.mail.from = Some("Convo <convo@example.org>".to_owned());
}

async fn verifies(t: &TestApp, token: &str, password: &str) -> Reply {
    t.post("/api/auth/verify-email", json!({"token": token, "password": password})).await
}

/// User names and the secrets of their links, as a mail lists them.
fn links_in(mail: &str) -> Vec<(String, String)> {
    let lines = mail.split("User name: ").skip(1);
    lines.map(|part| (part.lines().next().unwrap().trim().to_owned(), token_in(part))).collect()
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
    let session = verifies(&t, &token, PASSWORD).await.ok();
    assert_eq!((&session["user"]["username"], &session["user"]["email_verified"]), (&json!("ana"), &json!(true)));
    TestUser::signed_in(t.clone(), "ana", session).get("/api/users/me").await.ok();
    assert_eq!(verifies(&t, &token, PASSWORD).await.ok()["user"]["username"], json!("ana"), "people click twice");
    let reply = t.post("/api/auth/verify-email", json!({"token": token, "password": PASSWORD, "cookie": true})).await;
    assert!(reply.header("set-cookie").unwrap().starts_with("convo_refresh="));
    assert!(reply.ok().get("refresh_token").is_none());
});

both_dbs!(|config| with_smtp(config); async fn a_click_on_what_somebody_else_registered_makes_no_account(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    smtp().0.mail_to(&email).await;
    let mut attack = wish("eve", &email);
    attack["password"] = json!(EVES);
    t.post("/api/auth/register", attack).await.accepted();
    let mail = smtp().0.mail_to(&email).await;
    assert!(mail.contains("User name: eve"), "{mail}");
    verifies(&t, &token_in(&mail), PASSWORD).await.problem(422, "wrong_password");
    t.post("/api/auth/login", json!({"login": "eve", "password": EVES})).await.problem(401, "wrong_credentials");

    t.post("/api/auth/resend-verification", json!({"email": email})).await.accepted();
    let links = links_in(&smtp().0.mail_to(&email).await);
    let [(ana, anas), (eve, eves)] = &links[..] else { panic!("two registrations wait: {links:?}") };
    assert_eq!((ana.as_str(), eve.as_str()), ("ana", "eve"));
    verifies(&t, eves, PASSWORD).await.problem(422, "wrong_password");
    assert_eq!(verifies(&t, anas, PASSWORD).await.ok()["user"]["username"], json!("ana"));
    verifies(&t, eves, EVES).await.problem(409, "email_taken");
    t.post("/api/auth/login", json!({"login": email, "password": EVES})).await.problem(401, "wrong_credentials");
});

both_dbs!(|config| with_smtp(config); async fn the_password_of_a_registration_is_not_found_by_trying(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    let token = token_in(&smtp().0.mail_to(&email).await);
    for _ in 0..5 {
        assert_eq!(verifies(&t, &token, "wrong").await.problem(422, "wrong_password")["field"], json!("password"));
    }
    verifies(&t, &token, PASSWORD).await.problem(429, "too_many_attempts");
    t.clock.advance(Duration::from_secs(2));
    verifies(&t, &token, PASSWORD).await.ok();
});

both_dbs!(|config| with_smtp(config); async fn an_address_has_few_registrations_that_wait_and_the_newest_of_them(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    let names = ["one", "two", "three", "four", "five", "six"];
    for name in names {
        t.post("/api/auth/register", wish(name, &email)).await.accepted();
        smtp().0.mail_to(&email).await;
        t.clock.advance(Duration::from_secs(1));
    }
    let is_free = async |name| t.post("/api/auth/check-username", json!({"username": name})).await.ok()["available"].clone();
    assert_eq!((is_free("one").await, is_free("two").await), (json!(true), json!(false)));
    t.post("/api/auth/resend-verification", json!({"email": email})).await.accepted();
    let links = links_in(&smtp().0.mail_to(&email).await);
    assert_eq!(links.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), &names[1..]);
});

both_dbs!(|config| with_smtp(config); async fn each_link_goes_to_the_address_as_it_was_written(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    let loud = email.replace("ana", "ANA");
    for (name, email) in [("ana", &email), ("eve", &loud), ("anabel", &email)] {
        t.post("/api/auth/register", wish(name, email)).await.accepted();
        smtp().0.mail_to(email).await;
        t.clock.advance(Duration::from_secs(1));
    }
    t.post("/api/auth/resend-verification", json!({"email": email})).await.accepted();
    let names = async |email: &str| {
        let links = links_in(&smtp().0.mail_to(email).await);
        links.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names(&email).await, ["ana", "anabel"]);
    assert_eq!(names(&loud).await, ["eve"], "it may be somebody else's");
});

both_dbs!(|config| with_smtp(config); async fn a_taken_address_gets_the_same_answer_and_its_owner_a_mail(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    let token = token_in(&smtp().0.mail_to(&email).await);
    verifies(&t, &token, PASSWORD).await.ok();

    let mut strangers = wish("ben", &email);
    strangers["language"] = json!("de");
    let taken = t.post("/api/auth/register", strangers).await;
    let free = t.post("/api/auth/register", wish("cem", &address("cem"))).await;
    assert_eq!((taken.status, &taken.bytes), (free.status, &free.bytes));
    let mail = smtp().0.mail_to(&email).await;
    assert!(mail.contains("You already have an account") && !mail.contains('#'), "{mail}");
    assert!(mail.contains("Hello ana,"), "it speaks to its owner: {mail}");
});

both_dbs!(|config| with_smtp(config); async fn a_registration_runs_out_and_its_name_is_free_again(t: TestApp) {
    t.admin().await;
    let email = address("ana");
    t.post("/api/auth/register", wish("ana", &email)).await.accepted();
    let first = token_in(&smtp().0.mail_to(&email).await);
    t.clock.advance(Duration::from_secs(23 * 3600));
    t.post("/api/auth/resend-verification", json!({"email": email})).await.accepted();
    let second = token_in(&smtp().0.mail_to(&email).await);
    verifies(&t, &first, PASSWORD).await.problem(422, "token_invalid");
    // A fresh link holds the name no longer.
    t.clock.advance(Duration::from_secs(3601));
    verifies(&t, &second, PASSWORD).await.problem(422, "token_invalid");
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
    verifies(&t, &token_in(&smtp().0.mail_to(&email).await), PASSWORD).await.ok();
    t.post("/api/auth/forgot-password", json!({"email": email})).await.accepted();
    let token = token_in(&smtp().0.mail_to(&email).await);
    t.post("/api/auth/reset-password", json!({"token": token, "password": "another harbour 77 lamp"})).await.no_content();
    t.post("/api/auth/login", json!({"login": email, "password": "another harbour 77 lamp"})).await.ok();
});
