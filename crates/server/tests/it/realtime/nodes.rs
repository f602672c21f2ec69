//! Two nodes of one installation, on one PostgreSQL.

use std::time::{Duration, Instant};

use convo_server::config::{Config, Secret};
use serde_json::json;

use crate::support::{Engine, Node, Setup, eventually, run};

fn over_redis(config: &mut Config) {
    #[expect(clippy::disallowed_methods, reason = "tests are told where Redis is")]
    let url =
        std::env::var("CONVO_TEST_REDIS").expect("these tests need Redis: run `cargo xtask services -- cargo test`");
    config.redis.url = Some(Secret::new(url));
}

#[test]
fn what_happens_on_one_node_is_heard_on_the_other() {
    run(Engine::Postgres, Setup::new(over_redis), |t| async move {
        let node = Node::beside(&t).await;
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut anas = ana.connects().await;
        let (mut bens, mut cleos) = (ben.connects_at(&node.url).await, cleo.connects_at(&node.url).await);

        let sent = ana.sends(&group, "hello").await;
        assert_eq!(bens.hears("message.created").await["message"], sent);
        bens.says(json!({"type": "message.send", "conversation_id": group, "client_id": crate::support::client_id(), "body": "hi"})).await.ok();
        anas.hears_where("the answer from the other node", |event| event["message"]["body"] == "hi").await;
        bens.says(json!({"type": "typing", "conversation_id": group})).await.ok();
        anas.hears("typing").await;

        // Who comes hears what follows; who goes does not.
        ana.adds(&group, &[&cleo]).await.ok();
        cleos.hears("conversation.created").await;
        ana.sends(&group, "welcome").await;
        cleos.hears_where("the welcome", |event| event["message"]["body"] == "welcome").await;
        ana.removes(&group, &cleo).await.no_content();
        cleos.hears("conversation.removed").await;
        ana.sends(&group, "among us").await;
        bens.hears_where("what the others hear", |event| event["message"]["body"] == "among us").await;
        let after: Vec<_> =
            cleos.all_heard().await.into_iter().filter(|event| event["message"]["body"] == "among us").collect();
        assert!(after.is_empty(), "{after:#?}");

        // The other way round: what the far node changes counts here.
        let far = ana
            .t
            .http
            .delete(format!("{}/api/conversations/{group}/members/{}", node.url, ben.id))
            .bearer_auth(&ana.access_token);
        t.send(far).await.no_content();
        bens.hears("conversation.removed").await;
        node.stops().await;
    });
}

#[test]
fn a_text_that_is_queued_on_one_node_wakes_the_sender_on_another() {
    run(Engine::Postgres, Setup::new(over_redis), |t| async move {
        let node = Node::beside(&t).await;
        let ana = t.user("ana").await;
        let (line, phone) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &phone.number).await;
        // The simulator runs inside the first node, so the other one never has its link: what wakes there, came over Redis.
        let elsewhere = node.app.carriers.get("simulator").unwrap();
        eventually("the bus of the other node", async || node.app.bus.is_connected().then_some(())).await;
        let woken = async {
            // A subscription may still be on its way, so a text more is written until one is heard of.
            for n in 0.. {
                ana.texts(&thread, &format!("t{n}"), "hello").await.created();
                if tokio::time::timeout(Duration::from_millis(500), elsewhere.queued.notified()).await.is_ok() {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), woken).await.expect("nothing was heard of the texts");
        node.stops().await;
    });
}

#[test]
fn the_end_of_a_session_is_known_on_every_node_within_two_seconds() {
    for setup in [Setup::new(over_redis), Setup::new(|_| {})] {
        run(Engine::Postgres, setup, |t| async move {
            let node = Node::beside(&t).await;
            let ana = t.user("ana").await;
            let other = t.signs_in("ana").await;
            let (device, mut stays) = (other.connects_at(&node.url).await, ana.connects_at(&node.url).await);
            node.get(&other, "/api/users/me").await.ok();

            let started = Instant::now();
            ana.delete(&format!("/api/user/sessions/{}", other.session_id)).await.no_content();
            let ended = device.ends().await;
            assert_eq!((ended.code, &ended.heard.last().unwrap()["reason"]), (4001, &json!("ended")));
            crate::support::eventually("the token to be refused", async || {
                (node.get(&other, "/api/users/me").await.status == 401).then_some(())
            })
            .await;
            assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
            stays.says(json!({"type": "ping"})).await.ok();
            node.stops().await;
        });
    }
}

#[test]
fn without_redis_the_other_node_is_found_by_asking() {
    run(Engine::Postgres, Setup::new(|_| {}), |t| async move {
        let node = Node::beside(&t).await;
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects_at(&node.url).await;
        ana.sends(&group, "hello").await;
        let head = bens.says(json!({"type": "sync"})).await.ok()["heads"][0].clone();
        assert_eq!(
            (&head["conversation_id"], &head["version"], &head["last_seq"]),
            (&json!(group), &json!(2), &json!(2))
        );
        // And who was removed there gets nothing here, whatever this node still believed.
        bens.says(json!({"type": "message.send", "conversation_id": group, "client_id": crate::support::client_id(), "body": "hi"})).await.ok();
        bens.hears("message.created").await;
        ana.removes(&group, &ben).await.no_content();
        bens.says(json!({"type": "message.send", "conversation_id": group, "client_id": crate::support::client_id(), "body": "me?"})).await.problem(404, "conversation_not_found");
        node.stops().await;
    });
}

#[test]
fn a_text_that_is_queued_on_one_node_leaves_by_the_other_and_is_reported_to_both() {
    run(Engine::Postgres, Setup::new(over_redis), |t| async move {
        // The first node runs the simulated carrier and so has its link; the second one only queues.
        let node = Node::beside(&t).await;
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let (line, handset) = (ana.buys_a_number("US").await, ana.has_a_handset("US").await);
        let thread = ana.begins_thread(&line, &handset.number).await;
        ana.put(&format!("/api/numbers/{}/shares/{}", line.id, ben.id), json!({"role": "answer"})).await.no_content();
        let mut bens = ben.connects_at(&node.url).await;
        bens.says(json!({"type": "message.send", "conversation_id": thread, "client_id": crate::support::client_id(), "body": "over there"}))
            .await
            .ok();
        handset.receives("over there").await;
        bens.hears_where("its delivery", |event| event["message"]["delivery"]["state"] == "delivered").await;
        handset.texts(&line.number, "and back").await.created();
        bens.hears_where("the answer", |event| event["message"]["body"] == "and back").await;
        assert_eq!(handset.shows().await.len(), 2);
        node.stops().await;
    });
}
