//! Pictures of people and groups: decoded, cut to a square and written anew, so that nothing foreign in a file is ever served.
//! A picture never changes; a new one has a new id.

pub mod actions;
pub mod routes;
mod store;

use std::time::Duration;

use axum::{
    RequestExt,
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
};
use serde::{Serialize, Serializer};

use crate::{
    app::App,
    caller::Caller,
    error::{Error, Result},
    http::MAX_UPLOAD_BYTES,
    ids::PictureId,
};

/// Of one person, their own pictures and those of groups.
const UPLOADS_AN_HOUR: u32 = 30;

/// Where a picture is fetched. Public by its unguessable id, so that `<img>` works without a token.
pub fn url(id: Option<PictureId>) -> Option<String> {
    id.map(|id| format!("/api/pictures/{id}"))
}

/// A stored picture, told as the address where it is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct PictureUrl(pub PictureId);

impl Serialize for PictureUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("/api/pictures/{}", self.0))
    }
}

impl utoipa::PartialSchema for PictureUrl {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for PictureUrl {}

/// The body of an upload, up to its own limit.
pub struct Upload(pub Bytes);

impl FromRequest<App> for Upload {
    type Rejection = Error;
    async fn from_request(mut request: Request, app: &App) -> Result<Self> {
        let caller = request.extract_parts_with_state::<Caller, App>(app).await?;
        // Before anything is read: whoever begins many uploads would fill the memory.
        app.limit_person("uploads", caller.user_id, UPLOADS_AN_HOUR, Duration::from_secs(3600))?;
        let too_large = |_| Error::too_large("A picture may have up to 5 MiB.");
        Ok(Self(to_bytes(request.into_body(), MAX_UPLOAD_BYTES).await.map_err(too_large)?))
    }
}
