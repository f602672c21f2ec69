//! Every route, as a table of contents: one line each, by feature.
//! Nothing is decided here; the handlers carry their own description, and the reference is made of those.

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use tower_http::compression::CompressionLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{admin, invitations, passwords, pictures, registration, sessions, setup, users},
    app::App,
    health, http, web,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Convo", description = "The API of Convo. What holds for all of it stands in docs/api.md, the live protocol in docs/realtime.md."),
    security(("bearer" = [])),
    modifiers(&Bearer),
    tags(
        (name = "sign-in", description = "Set-up, registration, sessions, passwords"),
        (name = "people", description = "My account and those of others"),
        (name = "administration", description = "For administrators of the server"),
        (name = "conversations", description = "Conversations and their members"),
        (name = "messages", description = "Messages, reactions and receipts"),
        (name = "operation", description = "Health")
    )
)]
struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        api.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The whole server, ready to listen.
pub fn build(app: &App) -> Router {
    let (router, api) = described().split_for_parts();
    let document = pretty(&api);
    let router = router
        .layer(DefaultBodyLimit::max(http::MAX_BODY_BYTES))
        .route("/api/openapi.json", get(move || async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], document) }))
        .merge(web::reference())
        .fallback(web::fallback)
        .layer(CompressionLayer::new());
    http::wrap(router, app)
}

/// The OpenAPI document as text: the same routes give the same text.
pub fn openapi() -> String {
    pretty(described().get_openapi())
}

fn pretty(api: &utoipa::openapi::OpenApi) -> String {
    let mut text = api.to_pretty_json().expect("our own descriptions are plain data");
    text.push('\n');
    text
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi()).merge(accounts()).merge(administration()).merge(operation())
}

fn accounts() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup::routes::set_up))
        .routes(routes!(registration::routes::get_auth_options))
        .routes(routes!(registration::routes::check_username))
        .routes(routes!(registration::routes::register))
        .routes(routes!(registration::routes::verify_email))
        .routes(routes!(registration::routes::resend_verification))
        .routes(routes!(passwords::routes::check_password))
        .routes(routes!(passwords::routes::forgot_password))
        .routes(routes!(passwords::routes::reset_password))
        .routes(routes!(passwords::routes::change_password))
        .routes(routes!(sessions::routes::login))
        .routes(routes!(sessions::routes::refresh))
        .routes(routes!(sessions::routes::logout))
        .routes(routes!(sessions::routes::list_sessions, sessions::routes::end_other_sessions))
        .routes(routes!(sessions::routes::end_session))
        .routes(routes!(users::routes::get_me, users::routes::update_me))
        .routes(routes!(users::routes::get_profile, users::routes::update_profile))
        .routes(routes!(users::routes::set_avatar, users::routes::remove_avatar))
        .routes(routes!(users::routes::search_users))
        .routes(routes!(users::routes::get_user))
        .routes(routes!(pictures::routes::get_picture))
        .routes(routes!(invitations::routes::check_invitation))
}

fn administration() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(invitations::routes::create_invitation, invitations::routes::list_invitations))
        .routes(routes!(invitations::routes::revoke_invitation))
        .routes(routes!(admin::routes::list_accounts))
        .routes(routes!(admin::routes::set_role))
        .routes(routes!(admin::routes::suspend_account))
        .routes(routes!(admin::routes::restore_account))
        .routes(routes!(admin::routes::list_mails))
}

fn operation() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_liveness))
        .routes(routes!(health::get_readiness))
}
