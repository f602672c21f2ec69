//! Reactions.

use serde_json::json;

both_dbs!(
    async fn reactions_are_told_and_taken_back(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "hello").await;
        let mut anas = ana.connects().await;

        let reacted = ben.reacts(&group, 2, "👍").await.ok();
        assert_eq!(reacted["reactions"], json!([{"emoji": "👍", "user_ids": [ben.id]}]));
        assert_eq!(ben.reacts(&group, 2, "👍").await.ok(), reacted, "a repeat changes nothing");
        t.clock.advance(std::time::Duration::from_secs(1));
        let both = ana.reacts(&group, 2, "👍").await.ok();
        assert_eq!(both["reactions"], json!([{"emoji": "👍", "user_ids": [ben.id, ana.id]}]));
        t.clock.advance(std::time::Duration::from_secs(1));
        ana.reacts(&group, 2, "❤️").await.ok();
        let less = ben.unreacts(&group, 2, "👍").await.ok();
        assert_eq!(
            less["reactions"],
            json!([{"emoji": "👍", "user_ids": [ana.id]}, {"emoji": "❤️", "user_ids": [ana.id]}])
        );
        assert_eq!(ben.unreacts(&group, 2, "👍").await.ok(), less);
        ben.unreacts(&group, 2, "🎉").await.ok();

        for _ in 0..3 {
            anas.hears("message.updated").await;
        }
        assert_eq!(anas.hears("message.updated").await["message"], less);
        anas.hears_nothing().await;
        assert_eq!(ben.unread(&group).await, 1, "reacting does not read");
    }
);

both_dbs!(
    async fn reactions_of_one_moment_stand_in_one_order_for_everybody(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "hello").await;
        // The clock stands still.
        for emoji in ["👍", "🎉", "❤️"] {
            ben.reacts(&group, 2, emoji).await.ok();
        }
        let told = ana.get(&format!("/api/conversations/{group}/messages/2")).await.ok();
        let order: Vec<_> = told["reactions"].as_array().unwrap().iter().map(|reaction| &reaction["emoji"]).collect();
        assert_eq!(order, ["❤️", "🎉", "👍"]);
    }
);

both_dbs!(
    async fn twenty_different_ones_are_enough(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "hello").await;
        let emoji: Vec<_> = (0..21).map(|n| char::from_u32(0x1f600 + n).unwrap().to_string()).collect();
        for one in &emoji[..20] {
            ana.reacts(&group, 2, one).await.ok();
        }
        ana.reacts(&group, 2, &emoji[20]).await.problem(409, "too_many_reactions");
        ben.reacts(&group, 2, &emoji[20]).await.problem(409, "too_many_reactions");
        ben.reacts(&group, 2, &emoji[0]).await.ok();
        ana.unreacts(&group, 2, &emoji[5]).await.ok();
        ben.reacts(&group, 2, &emoji[20]).await.ok();
    }
);

both_dbs!(
    async fn only_emoji_on_visible_texts(t: TestApp) {
        let [ana, ben, eve] = t.users(["ana", "ben", "eve"]).await;
        let group = ana.creates_group("Team", &[]).await;
        ana.sends(&group, "hello").await;
        ana.adds(&group, &[&ben]).await.ok();
        for bad in ["a", "ok", "<b>", "日", "\0", "👍 ", "👍👎", "👍\u{200d}👎", "★", "\u{202e}"] {
            ana.reacts(&group, 2, bad).await.problem(422, "not_an_emoji");
            ana.unreacts(&group, 2, bad).await.problem(422, "not_an_emoji");
        }
        ana.reacts(&group, 1, "👍").await.problem(409, "system_line");
        ben.reacts(&group, 2, "👍").await.problem(404, "message_not_found");
        eve.reacts(&group, 2, "👍").await.problem(404, "conversation_not_found");
    }
);

both_dbs!(
    |config| config.limits.off = false;
    async fn too_many_changes_a_minute_are_refused(t: TestApp) {
        let ana = t.user("ana").await;
        let own = ana.direct(&ana).await;
        ana.sends(&own, "hello").await;
        for _ in 0..60 {
            ana.reacts(&own, 1, "👍").await.ok();
            ana.unreacts(&own, 1, "👍").await.ok();
        }
        let refused = ana.reacts(&own, 1, "👍").await;
        assert!(refused.header("retry-after").is_some());
        refused.problem(429, "too_many_requests");
        ana.edits(&own, 1, "more").await.problem(429, "too_many_requests");
        ana.sends(&own, "sending goes on").await;
        t.clock.advance(std::time::Duration::from_secs(120));
        ana.edits(&own, 1, "more").await.ok();
    }
);

both_dbs!(
    async fn one_emoji_is_one_reaction_however_it_is_written(t: TestApp) {
        let ana = t.user("ana").await;
        let group = ana.creates_group("Team", &[]).await;
        ana.sends(&group, "hello").await;
        let reacted = ana.reacts(&group, 2, "❤").await.ok();
        assert_eq!(reacted["reactions"], json!([{"emoji": "❤\u{fe0f}", "user_ids": [ana.id]}]));
        assert_eq!(ana.reacts(&group, 2, "❤\u{fe0f}").await.ok(), reacted);
        ana.reacts(&group, 2, "👩🏻‍❤️‍💋‍👨🏻").await.ok();
        let less = ana.unreacts(&group, 2, "❤").await.ok();
        assert_eq!(less["reactions"], json!([{"emoji": "👩🏻‍❤️‍💋‍👨🏻", "user_ids": [ana.id]}]));
    }
);
