//! HTTP in and out of passwords.
//! It only parses and answers.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

use super::{actions, judge};
use crate::{
    accounts::registration::routes::{MailAddress, limit_mails},
    app::App,
    caller::Caller,
    client::Client,
    error::{Problem, Result},
    http::Json,
};

const CHECKS_A_MINUTE: u32 = 60;
const RESETS_AN_HOUR: u32 = 30;
const CHANGES_AN_HOUR: u32 = 10;
const HOUR: Duration = Duration::from_secs(3600);

#[derive(Deserialize, ToSchema)]
pub struct PasswordQuestion {
    password: String,
    username: Option<String>,
    email: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct PasswordAnswer {
    /// 0 is the worst, 4 the best.
    score: u8,
    acceptable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct PasswordReset {
    token: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
pub struct PasswordChange {
    current_password: String,
    new_password: String,
}

/// Whether a password would do
#[utoipa::path(post, path = "/api/auth/check-password", tag = "sign-in", security(()), request_body = PasswordQuestion, responses((status = 200, body = PasswordAnswer), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn check_password(
    State(app): State<App>,
    client: Client,
    Json(question): Json<PasswordQuestion>,
) -> Result<Json<PasswordAnswer>> {
    app.limit_client("check_password", &client, CHECKS_A_MINUTE, Duration::from_secs(60))?;
    let known: Vec<String> = question.username.into_iter().chain(question.email).collect();
    let judgement = judge(&app, &question.password, &known).await?;
    let code = judgement.problem.map(|problem| problem.code.into_owned());
    Ok(Json(PasswordAnswer { score: judgement.score, acceptable: code.is_none(), code, warning: judgement.warning }))
}

/// Have a link sent that sets a new password
#[utoipa::path(post, path = "/api/auth/forgot-password", tag = "sign-in", security(()), request_body = MailAddress, responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn forgot_password(
    State(app): State<App>,
    client: Client,
    Json(body): Json<MailAddress>,
) -> Result<StatusCode> {
    limit_mails(&app, &client, &body.email)?;
    let work = app.clone();
    app.beside(
        "A mail for a new password was not sent",
        async move { actions::forgot_password(&work, &body.email).await },
    );
    Ok(StatusCode::ACCEPTED)
}

/// Set a new password with the secret of the link
#[utoipa::path(post, path = "/api/auth/reset-password", tag = "sign-in", security(()), request_body = PasswordReset, responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn reset_password(
    State(app): State<App>,
    client: Client,
    Json(body): Json<PasswordReset>,
) -> Result<StatusCode> {
    app.limit_client("reset_password", &client, RESETS_AN_HOUR, HOUR)?;
    app.act({
        let app = app.clone();
        async move { actions::reset_password(&app, &body.token, body.password).await }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change my password; my other sessions end
#[utoipa::path(post, path = "/api/user/change-password", tag = "people", request_body = PasswordChange, responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn change_password(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode> {
    app.limit_person("change_password", caller.user_id, CHANGES_AN_HOUR, HOUR)?;
    app.act({
        let app = app.clone();
        async move { actions::change_password(&app, &caller, body.current_password, body.new_password).await }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
