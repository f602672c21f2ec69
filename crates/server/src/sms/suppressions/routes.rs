//! HTTP in and out of the suppression list.
//! It only parses and answers; `Administrator` keeps everybody else out.

use axum::{extract::State, http::StatusCode};
use convo_phone::Country;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    MAX_PAGE, PAGE, Suppression,
    actions::{self, Suppressed},
    store,
};
use crate::{
    accounts::users::{self, User},
    app::App,
    caller::Administrator,
    error::{Error, Problem, Result},
    http::{Json, Path, Query, cursor},
    sms::carriers::parse_number,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuppressionSearch {
    /// Digits that the number has in a row; everything else in it is passed over.
    #[serde(default)]
    search: String,
    cursor: Option<String>,
    /// 1 to 200; 50 if left out.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct SuppressionList {
    /// By number.
    suppressions: Vec<Suppression>,
    users: Vec<User>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct NewSuppressions {
    /// Up to 1000, as people write them.
    numbers: Vec<String>,
    /// Of those that are written without a country's code: two letters (ISO 3166).
    country: Option<String>,
    /// Up to 200 characters; other administrators read it.
    reason: String,
}

/// Numbers that nobody of this installation texts
#[utoipa::path(get, path = "/api/admin/suppressions", tag = "administration", params(SuppressionSearch), responses((status = 200, body = SuppressionList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_suppressions(
    State(app): State<App>,
    _: Administrator,
    Query(wanted): Query<SuppressionSearch>,
) -> Result<Json<SuppressionList>> {
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let digits: String = wanted.search.chars().filter(char::is_ascii_digit).collect();
    let after: String = wanted.cursor.as_deref().map(cursor::decode).transpose()?.unwrap_or_default();
    if after.contains('\0') {
        return Err(Error::malformed("That cursor is not one of ours. Begin the list again without it."));
    }
    let mut db = app.db.read();
    let suppressions = store::list(&mut db, &digits, &after, limit).await?;
    let is_full = i64::try_from(suppressions.len()).is_ok_and(|found| found == limit);
    let next_cursor = suppressions.last().filter(|_| is_full).map(|last| cursor::encode(&last.number));
    let ids: Vec<_> = suppressions.iter().map(|each| each.made_by).collect();
    let users = users::access::public_profiles(&mut db, &ids).await?;
    Ok(Json(SuppressionList { suppressions, users, next_cursor }))
}

/// Keep numbers from being texted by anybody here. Lines that are no numbers are told, the others are taken.
#[utoipa::path(post, path = "/api/admin/suppressions", tag = "administration", request_body = NewSuppressions, responses((status = 200, body = Suppressed), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn suppress_numbers(
    State(app): State<App>,
    administrator: Administrator,
    Json(new): Json<NewSuppressions>,
) -> Result<Json<Suppressed>> {
    let country: Option<Country> = new
        .country
        .filter(|country| !country.is_empty())
        .map(|country| country.parse())
        .transpose()
        .map_err(|_| Error::invalid("country", "country_unknown", "A country is two letters, such as US or DE."))?;
    let app_ = app.clone();
    let adding = async move { actions::add(&app_, &administrator, &new.numbers, country, &new.reason).await };
    Ok(Json(app.act(adding).await?))
}

/// Let a number be texted again
#[utoipa::path(delete, path = "/api/admin/suppressions/{number}", tag = "administration", params(("number" = String, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn unsuppress_number(
    State(app): State<App>,
    administrator: Administrator,
    Path(number): Path<String>,
) -> Result<StatusCode> {
    let (number, app_) = (parse_number(&number)?, app.clone());
    app.act(async move { actions::remove(&app_, &administrator, number).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
