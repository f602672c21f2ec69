//! HTTP in and out of verifications.
//! It only parses and answers.

use axum::{extract::State, http::StatusCode};
use convo_phone::Country;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    MINUTES, USUAL_MINUTES, Verification, VerificationText, access,
    actions::{self, On, Wish},
};
use crate::{
    app::App,
    billing::ledger::Mode,
    caller::Caller,
    error::{Error, Problem, Result},
    http::{Json, Path},
    idempotency::IdempotencyKey,
    ids::{NumberId, VerificationId},
    sms::{
        carriers::SIMULATOR,
        services::{self, Service},
    },
};

const USUAL_COUNTRY: &str = "US";
const USUAL_LANGUAGE: &str = "en";

#[derive(Deserialize, ToSchema)]
pub struct NewVerification {
    /// The id of a service or its name; any other name will do, too.
    service: String,
    /// A number of one's own, or one that is shared to answer. Left out, a number is lent.
    #[serde(default)]
    number_id: Option<NumberId>,
    /// Where a lent number is from: two letters (ISO 3166); `US` if left out.
    #[serde(default)]
    country: Option<String>,
    /// Who lends it; `simulator` if left out.
    #[serde(default)]
    carrier: Option<String>,
    /// 1 to 60; 20 if left out.
    #[serde(default)]
    minutes: Option<u64>,
    /// A lent number that costs more is refused.
    #[serde(default)]
    max_price_micros: Option<i64>,
}

/// What a code on a lent number costs.
#[derive(Serialize, ToSchema)]
pub struct TemporaryPrice {
    carrier: String,
    /// Which wallet pays.
    mode: Mode,
    price_micros: i64,
    /// ISO 4217.
    currency: String,
}

#[derive(Serialize, ToSchema)]
pub struct ServiceList {
    services: Vec<Service>,
    /// On a number of one's own it costs nothing.
    temporary: Vec<TemporaryPrice>,
}

#[derive(Serialize, ToSchema)]
pub struct CodeList {
    /// The oldest first.
    codes: Vec<VerificationText>,
}

#[derive(Deserialize, ToSchema)]
pub struct SendCode {
    /// ISO 639-1; `en` if left out.
    #[serde(default)]
    language: Option<String>,
    /// Four to ten letters and digits; made up if left out.
    #[serde(default)]
    code: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SentCode {
    /// As one types it.
    code: String,
}

/// Services that are known, and what a lent number costs
#[utoipa::path(get, path = "/api/verifications/services", tag = "verifications",
    responses((status = 200, body = ServiceList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_services(State(app): State<App>, _: Caller) -> Result<Json<ServiceList>> {
    let mut temporary: Vec<_> = app
        .carriers
        .all()
        .into_iter()
        .filter(|provider| provider.shop().is_ok())
        .map(|provider| TemporaryPrice {
            carrier: provider.name.clone(),
            mode: provider.mode(),
            price_micros: provider.temporary_micros(),
            currency: app.config.billing.currency.clone(),
        })
        .collect();
    temporary.sort_by(|one, other| one.carrier.cmp(&other.carrier));
    Ok(Json(ServiceList { services: services::list(), temporary }))
}

/// Wait for the code of a service, on a number of one's own or on one that is lent
///
/// A lent number has a price, so it needs an `Idempotency-Key`; the price is set aside, and paid by the first code alone.
/// On a number of one's own the same wish while it waits gives the one that waits.
#[utoipa::path(post, path = "/api/verifications/create", tag = "verifications", params(("Idempotency-Key" = Option<String>, Header)), request_body = NewVerification,
    responses((status = 201, body = Verification), (status = 200, body = Verification, description = "it was begun by an earlier request"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn create_verification(
    State(app): State<App>,
    caller: Caller,
    key: Option<IdempotencyKey>,
    Json(new): Json<NewVerification>,
) -> Result<(StatusCode, Json<Verification>)> {
    let minutes = new.minutes.unwrap_or(USUAL_MINUTES);
    if !MINUTES.contains(&minutes) {
        return Err(Error::invalid("minutes", "minutes_invalid", "Wait for 1 to 60 minutes."));
    }
    let on = match new.number_id {
        Some(_) if new.country.is_some() || new.carrier.is_some() => {
            return Err(Error::invalid(
                "number_id",
                "number_or_country",
                "Say `number_id` for a number of your own, or `country` for one that is lent; not both.",
            ));
        }
        Some(id) => On::Number(id),
        None => On::Temporary {
            country: parse_country(new.country.as_deref().unwrap_or(USUAL_COUNTRY))?,
            carrier: new.carrier.unwrap_or_else(|| SIMULATOR.to_owned()),
        },
    };
    let wish = Wish { wish: "verification", service: new.service, on, minutes, max_price_micros: new.max_price_micros };
    let (verification, is_new) = actions::create(&app, &caller, key, wish).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(verification)))
}

fn parse_country(typed: &str) -> Result<Country> {
    let country = typed.to_ascii_uppercase().parse();
    country.map_err(|_| Error::invalid("country", "country_unknown", "A country is two letters, such as US or DE."))
}

#[utoipa::path(get, path = "/api/verifications/{id}", tag = "verifications", params(("id" = VerificationId, Path)),
    responses((status = 200, body = Verification), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_verification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<VerificationId>,
) -> Result<Json<Verification>> {
    Ok(Json(access::find_mine(&mut app.db.read(), caller.user_id, id).await?.seen()))
}

/// What came for it: the texts and their codes
#[utoipa::path(get, path = "/api/verifications/{id}/codes", tag = "verifications", params(("id" = VerificationId, Path)),
    responses((status = 200, body = CodeList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_codes(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<VerificationId>,
) -> Result<Json<CodeList>> {
    let mut db = app.db.snapshot().await?;
    let mine = access::find_mine(&mut db, caller.user_id, id).await?;
    let texts = access::list_texts(&mut db, &mine).await?;
    Ok(Json(CodeList { codes: texts.into_iter().map(|text| text.seen(&mine)).collect() }))
}

/// Wait no longer: nothing is paid
#[utoipa::path(delete, path = "/api/verifications/{id}", tag = "verifications", params(("id" = VerificationId, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "it is over otherwise"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn cancel_verification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<VerificationId>,
) -> Result<StatusCode> {
    actions::cancel(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let the simulated service text its code to a verification of mine, once for each `Idempotency-Key`
#[utoipa::path(post, path = "/api/simulator/verifications/{id}/send-code", tag = "verifications", params(("id" = VerificationId, Path), ("Idempotency-Key" = String, Header)), request_body = SendCode,
    responses((status = 202, body = SentCode), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn send_simulated_code(
    State(app): State<App>,
    caller: Caller,
    key: IdempotencyKey,
    Path(id): Path<VerificationId>,
    Json(wish): Json<SendCode>,
) -> Result<(StatusCode, Json<SentCode>)> {
    let language = wish.language.unwrap_or_else(|| USUAL_LANGUAGE.to_owned());
    let code = actions::send_code(&app, &caller, &key, id, language, wish.code).await?;
    Ok((StatusCode::ACCEPTED, Json(SentCode { code })))
}
