//! The least HTTP/1.1 that a load generator needs: one kept connection, one request at a time, `Content-Length` only.
//! Not a client for anything else: on two cores a full one would measure itself.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Http {
    stream: TcpStream,
    address: String,
    buffer: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("status {}: not JSON", self.status))
    }
}

impl Http {
    pub async fn connect(address: &str) -> Result<Http> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Http { stream, address: address.to_owned(), buffer: Vec::with_capacity(4096) })
    }

    pub async fn get(&mut self, path: &str, token: &str) -> Result<Answer> {
        self.call("GET", path, token, b"").await
    }

    pub async fn post(&mut self, path: &str, token: &str, body: &Value) -> Result<Answer> {
        self.call("POST", path, token, &serde_json::to_vec(body)?).await
    }

    /// A request that costs money, under a key of its own.
    pub async fn pay(&mut self, path: &str, token: &str, body: &Value) -> Result<Answer> {
        let key = format!("idempotency-key: {}\r\n", uuid::Uuid::now_v7());
        self.call_with("POST", path, token, &key, &serde_json::to_vec(body)?).await
    }

    pub async fn call(&mut self, method: &str, path: &str, token: &str, body: &[u8]) -> Result<Answer> {
        self.call_with(method, path, token, "", body).await
    }

    async fn call_with(&mut self, method: &str, path: &str, token: &str, header: &str, body: &[u8]) -> Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        if !token.is_empty() {
            request.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        if method == "POST" {
            request.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()));
        }
        request.push_str(header);
        request.push_str("\r\n");
        let mut request = request.into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await?;
        self.read_answer().await
    }

    async fn read_answer(&mut self) -> Result<Answer> {
        self.buffer.clear();
        let head_end = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await?;
        };
        let head = std::str::from_utf8(&self.buffer[..head_end])?;
        let status: u16 = head.get(9..12).context("a status")?.parse()?;
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length:").map(|value| value.trim().to_owned())
        });
        let length: usize = match length {
            Some(length) => length.parse()?,
            None if status == 204 => 0,
            None => bail!("an answer without Content-Length"),
        };
        while self.buffer.len() < head_end + length {
            self.fill().await?;
        }
        Ok(Answer { status, body: self.buffer[head_end..head_end + length].to_vec() })
    }

    async fn fill(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}
