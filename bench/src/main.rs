//! What `cargo xtask bench` runs: what the real server does, beside what the bare parts below it can do, in one run, as JSON.
//! It starts release builds, talks to loopback only, and never switches durability off.

mod baseline;
mod fanout;
mod history;
mod http;
mod idle;
mod measure;
mod sends;
mod server;
mod socket;
mod texts;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use clap::Parser;
use serde_json::{Map, Value, json};

use server::{Engine, Server};
use texts::Route;

#[derive(Parser, Clone)]
pub struct Options {
    /// The release binary of the server.
    #[arg(long, default_value = "target/release/convo")]
    pub binary: PathBuf,
    /// `sqlite`, `postgres`; both without it.
    #[arg(long)]
    pub engine: Vec<Engine>,
    /// Which parts: crates, sends, texts, rate, fanout, idle, history, start; all without it.
    #[arg(long)]
    pub only: Vec<String>,
    /// How long each measurement runs.
    #[arg(long, default_value_t = 8)]
    pub secs: u64,
    /// How often sends and their baseline are measured in turn; the median ratio counts, because machines have moods.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
}

impl Options {
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.secs)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let engines =
        if options.engine.is_empty() { vec![Engine::Sqlite, Engine::Postgres] } else { options.engine.clone() };
    let mut report = Map::new();
    if options.wants("crates") {
        report.insert("crates".to_owned(), crates()?);
    }
    for engine in engines {
        report.insert(engine.name().to_owned(), Value::Object(measure_engine(&options, engine).await?));
    }
    show(&Value::Object(report));
    Ok(())
}

/// What the parts do alone: each is an example of its crate, which prints what it measured.
fn crates() -> Result<Value> {
    #[expect(clippy::disallowed_methods, reason = "where PostgreSQL is, comes from `cargo xtask services`")]
    let postgres = std::env::var("CONVO_TEST_POSTGRES").unwrap_or_default();
    let mut report = Map::new();
    for (name, words) in [
        ("throughput", vec![]),
        ("simulator_throughput", vec!["200000", postgres.as_str()]),
        ("smpp_throughput", vec![]),
    ] {
        let program = std::path::Path::new("target/release/examples").join(name);
        let output = std::process::Command::new(&program).args(words.iter().filter(|word| !word.is_empty())).output();
        let output =
            output.with_context(|| format!("{} does not start: run `cargo xtask bench`", program.display()))?;
        anyhow::ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        let told = serde_json::from_str(&text).unwrap_or_else(|_| text.lines().map(str::trim).collect());
        eprintln!("{name}: {told}");
        report.insert(name.to_owned(), told);
    }
    Ok(Value::Object(report))
}

async fn measure_engine(options: &Options, engine: Engine) -> Result<Map<String, Value>> {
    let mut report = Map::new();
    let mut note = |name: &str, value: Value| {
        eprintln!("{} {name}: {value}", engine.name());
        report.insert(name.to_owned(), value);
    };
    if options.wants("start") {
        note("start", idle::start(options, engine).await.context("start")?);
    }
    if options.wants("sends") {
        for (name, figures) in measure_sends(options, engine).await? {
            note(&name, figures);
        }
    }
    if options.wants("texts") {
        let bare = baseline::appends(options, engine).await.context("bare appends")?;
        for route in [Route::Simulator, Route::Smpp] {
            let mut figures = texts::closed_loop(options, engine, route).await.context("texts")?;
            figures["bare_per_sec"] = bare["per_sec"].clone();
            figures["of_baseline"] = measure::ratio(&figures["per_sec"], &bare["per_sec"]);
            note(route.name(), figures);
        }
        note("text_alone", texts::alone(options, engine).await.context("one text")?);
        note("number_search", texts::search(options, engine).await.context("number search")?);
    }
    if options.wants("rate") {
        note("highest_rate", sends::highest_rate(options, engine).await.context("rate")?);
    }
    if options.wants("fanout") {
        for members in [100, 500, 1000] {
            let bare = baseline::broadcast(options, members).await.context("bare broadcast")?;
            let mut figures = fanout::group(options, engine, members).await.context("fanout")?;
            figures["bare_per_sec"] = bare["per_sec"].clone();
            figures["of_baseline"] = measure::ratio(&figures["per_sec"], &bare["per_sec"]);
            note(&format!("deliveries_{members}"), figures);
        }
    }
    if options.wants("idle") {
        note("idle_sockets", idle::sockets(options, engine).await.context("idle sockets")?);
    }
    if options.wants("history") {
        note("history", history::pages(options, engine).await.context("history")?);
    }
    Ok(report)
}

/// In turn with the bare loop, so that each ratio is one of the same moment; of each the round with the median ratio.
async fn measure_sends(options: &Options, engine: Engine) -> Result<Vec<(String, Value)>> {
    let mut rounds: [Vec<Value>; 2] = [vec![], vec![]];
    for _ in 0..options.rounds.max(1) {
        let bare = baseline::appends(options, engine).await.context("bare appends")?;
        for (door, rounds) in DOORS.iter().zip(&mut rounds) {
            let mut figures = sends::closed_loop(options, engine, *door).await.context("sends")?;
            figures["of_baseline"] = measure::ratio(&figures["per_sec"], &bare["per_sec"]);
            figures["bare_per_sec"] = bare["per_sec"].clone();
            eprintln!("{} a round of {}: {figures}", engine.name(), door.name());
            rounds.push(figures);
        }
    }
    let medians = rounds.map(|rounds| measure::median_by(rounds, "of_baseline"));
    Ok(DOORS.iter().map(|door| door.name().to_owned()).zip(medians).collect())
}

const DOORS: [sends::Door; 2] = [sends::Door::Http, sends::Door::Socket];

/// The report is what this program is for.
#[expect(clippy::print_stdout, reason = "the report goes to standard output, progress to standard error")]
fn show(report: &Value) {
    let machine = json!({"cores": std::thread::available_parallelism().map_or(1, std::num::NonZero::get)});
    println!("{}", serde_json::to_string_pretty(&json!({"machine": machine, "engines": report})).unwrap_or_default());
}

impl Server {
    /// A fresh server for one measurement.
    pub async fn fresh(options: &Options, engine: Engine) -> Result<Server> {
        Server::start(&options.binary, engine, "").await
    }
}
