//! `Device`: one live socket of a person, as the protocol describes it.
//! It keeps what came until a story asks for it, so that no story depends on what arrives between two answers.

use std::{collections::VecDeque, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::WebSocketConfig},
};

use super::TestUser;

const WAIT: Duration = Duration::from_secs(10);

pub struct Device {
    pub who: TestUser,
    pub hello: Value,
    stream: WebSocketStream<TcpStream>,
    next_ref: u64,
    /// Came, but was not asked for yet.
    kept: VecDeque<Value>,
}

/// The answer to a frame.
#[derive(Debug, Clone)]
pub struct Said(pub Value);

/// Why the server closed, and what it said before.
#[derive(Debug)]
pub struct Ended {
    pub code: u16,
    pub heard: Vec<Value>,
}

impl TestUser {
    pub async fn connects(&self) -> Device {
        self.connects_at(&self.t.url).await
    }

    /// At another node of the same installation.
    pub async fn connects_at(&self, url: &str) -> Device {
        self.opens(url, None).await
    }

    /// A device with a small receive buffer, that can be made to fall behind.
    pub async fn connects_narrowly(&self) -> Device {
        self.opens(&self.t.url, Some(4096)).await
    }

    async fn opens(&self, url: &str, buffer: Option<u32>) -> Device {
        let mut stream = dial(url, buffer).await;
        stream.send(Message::text(json!({"type": "auth", "token": self.access_token}).to_string())).await.unwrap();
        let mut device = Device { who: self.clone(), hello: Value::Null, stream, next_ref: 1, kept: VecDeque::new() };
        device.hello = device.next().await.expect("a hello");
        assert_eq!(device.hello["type"], "hello", "{}", device.hello);
        device
    }
}

/// A socket that has not said who it is.
pub async fn dial(url: &str, buffer: Option<u32>) -> WebSocketStream<TcpStream> {
    let address = url.strip_prefix("http://").unwrap().parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    if let Some(bytes) = buffer {
        socket.set_recv_buffer_size(bytes).unwrap();
    }
    let tcp = socket.connect(address).await.unwrap();
    tcp.set_nodelay(true).unwrap();
    let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
    let url = format!("{}/api/realtime", url.replacen("http", "ws", 1));
    tokio_tungstenite::client_async_with_config(url, tcp, Some(config)).await.unwrap().0
}

/// What the server says until it closes, and its code.
pub async fn until_closed(stream: &mut WebSocketStream<TcpStream>) -> Ended {
    let mut heard = vec![];
    loop {
        match tokio::time::timeout(WAIT, stream.next()).await.expect("the server closes the socket") {
            Some(Ok(Message::Text(text))) => heard.push(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(frame))) => {
                return Ended { code: frame.map_or(1005, |frame| frame.code.into()), heard };
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => panic!("the socket broke without a close frame: {error}; heard {heard:?}"),
            None => panic!("the socket ended without a close frame; heard {heard:?}"),
        }
    }
}

impl Device {
    /// The next event of this type; others are kept for later.
    pub async fn hears(&mut self, kind: &str) -> Value {
        self.hears_where(kind, |event| event["type"] == kind).await
    }

    pub async fn hears_where(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        if let Some(place) = self.kept.iter().position(&mut wanted) {
            return self.kept.remove(place).unwrap();
        }
        loop {
            let Some(event) = self.next().await else {
                panic!("{} waited in vain for {what}; heard {:#?}", self.who.username, self.kept)
            };
            if wanted(&event) {
                return event;
            }
            self.kept.push_back(event);
        }
    }

    /// Nothing came that was not asked for. News about the person's own account does not count.
    pub async fn hears_nothing(&mut self) {
        let heard = self.all_heard().await;
        assert!(heard.is_empty(), "{} heard what was not for them: {heard:#?}", self.who.username);
    }

    /// Everything that came and was not asked for yet.
    ///
    /// A change of the own profile travels the same road behind whatever was published before it, so all of that has come when it is heard.
    pub async fn all_heard(&mut self) -> Vec<Value> {
        let about = uuid::Uuid::new_v4().to_string();
        self.who.put("/api/users/me", json!({"about": about})).await.ok();
        let user_version = self.who.get("/api/users/me").await.ok()["user_version"].clone();
        self.hears_where("news of the own profile", |event| {
            event["type"] == "user.updated" && event["user_version"] == user_version
        })
        .await;
        self.says(json!({"type": "ping"})).await.ok();
        self.kept.drain(..).filter(|event| event["type"] != "user.updated").collect()
    }

    /// As `all_heard`, only their types.
    pub async fn all_types(&mut self) -> Vec<String> {
        self.all_heard().await.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Sends a frame and waits for its answer.
    pub async fn says(&mut self, frame: Value) -> Said {
        let reference = self.begins(frame).await;
        self.answer(&reference).await
    }

    /// Sends a frame without waiting.
    pub async fn begins(&mut self, mut frame: Value) -> Value {
        let reference = json!(self.next_ref);
        self.next_ref += 1;
        frame["ref"] = reference.clone();
        self.writes(&frame.to_string()).await;
        reference
    }

    pub async fn answer(&mut self, reference: &Value) -> Said {
        Said(self.hears_where("an answer", |frame| frame["ref"] == *reference).await)
    }

    /// Any text at all.
    pub async fn writes(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// What comes until the server closes this socket.
    pub async fn ends(mut self) -> Ended {
        let mut ended = until_closed(&mut self.stream).await;
        ended.heard.splice(0..0, self.kept);
        ended
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(WAIT, self.stream.next()).await.ok()?? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(frame)) => {
                    panic!("{} was closed: {frame:?}; heard {:#?}", self.who.username, self.kept)
                }
                Ok(_) => {}
                Err(error) => panic!("the socket of {} broke: {error}", self.who.username),
            }
        }
    }
}

impl Said {
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.0["type"], "ok", "{}", self.0);
        self.0
    }

    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let problem = &self.0["problem"];
        assert_eq!(
            (problem["status"].as_u64(), problem["code"].as_str()),
            (Some(u64::from(status)), Some(code)),
            "{}",
            self.0
        );
        self.0
    }
}
