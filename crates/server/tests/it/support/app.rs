//! `TestApp`: a whole server behind a real listener, with a clock that only moves when told.
//! Its first administrator is made through the set-up link, as anybody's is.

use std::{
    collections::HashSet,
    net::{Ipv4Addr, SocketAddr},
    ops::Deref,
    sync::{Arc, Mutex},
    time::Duration,
};

use convo_server::{
    app::App,
    clock::Clock,
    config::{Config, RegistrationMode, Secret},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::OnceCell};

use super::{Engine, Reply, Setup, TestUser, eventually};

/// Strong, and known to everybody who reads tests.
pub const PASSWORD: &str = "mirror canyon velvet 9";
const NO_POSTGRES: &str = "these tests need PostgreSQL: run `cargo xtask services -- cargo test`, which starts one and sets CONVO_TEST_POSTGRES";

#[derive(Clone)]
pub struct TestApp(Arc<Inner>);

pub struct Inner {
    pub app: App,
    pub clock: Clock,
    pub url: String,
    pub http: reqwest::Client,
    database: Database,
    admin: OnceCell<TestUser>,
    read_mails: Mutex<HashSet<String>>,
    server: tokio::task::JoinHandle<()>,
}

enum Database {
    Sqlite { _folder: Folder },
    Postgres(String),
}

impl Deref for TestApp {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl TestApp {
    pub async fn start(engine: Engine, setup: &Setup) -> Self {
        let folder = Folder::new();
        let (database, url) = match engine {
            Engine::Sqlite => {
                let url = convo_db::testing::sqlite(&folder.0).await.unwrap();
                (Database::Sqlite { _folder: folder }, url)
            }
            Engine::Postgres => {
                #[expect(clippy::disallowed_methods, reason = "tests are told where PostgreSQL is")]
                let server = std::env::var("CONVO_TEST_POSTGRES").expect(NO_POSTGRES);
                let url = convo_db::testing::postgres(&server).await.unwrap();
                (Database::Postgres(url.clone()), url)
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let mut config = usual_config(listener.local_addr().unwrap(), &url);
        setup.apply(&mut config);
        let clock = Clock::fake();
        let app = App::start(config.clone(), clock.clone()).await.unwrap();
        let router = convo_server::router::build(&app);
        #[expect(clippy::disallowed_methods, reason = "the listener of a test ends with its runtime")]
        let server = tokio::spawn(convo_server::connections::serve(listener, router, app.clone()));
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let inner = Inner {
            app,
            clock,
            url: config.public_url,
            http,
            database,
            admin: OnceCell::new(),
            read_mails: Mutex::default(),
            server,
        };
        Self(Arc::new(inner))
    }

    /// The first administrator.
    pub async fn admin(&self) -> TestUser {
        self.admin.get_or_init(|| async { self.set_up("admin").await }).await.clone()
    }

    async fn set_up(&self, username: &str) -> TestUser {
        let token = self.setup_token().await.expect("nobody set this server up");
        let body = json!({"token": token, "username": username, "email": format!("{username}@example.org"), "password": PASSWORD, "full_name": "The Administrator"});
        TestUser::signed_in(self.clone(), username, self.post("/api/setup", body).await.created())
    }

    /// What the server would print at its start: the secret of a fresh set-up link.
    pub async fn setup_token(&self) -> Option<String> {
        let link = convo_server::accounts::setup::actions::renew_link(&self.app).await.unwrap();
        link.map(|link| link.split_once('#').unwrap().1.to_owned())
    }

    /// Registers and is signed in.
    pub async fn user(&self, username: &str) -> TestUser {
        self.admin().await;
        let email = format!("{username}@example.org");
        let body = json!({"email": email, "username": username, "password": PASSWORD});
        let session = self.post("/api/auth/register", body).await.created();
        self.mail_to(&email).await;
        TestUser::signed_in(self.clone(), username, session)
    }

    pub async fn users<const N: usize>(&self, usernames: [&str; N]) -> [TestUser; N] {
        let mut users = vec![];
        for username in usernames {
            users.push(self.user(username).await);
        }
        users.try_into().ok().unwrap()
    }

    /// Signs in once more: another device.
    pub async fn signs_in(&self, username: &str) -> TestUser {
        let session = self.post("/api/auth/login", json!({"login": username, "password": PASSWORD})).await.ok();
        TestUser::signed_in(self.clone(), username, session)
    }

    /// The oldest unread mail to an address in the local outbox: its whole text. Waits until it is there.
    pub async fn mail_to(&self, email: &str) -> String {
        eventually(&format!("a mail to {email}"), async || {
            let unread = self.unread_mails().await;
            let mail = unread.into_iter().rev().find(|mail| mail["to"] == email)?;
            self.read_mails.lock().unwrap().insert(mail["id"].as_str().unwrap().to_owned());
            Some(mail["text"].as_str().unwrap().to_owned())
        })
        .await
    }

    /// The secret of the link in a mail.
    pub async fn token_mailed_to(&self, email: &str) -> String {
        token_in(&self.mail_to(email).await)
    }

    /// Newest first.
    pub async fn unread_mails(&self) -> Vec<Value> {
        let mut reply = self.admin().await.get("/api/admin/mails?limit=100").await;
        if reply.status.as_u16() == 401 {
            // The story let more time pass than a token lives.
            reply = self.signs_in("admin").await.get("/api/admin/mails?limit=100").await;
        }
        let mut page = reply.ok();
        let read = self.read_mails.lock().unwrap();
        page["mails"]
            .as_array_mut()
            .unwrap()
            .drain(..)
            .filter(|mail| !read.contains(mail["id"].as_str().unwrap()))
            .collect()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.http.get(self.at(path))).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.http.post(self.at(path)).json(&body)).await
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        Reply::read(request.send().await.unwrap()).await
    }

