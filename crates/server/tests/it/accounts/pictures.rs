//! Pictures: written anew, whatever was sent.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::TestApp;

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

both_dbs!(
    async fn an_avatar_becomes_a_square_that_everybody_can_load(t: TestApp) {
        let ana = t.user("ana").await;
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let me = ana.uploads("/api/user/avatar", picture(400, 100, format)).await.ok();
            let reply = t.get(me["avatar_url"].as_str().unwrap()).await;
            assert_eq!(reply.header("content-type"), Some("image/webp"));
            assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"));
            assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'; sandbox"));
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
            let square = image::load_from_memory(&reply.bytes).unwrap();
            assert_eq!((square.width(), square.height()), (256, 256));
        }
        let url = ana.get("/api/users/me").await.ok()["avatar_url"].as_str().unwrap().to_owned();
        assert_eq!(ana.delete("/api/user/avatar").await.ok()["avatar_url"], Value::Null);
        assert_eq!(ana.delete("/api/user/avatar").await.ok()["avatar_url"], Value::Null);
        t.get(&url).await.problem(404, "picture_not_found");
    }
);

both_dbs!(
    async fn what_is_no_picture_or_too_large_is_refused(t: TestApp) {
        let ana = t.user("ana").await;
        ana.uploads("/api/user/avatar", "<svg xmlns='http://www.w3.org/2000/svg'/>")
            .await
            .problem(422, "picture_invalid");
        ana.uploads("/api/user/avatar", "").await.problem(422, "picture_invalid");
        ana.uploads("/api/user/avatar", picture(9000, 1, ImageFormat::Png)).await.problem(422, "picture_invalid");
        let mut cut_off = picture(64, 64, ImageFormat::Png);
        cut_off.truncate(60);
        ana.uploads("/api/user/avatar", cut_off).await.problem(422, "picture_invalid");
        assert!(announces(&t, &ana.access_token, 5 * 1024 * 1024 + 1).await.starts_with("HTTP/1.1 413 "));
        t.send(t.http.put(t.at("/api/user/avatar")).body("x")).await.problem(401, "token_missing");
        assert_eq!(ana.get("/api/users/me").await.ok()["avatar_url"], Value::Null);
    }
);

/// Says how much it will send, and hears the answer before it sent anything.
async fn announces(t: &TestApp, token: &str, bytes: usize) -> String {
    let host = t.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "PUT /api/user/avatar HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Length: {bytes}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
