//! A live socket of the load generator: authenticates, then frames in and out as text.
//! It looks at as little of an event as the measurement needs.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, Utf8Bytes, protocol::WebSocketConfig},
};

pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    pub async fn connect(address: &str, token: &str) -> Result<Socket> {
        let mut socket = Socket::bare(address, "/api/realtime").await?;
        socket.send(&json!({"type": "auth", "token": token})).await?;
        let hello = socket.receive().await?;
        if !hello.contains("\"hello\"") {
            bail!("no hello: {hello}");
        }
        Ok(socket)
    }

    pub async fn bare(address: &str, path: &str) -> Result<Socket> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (stream, _) = client_async_with_config(format!("ws://{address}{path}"), stream, Some(config)).await?;
        Ok(Socket { stream })
    }

    pub async fn send(&mut self, frame: &Value) -> Result<()> {
        Ok(self.stream.send(Message::text(frame.to_string())).await?)
    }

    pub async fn receive(&mut self) -> Result<Utf8Bytes> {
        loop {
            match self.stream.next().await.context("the server closed the socket")?? {
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => bail!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// Frames in and frames out, apart.
    pub fn split(
        self,
    ) -> (
        futures_util::stream::SplitSink<WebSocketStream<TcpStream>, Message>,
        futures_util::stream::SplitStream<WebSocketStream<TcpStream>>,
    ) {
        self.stream.split()
    }
}
