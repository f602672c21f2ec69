//! `cargo xtask fuzz`: schemathesis asks a running server everything that docs/openapi.json allows, and much that it does not.
//! Never decides itself what is asked or what is right: the document does, and `hooks.py` for the shape of errors.

mod schemathesis;
mod stage;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::server::{Engine, Server, beside_postgres, new_database};
use schemathesis::{Asked, Schemathesis};

/// Hashing is not what is tried here, and a sign-in follows each session that ends.
const SETTINGS: &[(&str, &str)] =
    &[("CONVO_LIMITS_HASHES_AT_ONCE", "64"), ("CONVO_LIMITS_HASH_MEMORY_KIB", "8"), ("CONVO_LIMITS_HASH_PASSES", "1")];

#[derive(Args)]
pub struct Options {
    /// Both if left out
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Made-up requests for each endpoint and person, beside those that follow from the document alone
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    examples: u32,
    /// The same seed makes up the same requests
    #[arg(long)]
    seed: Option<u32>,
    /// As this person alone
    #[arg(long, value_enum)]
    only: Option<Who>,
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Who {
    Nobody,
    Member,
    Administrator,
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Who::Nobody => "nobody",
            Who::Member => "member",
            Who::Administrator => "administrator",
        }
    }
}

pub fn run(options: &Options) -> Result<()> {
    let tool = Schemathesis::install()?;
    let seed = options.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
    let engines = options.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine]);
    let mut wrong = vec![];
    for engine in engines {
        beside_postgres(engine, |postgres| {
            let database = new_database(engine, postgres)?;
            // One thread, so that the server, which ends with the thread that started it, ends with us and not before.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let asked = runtime.block_on(ask_all(options, engine, seed, &tool, database))?;
            wrong.extend(asked.into_iter().map(|who| format!("--engine {} --only {}", engine.name(), who.name())));
            Ok(())
        })?;
    }
    if !wrong.is_empty() {
        let again =
            wrong.iter().map(|who| format!("\n  cargo xtask fuzz {who} --examples {} --seed {seed}", options.examples));
        bail!(
            "the server did not keep to docs/openapi.json; what it answered stands above. The same again:{}",
            again.collect::<String>()
        );
    }
    Ok(())
}

/// Who of them was answered wrongly.
async fn ask_all(
    options: &Options,
    engine: Engine,
    seed: u32,
    tool: &Schemathesis,
    database: Option<String>,
) -> Result<Vec<Who>> {
    println!("fuzz: {}, {} examples, seed {seed}", engine.name(), options.examples);
    let server = Server::start("fuzz", database, SETTINGS).await?;
    let stages = stage::set(&server).await?;
    let mut wrong = vec![];
    for (who, stage) in stages {
        if options.only.is_some_and(|only| only != who) {
            continue;
        }
        let started = Instant::now();
        let file = server.folder.join(format!("{}.json", who.name()));
        std::fs::write(&file, serde_json::to_string_pretty(&stage)?)?;
        let asked = tool.ask(&server, &file, who.name(), options.examples, seed).await?;
        let problems = complaints(&server)?;
        println!("{:<14} {:>4} s  {}", who.name(), started.elapsed().as_secs(), asked.summary());
        let is_well = matches!(asked, Asked::Well { .. }) && problems.is_empty();
        if !is_well {
            show(&asked, &problems, &server.folder);
            wrong.push(who);
        }
    }
    server.forget(wrong.is_empty()).await?;
    Ok(wrong)
}

/// What the server logged as an error of its own: work in the background has no answer to be wrong.
fn complaints(server: &Server) -> Result<Vec<String>> {
    let log = server.log()?;
    Ok(log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).map(str::to_owned).collect())
}

fn show(asked: &Asked, problems: &[String], folder: &Path) {
    if let Asked::Wrongly { said } = asked {
        println!("{said}");
    }
    for problem in problems {
        println!("The server's log says: {problem}");
    }
    println!("Everything that was asked stands beside the server's log in {}", folder.display());
}
