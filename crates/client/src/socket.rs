//! One WebSocket of the live protocol: frames in, frames out.
//! Never interprets an event; the model does.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::Trouble;

const HELLO_WAIT: Duration = Duration::from_secs(10);

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ref: u64,
    /// The code with which the server closed it.
    pub closed_with: Option<u16>,
}

impl Socket {
    /// Connects and authenticates; after this, events are delivered.
    pub async fn connect(base: &str, token: &str) -> Result<Socket, Trouble> {
        let url = format!("{}/api/realtime", base.replacen("http", "ws", 1));
        let (stream, _) = connect_async(url).await.map_err(|_| Trouble::Lost)?;
        let mut socket = Socket { stream, next_ref: 1, closed_with: None };
        socket.write(&json!({"type": "auth", "token": token})).await?;
        let hello = tokio::time::timeout(HELLO_WAIT, socket.receive()).await.map_err(|_| Trouble::Lost)??;
        if hello["type"] == "hello" { Ok(socket) } else { Err(Trouble::Lost) }
    }

    /// Sends a frame and gives the `ref` that its answer will carry.
    pub async fn send(&mut self, mut frame: Value) -> Result<String, Trouble> {
        let reference = self.next_ref.to_string();
        self.next_ref += 1;
        frame["ref"] = json!(reference);
        self.write(&frame).await?;
        Ok(reference)
    }

    pub async fn receive(&mut self) -> Result<Value, Trouble> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(&text).map_err(|_| Trouble::Lost);
                }
                Some(Ok(Message::Close(frame))) => {
                    self.closed_with = frame.map(|frame| frame.code.into());
                    return Err(Trouble::Lost);
                }
                Some(Err(_)) | None => return Err(Trouble::Lost),
                Some(Ok(_)) => {}
            }
        }
    }

    async fn write(&mut self, frame: &Value) -> Result<(), Trouble> {
        self.stream.send(Message::text(frame.to_string())).await.map_err(|_| Trouble::Lost)
    }
}
