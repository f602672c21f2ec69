//! Lists: their order, and how they are paged.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::TestUser;

both_dbs!(
    async fn pinned_ones_come_first_then_the_newest(t: TestApp) {
        let ana = t.user("ana").await;
        let mut groups = vec![];
        for n in 0..5 {
            t.clock.advance(Duration::from_secs(1));
            groups.push(ana.creates_group(&n.to_string(), &[]).await);
        }
        assert_eq!(titles(&ana, 50).await, ["4", "3", "2", "1", "0"]);
        t.clock.advance(Duration::from_secs(1));
        ana.sends(&groups[1], "up").await;
        assert_eq!(titles(&ana, 50).await, ["1", "4", "3", "2", "0"]);
        ana.keeps(&groups[0], json!({"pinned": true})).await;
        ana.keeps(&groups[3], json!({"pinned": true})).await;
        ana.keeps(&groups[4], json!({"archived": true})).await;
        for limit in 1..=5 {
            assert_eq!(titles(&ana, limit).await, ["3", "0", "1", "2"], "in pages of {limit}");
        }
        // Reading, reacting and editing are no activity.
        t.clock.advance(Duration::from_secs(1));
        ana.edits(&groups[1], 2, "up!").await.ok();
        ana.reacts(&groups[2], 1, "👍").await;
        ana.keeps(&groups[2], json!({"muted_until": null})).await;
        assert_eq!(titles(&ana, 50).await, ["3", "0", "1", "2"]);
        ana.get("/api/conversations?cursor=nonsense").await.problem(400, "malformed_request");
        ana.get("/api/sync?cursor=nonsense").await.problem(400, "malformed_request");
    }
);

async fn titles(who: &TestUser, limit: usize) -> Vec<String> {
    let (mut titles, mut cursor) = (vec![], String::new());
    loop {
        let page = who.get(&format!("/api/conversations?limit={limit}{cursor}")).await.ok();
        let listed = page["conversations"].as_array().unwrap();
        assert!(listed.len() <= limit);
        titles.extend(listed.iter().map(|conversation| conversation["title"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return titles,
        }
    }
}

both_dbs!(
    async fn members_are_paged(t: TestApp) {
        let [ana, ben, cleo, dan] = t.users(["ana", "ben", "cleo", "dan"]).await;
        let group = ana.creates_group("Team", &[&ben, &cleo, &dan]).await;
        dan.leaves(&group).await.no_content();
        let (mut names, mut cursor) = (vec![], String::new());
        loop {
            let page = ben.get(&format!("/api/conversations/{group}/members?limit=2{cursor}")).await.ok();
            names.extend(
                page["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()),
            );
            assert!(page["members"].as_array().unwrap().iter().all(|member| member["active"] == true));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        names.sort();
        assert_eq!(names, ["ana", "ben", "cleo"]);
    }
);

both_dbs!(
    async fn the_list_shows_what_one_conversation_shows(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        for n in 0..3 {
            let group = ana.creates_group(&n.to_string(), &[&ben]).await;
            ana.sends(&group, "hello").await;
            ben.reads(&group, 1).await.no_content();
        }
        let list = ben.get("/api/conversations").await.ok();
        for listed in list["conversations"].as_array().unwrap() {
            assert_eq!(*listed, ben.view(listed["id"].as_str().unwrap()).await);
            assert_eq!(
                (&listed["unread_count"], &listed["lowest"]),
                (&json!(1), &json!({"delivered_seq": 1, "read_seq": 1}))
            );
        }
        let named: Vec<&Value> = list["users"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
        assert_eq!(named.len(), 2);
    }
);

both_dbs!(
    async fn more_than_two_hundred_heads_are_paged(t: TestApp) {
        let ana = t.user("ana").await;
        let groups = futures_util::future::join_all((0..205).map(|n| {
            let ana = &ana;
            async move { ana.creates_group(&n.to_string(), &[]).await }
        }))
        .await;
        let mut anas = ana.connects().await;
        let first = anas.says(json!({"type": "sync"})).await.ok();
        assert_eq!(first["heads"].as_array().unwrap().len(), 200);
        let second = anas.says(json!({"type": "sync", "cursor": first["next_cursor"]})).await.ok();
        assert_eq!((second["heads"].as_array().unwrap().len(), &second["next_cursor"]), (5, &Value::Null));
        let mut ids: Vec<_> = [&first, &second]
            .iter()
            .flat_map(|page| page["heads"].as_array().unwrap())
            .map(|head| head["conversation_id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), groups.len());
    }
);
