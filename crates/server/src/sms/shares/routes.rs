//! HTTP in and out of sharing.
//! It only parses and answers.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions;
use crate::{
    accounts::users::{self, User},
    app::App,
    caller::Caller,
    error::{Problem, Result},
    http::{Json, Path},
    ids::{NumberId, UserId},
    sms::numbers::{self, NumberRole},
};

#[derive(Serialize, ToSchema)]
pub struct Share {
    user: User,
    role: NumberRole,
}

#[derive(Serialize, ToSchema)]
pub struct ShareList {
    owner: User,
    shares: Vec<Share>,
}

#[derive(Deserialize, ToSchema)]
pub struct NewShare {
    /// `answer` or `read`.
    role: NumberRole,
}

/// Whom the number is shared with
#[utoipa::path(get, path = "/api/numbers/{id}/shares", tag = "numbers", params(("id" = NumberId, Path)),
    responses((status = 200, body = ShareList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_shares(State(app): State<App>, caller: Caller, Path(id): Path<NumberId>) -> Result<Json<ShareList>> {
    let mut db = app.db.read();
    let number = numbers::access::to_view(&mut db, caller.user_id, id).await?.number;
    let shares = numbers::access::list_shares(&mut db, &[id]).await?;
    let ids: Vec<_> = shares.iter().map(|share| share.user_id).collect();
    let people = users::access::public_profiles(&mut db, &ids).await?;
    let owner = users::access::get_public(&mut db, number.user_id).await?;
    let named = |share: &numbers::ShareRow| people.iter().find(|user| user.id == share.user_id).cloned();
    let shares = shares.iter().filter_map(|share| Some(Share { user: named(share)?, role: share.role })).collect();
    Ok(Json(ShareList { owner, shares }))
}

/// Share the number with somebody, or change how: they see all its conversations, and may answer or only read
#[utoipa::path(put, path = "/api/numbers/{id}/shares/{user_id}", tag = "numbers", params(("id" = NumberId, Path), ("user_id" = UserId, Path)), request_body = NewShare,
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn share_number(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(NumberId, UserId)>,
    Json(share): Json<NewShare>,
) -> Result<StatusCode> {
    actions::share(&app, &caller, id, user_id, share.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop sharing it with somebody; oneself to leave it
#[utoipa::path(delete, path = "/api/numbers/{id}/shares/{user_id}", tag = "numbers", params(("id" = NumberId, Path), ("user_id" = UserId, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn unshare_number(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(NumberId, UserId)>,
) -> Result<StatusCode> {
    actions::unshare(&app, &caller, id, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
