//! What every request goes through: ids, logs, limits, security headers, problems with a request id.
//! It knows no feature.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::{
        FromRequest, FromRequestParts, Request, State,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
};
use tracing::{Instrument, error, info, info_span};

use crate::{app::App, error::Error};

/// Of any request but uploads, which say their own.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
pub const MAX_UPLOAD_BYTES: usize = 5 * 1024 * 1024;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// For a year (RFC 6797). Of this host alone: what else its domain serves is not ours to decide.
const ONLY_TLS: &str = "max-age=31536000";
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// JSON in, with our problems instead of the library's plain text.
#[derive(Debug, Clone, Copy, Default, FromRequest)]
#[from_request(via(axum::Json), rejection(Error))]
pub struct Json<T>(pub T);

impl<T: serde::Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Error))]
pub struct Query<T>(pub T);

#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Error))]
pub struct Path<T>(pub T);

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("The request is too large."),
            _ => Self::malformed(rejection.body_text()),
        }
    }
}

impl From<QueryRejection> for Error {
    fn from(rejection: QueryRejection) -> Self {
        Self::malformed(rejection.body_text())
    }
}

/// An address with an id that cannot be is an address with nothing behind it.
impl From<PathRejection> for Error {
    fn from(_: PathRejection) -> Self {
        Self::from_status(StatusCode::NOT_FOUND)
    }
}

pub fn wrap(router: Router<App>, app: &App) -> Router {
    router
        .layer(
            ServiceBuilder::new()
                // Ours, whatever the client sent: it stands in our logs.
                .map_request(|mut request: Request| {
                    request.headers_mut().remove(&REQUEST_ID);
                    request
                })
                .layer(SetRequestIdLayer::new(REQUEST_ID.clone(), MakeRequestUuid))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID.clone()))
                .layer(from_fn_with_state(app.clone(), secure))
                .layer(from_fn_with_state(app.clone(), finish))
                .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
                    Error::from_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
                }))
                .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
                .layer(RequestBodyLimitLayer::new(MAX_UPLOAD_BYTES)),
        )
        .with_state(app.clone())
}

/// One log line a request, and the body of every problem.
async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    // The path only: a query may hold what somebody searched for.
    let span = info_span!("request", id, method = %request.method(), path = request.uri().path());
    if let Err(refused) = app.check_host(&request) {
        return problem(&refused, &id);
    }
    let started = app.clock.now();
    async move {
        let response = next.run(request).await;
        let status = response.status();
        let response = match response.extensions().get::<Error>() {
            Some(error) => {
                if let Some(cause) = error.cause() {
                    error!(error = format!("{cause:#}"), "Request failed");
                }
                problem(error, &id)
            }
            None if (status.is_client_error() || status.is_server_error())
                && response
                    .headers()
                    .get(header::CONTENT_TYPE)
                    .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain")) =>
            {
                problem(&Error::from_status(status), &id)
            }
            None => response,
        };
        info!(status = status.as_u16(), took_ms = app.clock.now().since(started).as_millis(), "Request");
        response
    }
    .instrument(span)
    .await
}

fn problem(error: &Error, request_id: &str) -> Response {
    let mut body = error.problem();
    body.request_id = Some(request_id.to_owned());
    let json = serde_json::to_vec(&body).expect("a problem is plain data");
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = error.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(secs) = error.retry_after_secs {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    if error.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// For every answer; pages and pictures add a content security policy of their own.
async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if app.config.is_https() {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(ONLY_TLS));
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

/// Opaque places in lists.
pub mod cursor {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde::{Serialize, de::DeserializeOwned};

    use crate::error::{Error, Result};

    pub fn encode(place: &impl Serialize) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).expect("a cursor is plain data"))
    }

    pub fn decode<T: DeserializeOwned>(cursor: &str) -> Result<T> {
        let wrong = || Error::malformed("That cursor is not one of ours. Begin the list again without it.");
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?).map_err(|_| wrong())
    }
}
