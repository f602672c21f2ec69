//! The release binary as a child, with a fresh database, and the people whom a measurement needs.
//! It is killed when it is dropped.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::http::Http;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

pub struct Server {
    child: Child,
    pub address: String,
    data: PathBuf,
    database: Option<String>,
    /// From the start of the process until it answered.
    pub ready_in: Duration,
    set_up: Option<String>,
    /// Who set it up, once there are people.
    pub admin: Option<Person>,
}

#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub token: String,
}

/// A fresh database on the chosen engine.
pub async fn database(engine: Engine, data: &Path) -> Result<String> {
    match engine {
        Engine::Sqlite => Ok(format!("sqlite:{}", data.join("convo.db").display())),
        Engine::Postgres => {
            #[expect(clippy::disallowed_methods, reason = "where PostgreSQL is, comes from `cargo xtask services`")]
            let server = std::env::var("CONVO_TEST_POSTGRES")
                .context("run this through `cargo xtask bench`, which starts PostgreSQL")?;
            Ok(convo_db::testing::postgres(&server).await?)
        }
    }
}

pub fn folder() -> Result<PathBuf> {
    let folder = std::env::current_dir()?.join("target").join(format!("bench-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

impl Server {
    /// With these settings besides, as its file has them.
    pub async fn start(binary: &Path, engine: Engine, more: &str) -> Result<Server> {
        let data = folder()?;
        let database = database(engine, &data).await?;
        let address = free_address()?;
        // What the simulated network does it does at once: its delays are not what is measured.
        let settings = data.join("convo.toml");
        std::fs::write(&settings, format!("[simulator.network]\nlatency_ms = 0\n{more}"))?;
        let started = Instant::now();
        let mut child = Command::new(binary)
            .arg("serve")
            .envs([
                ("CONVO_DATABASE_URL", database.as_str()),
                ("CONVO_LISTEN", &address),
                ("CONVO_PUBLIC_URL", &format!("http://{address}")),
                ("CONVO_REGISTRATION_MODE", "open"),
                ("CONVO_LIMITS_OFF", "true"),
                ("CONVO_SIMULATOR_WELCOME", "false"),
                ("CONVO_LIMITS_HASH_MEMORY_KIB", "8"),
                ("CONVO_LIMITS_HASH_PASSES", "1"),
                ("CONVO_LOG_FILTER", "warn"),
            ])
            .env("CONVO_DATA_DIR", &data)
            .env("CONVO_CONFIG", &settings)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start; build it with `cargo build --release`", binary.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("its output is piped")?).lines();
        let set_up = loop {
            let line = lines.next_line().await?.context("the server ended before it was ready")?;
            if let Some((_, secret)) = line.split_once("/setup#") {
                break secret.trim().to_owned();
            }
        };
        #[expect(clippy::disallowed_methods, reason = "drains a pipe until the child ends")]
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let mut server = Server {
            child,
            address,
            data,
            ready_in: Duration::ZERO,
            database: (engine == Engine::Postgres).then_some(database),
            set_up: Some(set_up),
            admin: None,
        };
        server.wait_until_ready().await?;
        server.ready_in = started.elapsed();
        Ok(server)
    }

    async fn wait_until_ready(&self) -> Result<()> {
        for _ in 0..2_000 {
            if let Ok(mut http) = Http::connect(&self.address).await
                && http.get("/health/ready", "").await.is_ok_and(|answer| answer.status < 300)
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bail!("the server did not become ready")
    }

    /// Registers so many people, eight at a time.
    pub async fn people(&mut self, count: usize) -> Result<Vec<Person>> {
        if let Some(secret) = self.set_up.take() {
            let body = json!({"token": secret, "username": "root", "email": "root@example.org", "password": PASSWORD});
            self.admin = Some(person(&mut Http::connect(&self.address).await?, "/api/setup", &body).await?);
        }
        let batch = uuid::Uuid::now_v7().simple().to_string();
        let lanes = (0..8).map(|lane| {
            let (address, batch) = (self.address.clone(), &batch[20..]);
            async move {
                let mut http = Http::connect(&address).await?;
                let mut people = vec![];
                for n in (lane..count).step_by(8) {
                    let name = format!("p{n}-{batch}");
                    let body = json!({"username": name, "email": format!("{name}@example.org"), "password": PASSWORD});
                    people.push(person(&mut http, "/api/auth/register", &body).await?);
                }
                Ok::<_, anyhow::Error>(people)
            }
        });
        Ok(futures_util::future::try_join_all(lanes).await?.into_iter().flatten().collect())
    }

    /// A direct conversation of these two.
    pub async fn direct(&self, one: &Person, other: &Person) -> Result<String> {
        self.conversation(one, &json!({"kind": "direct", "participant_ids": [other.id]})).await
    }

    pub async fn group(&self, owner: &Person, others: &[Person]) -> Result<String> {
        let ids: Vec<_> = others.iter().map(|person| &person.id).collect();
        self.conversation(
            owner,
            &json!({"kind": "group", "title": "Bench", "participant_ids": ids, "client_id": uuid::Uuid::now_v7()}),
        )
        .await
    }

    async fn conversation(&self, owner: &Person, wanted: &Value) -> Result<String> {
        let answer = Http::connect(&self.address).await?.post("/api/conversations", &owner.token, wanted).await?;
        let view = answer.json()?;
        view["conversation"]["id"].as_str().map(str::to_owned).with_context(|| format!("no conversation: {view}"))
    }

    /// Resident memory of the server's process.
    pub fn memory_bytes(&self) -> Result<u64> {
        let id = self.child.id().context("the server runs")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
        let kib: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
        Ok(kib * 1024)
    }

    pub async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        let _ = std::fs::remove_dir_all(&self.data);
        if let Some(url) = &self.database {
            convo_db::testing::drop_postgres(url).await?;
        }
        Ok(())
    }
}

const PASSWORD: &str = "mirror canyon velvet 9";

async fn person(http: &mut Http, path: &str, body: &Value) -> Result<Person> {
    let session = http.post(path, "", body).await?.json()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let (id, token) = (text(&session["user"]["id"]), text(&session["access_token"]));
    Ok(Person { id: id.with_context(|| format!("no session: {session}"))?, token: token.context("a token")? })
}

fn free_address() -> Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
