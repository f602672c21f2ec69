//! Groups: who may do what, who comes and who goes.

use serde_json::{Value, json};

use crate::support::client_id;

fn line(message: &Value) -> (&str, &str) {
    (message["system"]["event"].as_str().unwrap_or("none"), message["system"]["actor_id"].as_str().unwrap_or("none"))
}

both_dbs!(
    async fn rights_follow_roles(t: TestApp) {
        let [owner, admin, member, other, new, stranger] =
            t.users(["owner", "groupadmin", "member", "other", "new", "stranger"]).await;
        let group = owner.creates_group("Team", &[&admin, &member, &other]).await;
        owner.gives_role(&group, &admin, "admin").await.ok();
        let path = format!("/api/conversations/{group}");

        for (who, allowed) in [(&member, Some(403)), (&stranger, Some(404)), (&admin, None), (&owner, None)] {
            let expect = |reply: crate::support::Reply| match allowed {
                Some(status) => {
                    reply.problem(status, if status == 403 { "group_admins_only" } else { "conversation_not_found" })
                }
                None => reply.ok(),
            };
            expect(who.patch(&path, json!({"title": format!("Team of {}", who.username)})).await);
            expect(who.patch(&path, json!({"description": format!("by {}", who.username)})).await);
            expect(who.adds(&group, &[&new]).await);
            expect(who.gives_role(&group, &other, "admin").await);
            expect(who.gives_role(&group, &other, "member").await);
            expect(who.delete(&format!("{path}/picture")).await);
            if allowed.is_none() {
                who.removes(&group, &new).await.no_content();
            } else {
                expect(who.removes(&group, &other).await);
            }
        }
        member.gives_role(&group, &member, "owner").await.problem(403, "group_admins_only");
        admin.gives_role(&group, &admin, "owner").await.problem(403, "owner_only");
        admin.gives_role(&group, &owner, "member").await.problem(409, "last_owner");
        admin.removes(&group, &owner).await.problem(409, "last_owner");
        owner.leaves(&group).await.problem(409, "last_owner");
        admin.removes(&group, &stranger).await.problem(404, "member_not_found");
        admin.gives_role(&group, &stranger, "admin").await.problem(404, "member_not_found");
        owner.gives_role(&group, &member, "king").await.problem(400, "malformed_request");
        // An administrator may remove another one.
        owner.gives_role(&group, &other, "admin").await.ok();
        admin.removes(&group, &other).await.no_content();
    }
);

