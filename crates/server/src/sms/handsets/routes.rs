//! HTTP in and out of handsets.
//! It only parses and answers.

use axum::{extract::State, http::StatusCode};
use convo_carriers::simulator::HandsetChange;
use convo_phone::Country;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Handset, HandsetMessage, MAX_PAGE, PAGE, actions};
use crate::{
    app::App,
    caller::Caller,
    error::{Error, Problem, Result},
    http::{Json, Path, Query},
    idempotency::IdempotencyKey,
    ids::HandsetId,
    sms::carriers::parse_number,
};

#[derive(Serialize, ToSchema)]
pub struct HandsetList {
    handsets: Vec<Handset>,
}

#[derive(Deserialize, ToSchema)]
pub struct CreateHandset {
    /// Where its number is from: two letters (ISO 3166).
    country: String,
    /// Up to 60 characters.
    #[serde(default)]
    label: String,
}

#[derive(Deserialize, ToSchema)]
pub struct UpdateHandset {
    label: Option<String>,
    airplane: Option<bool>,
    /// Up to an hour.
    latency_ms: Option<u32>,
    /// 0 to 100.
    loss_percent: Option<u8>,
}

#[derive(Deserialize, ToSchema)]
pub struct SendFromHandset {
    /// Made by the client; the same again sends once.
    client_id: Uuid,
    /// A number of one's own, or one that is shared.
    to: String,
    /// Up to 1600 characters.
    text: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HandsetPlace {
    /// Messages before this `place`.
    before: Option<i64>,
    /// 1 to 200; 50 if left out.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct HandsetMessageList {
    /// Newest first.
    messages: Vec<HandsetMessage>,
}

/// My handsets of the simulated world
#[utoipa::path(get, path = "/api/handsets", tag = "handsets",
    responses((status = 200, body = HandsetList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_handsets(State(app): State<App>, caller: Caller) -> Result<Json<HandsetList>> {
    Ok(Json(HandsetList { handsets: actions::list(&app, &caller).await? }))
}

/// A new handset; nobody chooses its number. The same `Idempotency-Key` again makes no other.
#[utoipa::path(post, path = "/api/handsets", tag = "handsets", params(("Idempotency-Key" = Option<String>, Header)), request_body = CreateHandset,
    responses((status = 201, body = Handset), (status = 200, body = Handset, description = "it was there already"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn create_handset(
    State(app): State<App>,
    caller: Caller,
    key: Option<IdempotencyKey>,
    Json(new): Json<CreateHandset>,
) -> Result<(StatusCode, Json<Handset>)> {
    let country: Country = new
        .country
        .parse()
        .map_err(|_| Error::invalid("country", "country_unknown", "A country is two letters, such as US or DE."))?;
    let doing = app.clone();
    let (handset, is_new) =
        app.act(async move { actions::create(&doing, &caller, key, country, new.label).await }).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(handset)))
}

/// Name it, switch airplane mode, make it slow or lossy
#[utoipa::path(patch, path = "/api/handsets/{id}", tag = "handsets", params(("id" = HandsetId, Path)), request_body = UpdateHandset,
    responses((status = 200, body = Handset), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn update_handset(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<HandsetId>,
    Json(wanted): Json<UpdateHandset>,
) -> Result<Json<Handset>> {
    let UpdateHandset { label, airplane, latency_ms, loss_percent } = wanted;
    let change = HandsetChange { label, airplane, latency_ms, loss_percent };
    Ok(Json(actions::update(&app, &caller, id, change).await?))
}

#[utoipa::path(delete, path = "/api/handsets/{id}", tag = "handsets", params(("id" = HandsetId, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn delete_handset(State(app): State<App>, caller: Caller, Path(id): Path<HandsetId>) -> Result<StatusCode> {
    actions::remove(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a handset received and sent
#[utoipa::path(get, path = "/api/handsets/{id}/messages", tag = "handsets", params(("id" = HandsetId, Path), HandsetPlace),
    responses((status = 200, body = HandsetMessageList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_handset_messages(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<HandsetId>,
    Query(place): Query<HandsetPlace>,
) -> Result<Json<HandsetMessageList>> {
    let limit = place.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    Ok(Json(HandsetMessageList { messages: actions::list_messages(&app, &caller, id, place.before, limit).await? }))
}

/// Send a text from a handset. The same `client_id` again sends once.
#[utoipa::path(post, path = "/api/handsets/{id}/messages", tag = "handsets", params(("id" = HandsetId, Path)), request_body = SendFromHandset,
    responses((status = 201, body = HandsetMessage), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn send_from_handset(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<HandsetId>,
    Json(text): Json<SendFromHandset>,
) -> Result<(StatusCode, Json<HandsetMessage>)> {
    let to = parse_number(&text.to)?;
    let sent = actions::send(&app, &caller, id, text.client_id, to, text.text).await?;
    Ok((StatusCode::CREATED, Json(sent)))
}
