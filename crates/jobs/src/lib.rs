//! A durable queue on a table: a job is enqueued in the transaction of the change that wants it, leased in batches, tried again, parked.
//! It never runs a job twice on purpose, but a crash can: every job is written to be safe to repeat.

mod runner;
mod store;

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

pub use runner::{Runner, Wake};
pub use store::{Failed, enqueue, list_failed, retry_parked};

/// A piece of work that outlives the request that asked for it.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// The stored name of the queue: it never changes, because old rows carry it.
    const NAME: &'static str;
    /// After so many attempts the job is parked, where the administrator sees it.
    const MAX_ATTEMPTS: i64 = 12;
    /// How long one run may take; then somebody else may lease it.
    const LEASE: Duration = Duration::from_secs(60);
}

/// Jobs leased with one statement.
const BATCH: i64 = 50;
/// The net below the wake-ups: how long a due job can lie unseen.
const POLL: Duration = Duration::from_secs(1);

/// The wait before the next attempt: 2 s, 4 s, 8 s … up to an hour.
pub fn backoff(attempts: i64) -> Duration {
    Duration::from_secs(1 << attempts.clamp(1, 12)).min(Duration::from_secs(3600))
}
