//! Signing in, staying signed in, and every way in which a session ends.

use std::time::Duration;

use serde_json::json;

use crate::support::{Node, PASSWORD, TestApp};

async fn refresh(t: &TestApp, token: &str) -> crate::support::Reply {
    t.post("/api/auth/refresh", json!({"refresh_token": token})).await
}

both_dbs!(
    async fn somebody_signs_in_by_name_or_address(t: TestApp) {
        let ana = t.user("Ana").await;
        for login in ["ana", "ANA", "Ana@Example.org"] {
            let session = t.post("/api/auth/login", json!({"login": login, "password": PASSWORD})).await.ok();
            assert_eq!(session["user"]["id"], json!(ana.id));
            assert!(session["refresh_token"].is_string());
        }
        let wrong = t
            .post("/api/auth/login", json!({"login": "ana", "password": "wrong"}))
            .await
            .problem(401, "wrong_credentials");
        let nobody = t
            .post("/api/auth/login", json!({"login": "nobody", "password": "wrong"}))
            .await
            .problem(401, "wrong_credentials");
        assert_eq!(wrong["detail"], nobody["detail"]);
        t.post("/api/auth/login", json!({"login": "ana"})).await.problem(400, "malformed_request");
    }
);

both_dbs!(
    async fn guessing_has_to_wait_whoever_it_is_about(t: TestApp) {
        t.user("ana").await;
        for login in ["ana", "nobody"] {
            for _ in 0..5 {
                t.post("/api/auth/login", json!({"login": login, "password": "wrong"}))
                    .await
                    .problem(401, "wrong_credentials");
            }
            let reply = t.post("/api/auth/login", json!({"login": login, "password": PASSWORD})).await;
            assert_eq!(reply.header("retry-after"), Some("2"));
            reply.problem(429, "too_many_attempts");
        }
        t.clock.advance(Duration::from_secs(2));
        t.signs_in("ana").await;
        t.post("/api/auth/login", json!({"login": "ana", "password": "wrong"})).await.problem(401, "wrong_credentials");
        t.signs_in("ana").await;
    }
);

both_dbs!(
    async fn both_names_of_an_account_have_one_budget_and_nobody_is_told(t: TestApp) {
        let [ana, _ben] = t.users(["ana", "ben"]).await;
        let login = async |login: &str, password: &str| {
            t.post("/api/auth/login", json!({"login": login, "password": password})).await
        };
        for _ in 0..5 {
            login("ana", "wrong").await.problem(401, "wrong_credentials");
        }
        // Ben's address hears the same as hers: nothing tells which of them is ana's.
        let hers = login(&ana.email(), "wrong").await.problem(401, "wrong_credentials");
        let bens = login("ben@example.org", "wrong").await.problem(401, "wrong_credentials");
        assert_eq!(hers["detail"], bens["detail"]);
        let right = login(&ana.email(), PASSWORD).await.problem(401, "wrong_credentials");
        assert_eq!(right["detail"], bens["detail"], "the five are used up, whichever name one types");
        login("ben@example.org", PASSWORD).await.ok();
        t.clock.advance(Duration::from_secs(2));
        login(&ana.email(), PASSWORD).await.ok();
        // Whoever is in may fail again.
        for _ in 0..4 {
            login(&ana.email(), "wrong").await.problem(401, "wrong_credentials");
        }
        login(&ana.email(), PASSWORD).await.ok();
    }
);

both_dbs!(
    async fn a_new_password_forgets_what_failed_under_both_names(t: TestApp) {
        let ana = t.user("ana").await;
        let login = async |login: &str, password: &str| {
            t.post("/api/auth/login", json!({"login": login, "password": password})).await
        };
        for _ in 0..5 {
            login("ana", "wrong").await.problem(401, "wrong_credentials");
            login(&ana.email(), "wrong").await.problem(401, "wrong_credentials");
        }
        t.post("/api/auth/forgot-password", json!({"email": ana.email()})).await.accepted();
        let token = t.token_mailed_to(&ana.email()).await;
        let new = "another harbour 77 lamp";
        t.post("/api/auth/reset-password", json!({"token": token, "password": new})).await.no_content();
        login(&ana.email(), new).await.ok();
    }
);

