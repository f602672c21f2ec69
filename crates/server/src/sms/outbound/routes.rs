//! HTTP in and out of texts that wait.
//! It only parses and answers; sending is sending a message.

use axum::extract::State;

use super::actions;
use crate::{
    app::App,
    caller::Caller,
    chat::messages::Message,
    error::{Problem, Result},
    http::{Json, Path},
    ids::ConversationId,
};

/// Take a text back that has not left, with its price
#[utoipa::path(post, path = "/api/conversations/{id}/messages/{seq}/cancel", tag = "messages", params(("id" = ConversationId, Path), ("seq" = i64, Path)),
    responses((status = 200, body = Message), (status = 409, body = Problem, description = "it is on its way already"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn cancel_text(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
) -> Result<Json<Message>> {
    Ok(Json(actions::cancel(&app, &caller, id, seq).await?))
}
