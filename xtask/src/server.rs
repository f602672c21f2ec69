//! The real server as a process of ours: started, killed, started again on the same data.
//! Never stops it in any other way than SIGKILL. Its simulated carrier is a process of its own, which lives on.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use tokio::process::{Child, Command};

use crate::services::Services;
use crate::{sh, tools};

/// Names and values of the environment.
type Settings = &'static [(&'static str, &'static str)];

const START_WAIT: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }
}

pub struct Server {
    pub base: String,
    pub folder: PathBuf,
    port: u16,
    /// What it is told beside what every server of ours is told.
    settings: Settings,
    database: Option<String>,
    simulator_port: u16,
    /// Lives through every kill, as a network does.
    simulator: Child,
    process: Child,
}

impl Server {
    /// Without a database URL it uses SQLite in its data folder. `purpose` is the command that it serves.
    pub async fn start(purpose: &str, database: Option<String>, settings: Settings) -> Result<Server> {
        // In the target folder: what a killed run leaves is found, and ends with `cargo clean`.
        let folder = tools::target().join(purpose).join(uuid::Uuid::new_v4().simple().to_string());
        fs::create_dir_all(&folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let simulator_port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let simulator = command(&folder, "simulator", [port, simulator_port], database.as_deref())?.spawn()?;
        let serve = command(&folder, "serve", [port, simulator_port], database.as_deref())?
            .envs(settings.iter().copied())
            .spawn();
        let base = format!("http://127.0.0.1:{port}");
        let mut server = Server { base, port, folder, settings, database, simulator_port, simulator, process: serve? };
        server.wait_until_ready().await?;
        Ok(server)
    }

    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }

    /// How long it took until it answered again.
    pub async fn restart(&mut self) -> Result<Duration> {
        let started = Instant::now();
        let ports = [self.port, self.simulator_port];
        let mut serve = command(&self.folder, "serve", ports, self.database.as_deref())?;
        self.process = serve.envs(self.settings.iter().copied()).spawn()?;
        self.wait_until_ready().await?;
        Ok(started.elapsed())
    }

    /// From the line that the first start printed: `…/setup#<secret>`.
    pub fn setup_secret(&self) -> Result<String> {
        let log = self.log()?;
        let after = log.split("/setup#").nth(1).context("the server printed no set-up link")?;
        Ok(after.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.~".contains(*c)).collect())
    }

    /// Everything that it printed.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("serve.log"))?)
    }

    /// Ends it; its folder stays only for somebody to look into.
    pub async fn forget(mut self, all_well: bool) -> Result<()> {
        self.kill().await?;
        self.simulator.kill().await?;
        if all_well {
            fs::remove_dir_all(&self.folder)?;
        } else {
            println!("The data and the log of the server stay in {}", self.folder.display());
        }
        Ok(())
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(2)).build()?;
        let started = Instant::now();
        while started.elapsed() < START_WAIT {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended ({status}):\n{}", self.last_words());
            }
            let answer = http.get(format!("{}/health/ready", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("the server was not ready after {} s:\n{}", START_WAIT.as_secs(), self.last_words())
    }

    fn last_words(&self) -> String {
        let log = self.log().unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

fn command(folder: &Path, verb: &str, [port, simulator_port]: [u16; 2], database: Option<&str>) -> Result<Command> {
    let log = File::options().create(true).append(true).open(folder.join(format!("{verb}.log")))?;
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--"])
        .arg(tools::convo())
        .arg(verb)
        .current_dir(folder)
        .env("CONVO_LISTEN", format!("127.0.0.1:{port}"))
        .env("CONVO_PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("CONVO_DATA_DIR", folder.join("data"))
        .env("CONVO_REGISTRATION_MODE", "open")
        .env("CONVO_SIMULATOR_URL", format!("http://127.0.0.1:{simulator_port}"))
        .env("CONVO_SIMULATOR_LISTEN", format!("127.0.0.1:{simulator_port}"))
        .env("CONVO_SIMULATOR_SECRET", "of the tools")
        // A few people from one address, with the pace of many.
        .env("CONVO_LIMITS_OFF", "true")
        .env("CONVO_SIMULATOR_WELCOME", "false")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true);
    if let Some(url) = database {
        command.env("CONVO_DATABASE_URL", url);
    }
    Ok(command)
}

/// The PostgreSQL that `engine` needs: the one that CONVO_TEST_POSTGRES names, else one of our own while `work` runs.
pub fn beside_postgres(engine: Engine, work: impl FnOnce(Option<&str>) -> Result<()>) -> Result<()> {
    let given = std::env::vars().find(|(name, _)| name == "CONVO_TEST_POSTGRES").map(|(_, url)| url);
    match (engine, &given) {
        (Engine::Postgres, None) => work(Some(&Services::start()?.postgres)),
        _ => work(given.as_deref()),
    }
}

/// A new database for the engine, `None` for SQLite, which needs only its folder.
pub fn new_database(engine: Engine, postgres: Option<&str>) -> Result<Option<String>> {
    let Engine::Postgres = engine else { return Ok(None) };
    let postgres = postgres.context("PostgreSQL is not there")?;
    let name = format!("convo_{}", uuid::Uuid::new_v4().simple());
    let psql = tools::program("psql").or_else(|_| tools::postgres_bin().map(|bin| bin.join("psql")))?;
    let statement = format!("create database {name}");
    let maintenance = format!("{postgres}/postgres");
    sh::output(&mut sh::command(tools::root(), &[&psql.to_string_lossy(), &maintenance, "-qc", &statement]))?;
    Ok(Some(format!("{postgres}/{name}")))
}
