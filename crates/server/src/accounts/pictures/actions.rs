//! Taking in a picture: cut it first, outside any transaction, then store it inside the caller's.
//! Nothing of the uploaded file survives but its pixels.

use std::{io::Cursor, time::Duration};

use axum::body::Bytes;
use convo_db::{Conn, Timestamp};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, imageops::FilterType};

use super::store;
use crate::{
    app::{App, Tx},
    error::{Error, Result},
    ids::PictureId,
    turns::Turns,
};

const SIDE_PX: u32 = 256;
/// A small file can unpack into gigabytes; decoding stops there.
const MAX_SIDE_PX: u32 = 8192;
const MAX_DECODED_BYTES: u64 = 200 * 1024 * 1024;
/// Each may take that much memory.
const DECODED_AT_ONCE: usize = 1;
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The turns in which pictures are decoded.
pub fn decoding() -> Turns {
    Turns::new(DECODED_AT_ONCE, MAX_WAIT, "Too many pictures at once. Try again in a moment.")
}

/// A picture that we wrote ourselves.
pub struct Square {
    bytes: Vec<u8>,
}

pub struct Stored {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// Decodes PNG, JPEG or WebP, whatever the file calls itself, and cuts the middle of it to a square.
pub async fn cut_square(app: &App, upload: Bytes) -> Result<Square> {
    app.decoding.take(move || cut(&upload)).await?
}

fn cut(upload: &[u8]) -> Result<Square> {
    fn not_a_picture<E>(_: E) -> Error {
        Error::invalid("picture", "picture_invalid", "Send a PNG, JPEG or WebP picture of up to 8192 pixels a side.")
    }
    let mut reader = ImageReader::new(Cursor::new(upload)).with_guessed_format().map_err(Error::internal)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err(Error::invalid("picture", "picture_invalid", "Send a PNG, JPEG or WebP picture."));
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) =
        (Some(MAX_SIDE_PX), Some(MAX_SIDE_PX), Some(MAX_DECODED_BYTES));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(not_a_picture)?;
    // Phones store pictures lying on their side and say so in EXIF, which we drop.
    let orientation = decoder.orientation().map_err(not_a_picture)?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(not_a_picture(()));
    }
    let mut picture = DynamicImage::from_decoder(decoder).map_err(not_a_picture)?;
    picture.apply_orientation(orientation);
    let mut bytes = Cursor::new(vec![]);
    let square = picture.resize_to_fill(SIDE_PX, SIDE_PX, FilterType::CatmullRom).into_rgba8();
    square.write_to(&mut bytes, ImageFormat::WebP).map_err(Error::internal)?;
    Ok(Square { bytes: bytes.into_inner() })
}

pub async fn store(tx: &mut Tx, square: &Square, now: Timestamp) -> Result<PictureId> {
    let id = PictureId::new();
    store::insert(tx, id, "image/webp", &square.bytes, now).await?;
    Ok(id)
}

/// For a picture that nothing shows any more.
pub async fn forget(tx: &mut Tx, id: Option<PictureId>) -> Result<()> {
    if let Some(id) = id {
        store::delete(tx, id).await?;
    }
    Ok(())
}

pub async fn get(db: &mut Conn, id: PictureId) -> Result<Stored> {
    let (content_type, bytes) = store::find(db, id).await?.ok_or_else(|| Error::not_found("picture"))?;
    Ok(Stored { content_type, bytes })
}
