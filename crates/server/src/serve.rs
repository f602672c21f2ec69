//! `convo serve`: from the lock on the data to the last finished request.
//! It never takes longer than ten seconds to end.

use std::{future::Future, io::Write, os::unix::fs::DirBuilderExt, time::Duration};

use anyhow::Context;
use convo_server::{accounts::setup, app::App, clock::Clock, config::Config, connections, router};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::lock;

/// For sockets to hear `reconnect` and for requests to end; together with the next less than ten seconds.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
const FINISH_LIMIT: Duration = Duration::from_secs(4);

pub async fn serve(config: Config) -> anyhow::Result<()> {
    // Before anything is printed: who reads that we run may ask us to stop.
    let asked = asked_to_stop()?;
    make_data_dir(&config)?;
    let _lock = lock::take(&config)?;
    // Each socket is an open file; Debian's usual 1,024 are soon gone.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        warn!(%error, "The limit of open files could not be raised");
    }
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!("cannot listen on {}; set `listen` (CONVO_LISTEN) to a free address", config.listen)
    })?;
    let address = listener.local_addr()?;
    let app = App::start(config, Clock::System).await?;
    say(format!("Convo listens on http://{address}, and people reach it at {}", app.config.public_url));
    if app.config.is_out_of_reach() {
        say(format!(
            "Only this machine can reach {}: set `listen` (CONVO_LISTEN=0.0.0.0:{}), or put a proxy in front and name it in `trusted_proxies`",
            address,
            address.port()
        ));
    }
    if let Some(link) = setup::actions::renew_link(&app).await? {
        say(format!("Set up Convo: {link}"));
    }
    let server = connections::serve(listener, router::build(&app), app.clone());
    let stopper = app.clone();
    app.spawn(async move {
        asked.await;
        info!("Asked to stop: finishing what runs");
        stopper.stopping.cancel();
    });
    end(&app, server).await;
    Ok(())
}

/// To standard output, if anybody still reads it: a server does not end because `head` had enough.
fn say(line: String) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// `convo simulator`: the simulated carrier alone, with a store of its own, until it is asked to stop.
pub async fn simulate(config: Config) -> anyhow::Result<()> {
    let asked = asked_to_stop()?;
    make_data_dir(&config)?;
    let Some(secret) = &config.simulator.secret else {
        anyhow::bail!(
            "set `simulator.secret` (CONVO_SIMULATOR_SECRET) to a text that nobody guesses, here and on every server"
        );
    };
    let listener = TcpListener::bind(config.simulator.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; set `simulator.listen` (CONVO_SIMULATOR_LISTEN) to a free address",
            config.simulator.listen
        )
    })?;
    say(format!("The simulated carrier listens on http://{}", listener.local_addr()?));
    let stop = CancellationToken::new();
    let stopper = stop.clone();
    let settings = config.simulator.network.clone();
    let clock: convo_carriers::simulator::Clock = std::sync::Arc::new(|| Clock::System.now());
    let store = convo_server::sms::simulator::store(&config)?;
    let serving = convo_carriers::simulator::serve(settings, &store, clock, listener, secret.expose(), stop);
    tokio::pin!(serving);
    tokio::select! {
        served = &mut serving => return Ok(served?),
        () = asked => stopper.cancel(),
    }
    Ok(serving.await?)
}

/// Runs until asked to stop; then sockets are sent away first, because the server waits for its requests only.
async fn end(app: &App, server: impl Future<Output = ()>) {
    tokio::pin!(server);
    tokio::select! {
        // First: the server ends as soon as its requests have, and sockets are none.
        biased;
        () = app.stopping.cancelled() => {
            let drained = timeout(DRAIN_LIMIT, async { tokio::join!(app.hub.drain(), &mut server).1 }).await;
            if drained.is_err() {
                warn!("Some requests did not end in time");
            }
        }
        () = &mut server => {}
    }
    app.finish(FINISH_LIMIT).await;
    info!("Stopped");
}

pub fn make_data_dir(config: &Config) -> anyhow::Result<()> {
    if config.database.is_postgres() {
        return Ok(());
    }
    // Whoever can read the database can sign as anybody: the folder is for us alone.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data_dir)
        .with_context(|| format!("cannot make the folder {}; set `data_dir`", config.data_dir.display()))
}

/// Ready to hear from now on, even before it is waited for.
fn asked_to_stop() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
