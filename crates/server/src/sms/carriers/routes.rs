//! HTTP in and out of the administration of carriers.
//! It only parses and answers; `Administrator` keeps everybody else out.

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    actions::{self, AdminCarrier},
    settings::CarrierSettings,
};
use crate::{
    app::App,
    caller::Administrator,
    error::{Problem, Result},
    http::{Json, Path},
};

#[derive(Serialize, ToSchema)]
pub struct CarrierList {
    /// By name.
    carriers: Vec<AdminCarrier>,
}

/// Carriers, with how their links are and what waits for them
#[utoipa::path(get, path = "/api/admin/carriers", tag = "administration",
    responses((status = 200, body = CarrierList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_carriers(State(app): State<App>, _: Administrator) -> Result<Json<CarrierList>> {
    Ok(Json(CarrierList { carriers: actions::list(&app).await? }))
}

/// Enter a carrier, or change it: its link is opened anew. A password that is left out stays as it is
#[utoipa::path(put, path = "/api/admin/carriers/{name}", tag = "administration", params(("name" = String, Path, description = "1 to 30 small letters, digits and hyphens; never changes")), request_body = CarrierSettings,
    responses((status = 200, body = AdminCarrier), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn save_carrier(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Json(wanted): Json<CarrierSettings>,
) -> Result<Json<AdminCarrier>> {
    let app_ = app.clone();
    Ok(Json(app.act(async move { actions::save(&app_, caller.user_id, &name, wanted).await }).await?))
}

/// Take a carrier away that no number uses any more
#[utoipa::path(delete, path = "/api/admin/carriers/{name}", tag = "administration", params(("name" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn delete_carrier(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode> {
    let app_ = app.clone();
    app.act(async move { actions::delete(&app_, caller.user_id, &name).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