both_dbs!(
    async fn the_owner_gives_the_group_away(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let view = ana.gives_role(&group, &ben, "owner").await.ok();
        assert_eq!(view["conversation"]["my_role"], "admin");
        assert_eq!(ben.view(&group).await["my_role"], "owner");
        let event = bens.hears("conversation.updated").await;
        let mut roles: Vec<_> = event["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| (member["user_id"].as_str().unwrap().to_owned(), member["role"].as_str().unwrap().to_owned()))
            .collect();
        roles.sort();
        let mut expected = vec![(ana.id.clone(), "admin".to_owned()), (ben.id.clone(), "owner".to_owned())];
        expected.sort();
        assert_eq!(roles, expected);
        assert_eq!(line(&bens.hears("message.created").await["message"]), ("owner_changed", ana.id.as_str()));
        ana.leaves(&group).await.no_content();
        ben.leaves(&group).await.problem(409, "last_owner");
    }
);

both_dbs!(
    async fn what_changes_is_told_by_lines(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let path = format!("/api/conversations/{group}");
        let view = ana.patch(&path, json!({"title": " The team ", "description": "We", "show_past": true})).await.ok()
            ["conversation"]
            .clone();
        assert_eq!(
            (&view["title"], &view["description"], &view["show_past"]),
            (&json!("The team"), &json!("We"), &json!(true))
        );
        let event = bens.hears("conversation.updated").await;
        assert_eq!((&event["conversation"]["title"], &event["version"]), (&json!("The team"), &json!(2)));
        for (expected, version) in [("title_changed", 3), ("description_changed", 4), ("past_shown", 5)] {
            let event = bens.hears("message.created").await;
            assert_eq!((line(&event["message"]).0, &event["version"]), (expected, &json!(version)));
        }
        ana.patch(&path, json!({"title": "The team", "description": "We", "show_past": true})).await.ok();
        ana.patch(&path, json!({})).await.ok();
        bens.hears_nothing().await;
        ana.patch(&path, json!({"title": "  "})).await.problem(422, "title_empty");
        ana.patch(&path, json!({"title": "x".repeat(101)})).await.problem(422, "too_long");
        ana.patch(&path, json!({"title": "a\0b"})).await.problem(422, "has_nul");
        ana.patch(&path, json!({"description": "x".repeat(1_001)})).await.problem(422, "too_long");

        ana.adds(&group, &[&cleo]).await.ok();
        let event = bens.hears("conversation.updated").await;
        assert_eq!(
            (&event["members"][0]["user_id"], &event["members"][0]["active"], &event["conversation"]["member_count"]),
            (&json!(cleo.id), &json!(true), &json!(3))
        );
        assert_eq!(event["users"][0]["username"], "cleo");
        let added = bens.hears("message.created").await["message"].clone();
        assert_eq!(
            (line(&added), &added["system"]["user_ids"]),
            (("member_added", ana.id.as_str()), &json!([cleo.id]))
        );
        ana.adds(&group, &[&cleo, &ben]).await.ok();
        bens.hears_nothing().await;
        cleo.leaves(&group).await.no_content();
        assert_eq!(bens.hears("conversation.updated").await["members"][0]["active"], false);
        assert_eq!(line(&bens.hears("message.created").await["message"]), ("member_left", cleo.id.as_str()));
        ana.removes(&group, &cleo).await.no_content();
        bens.hears_nothing().await;
    }
);

both_dbs!(
    async fn a_group_picture_is_for_its_administrators(t: TestApp) {
        let [ana, ben, eve] = t.users(["ana", "ben", "eve"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        let path = format!("/api/conversations/{group}/picture");
        ben.uploads(&path, png()).await.problem(403, "group_admins_only");
        eve.uploads(&path, png()).await.problem(404, "conversation_not_found");
        ana.uploads(&path, b"not a picture".to_vec()).await.has(422);
        let url = ana.uploads(&path, png()).await.ok()["conversation"]["picture_url"].as_str().unwrap().to_owned();
        assert_eq!(bens.hears("conversation.updated").await["conversation"]["picture_url"], url.as_str());
        assert_eq!(line(&bens.hears("message.created").await["message"]).0, "picture_changed");
        t.get(url.strip_prefix(&t.url).unwrap_or(&url)).await.has(200);
        assert_eq!(ana.delete(&path).await.ok()["conversation"]["picture_url"], Value::Null);
        bens.hears("conversation.updated").await;
        bens.hears("message.created").await;
        ana.delete(&path).await.ok();
        bens.hears_nothing().await;
        t.get(url.strip_prefix(&t.url).unwrap_or(&url)).await.has(404);
    }
);

/// A red square of 2 by 2.
fn png() -> Vec<u8> {
    let mut bytes = vec![];
    image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(2, 2, image::Rgb([255, 0, 0])))
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes
}

both_dbs!(
    async fn who_is_removed_hears_that_and_nothing_after(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[&ben, &cleo]).await;
        let (mut bens, mut cleos) = (ben.connects().await, cleo.connects().await);
        ana.sends(&group, "one").await;
        bens.hears("message.created").await;
        ana.removes(&group, &ben).await.no_content();
        ana.sends(&group, "two").await;
        ana.edits(&group, 2, "one!").await.ok();
        assert_eq!(bens.hears("conversation.removed").await["conversation_id"], group.as_str());
        bens.hears_nothing().await;
        for kind in ["message.created", "conversation.updated", "message.created", "message.created", "message.updated"]
        {
            cleos.hears(kind).await;
        }
        ben.get(&format!("/api/conversations/{group}")).await.problem(404, "conversation_not_found");
        ben.changes(&group, 0, 0, 0).await.problem(404, "conversation_not_found");
        let head = ben.get("/api/sync").await.ok()["heads"][0].clone();
        assert_eq!(
            head,
            json!({"conversation_id": group, "version": 0, "last_seq": 0, "mine_version": 0, "removed": true})
        );
        let list = ben.get("/api/conversations").await.ok();
        assert_eq!(list["conversations"], json!([]));
    }
);

both_dbs!(
    async fn who_joins_again_does_not_see_the_gap(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = ben.connects().await;
        ana.sends(&group, "one").await;
        ana.removes(&group, &ben).await.no_content();
        ana.sends(&group, "in the gap").await;
        ana.adds(&group, &[&ben]).await.ok();
        ana.sends(&group, "two").await;
        assert_eq!(ben.bodies(&group).await, ["one", "two"]);
        let seqs: Vec<_> = ben.messages(&group).await.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, [1, 2, 5, 6], "neither their removal nor the gap");
        ben.message(&group, 4).await.problem(404, "message_not_found");
        ben.deletes_for("me", &group, 4).await.problem(404, "message_not_found");
        assert_eq!(ben.unread(&group).await, 1);
        bens.hears("conversation.removed").await;
        bens.hears("conversation.created").await;
        bens.hears_where("two", |event| event["message"]["body"] == "two").await;

        // What changes in the gap is only a version to them; what changes before it is theirs.
        bens.all_heard().await;
        ana.edits(&group, 4, "changed in the gap").await.ok();
        let event = bens.hears("conversation.version").await;
        assert_eq!(
            (event["version"].as_i64(), event.as_object().unwrap().len()),
            (ana.view(&group).await["version"].as_i64(), 3)
        );
        ana.edits(&group, 2, "one!").await.ok();
        assert_eq!(bens.hears("message.updated").await["message"]["body"], "one!");
        bens.hears_nothing().await;
    }
);

