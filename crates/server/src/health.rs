//! Whether this server works, for load balancers and people.
//! It tells nothing that a stranger may not know.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::users,
    app::App,
    error::{Error, Problem, Result},
    http::Json,
};

/// A database that answers later than this is not there for users either.
const MAX_WAIT: Duration = Duration::from_secs(3);

#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`
    status: &'static str,
    version: &'static str,
    database: &'static str,
    /// Whether other nodes can be reached.
    bus: bool,
}

/// Whether it works, in words
#[utoipa::path(get, path = "/health", tag = "operation", security(()), responses((status = 200, body = Health), (status = 503, body = Problem, content_type = "application/problem+json")))]
pub async fn get_health(State(app): State<App>) -> Result<Json<Health>> {
    check_ready(&app).await?;
    let database = if app.db.is_postgres() { "postgresql" } else { "sqlite" };
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), database, bus: app.bus.is_connected() }))
}

/// Whether the process answers
#[utoipa::path(get, path = "/health/live", tag = "operation", security(()), responses((status = 204)))]
pub async fn get_liveness() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Whether requests may be sent here: not while the database is silent or the server shuts down
#[utoipa::path(get, path = "/health/ready", tag = "operation", security(()), responses((status = 204), (status = 503, body = Problem, content_type = "application/problem+json")))]
pub async fn get_readiness(State(app): State<App>) -> Result<StatusCode> {
    check_ready(&app).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn check_ready(app: &App) -> Result<()> {
    if app.stopping.is_cancelled() {
        return Err(Error::unavailable("The server shuts down."));
    }
    let mut db = app.db.read();
    let answer = tokio::time::timeout(MAX_WAIT, users::access::has_administrator(&mut db)).await;
    match answer {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Error::unavailable("The database does not answer.")),
    }
}
