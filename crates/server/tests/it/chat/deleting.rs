//! Deleting: for everyone, or only for oneself.

use std::time::Duration;

use convo_server::clock::Clock;
use serde_json::{Value, json};

both_dbs!(
    async fn a_message_deleted_for_everyone_leaves_a_tombstone(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "first").await;
        ben.replies(&group, "secret", 2).await.created();
        ben.edits(&group, 3, "secret!").await.ok();
        ana.reacts(&group, 3, "👍").await.ok();
        let mut anas = ana.connects().await;

        ben.deletes_for("everyone", &group, 3).await.no_content();
        ben.deletes_for("everyone", &group, 3).await.no_content();

        let event = anas.hears("message.updated").await;
        anas.hears_nothing().await;
        let stone = ana.message(&group, 3).await.ok();
        assert_eq!(event["message"], stone);
        assert_eq!(
            (&stone["body"], &stone["reactions"], &stone["reply_to_seq"]),
            (&json!(""), &json!([]), &Value::Null)
        );
        assert_ne!(stone["deleted_at"], Value::Null);
        assert_eq!(ana.get(&format!("/api/conversations/{group}/messages/3/history")).await.ok()["edits"], json!([]));
        assert_eq!(ana.unread(&group).await, 0, "a deleted message is not unread");
        ana.reacts(&group, 3, "👍").await.problem(409, "message_deleted");
        ana.replies(&group, "what was it?", 3).await.problem(422, "reply_not_found");
        // Erased, not hidden: the words are nowhere in the rows any more.
        let (found,): (i64,) = t
            .app
            .db
            .read()
            .sql("select (select count(*) from messages where body like 'secret%') + (select count(*) from message_edits where body like 'secret%') + (select count(*) from reactions)")
            .one()
            .await
            .unwrap();
        assert_eq!(found, 0);
        // Its place in the log stays, and so does its number: a repeat still gives it, not a second message.
        assert_eq!(ana.sends(&group, "next").await["seq"], 4);
    }
);

both_dbs!(
    async fn the_author_deletes_for_everyone_within_two_days_and_administrators_always(t: TestApp) {
        let [ana, ben, cleo, eve] = t.users(["ana", "ben", "cleo", "eve"]).await;
        let group = ana.creates_group("Team", &[&ben, &cleo]).await;
        for body in ["one", "two", "three"] {
            ben.sends(&group, body).await;
        }
        cleo.deletes_for("everyone", &group, 2).await.problem(403, "not_the_author");
        eve.deletes_for("everyone", &group, 2).await.problem(404, "conversation_not_found");
        ana.deletes_for("everyone", &group, 1).await.problem(403, "system_line");
        ben.deletes_for("nobody", &group, 2).await.problem(400, "malformed_request");

        t.clock.advance(Duration::from_secs(48 * 3600));
        let ben = t.signs_in("ben").await;
        ben.deletes_for("everyone", &group, 2).await.no_content();
        t.clock.advance(Duration::from_secs(1));
        ben.deletes_for("everyone", &group, 3).await.problem(403, "too_late");
        let ana = t.signs_in("ana").await;
        ana.deletes_for("everyone", &group, 3).await.no_content();
        ben.deletes_for("everyone", &group, 3).await.no_content();
        ana.gives_role(&group, &cleo, "admin").await.ok();
        t.signs_in("cleo").await.deletes_for("everyone", &group, 4).await.no_content();
        go_back(&t.clock, Duration::from_secs(48 * 3600 + 1));
    }
);

/// So that those who look what a story left behind are still signed in.
fn go_back(clock: &Clock, by: Duration) {
    let Clock::Fake(micros) = clock else { unreachable!("stories have a fake clock") };
    micros.fetch_sub(i64::try_from(by.as_micros()).unwrap(), std::sync::atomic::Ordering::AcqRel);
}

