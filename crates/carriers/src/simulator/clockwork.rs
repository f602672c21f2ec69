//! Lets happen what is due, and forgets what is old.
//! It never looks into the store before something is due.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use convo_db::Timestamp;
use tracing::error;

use super::{
    Shared, arrivals,
    pen::StoreError,
    store::{events, handsets, parts},
};

/// A clock that was moved is noticed after so long.
const LOOK_AT_CLOCK: Duration = Duration::from_millis(20);
/// After the store failed.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Let happen with one commit.
const BATCH: i64 = 4_096;
/// Parts to handsets, each of which takes statements of its own.
const DELIVERIES: i64 = 256;
const FORGET_EVERY: Duration = Duration::from_secs(60);
/// Forgotten with one commit.
const FORGET: i64 = 1_000;

pub async fn run(shared: Arc<Shared>) {
    let mut forget_at = (shared.clock)();
    while !shared.stop.is_cancelled() {
        let now = (shared.clock)();
        let worked = if shared.next_due.load(Ordering::Acquire) <= now.micros() {
            let_happen(&shared).await
        } else if forget_at <= now {
            forget_at = now.plus(FORGET_EVERY);
            forget(&shared).await
        } else {
            wait(&shared, forget_at).await;
            continue;
        };
        if let Err(error) = worked {
            error!(%error, "The simulated carrier could not go on; trying again");
            tokio::select! {
                () = tokio::time::sleep(TRY_AGAIN_AFTER) => {}
                () = shared.stop.cancelled() => {}
            }
        }
    }
}

async fn wait(shared: &Shared, forget_at: Timestamp) {
    let next = shared.next_due.load(Ordering::Acquire);
    let until = Timestamp::from_micros(next).min(forget_at).since((shared.clock)());
    // While nothing is to come, nobody waits for the exact moment.
    let longest = if next == i64::MAX { FORGET_EVERY } else { LOOK_AT_CLOCK };
    tokio::select! {
        () = tokio::time::sleep(until.min(longest)) => {}
        () = shared.nudge.notified() => {}
        () = shared.stop.cancelled() => {}
    }
}

async fn let_happen(shared: &Arc<Shared>) -> Result<(), StoreError> {
    let mut writing = shared.write().await?;
    let now = writing.now;
    let place = writing.counters.next_place;
    let count = events::release(&mut writing.tx, now, place, BATCH).await?;
    writing.take_places(count);
    let due = handsets::list_due(&mut writing.tx, now, DELIVERIES).await?;
    arrivals::arrive(shared, &mut writing, due, arrivals::Reason::Due).await?;
    writing.look_for_next_due().await?;
    writing.commit(|_| ()).await
}

async fn forget(shared: &Arc<Shared>) -> Result<(), StoreError> {
    loop {
        let mut writing = shared.write().await?;
        let before = writing.now.minus(shared.settings.retention());
        let forgotten = parts::forget(&mut writing.tx, before, FORGET).await?
            + events::forget_old(&mut writing.tx, before, FORGET).await?;
        if forgotten == 0 || shared.stop.is_cancelled() {
            return Ok(());
        }
        writing.commit(|_| ()).await?;
    }
}
