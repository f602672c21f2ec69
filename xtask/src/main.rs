//! `cargo xtask`: every check and tool of a developer, in the language of the project.
//! Never part of the product: nothing here is built into `convo`, and it knows the server only from outside.

#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

mod arrows;
mod bench;
mod ci;
mod crash;
mod deps;
mod fuzz;
mod openapi;
mod server;
mod services;
mod sh;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks and tools of Convo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that must hold before a change is merged, in one list
    Ci {
        /// Run the parts after a failure too
        #[arg(long)]
        keep_going: bool,
        /// Only the parts with these names (see --list)
        #[arg(long, value_name = "PART")]
        only: Vec<String>,
        /// Print the names of the parts and stop
        #[arg(long)]
        list: bool,
    },
    /// Runs a command beside a throw-away PostgreSQL and Redis
    Services {
        /// The command; it finds CONVO_TEST_POSTGRES and CONVO_TEST_REDIS in its environment
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Checks what may depend on what, from the source text
    Arrows,
    /// Checks licences, banned crates, and crates that nobody uses
    Deps,
    /// Kills the server again and again while people write, then checks every promise
    Crash(crash::Options),
    /// Asks the server everything that the OpenAPI document allows, and much that it does not
    Fuzz(fuzz::Options),
    /// Measures the release build beside bare baselines; JSON on standard output
    Bench {
        /// For the measuring program: --engine, --only, --secs, --rounds
        #[arg(last = true)]
        options: Vec<String>,
    },
    /// Writes docs/openapi.json and the types of the web client from the built server
    Openapi,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Ci { list: true, .. } => {
            ci::list();
            Ok(ExitCode::SUCCESS)
        }
        Command::Ci { keep_going, only, .. } => ci::run(keep_going, &only),
        Command::Services { command } => services::run(&command),
        Command::Arrows => arrows::check().map(|()| ExitCode::SUCCESS),
        Command::Deps => deps::check().map(|()| ExitCode::SUCCESS),
        Command::Crash(options) => crash::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Fuzz(options) => fuzz::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Bench { options } => bench::run(options),
        Command::Openapi => openapi::write().map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        println!("error: {error:#}");
        ExitCode::FAILURE
    })
}