both_dbs!(
    async fn who_joins_later_sees_the_past_only_if_the_group_shows_it(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[]).await;
        ana.sends(&group, "past").await;
        ana.adds(&group, &[&ben]).await.ok();
        let mut bens = ben.connects().await;
        assert_eq!(ben.messages(&group).await.len(), 1, "the line of their joining");
        ana.edits(&group, 2, "past!").await.ok();
        bens.hears("conversation.version").await;
        ana.patch(&format!("/api/conversations/{group}"), json!({"show_past": true})).await.ok();
        ana.adds(&group, &[&cleo]).await.ok();
        assert_eq!(cleo.bodies(&group).await, ["past!"]);
        assert_eq!(cleo.unread(&group).await, 0);
        assert_eq!(ben.bodies(&group).await, [""; 0], "it counts from joining on");
        // Joining again while the past is shown opens all of it.
        ben.leaves(&group).await.no_content();
        ana.adds(&group, &[&ben]).await.ok();
        assert_eq!(ben.bodies(&group).await, ["past!"]);
        assert_eq!(ben.messages(&group).await.len(), ana.messages(&group).await.len());
    }
);

both_dbs!(
    async fn the_same_client_id_makes_one_group(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let body = json!({"kind": "group", "title": "Team", "participant_ids": [ben.id, ben.id, ana.id], "client_id": client_id()});
        let mut bens = ben.connects().await;
        let replies =
            futures_util::future::join_all((0..8).map(|_| ana.post("/api/conversations", body.clone()))).await;
        let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
        assert!(replies.iter().all(|reply| reply.json["conversation"]["id"] == replies[0].json["conversation"]["id"]));
        assert_eq!(replies[0].json["conversation"]["member_count"], 2);
        bens.hears("conversation.created").await;
        let rest = bens.all_types().await;
        assert!(rest.iter().all(|kind| kind == "message.created") && rest.len() <= 1, "{rest:?}");
        // Somebody else's id is their own.
        ben.post("/api/conversations", body).await.created();
    }
);

