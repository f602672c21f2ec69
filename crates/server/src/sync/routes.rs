//! Synchronisation over HTTP; the same heads come over the socket by the frame `sync`.
//! No rule lives here.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Changes, Heads, Known, actions};
use crate::{
    app::App,
    caller::Caller,
    error::{Problem, Result},
    http::{Json, Path, Query},
    ids::ConversationId,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListHeads {
    pub cursor: Option<String>,
}

/// Where each of my conversations stands, newest first.
#[utoipa::path(get, path = "/api/sync", tag = "sync", params(ListHeads), responses((status = 200, body = Heads), (status = 400, body = Problem)))]
pub async fn list_heads(State(app): State<App>, caller: Caller, Query(query): Query<ListHeads>) -> Result<Json<Heads>> {
    Ok(Json(actions::heads(&app, caller.user_id, query.cursor.as_deref()).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListChanges {
    pub version: i64,
    pub last_seq: i64,
    #[serde(default)]
    pub mine_version: i64,
}

/// What happened in a conversation after a position.
#[utoipa::path(get, path = "/api/conversations/{id}/changes", tag = "sync", params(("id" = ConversationId, Path), ListChanges),
    responses((status = 200, body = Changes), (status = 404, body = Problem)))]
pub async fn list_changes(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<ListChanges>,
) -> Result<Json<Changes>> {
    let known = Known { version: query.version, last_seq: query.last_seq, mine_version: query.mine_version };
    Ok(Json(actions::changes(&app, &caller, id, known).await?))
}
