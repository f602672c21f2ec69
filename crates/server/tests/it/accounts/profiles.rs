//! Profiles, and finding people.

use serde_json::{Value, json};

use crate::support::TestUser;

both_dbs!(
    async fn somebody_changes_their_profile(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let before = ana.get("/api/users/me").await.ok();
        let change = json!({"full_name": " Ana  Maria ", "about": "hello", "phone": "+49 30 901820", "time_zone": "Europe/Berlin", "language": "de"});
        let me = ana.put("/api/users/me", change).await.ok();
        assert_eq!(
            (&me["full_name"], &me["phone"], &me["time_zone"]),
            (&json!("Ana Maria"), &json!("+4930901820"), &json!("Europe/Berlin"))
        );
        assert_eq!(me["user_version"].as_i64(), before["user_version"].as_i64().map(|version| version + 1));
        assert_eq!(ana.get("/api/user/profile").await.ok(), me);

        let me = ana.put("/api/user/profile", json!({"phone": "", "username": "Anna"})).await.ok();
        assert_eq!(
            (&me["phone"], &me["username"], &me["full_name"]),
            (&Value::Null, &json!("Anna"), &json!("Ana Maria"))
        );
        ana.put("/api/users/me", json!({"username": "BEN"})).await.problem(409, "username_taken");
        ana.put("/api/users/me", json!({"phone": "123"})).await.problem(422, "phone_invalid");
        ana.put("/api/users/me", json!({"time_zone": "nowhere at all"})).await.problem(422, "time_zone_invalid");
        ana.put("/api/users/me", json!({"role": "admin"})).await.problem(400, "malformed_request");

        let seen = ben.get(&format!("/api/users/{}", ana.id)).await.ok();
        assert_eq!(
            seen,
            json!({"id": ana.id, "username": "Anna", "full_name": "Ana Maria", "about": "hello", "avatar_url": null})
        );
        ben.get("/api/users/usr_01h455vb4pex5vsknk084sn02q").await.problem(404, "user_not_found");
    }
);

both_dbs!(
    async fn a_name_is_what_one_sees_of_it(t: TestApp) {
        let ana = t.user("ana").await;
        let change =
            json!({"full_name": "\u{202e}nimdA\u{200b} \u{2066}ehT\u{2069}", "about": "\u{feff}one\r\ntwo\u{202d}"});
        let me = ana.put("/api/users/me", change).await.ok();
        assert_eq!((&me["full_name"], &me["about"]), (&json!("nimdA ehT"), &json!("one\ntwo")));
        for name in ["می\u{200c}خواهم", "क्\u{200d}ष", "葛\u{e0100}城", "Ana 👩\u{200d}🚀"] {
            assert_eq!(ana.put("/api/users/me", json!({"full_name": name})).await.ok()["full_name"], json!(name));
        }
        assert_eq!(
            ana.put("/api/users/me", json!({"full_name": "\u{3164}\u{2800}"})).await.ok()["full_name"],
            json!("")
        );
        ana.put("/api/users/me", json!({"full_name": "a\0b"})).await.problem(422, "full_name_invalid");
        ana.put("/api/users/me", json!({"about": "a\0b"})).await.problem(422, "about_too_long");
    }
);

both_dbs!(
    async fn a_user_name_cannot_be_made_to_look_like_another(t: TestApp) {
        let admin = t.admin().await;
        for alike in ["аdmin", "ad\u{200d}min", "admın", "ádmin", "admin\u{2060}", "\u{202e}nimda"] {
            let wish = json!({"email": "eve@example.org", "username": alike, "password": crate::support::PASSWORD});
            t.post("/api/auth/register", wish).await.problem(422, "username_characters");
            admin.put("/api/users/me", json!({"username": alike})).await.problem(422, "username_characters");
        }
        assert_eq!(admin.put("/api/users/me", json!({"username": "Ａdmin"})).await.ok()["username"], json!("Admin"));
    }
);

async fn finds(who: &TestUser, search: &str) -> Vec<String> {
    let url = reqwest::Url::parse_with_params(&who.t.at("/api/users"), [("search", search)]).unwrap();
    let reply = who.t.send(who.t.http.get(url).bearer_auth(&who.access_token)).await.ok();
    reply["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

both_dbs!(
    async fn people_are_found_by_the_beginning_of_a_name_and_the_whole_of_an_address(t: TestApp) {
        let [ana, ben, _] = t.users(["ana", "ben_x", "benny"]).await;
        ben.put("/api/users/me", json!({"full_name": "Benedikt Öztürk", "phone": "+4930901820"})).await.ok();
        assert_eq!(finds(&ana, "BEN").await, ["ben_x", "benny"]);
        assert_eq!(finds(&ana, "@ben_").await, ["ben_x"], "an underscore is no pattern");
        assert_eq!(finds(&ana, "%").await, Vec::<String>::new());
        assert_eq!(finds(&ana, "öZ").await, ["ben_x"]);
        assert_eq!(finds(&ana, "enedikt").await, Vec::<String>::new());
        assert_eq!(finds(&ana, "ben_x@example.org").await, ["ben_x"]);
        assert_eq!(finds(&ana, "ben_x@example").await, Vec::<String>::new());
        assert_eq!(finds(&ana, "+49 30 901820").await, ["ben_x"]);
        assert_eq!(finds(&ana, "+49 30 90182").await, Vec::<String>::new());
        assert_eq!(finds(&ana, "").await.len(), 4);

        let admin = t.admin().await;
        admin.post(&format!("/api/admin/users/{}/suspend", ben.id), json!({})).await.ok();
        assert_eq!(finds(&ana, "ben").await, ["benny"]);
        assert_eq!(ana.get("/api/users?limit=1").await.ok()["users"].as_array().unwrap().len(), 1);
    }
);