/// Somebody behind our proxy, at an address of their own.
async fn login_from(t: &TestApp, address: &str, login: &str, password: &str) -> crate::support::Reply {
    let request = t.http.post(t.at("/api/auth/login")).header("x-forwarded-for", address);
    t.send(request.json(&json!({"login": login, "password": password}))).await
}

both_dbs!(|config| config.trusted_proxies = vec![[127, 0, 0, 1].into()]; async fn a_stranger_cannot_keep_somebody_out(t: TestApp) {
    t.user("ana").await;
    for _ in 0..40 {
        login_from(&t, "203.0.113.1", "ana", "wrong").await;
        t.clock.advance(Duration::from_secs(15 * 60));
    }
    for _ in 0..6 {
        login_from(&t, "203.0.113.1", "ana", "wrong").await;
    }
    login_from(&t, "203.0.113.1", "ana", PASSWORD).await.problem(429, "too_many_attempts");
    login_from(&t, "198.51.100.7", "ana", PASSWORD).await.ok();
    login_from(&t, "203.0.113.1", "ana", PASSWORD).await.problem(429, "too_many_attempts");
    t.clock.advance(Duration::from_secs(15 * 60));
    login_from(&t, "203.0.113.1", "ana", PASSWORD).await.ok();
});

both_dbs!(|config| config.trusted_proxies = vec![[127, 0, 0, 1].into()]; async fn a_crowd_of_guessers_waits_but_not_the_person_where_they_are_signed_in(t: TestApp) {
    t.user("ana").await;
    login_from(&t, "2001:db8:1:2:3:4:5:6", "ana", PASSWORD).await.ok();
    for login in ["ana", "nobody"] {
        for n in 0..100 {
            login_from(&t, &format!("203.0.113.{}", n / 5), login, "wrong").await.problem(401, "wrong_credentials");
        }
        login_from(&t, "198.51.100.7", login, PASSWORD).await.problem(429, "too_many_attempts");
        login_from(&t, "203.0.113.77", login, "wrong").await.problem(429, "too_many_attempts");
    }
    login_from(&t, "203.0.113.77", "", "wrong").await.problem(401, "wrong_credentials");

    login_from(&t, "2001:db8:1:2::7", "ana", "wrong").await.problem(401, "wrong_credentials");
    login_from(&t, "2001:db8:1:2::7", "ana", PASSWORD).await.ok();
    login_from(&t, "198.51.100.7", "ana", PASSWORD).await.ok();
    t.clock.advance(Duration::from_secs(2));
    login_from(&t, "203.0.113.77", "nobody", "wrong").await.problem(401, "wrong_credentials");
    login_from(&t, "203.0.113.78", "nobody", "wrong").await.problem(429, "too_many_attempts");
});

both_dbs!(|config| config.trusted_proxies = vec![[127, 0, 0, 1].into()]; async fn one_network_of_ipv6_is_no_crowd(t: TestApp) {
    t.user("ana").await;
    login_from(&t, "2001:db8:1:ffff::1", "ana", PASSWORD).await.ok();
    let mut looked_at = 0;
    for n in 0..120 {
        let reply = login_from(&t, &format!("2001:db8:1:{n}::1"), "ana", "wrong").await;
        looked_at += i32::from(reply.status.as_u16() == 401);
    }
    assert_eq!(looked_at, 20);
    login_from(&t, "2001:db8:1:9999::1", "ana", PASSWORD).await.problem(429, "too_many_attempts");
    login_from(&t, "2001:db8:1:ffff::2", "ana", PASSWORD).await.ok();
    login_from(&t, "2001:db8:2::1", "ana", PASSWORD).await.ok();
});

