//! An answer of the server, and what a story expects of it.
//! A wrong status shows the whole answer.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// `null` for what is not JSON.
    pub json: Value,
}

impl Reply {
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, headers, bytes, json }
    }

    #[track_caller]
    pub fn has(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        self.has(200)
    }

    #[track_caller]
    pub fn created(self) -> Value {
        self.has(201)
    }

    #[track_caller]
    pub fn accepted(self) -> Value {
        self.has(202)
    }

    #[track_caller]
    pub fn no_content(self) {
        assert_eq!(self.has(204), Value::Null);
    }

    /// A problem with this status and code, in the form of every problem.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        assert_eq!((self.status.as_u16(), self.json["code"].as_str()), (status, Some(code)), "{text}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.json["request_id"].as_str(), self.headers["x-request-id"].to_str().ok());
        self.json
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
