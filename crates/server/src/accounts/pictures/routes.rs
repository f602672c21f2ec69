//! Serves pictures: public by their unguessable ids, for ever the same.
//! It never serves a file as it was uploaded.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};

use super::actions;
use crate::{
    app::App,
    error::{Error, Problem, Result},
    http::Path,
    ids::PictureId,
};

/// A picture of a person or a group
#[utoipa::path(get, path = "/api/pictures/{id}", tag = "people", security(()), params(("id" = PictureId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/webp"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn get_picture(State(app): State<App>, Path(id): Path<PictureId>) -> Result<Response> {
    let picture = actions::get(&mut app.db.read(), id).await?;
    let mut response = Response::new(Body::from(picture.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&picture.content_type).map_err(Error::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
