//! Who may do what: every endpoint and every frame, for everybody who could ask.
//! The table is compared with the OpenAPI document: an endpoint without a row, or a row without an endpoint, fails.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, TestUser, client_id, dial, text, until_closed};

/// Who is answered, and with which status. Whoever is not: 401 without a live session, 404 for what they may not see, 403 for what they may not do.
#[derive(Clone, Copy)]
enum Right {
    /// Everybody, signed in or not.
    Public(u16),
    /// Everybody with a live session.
    Anybody(u16),
    /// Members of the group; for everybody else there is no such group.
    Members(u16),
    /// The member who wrote the message.
    Author(u16),
    /// Administrators of the group.
    Managers(u16),
    /// Administrators of the server.
    Administrators(u16),
    /// The owner of the number, who is the group's administrator; the member has it shared to answer.
    Owner(u16),
    /// Both of them.
    Users(u16),
    /// The same administrator, whose handset it is; it is shared with nobody.
    Holder(u16),
    /// The same administrator, who waits for a code.
    Waiting(u16),
}
use Right::{Administrators, Anybody, Author, Holder, Managers, Members, Owner, Public, Users, Waiting};

#[derive(Clone, Copy, PartialEq, Debug)]
enum Who {
    Anonymous,
    EndedSession,
    Suspended,
    Stranger,
    Member,
    GroupAdmin,
    ServerAdmin,
}
const EVERYBODY: [Who; 7] =
    [Who::Anonymous, Who::EndedSession, Who::Suspended, Who::Stranger, Who::Member, Who::GroupAdmin, Who::ServerAdmin];

