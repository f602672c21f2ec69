//! The door of the simulator in a process of its own: who may come in, and what is said when it stays shut.

use std::time::Duration;

use convo_carriers::{
    Carrier, Shop, ShopError, Submission,
    simulator::{Remote, Settings, serve},
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::stage::*;

struct Door {
    url: String,
    http: reqwest::Client,
    stop: CancellationToken,
    tasks: TaskTracker,
    folder: std::path::PathBuf,
}

async fn door() -> Door {
    let folder = std::env::temp_dir().join(format!("convo-simulator-{}", Uuid::now_v7().simple()));
    let database = database(Engine::Sqlite, &folder).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let stopping = stop.clone();
    tasks.spawn(async move {
        let clock = std::sync::Arc::new(|| convo_db::Timestamp::from_micros(1_767_225_600_000_000));
        serve(Settings::default(), &database, clock, listener, SECRET, stopping).await.unwrap();
    });
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
    Door { url, http, stop, tasks, folder }
}

impl Door {
    async fn asks(&self, path: &str, secret: Option<&str>, body: String) -> u16 {
        let request = self.http.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        let request = if let Some(secret) = secret { request.bearer_auth(secret) } else { request };
        request.body(body).send().await.unwrap().status().as_u16()
    }

    async fn closes(self) {
        drop(self.http);
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[tokio::test]
async fn nobody_comes_in_without_the_secret() {
    let door = door().await;
    for secret in [None, Some(""), Some("only for this tesT"), Some("only for this test and more")] {
        assert_eq!(door.asks("/carrier/hello", secret, "{}".to_owned()).await, 401);
        assert_eq!(door.asks("/nowhere", secret, "{}".to_owned()).await, 401);
    }
    assert_eq!(door.asks("/carrier/hello", Some(SECRET), "{}".to_owned()).await, 200);
    let remote = Remote::new(&door.url, "another").unwrap();
    assert_eq!(remote.submit(part_to(number("+447700900123"))).await, Submission::Unreachable);
    assert_eq!(remote.room(), 0);
    assert!(remote.countries().await.is_err());
    remote.close().await;
    door.closes().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let door = door().await;
    let id = Uuid::nil();
    let part = |encoding: &str, has_header: bool, octets: &str, to: &str| {
        format!(
            r#"{{"era": 1, "parts": [{{"id": "{id}", "from": "+447700900001", "to": "{to}",
                "payload": {{"encoding": "{encoding}", "has_header": {has_header}, "octets": "{octets}"}}}}]}}"#
        )
    };
    assert_eq!(door.asks("/carrier/submit", Some(SECRET), part("gsm7", false, "aGk=", "+447700900123")).await, 200);
    for (path, body) in [
        ("/carrier/submit", "not JSON".to_owned()),
        ("/carrier/submit", r#"{"era": 1, "parts": [{}]}"#.to_owned()),
        ("/carrier/submit", part("morse", false, "aGk=", "+447700900123")),
        ("/carrier/submit", part("gsm7", false, "!", "+447700900123")),
        ("/carrier/submit", part("gsm7", true, "/w==", "+447700900123")),
        ("/carrier/submit", part("gsm7", false, "aGk=", "")),
        ("/carrier/recall", r#"{"ids": ["1"]}"#.to_owned()),
        ("/carrier/acknowledge", r#"{"through": -1}"#.to_owned()),
        ("/shop/order", "{}".to_owned()),
        (
            "/handsets/create",
            r#"{"account": "a", "country": "GB", "label": "x", "number": "+447700900123"}"#.to_owned(),
        ),
    ] {
        let status = door.asks(path, Some(SECRET), body.clone()).await;
        assert!(matches!(status, 400 | 422), "{path} {body}: {status}");
    }
    let huge = format!(r#"{{"ids": ["{}"]}}"#, "x".repeat(3 * 1024 * 1024));
    assert_eq!(door.asks("/carrier/recall", Some(SECRET), huge).await, 413);
    assert_eq!(door.asks("/nowhere", Some(SECRET), "{}".to_owned()).await, 404);
    door.closes().await;
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_accepted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let remote = Remote::new(&url, SECRET).unwrap();
    assert_eq!(remote.submit(part_to(number("+447700900123"))).await, Submission::Unreachable);
    let order = remote.order(Uuid::now_v7(), number("+447700900123"), "ana".to_owned()).await;
    assert!(matches!(order, Err(ShopError::Link(_))));
    assert_eq!(remote.room(), 0);
    remote.close().await;
}

#[tokio::test]
async fn where_somebody_hangs_up_without_an_answer_nobody_knows() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let tasks = TaskTracker::new();
    let hanging_up = tasks.spawn(async move {
        loop {
            let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 64]).await;
        }
    });
    let remote = Remote::new(&url, SECRET).unwrap();
    assert!(matches!(remote.submit(part_to(number("+447700900123"))).await, Submission::Unknown { .. }));
    let order = remote.order(Uuid::now_v7(), number("+447700900123"), "ana".to_owned()).await;
    assert!(matches!(order, Err(ShopError::Unknown(_))));
    assert!(remote.recall(vec![Uuid::now_v7()]).await.is_err());
    remote.close().await;
    hanging_up.abort();
}
