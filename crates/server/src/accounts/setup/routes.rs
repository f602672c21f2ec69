//! HTTP in and out of set-up.
//! It only parses and answers.

use axum::{extract::State, http::StatusCode};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;

use super::actions;
use crate::{
    accounts::{
        registration::Wish,
        sessions::{
            Session,
            routes::{Answer, hand_over},
        },
    },
    app::App,
    client::Client,
    error::{Problem, Result},
    http::Json,
};

const ATTEMPTS_A_MINUTE: u32 = 20;

#[derive(Deserialize, ToSchema)]
pub struct Setup {
    /// What stands after `#` in the link that the server printed.
    token: String,
    username: String,
    email: String,
    password: String,
    full_name: Option<String>,
    language: Option<String>,
    #[serde(default)]
    cookie: bool,
}

/// Become the first administrator
#[utoipa::path(post, path = "/api/setup", tag = "sign-in", security(()), request_body = Setup, responses((status = 201, body = Session), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn set_up(
    State(app): State<App>,
    client: Client,
    jar: CookieJar,
    Json(body): Json<Setup>,
) -> Result<(StatusCode, Answer)> {
    app.limit_client("setup", &client, ATTEMPTS_A_MINUTE, Duration::from_secs(60))?;
    let wish = Wish::check(&body.username, &body.email, body.full_name.as_deref(), body.language.as_deref())?;
    let session = app
        .act({
            let app = app.clone();
            async move { actions::set_up(&app, &body.token, wish, body.password, &client).await }
        })
        .await?;
    Ok((StatusCode::CREATED, hand_over(&app, jar, session, body.cookie)))
}
