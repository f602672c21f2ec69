//! The message centre that tests speak with: `peer.js`, run by node, commanded line by line.
//! Each has a port and a process of its own, which ends with it.

pub mod run;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use convo_carriers::smpp::{LinkState, Settings, Smpp};
use convo_carriers::{Carrier, Heard, Part};
use convo_phone::{Party, sms::split};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// Nothing that a test waits for takes so long.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Peer {
    _child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// What it told while we waited for an answer.
    events: Vec<Value>,
    pub port: u64,
}

impl Peer {
    pub async fn start() -> Self {
        Self::start_with(json!({})).await
    }

    /// With the paths of a key and a certificate as `{"tls":{"key":…,"cert":…}}`.
    pub async fn start_with(options: Value) -> Self {
        let folder = installed().await;
        let script = source().join("peer.js");
        let mut child = Command::new("node")
            .arg(script)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("tests of SMPP run a peer on node 20 or later: install node and npm");
        let stdin = child.stdin.take().expect("stdin is piped");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let mut peer = Self { _child: child, stdin, lines, events: Vec::new(), port: 0 };
        peer.port = peer.tell("start", options).await["port"].as_u64().expect("a port");
        peer
    }

    /// Gives a command and waits for its answer.
    pub async fn tell(&mut self, name: &str, mut options: Value) -> Value {
        options["do"] = json!(name);
        self.stdin.write_all(format!("{options}\n").as_bytes()).await.expect("the peer runs");
        loop {
            let line = self.line().await;
            if line["answer"] == name {
                return line;
            }
            self.events.push(line);
        }
    }

    pub async fn behave(&mut self, change: Value) {
        self.tell("behave", json!({ "change": change })).await;
    }

    pub async fn restart(&mut self) {
        self.tell("stop", json!({})).await;
        self.tell("start", json!({})).await;
    }

    pub async fn stats(&mut self) -> Value {
        self.tell("stats", json!({})).await
    }

    /// The next event of this kind; others before it are passed over.
    pub async fn event(&mut self, name: &str) -> Value {
        loop {
            let line = if self.events.is_empty() { self.line().await } else { self.events.remove(0) };
            if line["event"] == name {
                return line;
            }
        }
    }

    /// Asks for the figures until they are as they should be.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let stats = self.stats().await;
            if holds(&stats) {
                return stats;
            }
            assert!(began.elapsed() < PATIENCE, "{what}: {stats}");
        }
    }

    async fn line(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.next_line()).await.expect("the peer says something in time");
        serde_json::from_str(&line.expect("the peer's output").expect("the peer runs")).expect("a line of JSON")
    }

    /// An account at this peer, with these settings besides.
    pub fn settings(&self, more: Value) -> Settings {
        let mut settings = json!({
            "host": "127.0.0.1", "port": self.port, "system_id": "convo", "password": "secret",
            "country": "GB", "world": "simulated", "window": 10, "segments_per_second": 1000,
        });
        for (name, value) in more.as_object().expect("settings by name") {
            settings[name] = value.clone();
        }
        serde_json::from_value(settings).expect("settings that can be read")
    }

    pub async fn bound(&self, more: Value) -> Smpp {
        let smpp = start(self.settings(more));
        until_bound(&smpp).await;
        smpp
    }
}

pub fn start(settings: Settings) -> Smpp {
    #[expect(clippy::disallowed_methods, reason = "tests of a carrier have no app whose clock could be asked")]
    let now = Arc::new(|| chrono::Utc::now().into());
    Smpp::start(settings, now).expect("settings that can work")
}

pub async fn until_bound(smpp: &Smpp) {
    until_links(smpp, |links| links.iter().all(|link| *link == LinkState::Bound)).await;
}

pub async fn until_links(smpp: &Smpp, holds: impl Fn(&[LinkState]) -> bool) -> Vec<LinkState> {
    let mut links = smpp.links();
    let found = timeout(PATIENCE, links.wait_for(|links| holds(links))).await;
    found.unwrap_or_else(|_| panic!("the links stay {:?}", smpp.links().borrow())).expect("the carrier lives").clone()
}

/// At least so many events, unacknowledged.
pub async fn hear(smpp: &Smpp, count: usize) -> Vec<Heard> {
    let began = Instant::now();
    loop {
        let heard = smpp.events(count, Duration::from_millis(100)).await.expect("an open link");
        if heard.len() >= count {
            return heard;
        }
        assert!(began.elapsed() < PATIENCE, "only {} of {count} events", heard.len());
        tokio::task::yield_now().await;
    }
}

/// A text as its parts, to a receiver of its own.
pub fn parts(index: usize, text: &str) -> Vec<Part> {
    let to: Party = format!("+4474001{index:05}").parse().expect("a number");
    let from: Party = "+447700900461".parse().expect("a number");
    let payloads = split(text).payloads(7).expect("a text that fits");
    let part = |payload| Part { id: Uuid::now_v7(), from: from.clone(), to: to.clone(), payload };
    payloads.into_iter().map(part).collect()
}

pub fn part(index: usize, text: &str) -> Part {
    parts(index, text).remove(0)
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smpp_peer")
}

/// Where the peer's packages are, once for each build folder.
async fn installed() -> &'static Path {
    static FOLDER: OnceCell<PathBuf> = OnceCell::const_new();
    FOLDER.get_or_init(install).await
}

async fn install() -> PathBuf {
    let program = std::env::current_exe().expect("our own path");
    let folder = program.ancestors().nth(2).expect("a build folder").join("smpp_peer");
    let lock = std::fs::read_to_string(source().join("package-lock.json")).expect("the lock file");
    let done = folder.join("installed");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == lock) {
        return folder;
    }
    std::fs::create_dir_all(&folder).expect("a folder for the peer");
    for name in ["package.json", "package-lock.json"] {
        std::fs::copy(source().join(name), folder.join(name)).expect("a copy of the package");
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).stdout(Stdio::null());
    let status = npm.status().await.expect("tests of SMPP run a peer on node 20 or later: install node and npm");
    assert!(status.success(), "`npm ci` for the SMPP peer failed in {}: {status}", folder.display());
    std::fs::write(&done, lock).expect("a note that it is installed");
    folder
}