both_dbs!(|config| config.trusted_proxies = vec![[127, 0, 0, 1].into()]; async fn one_network_of_ipv6_has_no_failures_for_each_of_its_addresses(t: TestApp) {
    t.user("ana").await;
    login_from(&t, "2001:db8:1:ffff::1", "ana", PASSWORD).await.ok();
    for n in 0..201 {
        let reply = login_from(&t, &format!("2001:db8:1:{n}::1"), &format!("nobody{n}"), "wrong").await;
        assert_eq!(reply.status.as_u16(), if n < 200 { 401 } else { 429 }, "{n}");
    }
    login_from(&t, "2001:db8:1:ffff::1", "ana", PASSWORD).await.ok();
    login_from(&t, "2001:db8:2::1", "nobody", "wrong").await.problem(401, "wrong_credentials");
});

both_dbs!(|config| (config.limits.off, config.trusted_proxies) = (false, vec![[127, 0, 0, 1].into()]); async fn one_network_of_ipv6_has_the_limits_of_a_few_addresses(t: TestApp) {
    let refresh = async |address: String| {
        let request = t.http.post(t.at("/api/auth/refresh")).header("x-forwarded-for", address);
        t.send(request.json(&json!({"refresh_token": "A"}))).await.status.as_u16()
    };
    // What one address is refused costs its neighbors nothing.
    for n in 0..200 {
        assert_eq!(refresh("2001:db8:1:1::1".to_owned()).await, if n < 120 { 401 } else { 429 });
    }
    let mut let_through = 0;
    for n in 2..402 {
        let_through += i32::from(refresh(format!("2001:db8:1:{n}::1")).await == 401);
    }
    assert_eq!(let_through, 360);
    assert_eq!(refresh("2001:db8:2::1".to_owned()).await, 401);
});

both_dbs!(|config| config.trusted_proxies = vec![[127, 0, 0, 1].into()]; async fn an_attempt_that_nobody_looked_at_counts_nowhere(t: TestApp) {
    t.admin().await;
    let busy = Node::with(&t, |config| config.limits.hashes_at_once = 0).await;
    let login_at_busy = async |address: &str| {
        let request = t.http.post(format!("{}/api/auth/login", busy.url)).header("x-forwarded-for", address);
        t.send(request.json(&json!({"login": "nobody", "password": "wrong"}))).await.problem(503, "unavailable");
    };
    for _ in 0..5 {
        login_from(&t, "203.0.113.1", "nobody", "wrong").await.problem(401, "wrong_credentials");
    }
    t.clock.advance(Duration::from_secs(2));
    // The first counts at its address only, the second for the account, too; both are taken back there and nowhere else.
    tokio::join!(login_at_busy("203.0.113.1"), login_at_busy("198.51.100.1"));
    for n in 0..95 {
        login_from(&t, &format!("203.0.113.{}", 2 + n / 5), "nobody", "wrong").await.problem(401, "wrong_credentials");
    }
    login_from(&t, "198.51.100.2", "nobody", "wrong").await.problem(429, "too_many_attempts");
    busy.stops().await;
});

both_dbs!(
    async fn of_many_guesses_at_once_only_a_few_are_looked_at(t: TestApp) {
        t.user("ana").await;
        let guess = || t.post("/api/auth/login", json!({"login": "ana", "password": "wrong"}));
        let replies = futures_util::future::join_all((0..20).map(|_| guess())).await;
        let looked_at = replies.iter().filter(|reply| reply.status.as_u16() != 429).count();
        assert_eq!(looked_at, 5);
    }
);

both_dbs!(
    async fn a_refresh_token_rotates_and_its_reuse_ends_the_session(t: TestApp) {
        let ana = t.user("ana").await;
        let second = refresh(&t, &ana.refresh_token).await.ok();
        let again = refresh(&t, &ana.refresh_token).await.ok();
        assert_eq!(second["refresh_token"], again["refresh_token"], "the answer was lost, or two tabs raced");
        assert_eq!(second["session_id"], json!(ana.session_id));

        let third = refresh(&t, second["refresh_token"].as_str().unwrap()).await.ok();
        refresh(&t, &ana.refresh_token).await.problem(401, "session_ended");
        refresh(&t, third["refresh_token"].as_str().unwrap()).await.problem(401, "session_ended");
        ana.get("/api/users/me").await.problem(401, "session_ended");
    }
);

