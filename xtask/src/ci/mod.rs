//! `cargo xtask ci`: the one list of checks, run in order, with the time of each.
//! Never differs between a laptop and a server: whoever runs it runs all of it.

mod parts;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::services::Services;

/// One check. To add one: write a function in `parts` and a line in `PARTS`.
struct Part {
    name: &'static str,
    what: &'static str,
    /// Whether there is anything to check yet.
    exists: fn() -> bool,
    run: fn(&mut Run) -> Result<()>,
}

/// What parts share: the servers start once, with the first part that needs them.
#[derive(Default)]
pub struct Run {
    services: Option<Services>,
}

impl Run {
    fn services(&mut self) -> Result<&Services> {
        if self.services.is_none() {
            self.services = Some(Services::start()?);
        }
        Ok(self.services.as_ref().expect("started above"))
    }
}

enum Outcome {
    Passed,
    Failed(String),
    NothingThere,
}

pub fn list() {
    for part in parts::PARTS {
        println!("{:<10} {}", part.name, part.what);
    }
}

pub fn run(keep_going: bool, only: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = only.iter().find(|name| !parts::PARTS.iter().any(|part| part.name == name.as_str())) {
        bail!("there is no part `{unknown}`; `cargo xtask ci --list` prints their names");
    }
    let chosen = parts::PARTS.iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name));
    let mut shared = Run::default();
    let mut done: Vec<(&str, Outcome, Duration)> = Vec::new();
    for part in chosen {
        let started = Instant::now();
        let outcome = run_part(part, &mut shared);
        let failed = matches!(outcome, Outcome::Failed(_));
        done.push((part.name, outcome, started.elapsed()));
        if failed && !keep_going {
            break;
        }
    }
    drop(shared);
    Ok(report(&done))
}

fn run_part(part: &Part, shared: &mut Run) -> Outcome {
    if !(part.exists)() {
        return Outcome::NothingThere;
    }
    println!("\n== {}: {}", part.name, part.what);
    match (part.run)(shared) {
        Ok(()) => Outcome::Passed,
        Err(error) => {
            println!("error: {error:#}");
            Outcome::Failed(format!("{error:#}"))
        }
    }
}

fn report(done: &[(&str, Outcome, Duration)]) -> ExitCode {
    println!("\n== Times");
    let mut failures = 0;
    for (name, outcome, took) in done {
        let said = match outcome {
            Outcome::Passed => "ok",
            Outcome::NothingThere => "nothing to check yet",
            Outcome::Failed(_) => "FAILED",
        };
        println!("{:>8.1} s  {name:<10} {said}", took.as_secs_f64());
        failures += u32::from(matches!(outcome, Outcome::Failed(_)));
    }
    println!("{:>8.1} s  in all", done.iter().map(|(_, _, took)| took.as_secs_f64()).sum::<f64>());
    for (name, outcome, _) in done {
        if let Outcome::Failed(why) = outcome {
            println!("\n{name} failed: {why}\nAlone: cargo xtask ci --only {name}");
        }
    }
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