fn endpoints() -> Vec<(&'static str, &'static str, Value, Right)> {
    let none = || Value::Null;
    let id = "00000000000000000000000000";
    let account = |name: &str| json!({"token": "x", "username": name, "email": "x@example.org", "password": crate::support::PASSWORD});
    vec![
        ("GET", "/health", none(), Public(200)),
        ("GET", "/health/live", none(), Public(204)),
        ("GET", "/health/ready", none(), Public(204)),
        ("POST", "/api/setup", account("newcomer"), Public(409)),
        ("GET", "/api/auth/options", none(), Public(200)),
        ("POST", "/api/auth/check-username", json!({"username": "newcomer"}), Public(200)),
        ("POST", "/api/auth/check-password", json!({"password": "x"}), Public(200)),
        ("POST", "/api/auth/register", json!({"username": "x", "email": "x", "password": "x"}), Public(422)),
        ("POST", "/api/auth/verify-email", json!({"token": "x", "password": "x"}), Public(422)),
        ("POST", "/api/auth/resend-verification", json!({"email": "nobody@example.org"}), Public(202)),
        ("POST", "/api/auth/login", json!({}), Public(400)),
        ("POST", "/api/auth/refresh", json!({"refresh_token": "x"}), Public(401)),
        ("POST", "/api/auth/forgot-password", json!({"email": "nobody@example.org"}), Public(202)),
        ("POST", "/api/auth/reset-password", json!({"token": "x", "password": crate::support::PASSWORD}), Public(422)),
        ("POST", "/api/invitations/check", json!({"token": "x"}), Public(200)),
        ("GET", "/api/pictures/{id}", none(), Public(404)),
        // Without an upgrade nobody is asked anything; `frames` below knocks properly.
        ("GET", "/api/realtime", none(), Public(400)),
        ("GET", "/api/users/me", none(), Anybody(200)),
        ("PUT", "/api/users/me", json!({"about": "hello"}), Anybody(200)),
        ("GET", "/api/user/profile", none(), Anybody(200)),
        ("PUT", "/api/user/profile", json!({"about": "hello"}), Anybody(200)),
        ("PUT", "/api/user/avatar", none(), Anybody(422)),
        ("DELETE", "/api/user/avatar", none(), Anybody(200)),
        (
            "POST",
            "/api/user/change-password",
            json!({"current_password": "x", "new_password": "another canyon velvet 10"}),
            Anybody(422),
        ),
        ("GET", "/api/user/sessions", none(), Anybody(200)),
        ("DELETE", "/api/user/sessions/{id}", none(), Anybody(404)),
        ("GET", "/api/users", none(), Anybody(200)),
        ("GET", "/api/users/{id}", none(), Anybody(200)),
        ("GET", "/api/invitations", none(), Administrators(200)),
        ("POST", "/api/invitations", json!({}), Administrators(201)),
        ("DELETE", "/api/invitations/{id}", none(), Administrators(404)),
        ("GET", "/api/admin/users", none(), Administrators(200)),
        ("PUT", "/api/admin/users/{id}/role", json!({"role": "user"}), Administrators(200)),
        ("POST", "/api/admin/users/{id}/suspend", json!({}), Administrators(200)),
        ("POST", "/api/admin/users/{id}/restore", json!({}), Administrators(200)),
        ("GET", "/api/admin/mails", none(), Administrators(200)),
        ("GET", "/api/admin/jobs", none(), Administrators(200)),
        ("POST", "/api/admin/jobs/{id}/retry", json!({}), Administrators(404)),
        ("GET", "/api/admin/carriers", none(), Administrators(200)),
        (
            "PUT",
            "/api/admin/carriers/{name}",
            json!({"enabled": false, "smpp": {"host": "127.0.0.1", "system_id": "convo", "country": "GB"}}),
            Administrators(200),
        ),
        ("DELETE", "/api/admin/carriers/{name}", none(), Administrators(204)),
        (
            "POST",
            "/api/admin/numbers",
            json!({"carrier": "acme", "number": "+12025550123", "user_id": "usr_01h455vb4pex5vsknk084sn02q"}),
            Administrators(400),
        ),
        ("GET", "/api/admin/health", none(), Administrators(200)),
        ("GET", "/api/admin/suppressions", none(), Administrators(200)),
        ("POST", "/api/admin/suppressions", json!({"numbers": ["+14155550142"], "reason": "x"}), Administrators(200)),
        ("DELETE", "/api/admin/suppressions/{number}", none(), Administrators(204)),
        ("GET", "/api/admin/texts/unknown", none(), Administrators(200)),
        ("POST", "/api/admin/texts/{id}/close", json!({}), Administrators(404)),
        ("GET", "/api/user/dashboard", none(), Anybody(200)),
        ("GET", "/api/user/activity", none(), Anybody(200)),
        ("GET", "/api/wallets", none(), Anybody(200)),
        ("GET", "/api/wallets/{mode}/transfers", none(), Anybody(200)),
        // Without an `Idempotency-Key` nobody pays anything; the refusal comes after the right was asked.
        ("POST", "/api/wallets/{mode}/top-ups", json!({"amount_micros": 10_000}), Anybody(400)),
        ("GET", "/api/admin/users/{id}/wallets", none(), Administrators(200)),
        ("GET", "/api/admin/users/{id}/wallets/{mode}/transfers", none(), Administrators(200)),
        ("PUT", "/api/admin/users/{id}/wallets/{mode}", json!({"credit_limit_micros": 0}), Administrators(200)),
        (
            "POST",
            "/api/admin/users/{id}/wallets/{mode}/adjustments",
            json!({"amount_micros": 1, "reason": "x"}),
            Administrators(400),
        ),
        ("GET", "/api/sync", none(), Anybody(200)),
        ("GET", "/api/conversations", none(), Anybody(200)),
        (
            "POST",
            "/api/conversations",
            json!({"kind": "direct", "participant_ids": [format!("usr_{id}")]}),
            Anybody(404),
        ),
        ("GET", "/api/conversations/{id}", none(), Members(200)),
        ("PATCH", "/api/conversations/{id}", json!({"title": "New"}), Managers(200)),
        ("DELETE", "/api/conversations/{id}", none(), Members(204)),
        ("PUT", "/api/conversations/{id}/mine", json!({"pinned": true}), Members(200)),
        // Nothing is no picture.
        ("PUT", "/api/conversations/{id}/picture", none(), Managers(422)),
        ("DELETE", "/api/conversations/{id}/picture", none(), Managers(200)),
        ("GET", "/api/conversations/{id}/changes?version=0&last_seq=0", none(), Members(200)),
        ("GET", "/api/conversations/{id}/members", none(), Members(200)),
        ("POST", "/api/conversations/{id}/members", json!({"user_ids": [format!("usr_{id}")]}), Managers(404)),
        ("PUT", "/api/conversations/{id}/members/{user_id}", json!({"role": "admin"}), Managers(200)),
        ("DELETE", "/api/conversations/{id}/members/{user_id}", none(), Managers(204)),
        ("GET", "/api/conversations/{id}/messages", none(), Members(200)),
        ("POST", "/api/conversations/{id}/messages", json!({"client_id": client_id(), "body": "x"}), Members(201)),
        ("GET", "/api/conversations/{id}/messages/{seq}", none(), Members(200)),
        ("PATCH", "/api/conversations/{id}/messages/{seq}", json!({"body": "x"}), Author(200)),
        ("DELETE", "/api/conversations/{id}/messages/{seq}?for=me", none(), Members(204)),
        ("GET", "/api/conversations/{id}/messages/{seq}/history", none(), Members(200)),
        ("GET", "/api/conversations/{id}/messages/{seq}/receipts", none(), Members(200)),
        ("PUT", "/api/conversations/{id}/messages/{seq}/reactions/{emoji}", json!({}), Members(200)),
        ("DELETE", "/api/conversations/{id}/messages/{seq}/reactions/{emoji}", none(), Members(200)),
        ("POST", "/api/conversations/{id}/receipt", json!({"read_seq": 1}), Members(204)),
        // What is no text cannot be taken back, but only who is in the group hears that.
        ("POST", "/api/conversations/{id}/messages/{seq}/cancel", json!({}), Members(409)),
        ("GET", "/api/conversations/{id}/text-price", none(), Members(409)),
        ("GET", "/api/numbers/countries", none(), Anybody(200)),
        ("GET", "/api/numbers/available/{country}", none(), Anybody(200)),
        ("POST", "/api/numbers/purchase", json!({"number": "+447700900900"}), Anybody(400)),
        ("GET", "/api/numbers/owned", none(), Anybody(200)),
        ("GET", "/api/numbers/{id}", none(), Users(200)),
        ("PATCH", "/api/numbers/{id}", json!({"label": "x"}), Owner(200)),
        ("PUT", "/api/numbers/{id}/renew", json!({}), Anybody(400)),
        ("GET", "/api/numbers/{id}/usage", none(), Users(200)),
        ("GET", "/api/numbers/{id}/shares", none(), Users(200)),
        ("PUT", "/api/numbers/{id}/shares/{user_id}", json!({"role": "read"}), Owner(204)),
        ("DELETE", "/api/numbers/{id}/shares/{user_id}", none(), Owner(204)),
        ("DELETE", "/api/numbers/{id}", none(), Owner(204)),
        ("GET", "/api/handsets", none(), Anybody(200)),
        ("POST", "/api/handsets", json!({"country": "US"}), Anybody(201)),
        ("PATCH", "/api/handsets/{id}", json!({"airplane": true}), Holder(200)),
        ("GET", "/api/handsets/{id}/messages", none(), Holder(200)),
        // A number that nobody here has is not written to.
        (
            "POST",
            "/api/handsets/{id}/messages",
            json!({"client_id": client_id(), "to": "+447700900900", "text": "x"}),
            Holder(409),
        ),
        ("DELETE", "/api/handsets/{id}", none(), Holder(204)),
        ("GET", "/api/verifications/services", none(), Anybody(200)),
        ("GET", "/api/verifications", none(), Anybody(200)),
        ("GET", "/api/verifications/export?format=csv", none(), Anybody(200)),
        ("GET", "/api/verifications/stats", none(), Anybody(200)),
        // A lent number costs money, so it needs a key.
        ("POST", "/api/verifications/create", json!({"service": "google"}), Anybody(400)),
        ("GET", "/api/verifications/{id}", none(), Waiting(200)),
        ("GET", "/api/verifications/{id}/codes", none(), Waiting(200)),
        ("POST", "/api/simulator/verifications/{id}/send-code", json!({}), Anybody(400)),
        ("DELETE", "/api/verifications/{id}", none(), Waiting(204)),
        // These end sessions, so they come last.
        ("DELETE", "/api/user/sessions", none(), Anybody(204)),
        ("POST", "/api/auth/logout", json!({}), Anybody(204)),
    ]
}

