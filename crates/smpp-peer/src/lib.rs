//! A message centre that none of us wrote, for tests: the npm package `smpp`, run by node, commanded line by line.
//! Each has a port and a process of its own, which ends with it. Nothing of the product depends on this crate.

pub mod sink;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::OnceCell;
use tokio::time::timeout;

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
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Where the peer's packages are, once for each build folder.
async fn installed() -> &'static Path {
    static FOLDER: OnceCell<PathBuf> = OnceCell::const_new();
    FOLDER.get_or_init(install).await
}

async fn install() -> PathBuf {
    let program = std::env::current_exe().expect("our own path");
    // Tests lie one folder deeper than programs.
    let built = program.parent().expect("a build folder");
    let folder =
        if built.ends_with("deps") { built.parent().expect("a build folder") } else { built }.join("smpp_peer");
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