both_dbs!(
    async fn groups_need_a_name_an_id_and_people_who_exist(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let wish = |change: Value| {
            let mut body =
                json!({"kind": "group", "title": "Team", "participant_ids": [ben.id], "client_id": client_id()});
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            body
        };
        ana.post("/api/conversations", wish(json!({"title": " "}))).await.problem(422, "title_empty");
        ana.post("/api/conversations", wish(json!({"title": "x".repeat(101)}))).await.problem(422, "too_long");
        ana.post("/api/conversations", wish(json!({"client_id": null}))).await.problem(422, "client_id_missing");
        ana.post("/api/conversations", wish(json!({"participant_ids": ["usr_00000000000000000000000000"]})))
            .await
            .problem(404, "user_not_found");
        ana.post("/api/conversations", wish(json!({"kind": "channel"}))).await.problem(400, "malformed_request");
        ana.post("/api/conversations", wish(json!({"kind": "direct", "participant_ids": [ana.id, ben.id]})))
            .await
            .problem(422, "one_participant");
        ana.post("/api/conversations", wish(json!({"kind": "direct", "participant_ids": []})))
            .await
            .problem(422, "one_participant");
        let many: Vec<_> = (0..1_000).map(|_| convo_server::ids::UserId::new().to_string()).collect();
        ana.post("/api/conversations", wish(json!({"participant_ids": many}))).await.problem(422, "too_many_members");
        let group = ana.creates_group("Team", &[]).await;
        ana.post(&format!("/api/conversations/{group}/members"), json!({"user_ids": []}))
            .await
            .problem(422, "too_many_members");
        ana.post(&format!("/api/conversations/{group}/members"), json!({"user_ids": many[..101]}))
            .await
            .problem(422, "too_many_members");
        ana.post(&format!("/api/conversations/{group}/members"), json!({"user_ids": many[..2]}))
            .await
            .problem(404, "user_not_found");
        t.admin().await.post(&format!("/api/admin/users/{}/suspend", ben.id), json!({})).await.ok();
        ana.adds(&group, &[&ben]).await.problem(404, "user_not_found");
        ana.post("/api/conversations", wish(json!({}))).await.problem(404, "user_not_found");
    }
);

both_dbs!(
    async fn many_changes_at_once_leave_one_truth(t: TestApp) {
        let [ana, ben, cleo] = t.users(["ana", "ben", "cleo"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let changes = (0..12).map(|n| {
            let (ana, cleo, group) = (&ana, &cleo, &group);
            async move {
                match n % 3 {
                    0 => ana.adds(group, &[cleo]).await,
                    1 => ana.removes(group, cleo).await,
                    _ => ana.gives_role(group, cleo, "admin").await,
                }
            }
        });
        let replies = futures_util::future::join_all(changes).await;
        assert!(replies.iter().all(|reply| reply.status.as_u16() < 500), "{replies:#?}");
        let view = ana.view(&group).await;
        assert_eq!(view["member_count"], view["members"].as_array().unwrap().len());
    }
);

both_dbs!(
    |config| config.limits.off = false;
    async fn too_many_changes_of_groups_are_refused(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[]).await;
        let path = format!("/api/conversations/{group}");
        for n in 0..58 {
            ana.patch(&path, json!({"title": format!("Team {n}")})).await.ok();
        }
        ana.adds(&group, &[&ben]).await.ok();
        ana.removes(&group, &ben).await.problem(429, "too_many_requests");
        ana.gives_role(&group, &ben, "admin").await.problem(429, "too_many_requests");
        ana.patch(&path, json!({"title": "Again"})).await.problem(429, "too_many_requests");
        let another = json!({"kind": "direct", "participant_ids": [ben.id]});
        ana.post("/api/conversations", another.clone()).await.problem(429, "too_many_requests");
        t.clock.advance(std::time::Duration::from_secs(120));
        ana.post("/api/conversations", another).await.created();
    }
);
