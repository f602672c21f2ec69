//! How sockets begin and end.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{client_id, dial, until_closed};

both_dbs!(
    async fn a_socket_says_who_it_is_first(t: TestApp) {
        let ana = t.user("ana").await;
        for first in [json!({"type": "ping"}), json!({"type": "auth", "token": "nonsense"}), json!({"type": "auth"})] {
            let mut socket = dial(&t.url, None).await;
            socket.send(Message::text(first.to_string())).await.unwrap();
            assert_eq!(until_closed(&mut socket).await.code, 4001);
        }
        // A client that can set headers may say it there.
        let request = ana.request(reqwest::Method::GET, "/api/realtime");
        let upgrade = |request: reqwest::RequestBuilder| {
            request
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        };
        assert_eq!(upgrade(request).send().await.unwrap().status(), 101);
        let wrong = t.http.get(t.at("/api/realtime")).bearer_auth("nonsense");
        t.send(upgrade(wrong)).await.has(401);
        // A token in a URL is no token.
        let in_url = t.http.get(t.at(&format!("/api/realtime?token={}", ana.access_token)));
        t.send(in_url).await.has(400);
    }
);

both_dbs!(
    async fn who_says_nothing_is_sent_away(t: TestApp) {
        let mut socket = dial(&t.url, None).await;
        let ended = until_closed(&mut socket).await;
        assert_eq!((ended.code, ended.heard.len()), (4008, 0));
    }
);

both_dbs!(
    async fn a_frame_that_is_too_large_ends_the_socket(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        let mut anas = ana.connects().await;
        let frame = |chars: usize| json!({"type": "message.send", "conversation_id": own, "client_id": client_id(), "body": "x".repeat(chars)});
        anas.says(frame(64_000)).await.problem(422, "body_too_long");
        anas.begins(frame(66_000)).await;
        assert_eq!(anas.ends().await.code, 1009);
        assert_eq!(ana.bodies(&own).await, [""; 0]);
    }
);

both_dbs!(
    |config| config.limits.off = false;
    async fn too_many_frames_end_the_socket(t: TestApp) {
        let ana = t.user("ana").await;
        let mut anas = ana.connects().await;
        for _ in 0..700 {
            anas.begins(json!({"type": "ping"})).await;
        }
        assert_eq!(anas.ends().await.code, 4029);
    }
);

both_dbs!(
    |config| config.limits.off = false;
    async fn more_sockets_of_one_person_do_not_make_more_frames(t: TestApp) {
        let ana = t.user("ana").await;
        let (mut one, mut other) = (ana.connects().await, ana.connects().await);
        for _ in 0..300 {
            one.begins(json!({"type": "ping"})).await;
        }
        one.says(json!({"type": "ping"})).await.ok();
        for _ in 0..400 {
            other.begins(json!({"type": "ping"})).await;
        }
        assert_eq!(other.ends().await.code, 4029);
    }
);

both_dbs!(
    |config| config.limits.sockets_per_user = 2;
    async fn too_many_sockets_are_refused(t: TestApp) {
        let ana = t.user("ana").await;
        let (mut one, _two) = (ana.connects().await, ana.connects().await);
        let mut third = dial(&t.url, None).await;
        third.send(Message::text(json!({"type": "auth", "token": ana.access_token}).to_string())).await.unwrap();
        assert_eq!(until_closed(&mut third).await.code, 4029);
        one.says(json!({"type": "ping"})).await.ok();
        drop(one);
        crate::support::eventually("room for another", async || (t.app.hub.sockets() < 2).then_some(())).await;
        ana.connects().await.says(json!({"type": "ping"})).await.ok();
    }
);

