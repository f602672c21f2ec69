//! Who may hold a connection open, and for how long.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::TestApp;

async fn knocks(t: &TestApp) -> TcpStream {
    TcpStream::connect(t.url.trim_start_matches("http://")).await.unwrap()
}

/// What the server says until it closes.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut heard = vec![];
    // Closed with something of ours unread, the kernel says "reset" instead of "end".
    let _ = stream.read_to_end(&mut heard).await;
    String::from_utf8_lossy(&heard).into_owned()
}

both_dbs!(
    |config| config.limits.headers_within_secs = 1;
    async fn who_does_not_finish_saying_what_they_want_is_sent_away(t: TestApp) {
        let silent = knocks(&t).await;
        let mut half = knocks(&t).await;
        half.write_all(b"GET /health HTTP/1.1\r\nHost: local").await.unwrap();
        let mut whole = knocks(&t).await;
        let host = t.url.trim_start_matches("http://");
        whole.write_all(format!("GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
        assert_eq!(until_closed(silent).await, "");
        assert!(!until_closed(half).await.contains("200 OK"));
        // It was answered, and kept for the next request as long as the others.
        assert!(until_closed(whole).await.starts_with("HTTP/1.1 200 OK"));
        // Sockets are no requests: they stay.
        let mut ana = t.user("ana").await.connects().await;
        until_closed(knocks(&t).await).await;
        ana.says(serde_json::json!({"type": "ping"})).await.ok();
    }
);

both_dbs!(
    |config| (config.limits.off, config.limits.connections_per_address) = (false, 3);
    async fn one_address_holds_so_many_connections_and_no_more(t: TestApp) {
        let _one = knocks(&t).await;
        let two = knocks(&t).await;
        let _three = knocks(&t).await;
        assert_eq!(until_closed(knocks(&t).await).await, "", "the fourth is closed at once");
        drop(two);
        // Somebody went, so somebody may come.
        crate::support::eventually("a place", async || {
            let host = t.url.trim_start_matches("http://");
            let mut next = knocks(&t).await;
            next.write_all(format!("GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).await.ok()?;
            until_closed(next).await.starts_with("HTTP/1.1 200 OK").then_some(())
        })
        .await;
    }
);

/// A whole request without a body, and its answer; the connection stays open.
async fn asks(t: &TestApp, stream: &mut TcpStream) -> std::io::Result<String> {
    let host = t.url.trim_start_matches("http://");
    stream.write_all(format!("GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await?;
    hears_an_answer(stream).await
}

async fn hears_an_answer(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut heard = vec![];
    while !heard.ends_with(b"}") {
        match stream.read_u8().await {
            Ok(byte) => heard.push(byte),
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&heard).into_owned())
}

both_dbs!(
    |config| config.limits.connections = 2;
    async fn who_was_idle_longest_makes_room_for_a_newcomer(t: TestApp) {
        let (mut first, mut second, mut third) = (knocks(&t).await, knocks(&t).await, knocks(&t).await);
        asks(&t, &mut second).await.unwrap();
        // Who never said anything has been idle longest of all.
        assert!(asks(&t, &mut third).await.unwrap().starts_with("HTTP/1.1 200 OK"));
        assert!(asks(&t, &mut first).await.is_err(), "its place was needed");
        asks(&t, &mut second).await.unwrap();

        let mut fourth = knocks(&t).await;
        assert!(asks(&t, &mut fourth).await.unwrap().starts_with("HTTP/1.1 200 OK"));
        assert_eq!(until_closed(third).await, "");
        assert!(asks(&t, &mut second).await.unwrap().starts_with("HTTP/1.1 200 OK"), "it asked after the third");
        assert!(asks(&t, &mut fourth).await.unwrap().starts_with("HTTP/1.1 200 OK"));
    }
);

both_dbs!(
    |config| config.limits.connections = 1;
    async fn nobody_is_sent_away_in_the_middle_of_a_request(t: TestApp) {
        let host = t.url.trim_start_matches("http://");
        let mut busy = knocks(&t).await;
        asks(&t, &mut busy).await.unwrap();
        let head = format!("POST /api/auth/check-username HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 18\r\nExpect: 100-continue\r\n\r\n");
        busy.write_all(head.as_bytes()).await.unwrap();
        let mut goes_on = [0; 25];
        busy.read_exact(&mut goes_on).await.unwrap();
        assert_eq!(&goes_on, b"HTTP/1.1 100 Continue\r\n\r\n", "the server is in the middle of it");

        let mut newcomer = knocks(&t).await;
        let answered = asks(&t, &mut newcomer);
        let busy = async {
            busy.write_all(br#"{"username":"ana"}"#).await.unwrap();
            hears_an_answer(&mut busy).await.unwrap()
        };
        let (busy, answered) = futures_util::join!(busy, answered);
        assert!(busy.starts_with("HTTP/1.1 200 OK") && busy.contains("available"), "{busy}");
        assert!(answered.unwrap().starts_with("HTTP/1.1 200 OK"));
    }
);

both_dbs!(
    async fn files_travel_compressed_to_who_takes_that(t: TestApp) {
        let get = async |encodings: &str| {
            t.send(t.http.get(t.at("/docs/swagger-ui-bundle.js")).header("accept-encoding", encodings)).await
        };
        let (plain, small) = (get("identity").await, get("br, gzip").await);
        assert_eq!((plain.header("content-encoding"), small.header("content-encoding")), (None, Some("gzip")));
        assert_eq!((plain.header("vary"), small.header("vary")), (Some("accept-encoding"), Some("accept-encoding")));
        assert!(small.bytes.len() * 2 < plain.bytes.len() && small.bytes.starts_with(&[0x1f, 0x8b]));
        assert_eq!(get("gzip").await.bytes, small.bytes);
        assert!(get("br").await.header("content-encoding").is_none());
    }
);
