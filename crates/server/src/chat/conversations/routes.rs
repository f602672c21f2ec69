//! Conversations over HTTP.
//! No rule lives here.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Conversation, ConversationView, Mine, PAGE,
    actions::{self, CreateConversation, UpdateConversation, UpdateMine},
    list_view,
    store::{self, ListCursor},
};
use crate::{
    accounts::{pictures::Upload, users::User},
    app::App,
    caller::Caller,
    error::{Problem, Result},
    http::{Json, Path, Query, cursor},
    ids::ConversationId,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListConversations {
    #[serde(default)]
    pub archived: bool,
    pub cursor: Option<String>,
    /// Up to 50.
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationPage {
    /// Pinned ones first, then by their newest message.
    pub conversations: Vec<Conversation>,
    pub users: Vec<User>,
    pub next_cursor: Option<String>,
}

#[utoipa::path(get, path = "/api/conversations", tag = "conversations", params(ListConversations), responses((status = 200, body = ConversationPage)))]
pub async fn list_conversations(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListConversations>,
) -> Result<Json<ConversationPage>> {
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let after = query.cursor.as_deref().map(cursor::decode).transpose()?;
    let mut db = app.db.snapshot().await?;
    let places = store::list(&mut db, caller.user_id, query.archived, after, limit).await?;
    let next = places.last().filter(|_| i64::try_from(places.len()).is_ok_and(|len| len == limit));
    let next_cursor = next
        .map(|(id, active_at, pinned)| cursor::encode(&ListCursor { pinned: *pinned, active_at: *active_at, id: *id }));
    let ids: Vec<_> = places.iter().map(|(id, _, _)| *id).collect();
    let (conversations, users) = list_view(&mut db, caller.user_id, &ids).await?;
    Ok(Json(ConversationPage { conversations, users, next_cursor }))
}

/// Begins a conversation; a direct one that is there already is given again, with 200.
#[utoipa::path(post, path = "/api/conversations", tag = "conversations", request_body = CreateConversation,
    responses((status = 201, body = ConversationView), (status = 200, body = ConversationView, description = "it was there already"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn create_conversation(
    State(app): State<App>,
    caller: Caller,
    Json(wanted): Json<CreateConversation>,
) -> Result<(StatusCode, Json<ConversationView>)> {
    let (view, is_new) = actions::create(&app, &caller, wanted).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

#[utoipa::path(get, path = "/api/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationView), (status = 404, body = Problem)))]
pub async fn get_conversation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationView>> {
    Ok(Json(actions::get_view(&app, caller.user_id, id).await?))
}

#[utoipa::path(patch, path = "/api/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)), request_body = UpdateConversation,
    responses((status = 200, body = ConversationView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn update_conversation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(wanted): Json<UpdateConversation>,
) -> Result<Json<ConversationView>> {
    Ok(Json(actions::update(&app, &caller, id, wanted).await?))
}

/// The body is the picture: PNG, JPEG or WebP up to 5 MiB.
#[utoipa::path(put, path = "/api/conversations/{id}/picture", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body(content = Vec<u8>, content_type = "image/*"),
    responses((status = 200, body = ConversationView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set_conversation_picture(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Upload(picture): Upload,
) -> Result<Json<ConversationView>> {
    Ok(Json(actions::set_picture(&app, &caller, id, Some(picture)).await?))
}

#[utoipa::path(delete, path = "/api/conversations/{id}/picture", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn remove_conversation_picture(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationView>> {
    Ok(Json(actions::set_picture(&app, &caller, id, None).await?))
}

/// Archives it for me; nothing is lost, and `archived: false` restores it.
#[utoipa::path(delete, path = "/api/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn archive_conversation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode> {
    actions::update_mine(&app, &caller, id, UpdateMine { archived: Some(true), ..UpdateMine::default() }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(put, path = "/api/conversations/{id}/mine", tag = "conversations", params(("id" = ConversationId, Path)), request_body = UpdateMine,
    responses((status = 200, body = Mine), (status = 404, body = Problem)))]
pub async fn update_mine(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(wanted): Json<UpdateMine>,
) -> Result<Json<Mine>> {
    Ok(Json(actions::update_mine(&app, &caller, id, wanted).await?))
}
