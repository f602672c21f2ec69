//! HTTP as a client speaks it, for one signed-in person.
//! Never repeats a request by itself; only a token that ran out is renewed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};

/// Of everybody whom `set_up` and `register` make; their address is `<name>@example.com`.
pub const PASSWORD: &str = "seventeen quiet lanterns drift";

/// Why a request brought nothing.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// Nobody knows whether it was done: ask again.
    Lost,
    /// It was not done, and would not be if asked again now.
    Refused { status: u64, code: String },
}

impl Trouble {
    /// Overload and shutdown are answers too, but mean "later".
    pub fn from_problem(problem: &Value) -> Trouble {
        let status = problem["status"].as_u64().unwrap_or(500);
        if status >= 500 || status == 429 {
            return Trouble::Lost;
        }
        Trouble::Refused { status, code: problem["code"].as_str().unwrap_or_default().to_owned() }
    }
}

#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    pub base: String,
    pub user_id: String,
    pub access_token: String,
    refresh_token: String,
    notes: Option<Arc<Mutex<Vec<Value>>>>,
}

impl Api {
    /// For somebody who is signed in already.
    pub fn signed_in(base: &str, user_id: &str, access_token: &str, refresh_token: &str) -> Result<Api> {
        let own = str::to_owned;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        let (user_id, access_token, refresh_token) = (own(user_id), own(access_token), own(refresh_token));
        Ok(Api { http, base: own(base), user_id, access_token, refresh_token, notes: None })
    }

    /// From now on, what the server says is written down; see `notes`.
    pub fn take_notes(&mut self) {
        self.notes = Some(Arc::default());
    }

    /// What was heard since `take_notes`, in its order: `{"get": path, "answer": …}` for views, pages and differences
    /// (the answer is null if it was refused), `{"frame": …}` for each frame, and `{"connected": bool}`.
    pub fn notes(&self) -> Vec<Value> {
        self.notes
            .as_ref()
            .map(|notes| notes.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default()
    }

    pub(crate) fn note(&self, what: impl FnOnce() -> Value) {
        if let Some(notes) = &self.notes {
            notes.lock().unwrap_or_else(PoisonError::into_inner).push(what());
        }
    }

    /// Sets the server up: the holder of the secret becomes its administrator.
    pub async fn set_up(base: &str, secret: &str, name: &str) -> Result<Api> {
        Api::sign_in(base, "/api/setup", json!({"token": secret}), name).await
    }

    pub async fn register(base: &str, name: &str) -> Result<Api> {
        Api::sign_in(base, "/api/auth/register", json!({}), name).await
    }

    async fn sign_in(base: &str, path: &str, mut body: Value, name: &str) -> Result<Api> {
        body["username"] = json!(name);
        body["email"] = json!(format!("{name}@example.com"));
        body["password"] = json!(PASSWORD);
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        let nobody = String::new;
        let mut api = Api {
            http,
            base: base.to_owned(),
            user_id: nobody(),
            access_token: nobody(),
            refresh_token: nobody(),
            notes: None,
        };
        let session = api.once(&Method::POST, path, Some(&body), None).await;
        let session = session.map_err(|trouble| anyhow::anyhow!("{path} for {name}: {trouble:?}"))?;
        api.take_session(&session).with_context(|| format!("{path} gave no session: {session}"))?;
        api.user_id = session["user"]["id"].as_str().context("a session names its user")?.to_owned();
        Ok(api)
    }

    pub async fn get(&mut self, path: &str) -> Result<Value, Trouble> {
        let answer = self.call(Method::GET, path, None).await;
        self.note(|| json!({"get": path, "answer": answer.as_ref().ok()}));
        answer
    }

    pub async fn call(&mut self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Trouble> {
        self.ask(&method, path, body.as_ref(), None).await
    }

    /// Asks for what costs money; under the same key it is done once.
    pub async fn pay(&mut self, key: &str, path: &str, body: Value) -> Result<Value, Trouble> {
        self.ask(&Method::POST, path, Some(&body), Some(key)).await
    }

    async fn ask(
        &mut self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Value, Trouble> {
        match self.once(method, path, body, key).await {
            Err(Trouble::Refused { status: 401, .. }) => {
                let renew = json!({"refresh_token": self.refresh_token});
                let session = self.once(&Method::POST, "/api/auth/refresh", Some(&renew), None).await?;
                self.take_session(&session).ok_or(Trouble::Lost)?;
                self.once(method, path, body, key).await
            }
            answer => answer,
        }
    }

    fn take_session(&mut self, session: &Value) -> Option<()> {
        self.access_token = session["access_token"].as_str()?.to_owned();
        self.refresh_token = session["refresh_token"].as_str()?.to_owned();
        Some(())
    }

    async fn once(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Value, Trouble> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if !self.access_token.is_empty() {
            request = request.bearer_auth(&self.access_token);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(|_| Trouble::Lost)?;
        let status = answer.status();
        // A kill can cut an answer short: then it was no answer.
        let text = answer.bytes().await.map_err(|_| Trouble::Lost)?;
        let value =
            if text.is_empty() { Value::Null } else { serde_json::from_slice(&text).map_err(|_| Trouble::Lost)? };
        if status.is_success() {
            return Ok(value);
        }
        let mut problem = value;
        if !problem.is_object() {
            problem = json!({});
        }
        problem["status"] = json!(status.as_u16());
        Err(Trouble::from_problem(&problem))
    }
}
