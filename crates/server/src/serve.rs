//! `convo serve`: from the lock on the data to the last finished request.
//! It never takes longer than ten seconds to end.

use std::{future::Future, net::SocketAddr, os::unix::fs::DirBuilderExt, time::Duration};

use anyhow::Context;
use axum::serve::ListenerExt;
use convo_server::{accounts::setup, app::App, clock::Clock, config::Config, router};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
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
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; set `listen` to a free address", config.listen))?;
    let address = listener.local_addr()?;
    // Small frames must not wait for larger company.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let app = App::start(config, Clock::System).await?;
    println!("Convo listens on http://{address}, and people reach it at {}", app.config.public_url);
    if let Some(link) = setup::actions::renew_link(&app).await? {
        println!("Set up Convo: {link}");
    }
    let service = router::build(&app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(app.stopping.clone().cancelled_owned());
    let stopper = app.clone();
    app.spawn(async move {
        asked.await;
        info!("Asked to stop: finishing what runs");
        stopper.stopping.cancel();
    });
    end(&app, server.into_future()).await
}

/// Runs until asked to stop; then sockets are sent away first, because the server waits for its requests only.
async fn end(app: &App, server: impl Future<Output = std::io::Result<()>>) -> anyhow::Result<()> {
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
        ended = &mut server => ended?,
    }
    app.finish(FINISH_LIMIT).await;
    info!("Stopped");
    Ok(())
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
