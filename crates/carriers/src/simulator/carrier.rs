//! The simulator as a carrier, embedded in this process.
//! Never answers what is not durable.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::future::BoxFuture;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Simulator,
    pen::StoreError,
    store::{decoding, events},
    submitting,
    wire::{WireEvent, WireHeard},
};
use crate::{Capabilities, Carrier, Heard, LinkError, Part, Shop, Submission, World};

/// Events that are handed out at once.
pub(super) const MAX_EVENTS: usize = 1_000;

pub(super) const CAPABILITIES: Capabilities =
    Capabilities { world: World::Simulated, remembers_parts: true, names_inbound: true };

impl Carrier for Simulator {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn room(&self) -> usize {
        if self.0.stop.is_cancelled() { 0 } else { submitting::QUEUE }
    }

    fn submit(&self, part: Part) -> BoxFuture<'_, Submission> {
        let era = self.era();
        Box::pin(async move { self.submit_all(vec![part], era).await.pop().unwrap_or(Submission::Unreachable) })
    }

    fn recall(&self, parts: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Submission>, LinkError>> {
        Box::pin(async move { Ok(self.recall_all(parts).await?) })
    }

    fn events(&self, max: usize, wait: Duration) -> BoxFuture<'_, Result<Vec<Heard>, LinkError>> {
        Box::pin(async move {
            let heard = self.list_events(max, wait).await?.into_iter().map(Heard::try_from);
            heard.collect::<Result<_, _>>().map_err(|error| LinkError(error.to_string()))
        })
    }

    fn acknowledge(&self, through: u64) -> BoxFuture<'_, Result<(), LinkError>> {
        Box::pin(async move { Ok(self.acknowledge_through(through).await?) })
    }

    fn shop(&self) -> Option<&dyn Shop> {
        Some(self)
    }

    /// The engine goes on, for other nodes, the shop and the handsets: [`Simulator::stop`] ends it.
    fn close(&self) -> BoxFuture<'_, ()> {
        // The queue is a line: when the last of it is answered, so is everything before.
        Box::pin(async move { drop(self.submit_all(vec![], self.era()).await) })
    }
}

impl Simulator {
    /// As they are stored, for whoever hands them on.
    pub(super) async fn list_events(&self, max: usize, wait: Duration) -> Result<Vec<WireHeard>, StoreError> {
        let until = Instant::now() + wait;
        loop {
            // Listen before looking: what happens in between would wait for the next thing to happen.
            let heard = self.0.heard.notified();
            let after = self.0.acknowledged.load(Ordering::Acquire);
            let limit = i64::try_from(max.clamp(1, MAX_EVENTS)).unwrap_or(1);
            let rows = events::list(&mut self.0.db.read(), after, limit).await?;
            if !rows.is_empty() {
                return rows.into_iter().map(read).collect();
            }
            tokio::select! {
                () = heard => {}
                () = tokio::time::sleep_until(until) => return Ok(vec![]),
                () = self.0.stop.cancelled() => return Err(StoreError::Stopping),
            }
        }
    }

    async fn acknowledge_through(&self, through: u64) -> Result<(), StoreError> {
        let shared = self.0.clone();
        self.act(async move {
            let mut writing = shared.write().await?;
            // What has not happened yet cannot have been heard.
            let last = writing.counters.next_place - 1;
            let through = i64::try_from(through).unwrap_or(i64::MAX).min(last);
            if through <= writing.counters.acknowledged {
                return Ok(());
            }
            writing.counters.acknowledged = through;
            events::forget(&mut writing.tx, through).await?;
            writing.commit(|_| ()).await
        })
        .await
    }
}

fn read((place, body): (i64, String)) -> Result<WireHeard, StoreError> {
    let event: WireEvent = serde_json::from_str(&body).map_err(decoding)?;
    Ok(WireHeard { place: u64::try_from(place).unwrap_or_default(), event })
}