    /// Until so many wait for rows that a transaction of the story holds. SQLite has one writer: there nobody gets that far.
    pub async fn until_locked_out(&self, count: i64) {
        if !self.app.db.is_postgres() {
            return;
        }
        let sql =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        eventually("others to wait for a lock", async || {
            let (waiting,): (i64,) = self.app.db.read().sql(sql).one().await.unwrap();
            (waiting >= count).then_some(())
        })
        .await;
    }

    /// Jobs that did not finish and mails that nobody read.
    pub async fn left_over(&self) -> Vec<String> {
        eventually("the jobs to finish", async || (self.app.jobs.count().await.unwrap() == 0).then_some(())).await;
        if self.admin.get().is_none() {
            return vec![];
        }
        self.unread_mails()
            .await
            .iter()
            .map(|mail| format!("unread mail to {}: {}", mail["to"], mail["subject"]))
            .collect()
    }

    pub async fn stop(&self) {
        self.app.stopping.cancel();
        self.server.abort();
        self.app.finish(Duration::from_secs(5)).await;
        if let Database::Postgres(url) = &self.database {
            convo_db::testing::drop_postgres(url).await.unwrap();
        }
    }
}

pub fn token_in(mail: &str) -> String {
    mail.split_once('#').expect("a link").1.lines().next().unwrap().to_owned()
}

/// Open to everybody, hashing as cheaply as it goes, without counted limits; stories about those switch them on.
fn usual_config(address: SocketAddr, database: &str) -> Config {
    let mut config = Config { listen: address, public_url: format!("http://{address}"), ..Config::default() };
    config.database.url = Some(Secret::new(database));
    config.database.max_connections = Some(6);
    config.registration.mode = RegistrationMode::Open;
    config.limits.off = true;
    // What the simulated network does it does at once; stories about time say otherwise.
    config.simulator.network.latency_ms = 0;
    // The gift of set-up has a story of its own; the others count what they themselves made.
    config.simulator.welcome = false;
    (config.limits.hash_memory_kib, config.limits.hash_passes) = (8, 1);
    config
}

/// Gone when dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("convo-test-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
