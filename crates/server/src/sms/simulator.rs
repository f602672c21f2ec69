//! Where the simulated carrier runs: in this process, or in one of its own (`convo simulator`).
//! It knows addresses and folders, never a text.

use std::sync::Arc;

use anyhow::{Context, bail};
use convo_carriers::{
    Carrier,
    simulator::{OpenError, Remote, Simulation, Simulator},
};
use convo_db::Settings;

use crate::{clock::Clock, config::Config};

/// To PostgreSQL, beside those of the server: one task writes, and few read.
const MAX_CONNECTIONS: u32 = 4;

pub struct Opened {
    pub carrier: Arc<dyn Carrier>,
    pub simulation: Arc<dyn Simulation>,
    /// It runs here, and has to be stopped here.
    pub embedded: Option<Simulator>,
}

/// `None` if another process runs it on the same store.
pub async fn open(config: &Config, clock: &Clock) -> anyhow::Result<Option<Opened>> {
    let Some(url) = &config.simulator.url else {
        let opened = embedded(config, clock.clone()).await?;
        return Ok(opened.map(|it| Opened {
            carrier: Arc::new(it.clone()),
            simulation: Arc::new(it.clone()),
            embedded: Some(it),
        }));
    };
    let Some(secret) = &config.simulator.secret else {
        bail!("`simulator.url` is set without `simulator.secret`: set both sides' secret (CONVO_SIMULATOR_SECRET)");
    };
    let remote = Remote::new(url, secret.expose())?;
    Ok(Some(Opened { carrier: Arc::new(remote.clone()), simulation: Arc::new(remote), embedded: None }))
}

async fn embedded(config: &Config, clock: Clock) -> anyhow::Result<Option<Simulator>> {
    let settings = config.simulator.network.clone();
    match Simulator::open(settings, &store(config)?, Arc::new(move || clock.now())).await {
        Ok(simulator) => Ok(Some(simulator)),
        Err(OpenError::Busy(_)) => Ok(None),
        Err(error) => Err(error).context("the simulated carrier cannot start"),
    }
}

/// A store of its own: a folder beside the database, or a schema in it.
pub fn store(config: &Config) -> anyhow::Result<Settings> {
    let database = config.database_settings();
    let Some(file) = config.database_file() else {
        return Ok(Settings { max_connections: database.max_connections.min(MAX_CONNECTIONS), ..database });
    };
    let folder = file.parent().unwrap_or(&file).join("simulator");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(Settings { url: format!("sqlite:{}", folder.join("simulator.db").display()), ..database })
}
