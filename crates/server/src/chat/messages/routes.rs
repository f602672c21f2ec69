//! Messages over HTTP: parses, then calls the same actions as socket frames do.
//! No rule lives here.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    MAX_PAGE, MAX_PAGE_BYTES, Message, PAGE, access, actions,
    actions::SendMessage,
    store::{self, Room},
};
use crate::{
    accounts::users::{self, User},
    app::App,
    caller::Caller,
    chat::{
        conversations,
        receipts::{self, MessageReceipts},
    },
    error::{Error, Problem, Result},
    http::{Json, Path, Query},
    ids::ConversationId,
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessagePlace {
    /// Messages before this seq, the nearest ones.
    pub before: Option<i64>,
    /// Messages after this seq, the nearest ones.
    pub after: Option<i64>,
    /// Messages on both sides of this seq, with it.
    pub around: Option<i64>,
    /// Up to 200; 50 without it.
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePage {
    pub version: i64,
    pub last_seq: i64,
    /// By rising seq.
    pub messages: Vec<Message>,
    /// Their senders.
    pub users: Vec<User>,
    pub has_before: bool,
    pub has_after: bool,
}

/// A page of messages, from any place, in both directions.
#[utoipa::path(get, path = "/api/conversations/{id}/messages", tag = "messages", params(("id" = ConversationId, Path), MessagePlace),
    responses((status = 200, body = MessagePage), (status = 404, body = Problem)))]
pub async fn list_messages(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(place): Query<MessagePlace>,
) -> Result<Json<MessagePage>> {
    let rows = place.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let room = Room { rows, bytes: MAX_PAGE_BYTES };
    let mut db = app.db.snapshot().await?;
    let reader = conversations::access::to_read(&mut db, caller.user_id, id).await?;
    let user_id = caller.user_id;
    let (messages, has_before, has_after) = match place {
        MessagePlace { around: Some(seq), .. } => {
            let half = Room { rows: rows / 2, bytes: MAX_PAGE_BYTES / 2 };
            let with_it = Room { rows: half.rows + 1, ..half };
            let before = store::list_before(&mut db, id, user_id, seq.saturating_add(1), with_it).await?;
            let after = store::list_after(&mut db, id, user_id, seq, half).await?;
            let messages = before.messages.into_iter().rev().chain(after.messages).collect();
            (messages, before.has_more, after.has_more)
        }
        MessagePlace { after: Some(seq), .. } => {
            let page = store::list_after(&mut db, id, user_id, seq, room).await?;
            (page.messages, seq > 0, page.has_more)
        }
        MessagePlace { before: place, .. } => {
            let mut page = store::list_before(&mut db, id, user_id, place.unwrap_or(i64::MAX), room).await?;
            page.messages.reverse();
            (page.messages, page.has_more, place.is_some_and(|seq| seq <= reader.conversation().last_seq))
        }
    };
    let senders: std::collections::BTreeSet<_> = messages.iter().filter_map(|message| message.sender_id).collect();
    let users = users::access::public_profiles(&mut db, &senders.into_iter().collect::<Vec<_>>()).await?;
    let conversation = reader.conversation();
    Ok(Json(MessagePage {
        version: conversation.version,
        last_seq: conversation.last_seq,
        messages,
        users,
        has_before,
        has_after,
    }))
}

/// Sends a message. The same `client_id` again gives the first one, with 200.
#[utoipa::path(post, path = "/api/conversations/{id}/messages", tag = "messages", params(("id" = ConversationId, Path)), request_body = SendMessage,
    responses((status = 201, body = Message), (status = 200, body = Message, description = "it was there already"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn send_message(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(message): Json<SendMessage>,
) -> Result<(StatusCode, Json<Message>)> {
    let sent = actions::send(&app, &caller, id, message).await?;
    Ok((if sent.repeated { StatusCode::OK } else { StatusCode::CREATED }, Json(sent.message)))
}

#[utoipa::path(get, path = "/api/conversations/{id}/messages/{seq}", tag = "messages", params(("id" = ConversationId, Path), ("seq" = i64, Path)),
    responses((status = 200, body = Message), (status = 404, body = Problem)))]