both_dbs!(
    async fn the_end_of_a_session_closes_its_sockets_and_no_others(t: TestApp) {
        let ana = t.user("ana").await;
        let second = t.signs_in("ana").await;
        let third = t.signs_in("ana").await;
        let mut stays = ana.connects().await;

        let (one, other) = (second.connects().await, second.connects().await);
        second.post("/api/auth/logout", json!({})).await.no_content();
        for device in [one, other] {
            let ended = device.ends().await;
            assert_eq!(
                (ended.code, ended.heard.last().unwrap()),
                (4001, &json!({"type": "session.ended", "reason": "logout"}))
            );
        }
        let device = third.connects().await;
        ana.delete(&format!("/api/user/sessions/{}", third.session_id)).await.no_content();
        assert_eq!(device.ends().await.heard.last().unwrap()["reason"], "ended");

        let fourth = t.signs_in("ana").await;
        let device = fourth.connects().await;
        let change = json!({"current_password": crate::support::PASSWORD, "new_password": "another canyon velvet 10"});
        ana.post("/api/user/change-password", change).await.no_content();
        assert_eq!(device.ends().await.heard.last().unwrap()["reason"], "password_changed");

        stays.says(json!({"type": "ping"})).await.ok();
        second.get("/api/users/me").await.problem(401, "session_ended");
        let mut refused = dial(&t.url, None).await;
        refused.send(Message::text(json!({"type": "auth", "token": second.access_token}).to_string())).await.unwrap();
        assert_eq!(until_closed(&mut refused).await.code, 4001);
    }
);

both_dbs!(
    async fn a_session_that_ends_while_its_client_talks_says_so(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        for _ in 0..5 {
            let second = t.signs_in("ana").await;
            let mut device = second.connects().await;
            let ending = second.post("/api/auth/logout", json!({}));
            let talking = async {
                for n in 0..200 {
                    device.begins(json!({"type": "message.send", "conversation_id": own, "client_id": client_id(), "body": n.to_string()})).await;
                }
            };
            let (ended, ()) = tokio::join!(ending, talking);
            ended.no_content();
            let ended = device.ends().await;
            assert_eq!((ended.code, &ended.heard.last().unwrap()["type"]), (4001, &json!("session.ended")));
        }
    }
);

both_dbs!(
    async fn a_suspended_person_is_out_at_once(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let bens = ben.connects().await;
        t.admin().await.post(&format!("/api/admin/users/{}/suspend", ben.id), json!({})).await.ok();
        let ended = bens.ends().await;
        assert_eq!((ended.code, &ended.heard.last().unwrap()["reason"]), (4001, &json!("suspended")));
        ben.tries_to_send(&group, json!({"client_id": client_id(), "body": "x"})).await.problem(401, "session_ended");
        assert_eq!(ana.bodies(&group).await, [""; 0]);
        // What was said to them meanwhile waits for them.
        ana.sends(&group, "welcome back").await;
        t.admin().await.post(&format!("/api/admin/users/{}/restore", ben.id), json!({})).await.ok();
        let ben = t.signs_in("ben").await;
        assert_eq!((ben.unread(&group).await, ben.bodies(&group).await), (1, vec!["welcome back".to_owned()]));
    }
);

both_dbs!(
    async fn who_falls_behind_is_closed_and_finds_everything(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let slow = ben.connects_narrowly().await;
        let mut anas = ana.connects().await;
        let large = "x".repeat(8_000);
        // More than the buffers of both sides take and the queue holds.
        let mut sent = 0;
        while t.app.hub.sockets() == 2 {
            assert!(sent < 4_000, "nothing made the server close a client that never reads");
            let mut references = vec![];
            for _ in 0..30 {
                references.push(anas.begins(json!({"type": "message.send", "conversation_id": group, "client_id": client_id(), "body": large})).await);
            }
            for reference in references {
                anas.answer(&reference).await.ok();
                sent += 1;
            }
        }
        assert_eq!(slow.ends().await.code, 4013);
        assert_eq!(ana.view(&group).await["last_seq"], sent + 1);
        assert_eq!(ben.unread(&group).await, sent.min(1_000));
        // The other one was never slowed down, and a new socket goes on from there.
        let mut bens = ben.connects().await;
        let head = bens.says(json!({"type": "sync"})).await.ok()["heads"][0].clone();
        assert_eq!((&head["last_seq"], &head["version"]), (&json!(sent + 1), &json!(sent + 1)));
        ana.sends(&group, "live again").await;
        bens.hears_where("what is live", |event| event["message"]["body"] == "live again").await;
    }
);

both_dbs!(
    async fn before_a_restart_everybody_is_told_when_to_come_back(t: TestApp) {
        let ana = t.user("ana").await;
        let device = ana.connects().await;
        t.app.hub.drain().await;
        let ended = device.ends().await;
        assert_eq!(ended.code, 1012);
        let last = ended.heard.last().unwrap();
        assert!(last["type"] == "reconnect" && last["after_ms"].as_u64().unwrap() < 5_000, "{last}");
    }
);
