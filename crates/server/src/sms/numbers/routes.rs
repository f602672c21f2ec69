//! HTTP in and out of the marketplace and of owned numbers.
//! It only parses and answers.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use convo_carriers::{Offer, Search, SortBy};
use convo_db::Timestamp;
use convo_phone::{Country, Kind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    MAX_PAGE, NumberRole, PAGE, PhoneNumber, SEARCHES_A_MINUTE, access,
    actions::{self, UpdateNumber},
    entering::{self, NewNumber},
    store::{self, DayOfUse},
};
use crate::{
    app::App,
    billing::ledger::Mode,
    caller::{Administrator, Caller},
    error::{Error, Problem, Result},
    http::{Json, Path, Query},
    idempotency::IdempotencyKey,
    ids::NumberId,
    sms::carriers::{SIMULATOR, parse_number, unreachable},
};

/// A country in which numbers are sold.
#[derive(Serialize, ToSchema)]
pub struct CountryOfNumbers {
    /// Two letters (ISO 3166).
    country: String,
    calling_code: u16,
    count: u64,
    kinds: Vec<String>,
    operators: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct CountryList {
    countries: Vec<CountryOfNumbers>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NumberWish {
    /// The carrier that sells; `simulator` if left out.
    carrier: Option<String>,
    /// Digits after the country's code.
    area_code: Option<String>,
    /// The country's code; of the country in the path, or nothing is found.
    dialling_code: Option<u16>,
    /// `local`, `mobile` or `toll_free`; all if left out.
    #[param(inline)]
    kind: Option<NumberKind>,
    /// These digits in a row, anywhere in the number.
    contains: Option<String>,
    operator: Option<String>,
    /// Only those that can do it.
    #[serde(default)]
    sms: bool,
    #[serde(default)]
    mms: bool,
    #[serde(default)]
    voice: bool,
    /// `number` if left out.
    #[serde(default)]
    #[param(inline)]
    sort: NumberSort,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 if left out.
    limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    Local,
    Mobile,
    TollFree,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberSort {
    #[default]
    Number,
    DiallingCode,
    AreaCode,
    Operator,
    Price,
}

/// A number that can be bought.
#[derive(Serialize, ToSchema)]
pub struct NumberOffer {
    /// E.164.
    number: String,
    /// As it is written in the world.
    formatted: String,
    carrier: String,
    /// Which wallet pays.
    mode: Mode,
    country: String,
    kind: String,
    area_code: String,
    place: Option<String>,
    operator: Option<String>,
    sms: bool,
    mms: bool,
    voice: bool,
    /// Of a month, in millionths of the currency.
    monthly_micros: i64,
    /// No phone anywhere has it.
    simulated: bool,
}

#[derive(Serialize, ToSchema)]
pub struct OfferList {
    numbers: Vec<NumberOffer>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct NewPurchase {
    /// As E.164, from the marketplace.
    number: String,
    /// `simulator` if left out.
    #[serde(default)]
    carrier: Option<String>,
    /// Refused if a month of it costs more, in millionths.
    #[serde(default)]
    max_price_micros: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct NumberList {
    /// One's own first, newest first; then those that others share.
    numbers: Vec<PhoneNumber>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsePeriod {
    /// 30 days before `to` if left out.
    from: Option<Timestamp>,
    /// Now if left out.
    to: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub struct NumberUse {
    /// Only days on which something was sent or received.
    days: Vec<DayOfUse>,
    /// What was paid for having it since it was bought, in millionths.
    rent_micros: i64,
}

/// Longest period of usage that is told at once.
const MAX_USE: Duration = Duration::from_secs(370 * 86_400);
const USE_IF_LEFT_OUT: Duration = Duration::from_secs(30 * 86_400);

fn offered(app: &App, carrier: &str, offer: Offer) -> Result<NumberOffer> {
    Ok(NumberOffer {
        number: offer.number.to_string(),
        formatted: offer.number.international(),
        carrier: carrier.to_owned(),
        mode: app.carriers.get(carrier)?.mode(),
        country: offer.country.to_string(),
        kind: offer.kind.name().to_owned(),
        area_code: offer.area_code,
        place: offer.place,
        operator: offer.operator,
        sms: offer.sms,
        mms: offer.mms,
        voice: offer.voice,
        monthly_micros: offer.monthly_micros,
        simulated: offer.simulated,
    })
}

fn limit_searches(app: &App, caller: &Caller) -> Result<()> {
    app.limit_person("number_searches", caller.user_id, SEARCHES_A_MINUTE, Duration::from_secs(60))
}

/// Countries in which numbers can be bought
#[utoipa::path(get, path = "/api/numbers/countries", tag = "numbers",
    responses((status = 200, body = CountryList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_countries(State(app): State<App>, caller: Caller) -> Result<Json<CountryList>> {
    limit_searches(&app, &caller)?;
    let provider = app.carriers.get(SIMULATOR)?;
    let stocked = provider.shop()?.countries().await.map_err(unreachable)?;
    let countries = stocked
        .into_iter()
        .map(|stock| CountryOfNumbers {
            country: stock.country.to_string(),
            calling_code: stock.country.calling_code(),
            count: stock.count,
            kinds: stock.kinds.iter().map(|kind| kind.name().to_owned()).collect(),
            operators: stock.operators,
        })
        .collect();
    Ok(Json(CountryList { countries }))
}

/// Numbers that can be bought in a country
#[utoipa::path(get, path = "/api/numbers/available/{country}", tag = "numbers", params(("country" = String, Path, description = "Two letters (ISO 3166)"), NumberWish),
    responses((status = 200, body = OfferList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_available_numbers(
    State(app): State<App>,
    caller: Caller,
    Path(country): Path<String>,
    Query(wish): Query<NumberWish>,
) -> Result<Json<OfferList>> {
    limit_searches(&app, &caller)?;
    let country: Country = country
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Error::malformed("A country is two letters, such as US or DE."))?;
    if wish.dialling_code.is_some_and(|code| code != country.calling_code()) {
        return Ok(Json(OfferList { numbers: vec![], next_cursor: None }));
    }
    let carrier = wish.carrier.as_deref().unwrap_or(SIMULATOR);
    let provider = app.carriers.get(carrier)?;
    let search = Search {
        country,
        kinds: wish.kind.map(kinds).unwrap_or_default(),
        area_code: digits("area_code", wish.area_code)?,
        contains: digits("contains", wish.contains)?,
        operator: wish.operator,
        sms: wish.sms,
        mms: wish.mms,
        voice: wish.voice,
        sort: match wish.sort {
            NumberSort::Number | NumberSort::DiallingCode => SortBy::Number,
            NumberSort::AreaCode => SortBy::AreaCode,
            NumberSort::Operator => SortBy::Operator,
            NumberSort::Price => SortBy::Price,
        },
        cursor: wish.cursor,
        limit: wish.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE),
    };
    let page = provider.shop()?.search(search).await.map_err(unreachable)?;
    let numbers = page.offers.into_iter().map(|offer| offered(&app, carrier, offer)).collect::<Result<_>>()?;
    Ok(Json(OfferList { numbers, next_cursor: page.next_cursor }))
}

fn kinds(kind: NumberKind) -> Vec<Kind> {
    match kind {
        NumberKind::Local => vec![Kind::FixedLine, Kind::FixedLineOrMobile],
        NumberKind::Mobile => vec![Kind::Mobile, Kind::FixedLineOrMobile],
        NumberKind::TollFree => vec![Kind::TollFree],
    }
}

/// Spaces and signs that people put between digits are passed over.
fn digits(field: &'static str, text: Option<String>) -> Result<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let digits: String = text.chars().filter(|c| !" -().+".contains(*c)).collect();
    if digits.len() > 15 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(Error::malformed(format!("`{field}` is up to 15 digits.")));
    }
    Ok(Some(digits).filter(|digits| !digits.is_empty()))
}

/// Buy a number: its first month is paid once for each `Idempotency-Key`
#[utoipa::path(post, path = "/api/numbers/purchase", tag = "numbers", params(("Idempotency-Key" = String, Header)), request_body = NewPurchase,
    responses((status = 201, body = PhoneNumber), (status = 200, body = PhoneNumber, description = "it was bought by an earlier request with this key"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn purchase_number(
    State(app): State<App>,
    caller: Caller,
    key: IdempotencyKey,
    Json(wish): Json<NewPurchase>,
) -> Result<(StatusCode, Json<PhoneNumber>)> {
    let number = parse_number(&wish.number)?;
    let carrier = wish.carrier.as_deref().unwrap_or(SIMULATOR);
    let (bought, is_new) = actions::buy(&app, &caller, &key, number, carrier, wish.max_price_micros).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(bought)))
}

/// Enter a number that a carrier gave us, for somebody who owns it from now on; once for each `Idempotency-Key`
#[utoipa::path(post, path = "/api/admin/numbers", tag = "administration", params(("Idempotency-Key" = String, Header)), request_body = NewNumber,
    responses((status = 201, body = PhoneNumber), (status = 200, body = PhoneNumber, description = "it was entered by an earlier request with this key"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn enter_number(
    State(app): State<App>,
    Administrator(caller): Administrator,
    key: IdempotencyKey,
    Json(new): Json<NewNumber>,
) -> Result<(StatusCode, Json<PhoneNumber>)> {
    let app_ = app.clone();
    let (number, is_new) = app.act(async move { entering::enter(&app_, caller.user_id, &key, new).await }).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(number)))
}

/// Numbers that I own, and those that are shared with me
#[utoipa::path(get, path = "/api/numbers/owned", tag = "numbers",
    responses((status = 200, body = NumberList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_owned_numbers(State(app): State<App>, caller: Caller) -> Result<Json<NumberList>> {
    let numbers = access::list_usable(&mut app.db.read(), caller.user_id, app.clock.now()).await?;
    Ok(Json(NumberList { numbers }))
}

#[utoipa::path(get, path = "/api/numbers/{id}", tag = "numbers", params(("id" = NumberId, Path)),
    responses((status = 200, body = PhoneNumber), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_number(State(app): State<App>, caller: Caller, Path(id): Path<NumberId>) -> Result<Json<PhoneNumber>> {
    let viewer = access::to_view(&mut app.db.read(), caller.user_id, id).await?;
    Ok(Json(viewer.number.seen_as(viewer.role, app.clock.now())))
}

/// Name it, let it renew itself or not, cancel it for the end of what is paid
#[utoipa::path(patch, path = "/api/numbers/{id}", tag = "numbers", params(("id" = NumberId, Path)), request_body = UpdateNumber,
    responses((status = 200, body = PhoneNumber), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn update_number(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<NumberId>,
    Json(wanted): Json<UpdateNumber>,
) -> Result<Json<PhoneNumber>> {
    Ok(Json(actions::update(&app, &caller, id, wanted).await?))
}

/// Pay for one more month, once for each `Idempotency-Key`
#[utoipa::path(put, path = "/api/numbers/{id}/renew", tag = "numbers", params(("id" = NumberId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = PhoneNumber), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn renew_number(
    State(app): State<App>,
    caller: Caller,
    key: IdempotencyKey,
    Path(id): Path<NumberId>,
) -> Result<Json<PhoneNumber>> {
    Ok(Json(actions::renew(&app, &caller, &key, id).await?))
}

/// Give it back now: what is paid for is lost, its conversations can still be read
#[utoipa::path(delete, path = "/api/numbers/{id}", tag = "numbers", params(("id" = NumberId, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn release_number(State(app): State<App>, caller: Caller, Path(id): Path<NumberId>) -> Result<StatusCode> {
    actions::release(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Texts and cost of a number by day and direction
#[utoipa::path(get, path = "/api/numbers/{id}/usage", tag = "numbers", params(("id" = NumberId, Path), UsePeriod),
    responses((status = 200, body = NumberUse), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_number_usage(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<NumberId>,
    Query(period): Query<UsePeriod>,
) -> Result<Json<NumberUse>> {
    let to = period.to.unwrap_or_else(|| app.clock.now());
    let from = period.from.unwrap_or_else(|| to.minus(USE_IF_LEFT_OUT));
    if from > to || to.since(from) > MAX_USE {
        return Err(Error::malformed("Ask for up to 370 days: `from` comes before `to`."));
    }
    let mut db = app.db.snapshot().await?;
    let viewer = access::to_view(&mut db, caller.user_id, id).await?;
    let days = store::list_use(&mut db, id, from, to).await?;
    let rent_micros = match viewer.role {
        NumberRole::Owner => access::rent_micros(&viewer),
        NumberRole::Answer | NumberRole::Read => 0,
    };
    Ok(Json(NumberUse { days, rent_micros }))
}