pub async fn get_message(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
) -> Result<Json<Message>> {
    let mut db = app.db.read();
    let reader = conversations::access::to_read(&mut db, caller.user_id, id).await?;
    Ok(Json(access::get(&mut db, &reader, seq).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct EditMessage {
    pub body: String,
}

/// Changes what my message says; what it said before is kept in its history.
#[utoipa::path(patch, path = "/api/conversations/{id}/messages/{seq}", tag = "messages", params(("id" = ConversationId, Path), ("seq" = i64, Path)), request_body = EditMessage,
    responses((status = 200, body = Message), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn edit_message(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
    Json(edit): Json<EditMessage>,
) -> Result<Json<Message>> {
    Ok(Json(actions::edit(&app, &caller, id, seq, &edit.body).await?))
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeleteFor {
    Me,
    Everyone,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeleteScope {
    #[param(inline)]
    pub r#for: DeleteFor,
}

/// Deletes it for me, or leaves a tombstone for everyone.
#[utoipa::path(delete, path = "/api/conversations/{id}/messages/{seq}", tag = "messages", params(("id" = ConversationId, Path), ("seq" = i64, Path), DeleteScope),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete_message(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
    Query(scope): Query<DeleteScope>,
) -> Result<StatusCode> {
    match scope.r#for {
        DeleteFor::Me => actions::delete_for_me(&app, &caller, id, seq).await?,
        DeleteFor::Everyone => actions::delete_for_everyone(&app, &caller, id, seq).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageHistory {
    /// Oldest first; the message itself holds what it says now.
    pub edits: Vec<MessageEdit>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageEdit {
    pub body: String,
    pub replaced_at: convo_db::Timestamp,
}

#[utoipa::path(get, path = "/api/conversations/{id}/messages/{seq}/history", tag = "messages", params(("id" = ConversationId, Path), ("seq" = i64, Path)),
    responses((status = 200, body = MessageHistory), (status = 404, body = Problem)))]
pub async fn get_message_history(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
) -> Result<Json<MessageHistory>> {
    let mut db = app.db.snapshot().await?;
    let reader = conversations::access::to_read(&mut db, caller.user_id, id).await?;
    access::get(&mut db, &reader, seq).await?;
    let edits = store::list_edits(&mut db, id, seq).await?;
    Ok(Json(MessageHistory {
        edits: edits.into_iter().map(|(body, replaced_at)| MessageEdit { body, replaced_at }).collect(),
    }))
}

/// Who has read a message, who has it on a device, who neither, and when.
#[utoipa::path(get, path = "/api/conversations/{id}/messages/{seq}/receipts", tag = "messages", params(("id" = ConversationId, Path), ("seq" = i64, Path)),
    responses((status = 200, body = MessageReceipts), (status = 404, body = Problem)))]
pub async fn get_message_receipts(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
) -> Result<Json<MessageReceipts>> {
    let mut db = app.db.snapshot().await?;
    let reader = conversations::access::to_read(&mut db, caller.user_id, id).await?;
    let message = access::get(&mut db, &reader, seq).await?;
    Ok(Json(receipts::access::of_message(&mut db, &reader, &message).await?))
}

#[utoipa::path(put, path = "/api/conversations/{id}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = i64, Path), ("emoji" = String, Path)),
    responses((status = 200, body = Message), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add_reaction(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq, emoji)): Path<(ConversationId, i64, String)>,
) -> Result<Json<Message>> {
    Ok(Json(actions::react(&app, &caller, id, seq, &emoji).await?))
}

#[utoipa::path(delete, path = "/api/conversations/{id}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = i64, Path), ("emoji" = String, Path)),
    responses((status = 200, body = Message), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn remove_reaction(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq, emoji)): Path<(ConversationId, i64, String)>,
) -> Result<Json<Message>> {
    Ok(Json(actions::unreact(&app, &caller, id, seq, &emoji).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Receipt {
    #[serde(default)]
    pub delivered_seq: Option<i64>,
    #[serde(default)]
    pub read_seq: Option<i64>,
}

/// Moves my watermarks; they only rise.
#[utoipa::path(post, path = "/api/conversations/{id}/receipt", tag = "messages", params(("id" = ConversationId, Path)), request_body = Receipt,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn send_receipt(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(receipt): Json<Receipt>,
) -> Result<StatusCode> {
    if receipt.delivered_seq.is_none() && receipt.read_seq.is_none() {
        return Err(Error::invalid("read_seq", "receipt_empty", "Send `delivered_seq`, `read_seq` or both."));
    }
    receipts::actions::mark(&app, &caller, id, receipt.delivered_seq, receipt.read_seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
