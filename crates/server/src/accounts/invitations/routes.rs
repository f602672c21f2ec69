//! HTTP in and out of invitations.
//! It only parses and answers.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

use super::{Invitation, access, actions};
use crate::{
    app::App,
    caller::Administrator,
    client::Client,
    error::{Problem, Result},
    http::{Json, Path},
    ids::InvitationId,
};

const CHECKS_A_MINUTE: u32 = 30;

#[derive(Deserialize, ToSchema)]
pub struct InvitationQuestion {
    token: String,
}

#[derive(Serialize, ToSchema)]
pub struct InvitationAnswer {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_by: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct NewInvitation {
    /// 1 if left out.
    max_uses: Option<i64>,
    /// A week if left out.
    expires_in_secs: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub struct InvitationList {
    invitations: Vec<Invitation>,
}

/// Whether an invitation still lets somebody in
#[utoipa::path(post, path = "/api/invitations/check", tag = "sign-in", security(()), request_body = InvitationQuestion, responses((status = 200, body = InvitationAnswer), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn check_invitation(
    State(app): State<App>,
    client: Client,
    Json(question): Json<InvitationQuestion>,
) -> Result<Json<InvitationAnswer>> {
    app.limit_client("check_invitation", &client, CHECKS_A_MINUTE, Duration::from_secs(60))?;
    let invited_by = access::find_inviter(&app, &question.token).await?;
    Ok(Json(InvitationAnswer { valid: invited_by.is_some(), invited_by }))
}

/// Invite
#[utoipa::path(post, path = "/api/invitations", tag = "administration", request_body = NewInvitation, responses((status = 201, body = Invitation), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn create_invitation(
    State(app): State<App>,
    administrator: Administrator,
    Json(new): Json<NewInvitation>,
) -> Result<(StatusCode, Json<Invitation>)> {
    let invitation = app
        .act({
            let app = app.clone();
            async move { actions::create(&app, &administrator, new.max_uses, new.expires_in_secs).await }
        })
        .await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}

/// Open invitations, newest first
#[utoipa::path(get, path = "/api/invitations", tag = "administration", responses((status = 200, body = InvitationList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_invitations(State(app): State<App>, _: Administrator) -> Result<Json<InvitationList>> {
    Ok(Json(InvitationList { invitations: access::list(&app).await? }))
}

/// Revoke an invitation
#[utoipa::path(delete, path = "/api/invitations/{id}", tag = "administration", params(("id" = InvitationId, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn revoke_invitation(
    State(app): State<App>,
    _: Administrator,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode> {
    app.act({
        let app = app.clone();
        async move { actions::revoke(&app, id).await }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
