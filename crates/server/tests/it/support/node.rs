//! `Node`: one more server on the database of a story.
//! It has its own sessions, sockets and limits, and the clock of the story.

use std::{net::Ipv4Addr, time::Duration};

use convo_server::{app::App, config::Config};
use tokio::net::TcpListener;

use super::{Reply, TestApp, TestUser};

/// Another node beside the one of the story: the same database, the same bus, the same clock.
pub struct Node {
    pub app: App,
    pub url: String,
}

impl Node {
    pub async fn beside(t: &TestApp) -> Self {
        Self::with(t, |_| {}).await
    }

    /// One that differs in its settings.
    pub async fn with(t: &TestApp, change: impl FnOnce(&mut Config)) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut config =
            Config { listen: listener.local_addr().unwrap(), public_url: url.clone(), ..t.app.config.clone() };
        change(&mut config);
        let app = App::start(config, t.clock.clone()).await.unwrap();
        let router = convo_server::router::build(&app);
        #[expect(clippy::disallowed_methods, reason = "the listener of a test ends with its runtime")]
        tokio::spawn(convo_server::connections::serve(listener, router, app.clone()));
        Self { app, url }
    }

    pub async fn stops(self) {
        self.app.finish(Duration::from_secs(5)).await;
    }

    pub async fn get(&self, who: &TestUser, path: &str) -> Reply {
        who.t.send(who.t.http.get(format!("{}{path}", self.url)).bearer_auth(&who.access_token)).await
    }
}
