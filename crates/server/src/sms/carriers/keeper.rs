//! Keeps what this node knows of carriers like what the database says: their settings, who holds their links, and how these are.
//! It starts a link's work for each carrier and again when its settings change, never two of one carrier at once.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;
use tracing::{error, warn};

use super::{Kind, Link, Origin, Provider, link, settings::CarrierSettings, store};
use crate::{
    app::App,
    error::{Error, Result},
};

const LOOK_EVERY: Duration = Duration::from_secs(2);

pub async fn run(app: App) {
    let mut working: HashMap<String, (Arc<Provider>, JoinHandle<()>)> = HashMap::new();
    while !app.stopped.is_cancelled() {
        if let Err(error) = refresh(&app).await {
            warn!(%error, cause = ?error.cause(), "What is known of carriers is not fresh");
        }
        // Who was replaced ends by itself, and its successor waits for that.
        working.retain(|_, (_, work)| !work.is_finished());
        for provider in app.carriers.all() {
            if provider.is_on() && !working.contains_key(&provider.name) {
                let work = app.tasks.spawn(link::run(app.clone(), provider.clone()));
                working.insert(provider.name.clone(), (provider, work));
            }
        }
        tokio::select! {
            () = app.stopped.cancelled() => {}
            () = app.carriers.changed.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

pub async fn refresh(app: &App) -> Result<()> {
    read_settings(app).await?;
    read_links(app).await
}

async fn read_settings(app: &App) -> Result<()> {
    let rows = store::list(&mut app.db.read()).await?;
    for provider in app.carriers.all() {
        let is_of_table = matches!(&provider.kind, Kind::Smpp { origin: Origin::Table { .. }, .. });
        if is_of_table && !rows.iter().any(|row| row.name == provider.name) {
            app.carriers.remove(&provider.name);
        }
    }
    for row in rows {
        let origin = Origin::Table { version: row.version };
        let is_fresh = app.carriers.get(&row.name).is_ok_and(|known| match &known.kind {
            Kind::Smpp { origin: known, .. } => *known == origin || *known == Origin::File,
            Kind::Simulator { .. } => true,
        });
        if is_fresh {
            continue;
        }
        match row.settings() {
            Ok(settings) => app.carriers.put(Provider::smpp(&row.name, settings, origin)),
            Err(error) => error!(%error, carrier = %row.name, "A carrier's settings cannot be read"),
        }
    }
    Ok(())
}

async fn read_links(app: &App) -> Result<()> {
    let now = app.clock.now();
    let leases = store::list_links(&mut app.db.read()).await?;
    for provider in app.carriers.all() {
        let lease = leases.iter().find(|lease| lease.name == link::lease(&provider) && lease.until > now);
        provider.saw(match lease {
            Some(lease) => Link {
                node: Some(lease.owner.clone()),
                is_up: lease.health == "up",
                detail: lease.detail.clone(),
                down_since: None,
            },
            None => Link { detail: "no server holds the link".to_owned(), ..Link::default() },
        });
    }
    Ok(())
}

impl Provider {
    /// How the link is now; since when it is down is counted here.
    fn saw(&self, mut link: Link) {
        let mut known = self.lock_link();
        if !link.is_up {
            link.down_since = Some(known.down_since.unwrap_or_else(Instant::now));
        }
        *known = link;
    }
}

impl store::CarrierRow {
    pub fn settings(&self) -> Result<CarrierSettings> {
        let mut settings: CarrierSettings = serde_json::from_str(&self.settings).map_err(Error::internal)?;
        settings.smpp.password = convo_carriers::smpp::Password::new(&*self.password);
        Ok(settings)
    }
}