fn frames() -> Vec<(Value, Right)> {
    vec![
        (
            json!({"type": "message.send", "conversation_id": "{id}", "client_id": client_id(), "body": "x"}),
            Members(200),
        ),
        (json!({"type": "message.edit", "conversation_id": "{id}", "seq": 3, "body": "x"}), Author(200)),
        (json!({"type": "receipt", "conversation_id": "{id}", "read_seq": 1}), Members(200)),
        (json!({"type": "typing", "conversation_id": "{id}"}), Members(200)),
        (json!({"type": "sync"}), Anybody(200)),
        (json!({"type": "ping"}), Anybody(200)),
    ]
}

/// Status and, for refusals, the code.
fn expected(right: Right, who: Who) -> (u16, Option<&'static str>) {
    let signed_in = !matches!(who, Who::Anonymous | Who::EndedSession | Who::Suspended);
    let takes_part = matches!(who, Who::Member | Who::GroupAdmin);
    match (right, who) {
        (Public(status), _) => (status, None),
        (_, Who::Anonymous) => (401, Some("token_missing")),
        (_, Who::EndedSession | Who::Suspended) => (401, Some("session_ended")),
        (Anybody(status), _) if signed_in => (status, None),
        (Administrators(status), Who::ServerAdmin) => (status, None),
        (Administrators(_), _) => (403, Some("administrators_only")),
        (Owner(status) | Users(status) | Holder(status) | Waiting(status), Who::GroupAdmin) => (status, None),
        (Users(status), Who::Member) => (status, None),
        (Owner(_), Who::Member) => (403, Some("owner_only")),
        (Owner(_) | Users(_), _) => (404, Some("number_not_found")),
        (Holder(_), _) => (404, Some("handset_not_found")),
        (Waiting(_), _) => (404, Some("verification_not_found")),
        (Members(_) | Author(_) | Managers(_), _) if !takes_part => (404, Some("conversation_not_found")),
        (Managers(_), Who::Member) => (403, Some("group_admins_only")),
        (Author(_), Who::GroupAdmin) => (403, Some("not_the_author")),
        (Members(status) | Author(status) | Managers(status) | Anybody(status), _) => (status, None),
    }
}

