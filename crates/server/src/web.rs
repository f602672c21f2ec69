//! The web client inside the binary, and the API reference beside it, each with its own content security policy.
//! It serves files and knows nothing of what they do.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Path, Request},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use rust_embed::{Embed, EmbeddedFile};

use crate::{app::App, error::Error};

/// In debug builds read from the folder, so that a new build of the client shows without a new build of the server.
#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Client;

const CLIENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types convo";
/// The reference page writes its own styles.
const REFERENCE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Their names carry a hash of what is in them.
const HASHED: &str = "assets/";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Convo</title><h1>Convo runs</h1><p>The web client is not built. Run <code>make run</code>, which builds and starts everything.</p><p>The API is described at <a href=\"/docs/\">/docs/</a>.</p></html>";

/// The reference page at /docs/.
pub fn reference() -> Router<App> {
    let config = Arc::new(utoipa_swagger_ui::Config::from("/api/openapi.json"));
    let serve = move |path: Option<Path<String>>| {
        let config = config.clone();
        async move { reference_file(path.as_ref().map_or("", |path| path.as_str()), config) }
    };
    Router::new()
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(serve.clone()))
        .route("/docs/{*path}", get(serve))
}

fn reference_file(path: &str, config: Arc<utoipa_swagger_ui::Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(path, config) {
        Ok(Some(file)) => {
            respond(Body::from(file.bytes.into_owned()), &file.content_type, "no-cache", REFERENCE_POLICY)
        }
        Ok(None) => Error::from_status(StatusCode::NOT_FOUND).into_response(),
        Err(error) => Error::internal(anyhow::anyhow!("{error}")).into_response(),
    }
}

/// Everything that no route takes: files of the client, and its one page for every other address, which it routes itself.
pub async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if is_of_the_api(path) {
        return Error::from_status(StatusCode::NOT_FOUND).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Error::from_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    client_file(request.uri())
}

fn is_of_the_api(path: &str) -> bool {
    ["/api", "/health", "/docs"]
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

fn client_file(uri: &Uri) -> Response {
    let name = uri.path().trim_start_matches('/');
    match Client::get(name) {
        Some(file) => {
            let cache = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
            embedded(file, cache)
        }
        // A missing file of an older build must not look like a page.
        None if name.starts_with(HASHED) => Error::from_status(StatusCode::NOT_FOUND).into_response(),
        None => match Client::get("index.html") {
            Some(page) => embedded(page, "no-cache"),
            None => respond(Body::from(NOT_BUILT), "text/html; charset=utf-8", "no-cache", CLIENT_POLICY),
        },
    }
}

fn embedded(file: EmbeddedFile, cache: &'static str) -> Response {
    let kind = file.metadata.mimetype().to_owned();
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind };
    respond(Body::from(file.data.into_owned()), &kind, cache, CLIENT_POLICY)
}

fn respond(body: Body, kind: &str, cache: &'static str, policy: &'static str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
