//! HTTP in and out of profiles and the directory of people.
//! It only parses and answers.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

use super::{Me, User, access, actions, actions::ProfileChange};
use crate::{
    accounts::pictures::Upload,
    app::App,
    caller::Caller,
    error::{Problem, Result},
    http::{Json, Path, Query},
    ids::UserId,
};

const SEARCHES_A_MINUTE: u32 = 120;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserSearch {
    /// The beginning of a user name or of a word of a full name; or a whole email address or phone number.
    #[serde(default)]
    search: String,
    /// 1 to 50; 20 if left out.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct UserList {
    users: Vec<User>,
}

/// My profile
#[utoipa::path(get, path = "/api/users/me", tag = "people", responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_me(State(app): State<App>, caller: Caller) -> Result<Json<Me>> {
    Ok(Json(access::get_me(&mut app.db.read(), caller.user_id).await?))
}

/// My profile (the same as `/api/users/me`)
#[utoipa::path(get, path = "/api/user/profile", tag = "people", responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_profile(State(app): State<App>, caller: Caller) -> Result<Json<Me>> {
    Ok(Json(access::get_me(&mut app.db.read(), caller.user_id).await?))
}

/// Change my profile
#[utoipa::path(put, path = "/api/users/me", tag = "people", request_body = ProfileChange, responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn update_me(State(app): State<App>, caller: Caller, Json(change): Json<ProfileChange>) -> Result<Json<Me>> {
    Ok(Json(
        app.act({
            let app = app.clone();
            async move { actions::update_profile(&app, &caller, change).await }
        })
        .await?,
    ))
}

/// Change my profile (the same as `/api/users/me`)
#[utoipa::path(put, path = "/api/user/profile", tag = "people", request_body = ProfileChange, responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn update_profile(
    State(app): State<App>,
    caller: Caller,
    Json(change): Json<ProfileChange>,
) -> Result<Json<Me>> {
    Ok(Json(
        app.act({
            let app = app.clone();
            async move { actions::update_profile(&app, &caller, change).await }
        })
        .await?,
    ))
}

/// Set my picture
#[utoipa::path(put, path = "/api/user/avatar", tag = "people", request_body(content = Vec<u8>, content_type = "image/*", description = "PNG, JPEG or WebP up to 5 MiB"),
    responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn set_avatar(State(app): State<App>, caller: Caller, Upload(bytes): Upload) -> Result<Json<Me>> {
    Ok(Json(
        app.act({
            let app = app.clone();
            async move { actions::set_avatar(&app, &caller, bytes).await }
        })
        .await?,
    ))
}

/// Take my picture away
#[utoipa::path(delete, path = "/api/user/avatar", tag = "people", responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn remove_avatar(State(app): State<App>, caller: Caller) -> Result<Json<Me>> {
    Ok(Json(
        app.act({
            let app = app.clone();
            async move { actions::remove_avatar(&app, &caller).await }
        })
        .await?,
    ))
}

/// Find people
#[utoipa::path(get, path = "/api/users", tag = "people", params(UserSearch), responses((status = 200, body = UserList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn search_users(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<UserSearch>,
) -> Result<Json<UserList>> {
    app.limit_person("user_search", caller.user_id, SEARCHES_A_MINUTE, Duration::from_secs(60))?;
    let users = access::search(&mut app.db.read(), &wanted.search, wanted.limit.unwrap_or(20)).await?;
    Ok(Json(UserList { users }))
}

/// A person, as everybody sees them
#[utoipa::path(get, path = "/api/users/{id}", tag = "people", params(("id" = UserId, Path)), responses((status = 200, body = User), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_user(State(app): State<App>, _: Caller, Path(id): Path<UserId>) -> Result<Json<User>> {
    Ok(Json(access::get_public(&mut app.db.read(), id).await?))
}
