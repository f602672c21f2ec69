//! `TestUser`: a person on one device, signed in.
//! It holds what a client would hold, and nothing that only the server knows.

use std::sync::Arc;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{Reply, TestApp};

#[derive(Clone)]
pub struct TestUser(Arc<Device>);

pub struct Device {
    pub t: TestApp,
    pub username: String,
    pub id: String,
    pub session_id: String,
    pub access_token: String,
    pub refresh_token: String,
}

impl std::ops::Deref for TestUser {
    type Target = Device;
    fn deref(&self) -> &Device {
        &self.0
    }
}

impl TestUser {
    pub fn signed_in(t: TestApp, username: &str, session: Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self(Arc::new(Device {
            t,
            username: username.to_owned(),
            id: text(&session["user"]["id"]),
            session_id: text(&session["session_id"]),
            access_token: text(&session["access_token"]),
            refresh_token: text(&session["refresh_token"]),
        }))
    }

    pub fn email(&self) -> String {
        format!("{}@example.org", self.username)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.t.http.request(method, self.t.at(path)).bearer_auth(&self.access_token)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.t.send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.t.send(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.t.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.t.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.t.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn uploads(&self, path: &str, bytes: impl Into<reqwest::Body>) -> Reply {
        self.t
            .send(self.request(Method::PUT, path).header("content-type", "application/octet-stream").body(bytes))
            .await
    }
}
