//! HTTP in and out of texts that wait.
//! It only parses and answers; sending is sending a message.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{UnknownText, actions, store};
use crate::{
    accounts::users::{self, User},
    app::App,
    billing::ledger::Mode,
    caller::{Administrator, Caller},
    chat::{conversations, messages::Message},
    error::{Error, Problem, Result},
    http::{Json, Path, Query},
    ids::{ConversationId, PartId},
    sms::numbers,
};

const PAGE: i64 = 50;
const MAX_PAGE: i64 = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnknownTextPlace {
    #[param(value_type = Option<String>)]
    cursor: Option<PartId>,
    /// 1 to 200; 50 if left out.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct UnknownTextList {
    /// Newest first.
    texts: Vec<UnknownText>,
    users: Vec<User>,
    next_cursor: Option<PartId>,
}

#[derive(Serialize, ToSchema)]
pub struct TextPrice {
    /// What each segment costs, in millionths of the currency.
    segment_micros: i64,
    /// ISO 4217.
    currency: String,
    /// Which wallet of the number's owner pays.
    mode: Mode,
}

/// What a text in this conversation costs by segment
#[utoipa::path(get, path = "/api/conversations/{id}/text-price", tag = "messages", params(("id" = ConversationId, Path)),
    responses((status = 200, body = TextPrice), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_text_price(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<TextPrice>> {
    let mut db = app.db.read();
    let reader = conversations::access::to_read(&mut db, caller.user_id, id).await?;
    let line = reader
        .conversation()
        .line()
        .ok_or_else(|| Error::conflict("not_a_phone", "Only texts to a phone have a price."))?;
    let number =
        numbers::access::list(&mut db, [line.number_id]).await?.pop().ok_or_else(|| Error::not_found("number"))?;
    let party = line.party.parse().map_err(Error::internal)?;
    let provider = app.carriers.route(&number, &party)?;
    Ok(Json(TextPrice {
        segment_micros: provider.text_micros(&party),
        currency: app.config.billing.currency.clone(),
        mode: number.mode,
    }))
}

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

/// Texts of which no carrier tells whether they were sent
#[utoipa::path(get, path = "/api/admin/texts/unknown", tag = "administration", params(UnknownTextPlace),
    responses((status = 200, body = UnknownTextList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_unknown_texts(
    State(app): State<App>,
    _: Administrator,
    Query(place): Query<UnknownTextPlace>,
) -> Result<Json<UnknownTextList>> {
    let limit = place.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let mut db = app.db.read();
    let before = place.cursor.unwrap_or(PartId(uuid::Uuid::max()));
    let texts = store::list_without_news(&mut db, before, limit).await?;
    let is_full = i64::try_from(texts.len()).is_ok_and(|found| found == limit);
    let next_cursor = texts.last().filter(|_| is_full).map(|text| text.id);
    let owners: Vec<_> = texts.iter().map(|text| text.owner_id).collect();
    let users = users::access::public_profiles(&mut db, &owners).await?;
    Ok(Json(UnknownTextList { texts, users, next_cursor }))
}

/// Wait no longer for news of a text: it stays unknown for its people, and leaves this list
#[utoipa::path(post, path = "/api/admin/texts/{id}/close", tag = "administration", params(("id" = PartId, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "there was news meanwhile"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn close_text(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<PartId>,
) -> Result<StatusCode> {
    let app_ = app.clone();
    app.act(async move { actions::close(&app_, &administrator, id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