struct Stage {
    t: TestApp,
    owner: TestUser,
    extra: TestUser,
    /// Administrators of the server may do with them what they like.
    victim: TestUser,
    ended: TestUser,
    suspended: TestUser,
    stranger: TestUser,
    member: TestUser,
    group_admin: TestUser,
}

impl Stage {
    async fn build(t: TestApp) -> Self {
        let [owner, extra, victim, ended, suspended, stranger, member, group_admin] =
            t.users(["owner", "extra", "victim", "ended", "suspended", "stranger", "member", "groupadmin"]).await;
        ended.post("/api/auth/logout", json!({})).await.no_content();
        t.admin().await.post(&format!("/api/admin/users/{}/suspend", suspended.id), json!({})).await.ok();
        Self { t, owner, extra, victim, ended, suspended, stranger, member, group_admin }
    }

    /// A group as it was never touched: its message 3 was written by the member.
    async fn group(&self) -> String {
        let group = self.owner.creates_group("Team", &[&self.member, &self.group_admin, &self.extra]).await;
        self.owner.gives_role(&group, &self.group_admin, "admin").await.ok();
        self.member.sends(&group, "hello").await;
        group
    }

    /// A number and a handset of the group's administrator, if the path is about one: the id.
    async fn thing(&self, path: &str) -> Option<String> {
        if path.contains("/numbers/{id}") {
            let line = self.group_admin.buys_a_number("US").await;
            let shares = format!("/api/numbers/{}/shares", line.id);
            self.group_admin.put(&format!("{shares}/{}", self.member.id), json!({"role": "answer"})).await.no_content();
            return Some(line.id);
        }
        if path.contains("/verifications/{id}") {
            let line = self.group_admin.buys_a_number("US").await;
            let wish = json!({"service": "google", "number_id": line.id});
            let begun = self.group_admin.post("/api/verifications/create", wish).await.created();
            return Some(text(&begun["id"]));
        }
        if path.contains("/handsets/{id}") {
            return Some(self.group_admin.has_a_handset("US").await.id);
        }
        None
    }

    async fn device(&self, who: Who) -> Option<TestUser> {
        Some(match who {
            Who::Anonymous => return None,
            Who::EndedSession => self.ended.clone(),
            Who::Suspended => self.suspended.clone(),
            Who::Stranger => self.stranger.clone(),
            Who::Member => self.member.clone(),
            Who::GroupAdmin => self.group_admin.clone(),
            Who::ServerAdmin => self.t.admin().await,
        })
    }

