//! The program `convo`: reads its settings and runs one command.
//! It decides nothing about the product; the library does.

#![expect(clippy::print_stdout, reason = "a command-line program talks to its user")]

mod lock;
mod serve;

use std::{io::IsTerminal, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use convo_server::{
    accounts::{self, keys, registration::Wish, setup},
    app::App,
    billing::ledger,
    clock::Clock,
    config::{Config, LogFormat},
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A team's conversations in one server.
#[derive(Parser)]
#[command(name = "convo", version)]
struct Cli {
    /// The settings file; `convo.toml` beside you if it is there.
    #[arg(long, global = true, env = "CONVO_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default).
    Serve,
    /// Bring the database up to date and end.
    Migrate,
    /// Show the settings that are in force, secrets masked.
    Config,
    /// Administrators of this server.
    #[command(subcommand)]
    Admin(Admin),
    /// Run the simulated carrier in a process of its own; `simulator.url` tells servers where it is.
    Simulator,
    /// The keys that sign access tokens.
    #[command(subcommand)]
    Keys(KeyCommand),
    /// Add every movement of money up and compare it with the wallets; fails if one of them says something else.
    Audit,
    /// Print the OpenAPI document.
    Openapi,
}

#[derive(Subcommand)]
enum Admin {
    /// Print a fresh set-up link, if there is no administrator yet; or with a name and an address, make an administrator.
    Create(NewAdministrator),
}

#[derive(Args)]
struct NewAdministrator {
    #[arg(long, requires = "email")]
    username: Option<String>,
    #[arg(long, requires = "username")]
    email: Option<String>,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Sign with a new key from now on; tokens of the old one run out by themselves.
    Rotate,
}

fn main() -> ExitCode {
    match start(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // For people: the whole chain in one line, and no backtrace, whatever the environment asks for.
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<()> {
    if matches!(cli.command, Some(Command::Openapi)) {
        print!("{}", convo_server::router::openapi());
        return Ok(());
    }
    let config = Config::load(cli.config.as_deref())?;
    start_log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(run(cli.command.unwrap_or(Command::Serve), config));
    // What computes on a thread of its own (a password, a picture) is not worth waiting for any more.
    runtime.shutdown_timeout(Duration::from_millis(500));
    ended
}

async fn run(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Migrate => migrate(&config).await,
        Command::Config => {
            print!("{}", toml::to_string_pretty(&config.in_force()?)?);
            Ok(())
        }
        Command::Admin(Admin::Create(new)) => create_administrator(config, new).await,
        Command::Simulator => serve::simulate(config).await,
        Command::Keys(KeyCommand::Rotate) => rotate_keys(&config).await,
        Command::Audit => audit(&config).await,
        Command::Openapi => unreachable!("answered before the settings were read"),
    }
}

/// To standard error, so that what a command prints can be used.
fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = config.log_filter();
    let filter = EnvFilter::try_new(filter)
        .with_context(|| format!("`log.filter` is {filter:?}: write it as \"info\" or \"convo_server=debug\""))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Where nobody reads standard error any more it would panic, and whoever logged with it.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log.format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

async fn open(config: &Config) -> anyhow::Result<convo_db::Db> {
    serve::make_data_dir(config)?;
    Ok(convo_db::Db::open(&config.database_settings()).await?)
}

async fn migrate(config: &Config) -> anyhow::Result<()> {
    open(config).await?.close().await;
    println!("The database is up to date.");
    Ok(())
}

async fn audit(config: &Config) -> anyhow::Result<()> {
    check_database(config)?;
    let db = open(config).await?;
    let audit = ledger::access::audit(&mut *db.snapshot().await?).await?;
    db.close().await;
    println!("{} transfers between {} wallets were added up.", audit.transfers, audit.wallets);
    for wallet in &audit.unbalanced {
        println!("{wallet:?}");
    }
    anyhow::ensure!(
        audit.unbalanced.is_empty(),
        "the wallets above hold something else than what was moved; restore a backup, or correct them by hand"
    );
    Ok(())
}

/// In the wrong folder, these commands would make a database that no server uses, and say that all is well.
fn check_database(config: &Config) -> anyhow::Result<()> {
    match config.database_file() {
        Some(file) if !file.exists() => {
            let folder = std::path::absolute(file.parent().unwrap_or(&file))?;
            bail!(
                "there is no database in {} yet; run this where your server runs, name its folder by `data_dir` (CONVO_DATA_DIR) or its settings by `--config`, or make a new database there: convo migrate",
                folder.display()
            )
        }
        _ => Ok(()),
    }
}

async fn rotate_keys(config: &Config) -> anyhow::Result<()> {
    check_database(config)?;
    let db = open(config).await?;
    let kid = keys::rotate(&db, &Clock::System).await?;
    db.close().await;
    println!("New tokens are signed with the key {kid} within half a minute.");
    Ok(())
}

async fn create_administrator(config: Config, new: NewAdministrator) -> anyhow::Result<()> {
    check_database(&config)?;
    let app = App::start_for_command(config, Clock::System).await?;
    let done = match (new.username, new.email) {
        (Some(username), Some(email)) => with_password(&app, &username, &email).await,
        _ => match setup::actions::renew_link(&app).await? {
            Some(link) => Ok(format!("Set up Convo: {link}")),
            None => Err(anyhow::anyhow!(
                "there is an administrator already; to make another one, name it: convo admin create --username … --email …"
            )),
        },
    };
    app.finish(Duration::from_secs(5)).await;
    println!("{}", done?);
    Ok(())
}

async fn with_password(app: &App, username: &str, email: &str) -> anyhow::Result<String> {
    let password = accounts::passwords::generate()?;
    let wish = Wish::check(username, email, None, None)?;
    setup::actions::create_administrator(app, wish, password.clone()).await?;
    Ok(format!("{username} is an administrator. The password is shown only now: {password}"))
}
