//! Who hears what, while people come and go.

use convo_server::events::{Audience, Event, encode};
use serde_json::{Value, json};

both_dbs!(
    async fn who_joins_hears_nothing_that_was_said_before(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let (mut bens, mut cleos) = (ben.connects().await, cleo.connects().await);
        for round in 0..25 {
            let group = ana.creates_group(&round.to_string(), &[&ben]).await;
            // The first event of a conversation waits until its members are loaded; meanwhile they change.
            let newcomers = [&cleo];
            let (_, added) = tokio::join!(ana.sends(&group, "secret"), ana.adds(&group, &newcomers));
            added.ok();
            ana.sends(&group, "end").await;
            let ended = |event: &Value| event["message"]["body"] == "end" && event["conversation_id"] == group.as_str();
            bens.hears_where("the end", ended).await;
            cleos.hears_where("the end", ended).await;
            let visible: Vec<_> = cleo.messages(&group).await.iter().map(|message| message["seq"].clone()).collect();
            for event in cleos.all_heard().await {
                let seq = &event["message"]["seq"];
                assert!(
                    seq.is_null() || visible.contains(seq),
                    "round {round}: seen are {visible:?}, heard was {event}"
                );
            }
            bens.all_heard().await;
        }
    }
);

both_dbs!(
    async fn leaving_and_joining_are_heard_in_their_order(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        for _ in 0..25 {
            ana.removes(&group, &ben).await.no_content();
            ana.adds(&group, &[&ben]).await.ok();
        }
        let heard = bens.all_types().await;
        let moves: Vec<_> = heard
            .iter()
            .filter(|kind| ["conversation.created", "conversation.removed"].contains(&kind.as_str()))
            .collect();
        let expected: Vec<_> = ["conversation.removed", "conversation.created"].iter().cycle().take(50).collect();
        assert_eq!(moves, expected);
        ana.sends(&group, "still there?").await;
        bens.hears("message.created").await;
    }
);

both_dbs!(
    async fn who_is_removed_while_people_talk_hears_nothing_after(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        for round in 0..10 {
            let group = ana.creates_group(&round.to_string(), &[&ben, &cleo]).await;
            let mut bens = ben.connects().await;
            let talk = futures_util::future::join_all((0..10).map(|n| {
                let (cleo, group) = (&cleo, &group);
                async move { cleo.sends(group, &n.to_string()).await["seq"].as_i64().unwrap() }
            }));
            let (_, removed) = tokio::join!(talk, ana.removes(&group, &ben));
            removed.no_content();
            ana.sends(&group, "end").await;
            let heard = bens.all_heard().await;
            let place = heard.iter().position(|event| event["type"] == "conversation.removed").expect("the removal");
            let after: Vec<_> =
                heard[place + 1..].iter().filter(|event| event["conversation_id"] == group.as_str()).collect();
            assert!(after.is_empty(), "after the removal came {after:#?}");
        }
    }
);

both_dbs!(
    async fn a_new_conversation_is_heard_by_everyone_in_it(t: TestApp) {
        let [ana, ben, eve] = t.users(["ana", "ben", "eve"]).await;
        let (mut anas, mut bens, mut eves) = (ana.connects().await, ben.connects().await, eve.connects().await);
        let group = ana.creates_group("Team", &[&ben]).await;
        for device in [&mut anas, &mut bens] {
            assert_eq!(device.hears("conversation.created").await["conversation_id"], group.as_str());
        }
        // From then on they hear what happens in it.
        for (from, text) in [(&ana, "one"), (&ben, "two")] {
            from.sends(&group, text).await;
            for device in [&mut anas, &mut bens] {
                device.hears_where(text, |event| event["message"]["body"] == text).await;
            }
        }
        eves.hears_nothing().await;
    }
);

both_dbs!(
    async fn every_device_of_a_person_hears_the_same(t: TestApp) {
        let ana = t.user("ana").await;
        let again = t.signs_in("ana").await;
        let own = ana.direct(&ana).await;
        let mut devices = [ana.connects().await, ana.connects().await, again.connects().await];
        ana.sends(&own, "note").await;
        let mut events = vec![];
        for device in &mut devices {
            events.push(device.hears("message.created").await);
        }
        assert!(events.iter().all(|event| *event == events[0]));
        let me = ana.put("/api/users/me", json!({"full_name": "Ana B."})).await.ok();
        for device in &mut devices {
            device.hears_where("news of the profile", |event| event["user_version"] == me["user_version"]).await;
            device.hears_nothing().await;
        }
    }
);

both_dbs!(
    async fn news_of_leaving_and_joining_never_overtake_each_other(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let (user_id, conversation_id, members_version) = (ben.id.parse().unwrap(), group.parse().unwrap(), 0);
        // As if another node had told all this in one moment.
        for version in 0..50 {
            let left = Audience::Removal { user_id, conversation_id, members_version };
            let joined = Audience::Joining { user_id, conversation_id, members_version };
            for (topic, payload) in [
                encode(&left, &Event::ConversationRemoved { conversation_id }),
                encode(&joined, &Event::ConversationCreated { conversation_id, version }),
            ] {
                t.app.bus.publish(&topic, payload);
            }
        }
        let heard = bens.all_types().await;
        assert_eq!(heard.iter().filter(|kind| *kind == "conversation.removed").count(), 50);
        assert_eq!(heard.last().unwrap(), "conversation.created", "the last word is that they are in");
        ana.sends(&group, "still there?").await;
        bens.hears("message.created").await;
    }
);