    async fn ask(
        &self,
        who: Who,
        (method, path, body): (&str, &str, &Value),
        group: &str,
        thing: Option<&str>,
    ) -> Reply {
        let id = match path {
            _ if thing.is_some() => thing.unwrap_or_default().to_owned(),
            path if path.contains("/conversations/") => group.to_owned(),
            path if path.contains("/user/sessions/") => "ses_00000000000000000000000000".to_owned(),
            path if path.contains("/pictures/") => "pic_00000000000000000000000000".to_owned(),
            path if path.contains("/invitations/") => "inv_00000000000000000000000000".to_owned(),
            path if path.contains("/texts/") => "part_00000000000000000000000000".to_owned(),
            path if path.contains("/jobs/") => "job_00000000000000000000000000".to_owned(),
            _ => self.victim.id.clone(),
        };
        let path = path
            .replace("{id}", &id)
            .replace("{user_id}", &self.extra.id)
            .replace("{mode}", "test")
            .replace("{name}", "acme")
            .replace("{country}", "US")
            .replace("{number}", "+14155550142")
            .replace("{seq}", "3")
            .replace("{emoji}", "%F0%9F%91%8D");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = match self.device(who).await {
            // Signing out must not take away the session that other checks use.
            Some(device) if path == "/api/auth/logout" && expected(Anybody(204), who).0 == 204 => {
                self.t.signs_in(&device.username).await.request(method, &path)
            }
            Some(device) => device.request(method, &path),
            None => self.t.http.request(method, self.t.at(&path)),
        };
        if !body.is_null() {
            request = request.json(body);
        }
        self.t.send(request).await
    }
}

both_dbs!(
    async fn every_endpoint_answers_whom_it_should(t: TestApp) {
        let stage = Stage::build(t).await;
        let mut wrong = vec![];
        for (method, path, body, right) in endpoints() {
            let mut group = stage.group().await;
            let thing = stage.thing(path).await;
            for who in EVERYBODY {
                if who == Who::GroupAdmin {
                    group = stage.group().await;
                }
                let reply = stage.ask(who, (method, path, &body), &group, thing.as_deref()).await;
                let (status, code) = expected(right, who);
                let is_right = reply.status.as_u16() == status && code.is_none_or(|code| reply.json["code"] == code);
                if !is_right {
                    wrong.push(format!(
                        "{method} {path} as {who:?}: {} {} instead of {status} {code:?}",
                        reply.status.as_u16(),
                        reply.json
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
);

both_dbs!(
    async fn every_frame_answers_whom_it_should(t: TestApp) {
        let stage = Stage::build(t).await;
        for who in [Who::EndedSession, Who::Suspended] {
            let token = stage.device(who).await.unwrap().access_token.clone();
            let mut socket = dial(&stage.t.url, None).await;
            let auth = json!({"type": "auth", "token": token}).to_string();
            futures_util::SinkExt::send(&mut socket, tokio_tungstenite::tungstenite::Message::text(auth))
                .await
                .unwrap();
            assert_eq!(until_closed(&mut socket).await.code, 4001, "{who:?}");
        }
        for (frame, right) in frames() {
            for who in [Who::Stranger, Who::Member, Who::GroupAdmin, Who::ServerAdmin] {
                let group = stage.group().await;
                let text = frame.to_string().replace("{id}", &group);
                let mut device = stage.device(who).await.unwrap().connects().await;
                let said = device.says(serde_json::from_str(&text).unwrap()).await.0;
                let (status, code) = expected(right, who);
                let got = (said["problem"]["status"].as_u64().unwrap_or(200), said["problem"]["code"].as_str());
                assert_eq!(got, (u64::from(status), code), "{frame} as {who:?}: {said}");
            }
        }
    }
);

#[test]
fn the_table_and_the_document_name_the_same_endpoints() {
    let document: Value = serde_json::from_str(&convo_server::router::openapi()).unwrap();
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "put", "post", "delete", "patch"].contains(&key.as_str()))
        {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let listed: BTreeSet<_> =
        endpoints().iter().map(|(method, path, ..)| format!("{method} {}", path.split('?').next().unwrap())).collect();
    assert_eq!(endpoints().len(), listed.len(), "an endpoint stands in the table twice");
    let missing: Vec<_> = described.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&described).collect();
    assert!(missing.is_empty() && gone.is_empty(), "without a row: {missing:?}; without an endpoint: {gone:?}");
}
