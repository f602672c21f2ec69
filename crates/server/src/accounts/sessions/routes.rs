//! HTTP in and out of sessions: tokens in the body, or the refresh token in a cookie that no script can read.
//! It only parses and answers.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

use super::{LIFETIME, Session, SessionInfo, access, actions, ended};
use crate::{
    app::App,
    caller::Caller,
    client::Client,
    error::{Error, Problem, Result},
    http::{Json, Path},
    ids::SessionId,
};

const LOGINS_A_MINUTE: u32 = 60;
const REFRESHES_A_MINUTE: u32 = 120;
/// What any answer to signing in is made of: cookies, perhaps, and the session.
pub type Answer = (CookieJar, Json<Session>);

#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    /// User name or email address.
    login: String,
    password: String,
    /// Put the refresh token into an HttpOnly cookie instead of the body.
    #[serde(default)]
    cookie: bool,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Refresh {
    /// Left out when it is in the cookie.
    refresh_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SessionList {
    sessions: Vec<SessionInfo>,
}

/// Sign in
#[utoipa::path(post, path = "/api/auth/login", tag = "sign-in", security(()), request_body = Credentials, responses((status = 200, body = Session), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn login(
    State(app): State<App>,
    client: Client,
    jar: CookieJar,
    Json(body): Json<Credentials>,
) -> Result<Answer> {
    app.limit_client("login", &client, LOGINS_A_MINUTE, Duration::from_secs(60))?;
    let cookie = body.cookie;
    let session = app
        .act({
            let app = app.clone();
            async move { actions::login(&app, &body.login, body.password, &client).await }
        })
        .await?;
    Ok(hand_over(&app, jar, session, cookie))
}

/// A new access token for a refresh token, which is used up
#[utoipa::path(post, path = "/api/auth/refresh", tag = "sign-in", security(()), request_body(content = Option<Refresh>), responses((status = 200, body = Session), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn refresh(
    State(app): State<App>,
    client: Client,
    jar: CookieJar,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer> {
    app.limit_client("refresh", &client, REFRESHES_A_MINUTE, Duration::from_secs(60))?;
    let from_body = refresh_token_in(&body)?;
    let cookie = from_body.is_none();
    if cookie {
        check_origin(&app, &headers)?;
    }
    let token =
        from_body.or_else(|| jar.get(cookie_name(&app)).map(|cookie| cookie.value().to_owned())).ok_or_else(ended)?;
    let session = app
        .act({
            let app = app.clone();
            async move { actions::refresh(&app, &token).await }
        })
        .await?;
    Ok(hand_over(&app, jar, session, cookie))
}

/// End this session
#[utoipa::path(post, path = "/api/auth/logout", tag = "sign-in", responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn logout(State(app): State<App>, caller: Caller, jar: CookieJar) -> Result<(CookieJar, StatusCode)> {
    app.act({
        let app = app.clone();
        async move { actions::logout(&app, &caller).await }
    })
    .await?;
    Ok((jar.remove(cookie_of(&app, "")), StatusCode::NO_CONTENT))
}

/// Where I am signed in
#[utoipa::path(get, path = "/api/user/sessions", tag = "people", responses((status = 200, body = SessionList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn list_sessions(State(app): State<App>, caller: Caller) -> Result<Json<SessionList>> {
    Ok(Json(SessionList { sessions: access::list_own(&app, &caller).await? }))
}

/// End one of my sessions
#[utoipa::path(delete, path = "/api/user/sessions/{id}", tag = "people", params(("id" = SessionId, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_session(State(app): State<App>, caller: Caller, Path(id): Path<SessionId>) -> Result<StatusCode> {
    app.act({
        let app = app.clone();
        async move { actions::end_session(&app, &caller, id).await }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all my sessions but this one
#[utoipa::path(delete, path = "/api/user/sessions", tag = "people", responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_other_sessions(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    app.act({
        let app = app.clone();
        async move { actions::end_other_sessions(&app, &caller).await }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts the refresh token where the client asked for it.
pub fn hand_over(app: &App, jar: CookieJar, mut session: Session, cookie: bool) -> Answer {
    match session.refresh_token.take_if(|_| cookie) {
        Some(token) => (jar.add(cookie_of(app, &token)), Json(session)),
        None => (jar, Json(session)),
    }
}

/// With TLS, browsers take a cookie of such a name from this very host only (`__Host-`, RFC 6265bis, section 4.1.3.2),
/// so that no neighbor below the same domain can put theirs in its place.
fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-convo_refresh" } else { "convo_refresh" }
}

/// The client forgets it when the session would have run out. Also for taking it away: without `Secure` and the path `/`, which
/// `__Host-` demands, a browser ignores even that.
fn cookie_of(app: &App, token: &str) -> Cookie<'static> {
    let (name, lifetime) = (cookie_name(app), LIFETIME.as_secs());
    let scope = if app.config.is_https() { "Path=/; Secure" } else { "Path=/api/auth" };
    Cookie::parse(format!("{name}={token}; {scope}; HttpOnly; SameSite=Strict; Max-Age={lifetime}"))
        .expect("tokens and our own words have no `;` and no `=`")
}

fn refresh_token_in(body: &Bytes) -> Result<Option<String>> {
    if body.is_empty() {
        return Ok(None);
    }
    let body: Refresh = serde_json::from_slice(body).map_err(|e| Error::malformed(e.to_string()))?;
    Ok(body.refresh_token)
}

/// A cookie comes along with whatever page sends the request, and other ports of one host count as the same site: only our own pages may.
fn check_origin(app: &App, headers: &HeaderMap) -> Result<()> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        Some(origin) if app.config.allows_origin(origin, text(header::HOST).unwrap_or_default()) => Ok(()),
        _ => Err(Error::forbidden(
            "wrong_origin",
            "A session in a cookie is refreshed only from this server's own pages.",
        )),
    }
}
