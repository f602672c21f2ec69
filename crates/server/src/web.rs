//! The web client inside the binary, and the API reference beside it, each with its own content security policy.
//! It serves files and knows nothing of what they do.

use std::{io::Write, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use moka::future::Cache;
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
/// More than the client and the reference page have.
const MAX_FILES: u64 = 500;
/// Their names carry a hash of what is in them.
const HASHED: &str = "assets/";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Convo</title><h1>Convo runs</h1><p>The web client is not built. Run <code>make run</code>, which builds and starts everything.</p><p>The API is described at <a href=\"/docs/\">/docs/</a>.</p></html>";

/// The reference page at /docs/.
pub fn reference() -> Router<App> {
    let config = Arc::new(utoipa_swagger_ui::Config::from("/api/openapi.json"));
    let serve = move |State(app): State<App>, path: Option<Path<String>>, headers: HeaderMap| {
        let config = config.clone();
        async move { reference_file(&app, path.as_ref().map_or("", |path| path.as_str()), &headers, config).await }
    };
    Router::new()
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(serve.clone()))
        .route("/docs/{*path}", get(serve))
}

async fn reference_file(
    app: &App,
    path: &str,
    asked: &HeaderMap,
    config: Arc<utoipa_swagger_ui::Config<'static>>,
) -> Response {
    match utoipa_swagger_ui::serve(path, config).map_err(|error| anyhow::anyhow!("{error}")) {
        Ok(Some(file)) => {
            let file =
                File { name: format!("docs/{path}"), bytes: file.bytes.into_owned().into(), kind: file.content_type };
            respond(app, asked, file, "no-cache", REFERENCE_POLICY).await
        }
        Ok(None) => Error::from_status(StatusCode::NOT_FOUND).into_response(),
        Err(error) => Error::internal(error).into_response(),
    }
}

/// Everything that no route takes: files of the client, and its one page for every other address, which it routes itself.
pub async fn fallback(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if is_of_the_api(path) {
        return Error::from_status(StatusCode::NOT_FOUND).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Error::from_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    client_file(&app, request.uri(), request.headers()).await
}

fn is_of_the_api(path: &str) -> bool {
    ["/api", "/health", "/docs"]
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

async fn client_file(app: &App, uri: &Uri, asked: &HeaderMap) -> Response {
    let name = uri.path().trim_start_matches('/');
    let (file, cache) = match app.files.of_client(name).await {
        Some(file) if name.starts_with(HASHED) => (file, "public, max-age=31536000, immutable"),
        Some(file) => (file, "no-cache"),
        // A missing file of an older build must not look like a page.
        None if name.starts_with(HASHED) => return Error::from_status(StatusCode::NOT_FOUND).into_response(),
        None => (app.files.of_client("index.html").await.unwrap_or_else(File::not_built), "no-cache"),
    };
    respond(app, asked, file, cache, CLIENT_POLICY).await
}

#[derive(Clone)]
struct File {
    /// Names these bytes and no others.
    name: String,
    bytes: Bytes,
    kind: String,
}

impl File {
    fn embedded(name: &str, file: EmbeddedFile) -> Self {
        let kind = file.metadata.mimetype().to_owned();
        Self {
            name: format!("{name} {}", BASE64_URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash())),
            bytes: file.data.into_owned().into(),
            kind: if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind },
        }
    }

    fn not_built() -> Self {
        let kind = "text/html; charset=utf-8".to_owned();
        Self { name: "not built".to_owned(), bytes: Bytes::from_static(NOT_BUILT.as_bytes()), kind }
    }

    fn is_text(&self) -> bool {
        ["text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml"]
            .iter()
            .any(|kind| self.kind.starts_with(kind))
    }
}

/// Files as they travel: each is unpacked once, compressed once, on a thread of its own, and kept.
#[derive(Clone)]
pub struct Files {
    unpacked: Cache<String, File>,
    compressed: Cache<String, Bytes>,
}

impl Default for Files {
    fn default() -> Self {
        Self { unpacked: Cache::new(MAX_FILES), compressed: Cache::new(MAX_FILES) }
    }
}

impl Files {
    async fn of_client(&self, name: &str) -> Option<File> {
        let unpack = || Client::get(name).map(|file| File::embedded(name, file));
        // In debug builds a file may change while we run.
        if cfg!(debug_assertions) {
            return unpack();
        }
        if let Some(file) = self.unpacked.get(name).await {
            return Some(file);
        }
        let file = unpack()?;
        self.unpacked.insert(name.to_owned(), file.clone()).await;
        Some(file)
    }

    async fn compressed(&self, file: &File) -> Bytes {
        let bytes = file.bytes.clone();
        let compress = async move {
            tokio::task::spawn_blocking(move || {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(&bytes).and_then(|()| encoder.finish()).expect("a vector takes everything").into()
            })
            .await
            .expect("compressing does not panic")
        };
        self.compressed.get_with(file.name.clone(), compress).await
    }
}

async fn respond(app: &App, asked: &HeaderMap, file: File, cache: &'static str, policy: &'static str) -> Response {
    let takes_gzip = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|encodings| encodings.to_str().ok())
        .is_some_and(|encodings| encodings.split(',').any(|encoding| encoding.trim().eq_ignore_ascii_case("gzip")));
    let is_text = file.is_text();
    let mut response = Response::new(match is_text && takes_gzip {
        true => Body::from(app.files.compressed(&file).await),
        false => Body::from(file.bytes),
    });
    let headers = response.headers_mut();
    if is_text {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if takes_gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&file.kind).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
