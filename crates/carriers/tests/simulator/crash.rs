//! A process that runs the simulator is killed while it works: what it had answered is there.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use convo_carriers::{
    Carrier, Event,
    simulator::{Settings, Simulator, magic::Magic},
};
use convo_db::Timestamp;
use uuid::Uuid;

use crate::stage::*;

const URL: &str = "CONVO_TEST_SIMULATOR_URL";
/// Answers that are read before the kill.
const ANSWERS: usize = 200;

fn at(micros: i64) -> convo_carriers::simulator::Clock {
    Arc::new(move || Timestamp::from_micros(micros))
}

/// Not a test of its own: what the other process does, until it is killed.
#[tokio::test]
async fn child() {
    #[expect(clippy::disallowed_methods, reason = "set by the test below for the process that it kills")]
    let Ok(url) = std::env::var(URL) else { return };
    let database = convo_db::Settings { url, max_connections: 4 };
    let simulator = Simulator::open(Settings::default(), &database, at(1_000_000)).await.unwrap();
    loop {
        let batch: Vec<_> = (0..20).map(|_| part_to(magic(Magic::Late))).collect();
        for submission in simulator.submit_all(batch.clone(), simulator.era()).await {
            assert!(matches!(submission, convo_carriers::Submission::Accepted { .. }));
        }
        for part in batch {
            println!("answered {}", part.id);
        }
    }
}

async fn what_was_answered_before_a_kill_is_there_after_it(engine: Engine) {
    let folder: PathBuf = std::env::temp_dir().join(format!("convo-simulator-{}", Uuid::now_v7().simple()));
    let database = database(engine, &folder).await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::child", "--exact", "--nocapture"])
        .env(URL, &database.url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let answered = lines.filter_map(|line| line.strip_prefix("answered ").and_then(|id| id.parse::<Uuid>().ok()));
    let answered: Vec<Uuid> = answered.take(ANSWERS).collect();
    child.kill().unwrap();
    child.wait().unwrap();

    let later = at(1_000_000 + 60_000_000);
    let started = std::time::Instant::now();
    let simulator = loop {
        // PostgreSQL lets the lock go as soon as it notices.
        match Simulator::open(Settings::default(), &database, later.clone()).await {
            Ok(simulator) => break simulator,
            Err(error) => assert!(started.elapsed() < Duration::from_secs(10), "{error}"),
        }
    };
    let recalled = simulator.recall(answered.clone()).await.unwrap();
    assert!(recalled.iter().all(|known| matches!(known, convo_carriers::Submission::Accepted { .. })));
    let mut told = vec![];
    while !answered.iter().all(|id| told.contains(&format!("sim-{}", id.simple()))) {
        let heard = simulator.events(1_000, Duration::from_secs(10)).await.unwrap();
        let last = heard.last().expect("every receipt comes").place;
        told.extend(heard.into_iter().filter_map(|heard| match heard.event {
            Event::Receipt(receipt) => Some(receipt.ids[0].clone()),
            Event::Inbound(_) => None,
        }));
        simulator.acknowledge(last).await.unwrap();
    }
    simulator.stop().await;
    if engine == Engine::Postgres {
        convo_db::testing::drop_postgres(&database.url).await.unwrap();
    } else {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[tokio::test]
async fn what_was_answered_before_a_kill_is_there_after_it_on_sqlite() {
    what_was_answered_before_a_kill_is_there_after_it(Engine::Sqlite).await;
}

#[tokio::test]
async fn what_was_answered_before_a_kill_is_there_after_it_on_postgres() {
    what_was_answered_before_a_kill_is_there_after_it(Engine::Postgres).await;
}
