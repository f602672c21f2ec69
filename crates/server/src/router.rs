//! Every route, as a table of contents: one line each, by feature.
//! Nothing is decided here; the handlers carry their own description, and the reference is made of those.

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use tower_http::compression::CompressionLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, PathItem, Ref, RefOr, ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::{admin, invitations, passwords, pictures, registration, sessions, setup, users},
    app::App,
    billing::wallets,
    chat::{conversations, members, messages},
    health, http, overview,
    realtime::socket,
    sms::{
        carriers, handsets, numbers, outbound, shares, suppressions,
        verifications::{self, history},
    },
    sync, web,
};

const PROBLEM: &str = "application/problem+json";

#[derive(OpenApi)]
#[openapi(
    info(title = "Convo", description = "The API of Convo. What holds for all of it stands in docs/api.md, the live protocol in docs/realtime.md."),
    security(("bearer" = [])),
    components(schemas(crate::ids::PictureId, crate::ids::InvitationId, crate::ids::SessionId)),
    modifiers(&Bearer),
    tags(
        (name = "sign-in", description = "Set-up, registration, sessions, passwords"),
        (name = "people", description = "My account and those of others"),
        (name = "overview", description = "My account at a glance, and what happened in it"),
        (name = "administration", description = "For administrators of the server"),
        (name = "conversations", description = "Conversations and their members"),
        (name = "messages", description = "Messages, reactions and receipts"),
        (name = "money", description = "My wallets"),
        (name = "numbers", description = "Phone numbers that I own or that are shared with me"),
        (name = "verifications", description = "Codes of services that I wait for"),
        (name = "handsets", description = "Phones of the simulated world"),
        (name = "sync", description = "What a client missed"),
        (name = "realtime", description = "The live connection"),
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
        .route(
            "/api/openapi.json",
            get(move || async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], document) }),
        )
        .layer(CompressionLayer::new())
        // Files are compressed once and kept: anybody may ask for them, as often as they like.
        .merge(web::reference())
        .fallback(web::fallback);
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
    let mut router = OpenApiRouter::with_openapi(Api::openapi())
        .merge(accounts())
        .merge(at_a_glance())
        .merge(conversations())
        .merge(messages())
        .merge(live())
        .merge(money())
        .merge(phone_network())
        .merge(codes())
        .merge(administration())
        .merge(operation());
    describe_refusals(router.get_openapi_mut());
    router
}

/// Any request may be refused, also by what it passes before its handler: with a problem, whatever the handler says of itself.
fn describe_refusals(api: &mut utoipa::openapi::OpenApi) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let refusal = ResponseBuilder::new().description("What is wrong, and what to do").content(PROBLEM, content.clone());
    api.components.get_or_insert_default().responses.insert("Problem".to_owned(), refusal.build().into());
    for item in api.paths.paths.values_mut() {
        let PathItem { get, put, post, delete, patch, .. } = item;
        for operation in [get, put, post, delete, patch].into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            for refusals in ["4XX", "5XX"] {
                let entry = responses.entry(refusals.to_owned());
                entry.or_insert_with(|| RefOr::Ref(Ref::from_response_name("Problem")));
            }
            for (status, response) in responses {
                if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
                    response.content.entry(PROBLEM.to_owned()).or_insert_with(|| content.clone().into());
                }
            }
        }
    }
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

fn at_a_glance() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(overview::routes::get_dashboard))
        .routes(routes!(overview::routes::list_activity))
}

fn conversations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(conversations::routes::list_conversations, conversations::routes::create_conversation))
        .routes(routes!(
            conversations::routes::get_conversation,
            conversations::routes::update_conversation,
            conversations::routes::archive_conversation
        ))
        .routes(routes!(conversations::routes::update_mine))
        .routes(routes!(
            conversations::routes::set_conversation_picture,
            conversations::routes::remove_conversation_picture
        ))
        .routes(routes!(members::routes::list_members, members::routes::add_members))
        .routes(routes!(members::routes::set_member_role, members::routes::remove_member))
}

fn messages() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(messages::routes::list_messages, messages::routes::send_message))
        .routes(routes!(
            messages::routes::get_message,
            messages::routes::edit_message,
            messages::routes::delete_message
        ))
        .routes(routes!(messages::routes::get_message_history))
        .routes(routes!(messages::routes::get_message_receipts))
        .routes(routes!(messages::routes::add_reaction, messages::routes::remove_reaction))
        .routes(routes!(messages::routes::send_receipt))
}

fn live() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(socket::connect_realtime))
        .routes(routes!(sync::routes::list_heads))
        .routes(routes!(sync::routes::list_changes))
}

fn money() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(wallets::routes::list_wallets))
        .routes(routes!(wallets::routes::list_transfers))
        .routes(routes!(wallets::routes::top_up))
        .routes(routes!(wallets::routes::list_wallets_of))
        .routes(routes!(wallets::routes::list_transfers_of))
        .routes(routes!(wallets::routes::adjust_wallet))
        .routes(routes!(wallets::routes::set_credit_limit))
}

fn phone_network() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(numbers::routes::list_countries))
        .routes(routes!(numbers::routes::list_available_numbers))
        .routes(routes!(numbers::routes::purchase_number))
        .routes(routes!(numbers::routes::list_owned_numbers))
        .routes(routes!(numbers::routes::get_number, numbers::routes::update_number, numbers::routes::release_number))
        .routes(routes!(numbers::routes::renew_number))
        .routes(routes!(numbers::routes::get_number_usage))
        .routes(routes!(outbound::routes::get_text_price))
        .routes(routes!(outbound::routes::cancel_text))
        .routes(routes!(handsets::routes::list_handsets, handsets::routes::create_handset))
        .routes(routes!(handsets::routes::update_handset, handsets::routes::delete_handset))
        .routes(routes!(handsets::routes::list_handset_messages, handsets::routes::send_from_handset))
        .routes(routes!(shares::routes::list_shares))
        .routes(routes!(shares::routes::share_number, shares::routes::unshare_number))
}

fn codes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(verifications::routes::list_services))
        .routes(routes!(verifications::routes::create_verification))
        .routes(routes!(history::routes::list_verifications))
        .routes(routes!(history::routes::export_verifications))
        .routes(routes!(history::routes::get_verification_figures))
        .routes(routes!(verifications::routes::get_verification, verifications::routes::cancel_verification))
        .routes(routes!(verifications::routes::list_codes))
        .routes(routes!(verifications::routes::send_simulated_code))
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
        .routes(routes!(admin::routes::list_failed_jobs))
        .routes(routes!(admin::routes::retry_parked_job))
        .routes(routes!(carriers::routes::list_carriers))
        .routes(routes!(carriers::routes::save_carrier, carriers::routes::delete_carrier))
        .routes(routes!(numbers::routes::enter_number))
        .routes(routes!(suppressions::routes::list_suppressions, suppressions::routes::suppress_numbers))
        .routes(routes!(suppressions::routes::unsuppress_number))
        .routes(routes!(outbound::routes::list_unknown_texts))
        .routes(routes!(outbound::routes::close_text))
        .routes(routes!(overview::routes::get_system_health))
}

fn operation() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_liveness))
        .routes(routes!(health::get_readiness))
}
