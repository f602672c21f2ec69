//! HTTP out of what is seen at a glance.
//! It only answers.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Activity, Dashboard, MAX_PAGE, PAGE, Place, SystemHealth, access};
use crate::{
    app::App,
    caller::{Administrator, Caller},
    error::{Problem, Result},
    http::{Json, Query, cursor},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActivityPlace {
    cursor: Option<String>,
    /// 1 to 100; 30 if left out.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct ActivityList {
    /// Newest first.
    activity: Vec<Activity>,
    next_cursor: Option<String>,
}

/// My account at a glance: texts and costs of 30 days, numbers, wallets, what needs me
#[utoipa::path(get, path = "/api/user/dashboard", tag = "overview", responses((status = 200, body = Dashboard), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_dashboard(State(app): State<App>, caller: Caller) -> Result<Json<Dashboard>> {
    Ok(Json(access::dashboard(&app, caller.user_id).await?))
}

/// What happened in my account, newest first.
///
/// Money: top-ups, what administrators gave and took, numbers bought and renewed, whatever else was paid for (texts are
/// not told one by one). Sign-ins, as long as their session is known. Numbers that are shared with me. Phones that
/// replied STOP to a number of mine. Texts that failed, one line for each of the last 30 days.
#[utoipa::path(get, path = "/api/user/activity", tag = "overview", params(ActivityPlace), responses((status = 200, body = ActivityList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_activity(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ActivityPlace>,
) -> Result<Json<ActivityList>> {
    let before: Option<Place> = wanted.cursor.as_deref().map(cursor::decode).transpose()?;
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let activity = access::activity(&app, caller.user_id, before.unwrap_or_else(Place::end), limit).await?;
    let next_cursor = activity.last().filter(|_| activity.len() == limit).map(|last| cursor::encode(&last.place));
    Ok(Json(ActivityList { activity, next_cursor }))
}

/// How this server does: its process, the database, carriers, queues
#[utoipa::path(get, path = "/api/admin/health", tag = "administration", responses((status = 200, body = SystemHealth), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_system_health(State(app): State<App>, _: Administrator) -> Result<Json<SystemHealth>> {
    Ok(Json(access::health(&app).await?))
}
