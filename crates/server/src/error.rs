//! What can go wrong, as clients hear it: `application/problem+json` (RFC 9457) with a stable code.
//! What happened inside is logged once, at the edge, and never shown.

use std::{borrow::Cow, sync::Arc};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::billing::ledger::Mode;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Cheap to clone, because one failed batch answers many.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Error {
    pub status: StatusCode,
    pub code: Cow<'static, str>,
    pub detail: Cow<'static, str>,
    pub field: Option<&'static str>,
    pub retry_after_secs: Option<u64>,
    pub missing_money: Option<MissingMoney>,
    cause: Option<Arc<anyhow::Error>>,
}

/// What a wallet needs before it can pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingMoney {
    pub mode: Mode,
    pub micros: i64,
}

/// The body of every error.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    pub r#type: String,
    pub title: String,
    pub status: u16,
    /// Stable; programs decide by it.
    pub code: String,
    /// For people: what happened and what to do.
    pub detail: String,
    /// The input at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// With `not_enough_money`: how much more the wallet needs, in millionths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_micros: Option<i64>,
    /// With `not_enough_money`: which wallet would have paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Error {
    fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            field: None,
            retry_after_secs: None,
            missing_money: None,
            cause: None,
        }
    }

    /// `not_found("conversation")`: it does not exist, or the caller may not see it.
    pub fn not_found(thing: &'static str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!("{thing}_not_found"),
            format!("There is no such {thing}, or you may not see it."),
        )
    }

    /// Another part of the installation refused it, with a code and words of its own.
    pub fn refused(code: String, detail: String) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// The caller sees it, but may not do this.
    pub fn forbidden(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    pub fn unauthorized(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
    }

    pub fn invalid(field: &'static str, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) }
    }

    /// The request itself cannot be read.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", detail)
    }

    /// Something that the request must carry is missing.
    pub fn bad_request(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    pub fn conflict(code: &'static str, detail: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// The wallet has too little (RFC 9110, section 15.5.3, which leaves the use of 402 open).
    pub fn payment_required(missing: MissingMoney, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { missing_money: Some(missing), ..Self::new(StatusCode::PAYMENT_REQUIRED, "not_enough_money", detail) }
    }

    pub fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    pub fn rate_limited(code: &'static str, detail: &'static str, retry_after_secs: u64) -> Self {
        Self { retry_after_secs: Some(retry_after_secs), ..Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail) }
    }

    pub fn unavailable(detail: &'static str) -> Self {
        Self { retry_after_secs: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail) }
    }

    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self {
            cause: Some(Arc::new(cause.into())),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something failed on our side. Try again; if it stays, tell your administrator the request id.",
            )
        }
    }

    /// For answers made by libraries: a status alone.
    pub fn from_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not_found", "There is nothing at this address. The API is described at /docs/."),
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "This address does not take that method."),
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The request is too large."),
            StatusCode::REQUEST_TIMEOUT => ("timeout", "The request took too long. Try again."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "Send application/json."),
            StatusCode::INTERNAL_SERVER_ERROR => ("internal", "Something failed on our side. Try again."),
            _ => ("refused", "The request was refused."),
        };
        Self::new(status, code, detail)
    }

    pub fn problem(&self) -> Problem {
        Problem {
            r#type: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_string(),
            detail: self.detail.to_string(),
            field: self.field.map(str::to_owned),
            missing_micros: self.missing_money.map(|missing| missing.micros),
            mode: self.missing_money.map(|missing| missing.mode),
            request_id: None,
        }
    }

    /// What happened inside, for the log.
    pub fn cause(&self) -> Option<&anyhow::Error> {
        self.cause.as_deref()
    }
}

impl From<convo_db::Error> for Error {
    fn from(error: convo_db::Error) -> Self {
        match error {
            convo_db::Error::PoolTimedOut | convo_db::Error::PoolClosed => {
                Self::unavailable("The database is busy. Try again in a moment.")
            }
            convo_db::Error::Io(_) => Self {
                cause: Some(Arc::new(error.into())),
                ..Self::unavailable("The database cannot be reached. Try again in a moment.")
            },
            error => Self::internal(error),
        }
    }
}

/// The body is written by `http::finish`, which knows the request id.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
