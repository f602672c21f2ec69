//! Members of a conversation over HTTP.
//! No rule lives here.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{PAGE, actions, store};
use crate::{
    accounts::users::{self, User},
    app::App,
    caller::Caller,
    chat::conversations::{self, ConversationView, Member, MemberRole, MemberRow},
    error::{Problem, Result},
    http::{Json, Path, Query, cursor},
    ids::{ConversationId, UserId},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListMembers {
    pub cursor: Option<String>,
    /// Up to 100.
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MemberPage {
    pub members: Vec<Member>,
    pub users: Vec<User>,
    pub next_cursor: Option<String>,
}

#[utoipa::path(get, path = "/api/conversations/{id}/members", tag = "conversations", params(("id" = ConversationId, Path), ListMembers),
    responses((status = 200, body = MemberPage), (status = 404, body = Problem)))]
pub async fn list_members(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<ListMembers>,
) -> Result<Json<MemberPage>> {
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let after: UserId = query.cursor.as_deref().map(cursor::decode).transpose()?.unwrap_or(UserId(Uuid::nil()));
    let mut db = app.db.snapshot().await?;
    conversations::access::to_read(&mut db, caller.user_id, id).await?;
    let members = store::list(&mut db, id, after, limit).await?;
    let ids: Vec<_> = members.iter().map(|member| member.user_id).collect();
    let users = users::access::public_profiles(&mut db, &ids).await?;
    let next_cursor = ids.last().filter(|_| i64::try_from(ids.len()).is_ok_and(|len| len == limit)).map(cursor::encode);
    Ok(Json(MemberPage { members: members.iter().map(MemberRow::member).collect(), users, next_cursor }))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AddMembers {
    /// 1 to 100 people.
    pub user_ids: Vec<UserId>,
}

#[utoipa::path(post, path = "/api/conversations/{id}/members", tag = "conversations", params(("id" = ConversationId, Path)), request_body = AddMembers,
    responses((status = 200, body = ConversationView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add_members(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(wanted): Json<AddMembers>,
) -> Result<Json<ConversationView>> {
    actions::add(&app, &caller, id, wanted.user_ids).await?;
    Ok(Json(conversations::actions::get_view(&app, caller.user_id, id).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SetRole {
    pub role: MemberRole,
}

/// Gives a role; `owner` gives the group away.
#[utoipa::path(put, path = "/api/conversations/{id}/members/{user_id}", tag = "conversations", params(("id" = ConversationId, Path), ("user_id" = UserId, Path)), request_body = SetRole,
    responses((status = 200, body = ConversationView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn set_member_role(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(ConversationId, UserId)>,
    Json(wanted): Json<SetRole>,
) -> Result<Json<ConversationView>> {
    actions::set_role(&app, &caller, id, user_id, wanted.role).await?;
    Ok(Json(conversations::actions::get_view(&app, caller.user_id, id).await?))
}

/// Removes a member; of oneself: leaves.
#[utoipa::path(delete, path = "/api/conversations/{id}/members/{user_id}", tag = "conversations", params(("id" = ConversationId, Path), ("user_id" = UserId, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn remove_member(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(ConversationId, UserId)>,
) -> Result<StatusCode> {
    actions::remove(&app, &caller, id, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
