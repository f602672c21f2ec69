//! Registration by invitation.

use std::time::Duration;

use convo_server::config::RegistrationMode;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, TestApp, TestUser, token_in};

async fn registers(t: &TestApp, username: &str, invitation: Option<&str>) -> Reply {
    t.post("/api/auth/register", json!({"email": format!("{username}@example.org"), "username": username, "password": PASSWORD, "invitation": invitation})).await
}

async fn invites(admin: &TestUser, body: Value) -> (String, String) {
    let invitation = admin.post("/api/invitations", body).await.created();
    (invitation["id"].as_str().unwrap().to_owned(), token_in(invitation["url"].as_str().unwrap()))
}

both_dbs!(|config| config.registration.mode = RegistrationMode::Invitation; async fn an_invitation_lets_in_as_many_as_it_says(t: TestApp) {
    let admin = t.admin().await;
    registers(&t, "ana", None).await.problem(403, "invitation_required");
    registers(&t, "ana", Some("invented")).await.problem(403, "invitation_invalid");
    let (_, token) = invites(&admin, json!({})).await;
    assert_eq!(t.post("/api/invitations/check", json!({"token": token})).await.ok(), json!({"valid": true, "invited_by": "The Administrator"}));

    let (ana, ben) = tokio::join!(registers(&t, "ana", Some(&token)), registers(&t, "ben", Some(&token)));
    let mut statuses = [ana.status.as_u16(), ben.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403], "two came at once for one place");
    t.mail_to(if ana.status.as_u16() == 201 { "ana@example.org" } else { "ben@example.org" }).await;
    assert_eq!(t.post("/api/invitations/check", json!({"token": token})).await.ok(), json!({"valid": false}));
    assert_eq!(admin.get("/api/invitations").await.ok()["invitations"][0]["uses"], json!(1));
});

both_dbs!(|config| config.registration.mode = RegistrationMode::Invitation; async fn an_invitation_runs_out_or_is_revoked(t: TestApp) {
    let admin = t.admin().await;
    let (id, revoked) = invites(&admin, json!({"max_uses": 5})).await;
    let (_, short) = invites(&admin, json!({"expires_in_secs": 60})).await;
    admin.delete(&format!("/api/invitations/{id}")).await.no_content();
    admin.delete(&format!("/api/invitations/{id}")).await.no_content();
    admin.delete("/api/invitations/inv_01h455vb4pex5vsknk084sn02q").await.problem(404, "invitation_not_found");
    registers(&t, "ana", Some(&revoked)).await.problem(403, "invitation_invalid");
    t.clock.advance(Duration::from_secs(61));
    registers(&t, "ana", Some(&short)).await.problem(403, "invitation_invalid");
    let list = admin.get("/api/invitations").await.ok();
    assert_eq!(list["invitations"], json!([]));
    admin.post("/api/invitations", json!({"max_uses": 0})).await.problem(422, "max_uses_invalid");
    admin.post("/api/invitations", json!({"expires_in_secs": 1})).await.problem(422, "expires_in_secs_invalid");
});

both_dbs!(
    async fn only_administrators_invite(t: TestApp) {
        let ana = t.user("ana").await;
        ana.post("/api/invitations", json!({})).await.problem(403, "administrators_only");
        ana.get("/api/invitations").await.problem(403, "administrators_only");
        ana.delete("/api/invitations/inv_01h455vb4pex5vsknk084sn02q").await.problem(403, "administrators_only");
    }
);