both_dbs!(
    async fn in_a_direct_conversation_nobody_deletes_for_the_other(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let direct = ana.direct(&ben).await;
        ana.sends(&direct, "hello").await;
        ben.deletes_for("everyone", &direct, 1).await.problem(403, "not_the_author");
        ana.deletes_for("everyone", &direct, 1).await.no_content();
    }
);

both_dbs!(
    async fn a_message_deleted_for_me_is_gone_for_me_alone(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "one").await;
        ana.sends(&group, "two").await;
        let (mut bens, mut bens_other, mut anas) =
            (ben.connects().await, t.signs_in("ben").await.connects().await, ana.connects().await);

        ben.deletes_for("me", &group, 3).await.no_content();
        ben.deletes_for("me", &group, 3).await.no_content();

        for device in [&mut bens, &mut bens_other] {
            assert_eq!(device.hears("mine.updated").await["mine"]["hidden_seqs"], json!([3]));
            device.hears_nothing().await;
        }
        anas.hears_nothing().await;
        assert_eq!(ben.bodies(&group).await, ["one"]);
        assert_eq!(ana.bodies(&group).await, ["one", "two"]);
        ben.message(&group, 3).await.problem(404, "message_not_found");
        ben.reacts(&group, 3, "👍").await.problem(404, "message_not_found");
        ben.deletes_for("me", &group, 99).await.problem(404, "message_not_found");
        ben.deletes_for("me", &group, 0).await.problem(404, "message_not_found");
        let view = ben.view(&group).await;
        assert_eq!(
            (&view["unread_count"], &view["last_message"], &view["mine"]["hidden_seqs"]),
            (&json!(1), &Value::Null, &json!([3]))
        );
        assert_eq!(ben.changes(&group, 0, 0, 0).await.ok()["messages"].as_array().unwrap().len(), 2);
        // A line of the system can be deleted for oneself too.
        ben.deletes_for("me", &group, 1).await.no_content();
        assert_eq!(ben.view(&group).await["mine"]["hidden_seqs"], json!([3, 1]));
    }
);

both_dbs!(
    async fn of_what_somebody_hid_the_newest_five_hundred_are_told(t: TestApp) {
        let ana = t.user("ana").await;
        let (own, group) = (ana.direct(&ana).await, ana.creates_group("Team", &[]).await);
        ana.sends(&group, "hello").await;
        for seq in [1, 2] {
            ana.deletes_for("me", &group, seq).await.no_content();
        }
        for first in (1..=502_i64).step_by(50) {
            let hides = (first..(first + 50).min(503)).map(async |_| {
                let seq = ana.sends(&own, "hello").await["seq"].as_i64().unwrap();
                ana.deletes_for("me", &own, seq).await.no_content();
            });
            futures_util::future::join_all(hides).await;
        }
        let newest: Vec<i64> = (3..=502).rev().collect();
        assert_eq!(ana.view(&own).await["mine"]["hidden_seqs"], json!(newest));
        assert_eq!(ana.changes(&own, 502, 502, 0).await.ok()["mine"]["hidden_seqs"], json!(newest));
        let list = ana.get("/api/conversations").await.ok();
        let told = |id: &str| {
            let listed = list["conversations"].as_array().unwrap().iter().find(|conversation| conversation["id"] == id);
            (listed.unwrap()["mine"]["hidden_seqs"].clone(), listed.unwrap()["last_message"].clone())
        };
        assert_eq!(told(&own), (json!(newest), Value::Null));
        assert_eq!(told(&group), (json!([2, 1]), Value::Null));
    }
);

both_dbs!(
    async fn who_hid_what_was_unread_has_nothing_unread(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "hello").await;
        ben.deletes_for("me", &group, 2).await.no_content();
        assert_eq!(ben.unread(&group).await, 0);
        // Nothing was unread, so sending moves their own watermarks.
        ben.sends(&group, "I write").await;
        assert_eq!(ana.position_of(&group, &ben).await, (3, 3));
    }
);
