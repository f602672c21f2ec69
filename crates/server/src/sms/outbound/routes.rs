//! HTTP in and out of texts that wait.
//! It only parses and answers; sending is sending a message.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions;
use crate::{
    app::App,
    billing::ledger::Mode,
    caller::Caller,
    chat::{conversations, messages::Message},
    error::{Error, Problem, Result},
    http::{Json, Path},
    ids::ConversationId,
    sms::numbers,
};

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
