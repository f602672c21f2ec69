//! HTTP out of what was waited for.
//! It only parses and answers.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use convo_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    EXPORTS_A_MINUTE, Filter, MAX_EXPORT, MAX_PAGE, PAGE, csv,
    figures::{self, VerificationFigures},
};
use crate::{
    accounts::users::fold,
    app::App,
    caller::Caller,
    error::{Error, Problem, Result},
    http::{Json, Query},
    ids::VerificationId,
    sms::{
        services,
        verifications::{Verification, VerificationStatus},
    },
};

/// Figures are of so long, unless it is said.
const FIGURES_IF_LEFT_OUT: Duration = Duration::from_secs(30 * 86_400);
const MAX_FIGURES: Duration = Duration::from_secs(370 * 86_400);
const MAX_SEARCH_CHARS: usize = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VerificationFilter {
    /// The id of a service, or its name.
    service: Option<String>,
    #[param(inline)]
    status: Option<VerificationStatus>,
    /// Begun at this moment or after it.
    from: Option<Timestamp>,
    /// Begun before this moment.
    to: Option<Timestamp>,
    /// In the service's name, the number, or what came for it.
    q: Option<String>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<VerificationId>,
    /// 1 to 200; 50 if left out.
    limit: Option<i64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportFilter {
    /// `csv` or `json`.
    #[param(inline)]
    format: ExportFormat,
    /// The id of a service, or its name.
    service: Option<String>,
    #[param(inline)]
    status: Option<VerificationStatus>,
    /// Begun at this moment or after it.
    from: Option<Timestamp>,
    /// Begun before this moment.
    to: Option<Timestamp>,
    /// In the service's name, the number, or what came for it.
    q: Option<String>,
    /// Where the file before ended: its `next_cursor`, or the header `X-Next-Cursor`.
    #[param(value_type = Option<String>)]
    cursor: Option<VerificationId>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Csv,
    Json,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresPeriod {
    /// Begun at this moment or after it; 30 days before `to` if left out.
    from: Option<Timestamp>,
    /// Begun before this moment; now if left out.
    to: Option<Timestamp>,
    /// The id of a service, or its name.
    service: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct VerificationList {
    /// Newest first.
    verifications: Vec<Verification>,
    next_cursor: Option<VerificationId>,
}

fn service_id(typed: Option<String>) -> Result<Option<String>> {
    let typed = typed.filter(|typed| !typed.trim().is_empty());
    Ok(typed.map(|typed| services::parse(&typed)).transpose()?.map(|service| service.id))
}

fn words(typed: Option<String>) -> Result<String> {
    let words = fold(&typed.unwrap_or_default());
    if words.chars().count() > MAX_SEARCH_CHARS || words.contains('\0') {
        return Err(Error::malformed(format!("Search for up to {MAX_SEARCH_CHARS} characters.")));
    }
    Ok(words)
}

/// My verifications, newest first
#[utoipa::path(get, path = "/api/verifications", tag = "verifications", params(VerificationFilter),
    responses((status = 200, body = VerificationList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_verifications(
    State(app): State<App>,
    caller: Caller,
    Query(wish): Query<VerificationFilter>,
) -> Result<Json<VerificationList>> {
    let limit = wish.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let filter = Filter {
        service: service_id(wish.service)?,
        status: wish.status,
        from: wish.from,
        to: wish.to,
        words: words(wish.q)?,
        before: wish.cursor,
    };
    let (rows, next_cursor) = super::list(&mut app.db.read(), caller.user_id, &filter, limit).await?;
    Ok(Json(VerificationList { verifications: rows.iter().map(|row| row.seen()).collect(), next_cursor }))
}

/// My verifications as a file: up to 10,000, newest first; where it ended stands in `next_cursor`, or the header `X-Next-Cursor`
#[utoipa::path(get, path = "/api/verifications/export", tag = "verifications", params(ExportFilter),
    responses((status = 200, description = "the file", content((VerificationList = "application/json"), (String = "text/csv"))), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn export_verifications(
    State(app): State<App>,
    caller: Caller,
    Query(wish): Query<ExportFilter>,
) -> Result<Response> {
    app.limit_person("verification_exports", caller.user_id, EXPORTS_A_MINUTE, Duration::from_secs(60))?;
    let filter = Filter {
        service: service_id(wish.service)?,
        status: wish.status,
        from: wish.from,
        to: wish.to,
        words: words(wish.q)?,
        before: wish.cursor,
    };
    let (rows, next_cursor) = super::list(&mut app.db.read(), caller.user_id, &filter, MAX_EXPORT).await?;
    let verifications: Vec<_> = rows.iter().map(|row| row.seen()).collect();
    let (mut response, name) = match wish.format {
        ExportFormat::Json => (
            Json(VerificationList { verifications, next_cursor }).into_response(),
            "attachment; filename=\"verifications.json\"",
        ),
        ExportFormat::Csv => {
            let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
            ((kind, csv::write(&verifications)).into_response(), "attachment; filename=\"verifications.csv\"")
        }
    };
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    if let Some(cursor) = next_cursor {
        let cursor = HeaderValue::try_from(cursor.to_string()).map_err(Error::internal)?;
        response.headers_mut().insert("x-next-cursor", cursor);
    }
    Ok(response)
}

/// How often codes came, and how fast: in all, by service, country and day
#[utoipa::path(get, path = "/api/verifications/stats", tag = "verifications", params(FiguresPeriod),
    responses((status = 200, body = VerificationFigures), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_verification_figures(
    State(app): State<App>,
    caller: Caller,
    Query(period): Query<FiguresPeriod>,
) -> Result<Json<VerificationFigures>> {
    // A moment more, so that what was begun just now counts.
    let to = period.to.unwrap_or_else(|| app.clock.now().plus(Duration::from_micros(1)));
    let from = period.from.unwrap_or_else(|| to.minus(FIGURES_IF_LEFT_OUT));
    if from > to || to.since(from) > MAX_FIGURES {
        return Err(Error::malformed("Ask for up to 370 days: `from` comes before `to`."));
    }
    let service = service_id(period.service)?;
    let figures = figures::of(&mut app.db.read(), caller.user_id, from, to, service.as_deref()).await?;
    Ok(Json(figures))
}