both_dbs!(
    async fn the_token_before_counts_for_half_a_minute_only(t: TestApp) {
        let ana = t.user("ana").await;
        let second = refresh(&t, &ana.refresh_token).await.ok();
        t.clock.advance(Duration::from_secs(31));
        refresh(&t, &ana.refresh_token).await.problem(401, "session_ended");
        refresh(&t, second["refresh_token"].as_str().unwrap()).await.problem(401, "session_ended");
    }
);

both_dbs!(
    async fn refreshes_at_once_agree(t: TestApp) {
        let ana = t.user("ana").await;
        let replies = futures_util::future::join_all((0..6).map(|_| refresh(&t, &ana.refresh_token))).await;
        let tokens: Vec<_> = replies.into_iter().map(|reply| reply.ok()["refresh_token"].clone()).collect();
        assert!(tokens.iter().all(|token| *token == tokens[0]));
    }
);

both_dbs!(
    async fn invented_tokens_open_nothing(t: TestApp) {
        let ana = t.user("ana").await;
        for token in ["", "AAAA", &ana.refresh_token[..70], &ana.access_token] {
            refresh(&t, token).await.problem(401, "session_ended");
        }
        t.get("/api/users/me").await.problem(401, "token_missing");
        let forged = format!("{}x", ana.access_token);
        t.send(t.http.get(t.at("/api/users/me")).bearer_auth(forged)).await.problem(401, "token_invalid");
        ana.get("/api/users/me").await.ok();
    }
);

both_dbs!(
    async fn an_access_token_runs_out_and_so_does_a_session(t: TestApp) {
        let ana = t.user("ana").await;
        t.clock.advance(Duration::from_secs(15 * 60));
        ana.get("/api/users/me").await.problem(401, "token_expired");
        refresh(&t, &ana.refresh_token).await.ok();
        t.clock.advance(Duration::from_secs(31 * 24 * 3600));
        refresh(&t, &ana.refresh_token).await.problem(401, "session_ended");
    }
);

both_dbs!(
    async fn sessions_are_listed_and_ended(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let (phone, tablet) = (t.signs_in("ana").await, t.signs_in("ana").await);
        let list = ana.get("/api/user/sessions").await.ok();
        assert_eq!(list["sessions"].as_array().unwrap().len(), 3);
        let current: Vec<_> =
            list["sessions"].as_array().unwrap().iter().filter(|s| s["current"] == json!(true)).collect();
        assert_eq!(
            (current.len(), &current[0]["id"], &current[0]["ip"]),
            (1, &json!(ana.session_id), &json!("127.0.0.1"))
        );

        ben.delete(&format!("/api/user/sessions/{}", phone.session_id)).await.problem(404, "session_not_found");
        ana.delete("/api/user/sessions/nonsense").await.problem(404, "not_found");
        ana.delete(&format!("/api/user/sessions/{}", phone.session_id)).await.no_content();
        ana.delete(&format!("/api/user/sessions/{}", phone.session_id)).await.no_content();
        phone.get("/api/users/me").await.problem(401, "session_ended");
        tablet.get("/api/users/me").await.ok();

        ana.delete("/api/user/sessions").await.no_content();
        tablet.get("/api/users/me").await.problem(401, "session_ended");
        assert_eq!(ana.get("/api/user/sessions").await.ok()["sessions"].as_array().unwrap().len(), 1);

        ana.post("/api/auth/logout", json!({})).await.no_content();
        ana.get("/api/users/me").await.problem(401, "session_ended");
        ben.get("/api/users/me").await.ok();
    }
);

