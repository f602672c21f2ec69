//! `cargo xtask crash`: people write while the server is killed again and again; then every promise is checked.
//! Never switches durability off, and never asks the server to stop: SIGKILL is the only way it ends here.

mod check;
mod money;
mod person;
mod phone;
mod trunk;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::server::{Engine, Server, beside_postgres, new_database};
use convo_client::{Api, Client};
use money::Purse;
use person::{Person, Phase};
use phone::Phone;
use trunk::Trunk;

const NAMES: [&str; 6] = ["anastasia", "benedict", "clementine", "dagobert", "evangeline", "ferdinand"];
const DRAIN_WAIT: Duration = Duration::from_secs(60);

#[derive(Args)]
pub struct Options {
    #[arg(long, value_enum)]
    engine: Engine,
    /// How often the server is killed
    #[arg(long, default_value_t = 5)]
    cycles: u32,
    /// The same seed makes the same people do the same things, as far as time allows
    #[arg(long)]
    seed: Option<u64>,
}

/// The run as `cargo xtask ci` makes it, beside servers that are already there.
pub fn quick(postgres: &str) -> Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let seed = rand::random_range(0..1_000_000);
        run_on(&Options { engine, cycles: 5, seed: Some(seed) }, Some(postgres))?;
    }
    Ok(())
}

pub fn run(options: &Options) -> Result<()> {
    beside_postgres(options.engine, |postgres| run_on(options, postgres))
}

fn run_on(options: &Options, postgres: Option<&str>) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
    let database = new_database(options.engine, postgres)?;
    // One thread, so that the server, which ends with the thread that started it, ends with us and not before.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = runtime.block_on(kill_and_check(options.cycles, seed, database))?;
    println!("{}", serde_json::to_string_pretty(&figures)?);
    let problems = figures["problems_found"].as_u64().unwrap_or_default();
    if problems > 0 {
        bail!("{problems} promises were broken; the same again: --seed {seed} --cycles {}", options.cycles);
    }
    Ok(())
}

async fn kill_and_check(cycles: u32, seed: u64, database: Option<String>) -> Result<Value> {
    let engine = if database.is_some() { "postgres" } else { "sqlite" };
    println!("crash: {engine}, {cycles} cycles, seed {seed}");
    let started = Instant::now();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut server = Server::start("crash", database, &[]).await?;
    let people = settle(&server, seed).await?;

    let (phase, phases) = watch::channel(Phase::Acting);
    let mut acting = JoinSet::new();
    for person in people {
        acting.spawn(person.act(phases.clone()));
    }
    let mut starts = Vec::new();
    for _ in 0..cycles {
        tokio::time::sleep(Duration::from_millis(rng.random_range(300..2_500))).await;
        server.kill().await?;
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..300))).await;
        starts.push(server.restart().await?);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    phase.send(Phase::Draining)?;
    let people = tokio::time::timeout(DRAIN_WAIT, acting.join_all()).await;
    let people = people.context("people still had unsent messages a minute after the last restart")?;

    let mut figures = check::all(people, cycles).await?;
    starts.sort();
    figures["engine"] = json!(engine);
    figures["seed"] = json!(seed);
    figures["cycles"] = json!(cycles);
    figures["seconds"] = json!(started.elapsed().as_secs());
    figures["restart_ms_median"] = json!(starts.get(starts.len() / 2).map(Duration::as_millis).map(|ms| ms as u64));
    server.forget(figures["problems"].as_array().is_some_and(Vec::is_empty)).await?;
    Ok(figures)
}

/// Six people, two groups and two pairs.
async fn settle(server: &Server, seed: u64) -> Result<Vec<Person>> {
    let mut apis = vec![Api::set_up(&server.base, &server.setup_secret()?, NAMES[0]).await?];
    for name in &NAMES[1..] {
        apis.push(Api::register(&server.base, name).await?);
    }
    let ids: Vec<String> = apis.iter().map(|api| api.user_id.clone()).collect();
    let group = |title: &str, others: &[String]| json!({"kind": "group", "title": title, "participant_ids": others, "client_id": uuid::Uuid::new_v4()});
    let pair = |other: &String| json!({"kind": "direct", "participant_ids": [other]});
    let wanted =
        [(0, group("Everyone", &ids[1..])), (1, group("Three", &ids[2..4])), (4, pair(&ids[5])), (0, pair(&ids[1]))];
    for (owner, body) in wanted {
        let made = apis[owner].call(reqwest::Method::POST, "/api/conversations", Some(body.clone())).await;
        made.map_err(|trouble| anyhow::anyhow!("POST /api/conversations {body}: {trouble:?}"))?;
    }
    let trouble = |trouble| anyhow::anyhow!("a number and a handset: {trouble:?}");
    let centre = trunk::open(&mut apis[0]).await.map_err(trouble)?;
    let mut lines = Vec::new();
    for (index, user_id) in ids.iter().enumerate() {
        lines.push(trunk::enter(&mut apis[0], index, user_id).await.map_err(trouble)?);
    }
    let mut people = Vec::new();
    for (index, mut api) in apis.into_iter().enumerate() {
        // The first one set the server up, so they administer it.
        let charges = if index == 0 { ids[1..].to_vec() } else { vec![] };
        let mut purse = Purse::default();
        let trunk = Trunk::begin(&mut api, centre.clone(), &lines[index]).await.map_err(trouble)?;
        let phone = Phone::settle(&mut api, &mut purse, trunk).await.map_err(trouble)?;
        let rng = StdRng::seed_from_u64(seed ^ (index as u64 + 1) << 32);
        people.push(Person::new(Client::new(api), rng, charges, purse, phone));
    }
    Ok(people)
}
