//! HTTP in and out of administration.
//! It only parses and answers; `Administrator` keeps everybody else out.

use axum::{extract::State, http::StatusCode};
use convo_db::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AdminUser, PAGE_LIMIT, access, actions};
use crate::{
    accounts::mail::{self, Mail},
    app::App,
    caller::{Administrator, Role},
    error::{Problem, Result},
    http::{Json, Path, Query},
    ids::{MailId, UserId},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AdminUserSearch {
    /// The beginning of a user name or of a word of a full name, or a whole email address.
    #[serde(default)]
    search: String,
    cursor: Option<String>,
    /// 1 to 100; 50 if left out.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct AdminUserList {
    users: Vec<AdminUser>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct RoleChange {
    role: Role,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MailPage {
    #[param(value_type = Option<String>)]
    cursor: Option<MailId>,
    /// 1 to 100; 50 if left out.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct MailList {
    /// False once SMTP is set up: mail is then sent and not kept.
    enabled: bool,
    mails: Vec<Mail>,
    next_cursor: Option<MailId>,
}

/// Accounts, by user name
#[utoipa::path(get, path = "/api/admin/users", tag = "administration", params(AdminUserSearch), responses((status = 200, body = AdminUserList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_accounts(
    State(app): State<App>,
    _: Administrator,
    Query(wanted): Query<AdminUserSearch>,
) -> Result<Json<AdminUserList>> {
    let (users, next_cursor) =
        access::list(&mut app.db.read(), &wanted.search, wanted.cursor.as_deref(), wanted.limit).await?;
    Ok(Json(AdminUserList { users, next_cursor }))
}

/// Make somebody administrator, or not
#[utoipa::path(put, path = "/api/admin/users/{id}/role", tag = "administration", params(("id" = UserId, Path)), request_body = RoleChange, responses((status = 200, body = AdminUser), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn set_role(
    State(app): State<App>,
    _: Administrator,
    Path(id): Path<UserId>,
    Json(change): Json<RoleChange>,
) -> Result<Json<AdminUser>> {
    act(app, move |app| async move { actions::set_role(&app, id, change.role).await }).await
}

/// Suspend an account: all its sessions end
#[utoipa::path(post, path = "/api/admin/users/{id}/suspend", tag = "administration", params(("id" = UserId, Path)), responses((status = 200, body = AdminUser), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn suspend_account(
    State(app): State<App>,
    _: Administrator,
    Path(id): Path<UserId>,
) -> Result<Json<AdminUser>> {
    act(app, move |app| async move { actions::suspend(&app, id).await }).await
}

/// Let a suspended account in again
#[utoipa::path(post, path = "/api/admin/users/{id}/restore", tag = "administration", params(("id" = UserId, Path)), responses((status = 200, body = AdminUser), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn restore_account(
    State(app): State<App>,
    _: Administrator,
    Path(id): Path<UserId>,
) -> Result<Json<AdminUser>> {
    act(app, move |app| async move { actions::restore(&app, id).await }).await
}

/// What is done with an account ends with how the account then is.
async fn act<Done>(app: App, action: impl FnOnce(App) -> Done) -> Result<Json<AdminUser>>
where
    Done: Future<Output = Result<AdminUser>> + Send + 'static,
{
    Ok(Json(app.act(action(app.clone())).await?))
}

#[derive(Serialize, ToSchema)]
pub struct FailedJobs {
    /// Up to 200: first the newest that gave up, then those that are tried again soonest.
    jobs: Vec<FailedJob>,
}

/// Work whose last attempt failed: it is tried again at `retry_at`, or was given up at `parked_at`.
#[derive(Serialize, ToSchema)]
pub struct FailedJob {
    id: Uuid,
    queue: String,
    attempts: i64,
    last_error: Option<String>,
    retry_at: Option<Timestamp>,
    parked_at: Option<Timestamp>,
}

/// Background work that failed, such as mail that no server took
#[utoipa::path(get, path = "/api/admin/jobs", tag = "administration", responses((status = 200, body = FailedJobs), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_failed_jobs(State(app): State<App>, _: Administrator) -> Result<Json<FailedJobs>> {
    let failed = convo_jobs::list_failed(&mut app.db.read()).await?;
    let told = failed.into_iter().map(|job| FailedJob {
        id: job.id,
        queue: job.queue,
        attempts: job.attempts,
        last_error: job.last_error,
        retry_at: job.retry_at,
        parked_at: job.parked_at,
    });
    Ok(Json(FailedJobs { jobs: told.collect() }))
}

/// Try a parked job again, from its first attempt
#[utoipa::path(post, path = "/api/admin/jobs/{id}/retry", tag = "administration", params(("id" = Uuid, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn retry_parked_job(State(app): State<App>, _: Administrator, Path(id): Path<Uuid>) -> Result<StatusCode> {
    let app_ = app.clone();
    app.act(async move { actions::retry_job(&app_, id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The local outbox: mails that no SMTP server took
#[utoipa::path(get, path = "/api/admin/mails", tag = "administration", params(MailPage), responses((status = 200, body = MailList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_mails(
    State(app): State<App>,
    _: Administrator,
    Query(page): Query<MailPage>,
) -> Result<Json<MailList>> {
    if app.mailer.reaches_people() {
        return Ok(Json(MailList { enabled: false, mails: vec![], next_cursor: None }));
    }
    let limit = page.limit.unwrap_or(PAGE_LIMIT / 2).clamp(1, PAGE_LIMIT);
    let mails = mail::access::list(&mut app.db.read(), page.cursor, limit).await?;
    let is_full = i64::try_from(mails.len()).is_ok_and(|found| found == limit);
    let next_cursor = mails.last().filter(|_| is_full).map(|mail| mail.id);
    Ok(Json(MailList { enabled: true, mails, next_cursor }))
}