both_dbs!(
    async fn a_session_in_a_cookie_is_refreshed_by_our_own_pages_only(t: TestApp) {
        t.user("ana").await;
        let reply = t.post("/api/auth/login", json!({"login": "ana", "password": PASSWORD, "cookie": true})).await;
        let cookie = reply.header("set-cookie").unwrap().to_owned();
        let reply_has_no_hsts = reply.header("strict-transport-security").is_none();
        assert!(reply.ok().get("refresh_token").is_none());
        for part in ["HttpOnly", "SameSite=Strict", "Path=/api/auth", "Max-Age=2592000"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(cookie.starts_with("convo_refresh=") && reply_has_no_hsts, "{cookie}");
        let pair = cookie.split(';').next().unwrap().to_owned();
        let refresh = |origin: Option<String>| {
            let request = t.http.post(t.at("/api/auth/refresh")).header("cookie", pair.clone());
            t.send(match origin {
                Some(origin) => request.header("origin", origin),
                None => request,
            })
        };
        refresh(None).await.problem(403, "wrong_origin");
        refresh(Some("http://127.0.0.1:1".to_owned())).await.problem(403, "wrong_origin");
        let reply = refresh(Some(t.url.clone())).await;
        assert!(reply.header("set-cookie").unwrap().starts_with("convo_refresh="));
        assert!(reply.ok().get("refresh_token").is_none());
    }
);

both_dbs!(|config| config.public_url = config.public_url.replace("http://", "https://"); async fn with_tls_the_cookie_is_of_this_host_alone(t: TestApp) {
    let at = |path: &str| t.at(path).replace("https://", "http://");
    let setup = json!({"token": t.setup_token().await.unwrap(), "username": "ana", "email": "ana@example.org", "password": PASSWORD, "cookie": true});
    let reply = t.send(t.http.post(at("/api/setup")).json(&setup)).await;
    assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
    let cookie = reply.header("set-cookie").unwrap().to_owned();
    let access_token = reply.created()["access_token"].as_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-convo_refresh="), "{cookie}");
    let demanded = |cookie: &str| cookie.contains("; Secure") && cookie.contains("; Path=/;") && !cookie.contains("Domain");
    assert!(demanded(&format!("{cookie};")), "{cookie}");

    let value = cookie.split([';', '=']).nth(1).unwrap().to_owned();
    let refresh = |name: &str| {
        let request = t.http.post(at("/api/auth/refresh")).header("cookie", format!("{name}={value}"));
        t.send(request.header("origin", t.url.clone()))
    };
    refresh("convo_refresh").await.problem(401, "session_ended");
    refresh("__Host-convo_refresh").await.ok();
    let logout = t.http.post(at("/api/auth/logout")).bearer_auth(access_token);
    let reply = t.send(logout.header("cookie", format!("__Host-convo_refresh={value}"))).await;
    let taken_away = format!("{};", reply.header("set-cookie").unwrap());
    assert!(taken_away.starts_with("__Host-convo_refresh=;") && taken_away.contains("Max-Age=0"), "{taken_away}");
    assert!(demanded(&taken_away), "a browser would ignore {taken_away}");
    reply.no_content();
});

both_dbs!(
    async fn the_last_use_is_noted_once_a_minute(t: TestApp) {
        let ana = t.user("ana").await;
        let before = ana.get("/api/user/sessions").await.ok()["sessions"][0]["last_used_at"].clone();
        t.clock.advance(Duration::from_secs(61));
        // What a node read of a session counts for a second of real time.
        crate::support::eventually("the last use to be noted", async || {
            let now = ana.get("/api/user/sessions").await.ok()["sessions"][0]["last_used_at"].clone();
            (now != before).then_some(())
        })
        .await;
    }
);

both_dbs!(|config| config.limits.off = false; async fn too_many_requests_from_one_address_are_refused(t: TestApp) {
    t.user("ana").await;
    let mut statuses = vec![];
    for n in 0..61 {
        statuses.push(t.post("/api/auth/login", json!({"login": format!("somebody{n}"), "password": "wrong"})).await.status.as_u16());
    }
    assert_eq!(statuses[0], 401);
    assert_eq!(statuses[60], 429);
});

both_dbs!(
    async fn right_passwords_do_not_keep_the_failures_of_an_office_alive(t: TestApp) {
        t.user("ana").await;
        let login = async |name: &str, password: &str| {
            t.post("/api/auth/login", json!({"login": name, "password": password})).await.status.as_u16()
        };
        for n in 0..50 {
            assert_eq!(login(&format!("nobody{n}"), "wrong").await, 401);
        }
        t.clock.advance(Duration::from_secs(2));
        for _ in 0..3 {
            assert_eq!(login("ana", PASSWORD).await, 200);
        }
    }
);
