//! HTTP in and out of registration, and what a client must know before anybody signed in.
//! It only parses and answers.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

use super::{
    Wish,
    actions::{self, Registered},
    verification,
};
use crate::{
    accounts::{
        sessions::{
            Session,
            routes::{Answer, hand_over},
        },
        users,
    },
    app::App,
    client::Client,
    config::RegistrationMode,
    error::{Problem, Result},
    http::Json,
};

const HOUR: Duration = Duration::from_secs(3600);
const REGISTRATIONS_AN_HOUR: u32 = 30;
const MAILS_PER_ADDRESS_AN_HOUR: u32 = 5;
const MAIL_REQUESTS_AN_HOUR: u32 = 30;
const VERIFICATIONS_AN_HOUR: u32 = 60;
const NAME_CHECKS_A_MINUTE: u32 = 60;

#[derive(Serialize, ToSchema)]
pub struct AuthOptions {
    registration: RegistrationMode,
    /// Of addresses that may register, with `domain`.
    domains: Vec<String>,
    /// Whether mail reaches people.
    mail: bool,
    /// There is no administrator yet.
    setup_required: bool,
    languages: Vec<&'static str>,
}

#[derive(Deserialize, ToSchema)]
pub struct Registration {
    email: String,
    username: String,
    password: String,
    full_name: Option<String>,
    language: Option<String>,
    /// The secret of an invitation.
    invitation: Option<String>,
    #[serde(default)]
    cookie: bool,
}

#[derive(Serialize, ToSchema)]
pub struct CheckMail {
    /// `check_mail`
    status: &'static str,
}

#[derive(Deserialize, ToSchema)]
pub struct UsernameQuestion {
    username: String,
}

#[derive(Serialize, ToSchema)]
pub struct UsernameAnswer {
    available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct Verification {
    /// What stands after `#` in the link.
    token: String,
    /// The one that was chosen with this registration.
    password: String,
    #[serde(default)]
    cookie: bool,
}

#[derive(Deserialize, ToSchema)]
pub struct MailAddress {
    pub email: String,
}

/// How one gets in here
#[utoipa::path(get, path = "/api/auth/options", tag = "sign-in", security(()), responses((status = 200, body = AuthOptions)))]
pub async fn get_auth_options(State(app): State<App>) -> Result<Json<AuthOptions>> {
    let setup_required = !users::access::has_administrator(&mut app.db.read()).await?;
    let registration = &app.config.registration;
    Ok(Json(AuthOptions {
        registration: if setup_required { RegistrationMode::Closed } else { registration.mode },
        domains: registration.domains.clone(),
        mail: app.mailer.reaches_people(),
        setup_required,
        languages: users::LANGUAGES.to_vec(),
    }))
}

/// Whether a user name is free and keeps to the rules
#[utoipa::path(post, path = "/api/auth/check-username", tag = "sign-in", security(()), request_body = UsernameQuestion, responses((status = 200, body = UsernameAnswer), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn check_username(
    State(app): State<App>,
    client: Client,
    Json(question): Json<UsernameQuestion>,
) -> Result<Json<UsernameAnswer>> {
    app.limit_client("check_username", &client, NAME_CHECKS_A_MINUTE, Duration::from_secs(60))?;
    let code = match users::check_username(&question.username) {
        Err(error) => Some(error.code.into_owned()),
        Ok(name)
            if users::access::is_username_taken(&mut app.db.read(), &users::fold(&name), app.clock.now()).await? =>
        {
            Some("username_taken".to_owned())
        }
        Ok(_) => None,
    };
    Ok(Json(UsernameAnswer { available: code.is_none(), code }))
}

/// Register
#[utoipa::path(post, path = "/api/auth/register", tag = "sign-in", security(()), request_body = Registration,
    responses((status = 201, body = Session, description = "Without mail: signed in"), (status = 202, body = CheckMail, description = "With mail: always, whether or not the address is taken"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn register(
    State(app): State<App>,
    client: Client,
    jar: CookieJar,
    Json(body): Json<Registration>,
) -> Result<Response> {
    app.limit_client("register", &client, REGISTRATIONS_AN_HOUR, HOUR)?;
    let wish = Wish::check(&body.username, &body.email, body.full_name.as_deref(), body.language.as_deref())?;
    app.limit("register_mail", &users::fold(&wish.email), MAILS_PER_ADDRESS_AN_HOUR, HOUR)?;
    let registered = app
        .act({
            let app = app.clone();
            async move { actions::register(&app, wish, body.password, body.invitation.as_deref(), &client).await }
        })
        .await?;
    Ok(match registered {
        Registered::CheckMail => (StatusCode::ACCEPTED, Json(CheckMail { status: "check_mail" })).into_response(),
        Registered::SignedIn(session) => {
            (StatusCode::CREATED, hand_over(&app, jar, *session, body.cookie)).into_response()
        }
    })
}

/// Prove an address with the link in the mail and the password of the registration: that signs in
#[utoipa::path(post, path = "/api/auth/verify-email", tag = "sign-in", security(()), request_body = Verification, responses((status = 200, body = Session), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn verify_email(
    State(app): State<App>,
    client: Client,
    jar: CookieJar,
    Json(body): Json<Verification>,
) -> Result<Answer> {
    app.limit_client("verify_email", &client, VERIFICATIONS_AN_HOUR, HOUR)?;
    let session = app
        .act({
            let app = app.clone();
            async move { verification::verify_email(&app, &body.token, body.password, &client).await }
        })
        .await?;
    Ok(hand_over(&app, jar, session, body.cookie))
}

/// Send the mail again, if there is anything to prove
#[utoipa::path(post, path = "/api/auth/resend-verification", tag = "sign-in", security(()), request_body = MailAddress, responses((status = 202), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn resend_verification(
    State(app): State<App>,
    client: Client,
    Json(body): Json<MailAddress>,
) -> Result<StatusCode> {
    limit_mails(&app, &client, &body.email)?;
    let work = app.clone();
    app.beside("A verification mail was not sent", async move {
        verification::resend_verification(&work, &body.email).await
    });
    Ok(StatusCode::ACCEPTED)
}

/// Mails that anybody can have sent to any address: few, and counted before we look whether it is known.
pub fn limit_mails(app: &App, client: &Client, email: &str) -> Result<()> {
    app.limit_client("mail_requests", client, MAIL_REQUESTS_AN_HOUR, HOUR)?;
    users::check_email(email)?;
    app.limit("mails_to", &users::fold(email), MAILS_PER_ADDRESS_AN_HOUR, HOUR)
}
