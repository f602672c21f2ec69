//! Leases due jobs in batches and runs them until the process stops.
//! It never holds a transaction while a job runs.

use std::{future::Future, sync::Arc};

use convo_db::{Db, Result, Timestamp};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, info, warn};
use uuid::Uuid;

use crate::{Job, POLL, store};

/// Rung after a commit that enqueued something; cheap to clone.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    pub fn ring(&self) {
        self.0.notify_waiters();
    }
}

/// Runs jobs of one process. `now` is the server's clock.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    wake: Wake,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    owner: Uuid,
}

impl Runner {
    pub fn new(db: Db, wake: Wake, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { db, wake, now: Arc::new(now), owner: Uuid::now_v7() }
    }

    /// Works on one kind of job in a task of its own, until `stop`; what runs then is finished first.
    pub fn spawn<J, F, Fut>(&self, tasks: &TaskTracker, stop: &CancellationToken, work: F)
    where
        J: Job,
        F: Fn(J) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send,
    {
        let (runner, stop) = (self.clone(), stop.clone());
        tasks.spawn(async move {
            loop {
                // Register interest before looking: a job that arrives in between would wait a whole poll.
                let rung = runner.wake.0.notified();
                match runner.run_due::<J, _, _>(&work).await {
                    Ok(0) => {}
                    Ok(_) => continue,
                    Err(error) => error!(%error, queue = J::NAME, "Jobs could not be leased; trying again"),
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = rung => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        });
    }

    /// Runs what is due now; says how many jobs that were.
    pub async fn run_due<J, F, Fut>(&self, work: &F) -> Result<usize>
    where
        J: Job,
        F: Fn(J) -> Fut,
        Fut: Future<Output = anyhow::Result<()>>,
    {
        let mut tx = self.db.begin().await?;
        let jobs = store::lease::<J>(&mut tx, self.owner, (self.now)()).await?;
        tx.commit().await?;
        let leased = jobs.len();
        if leased == 0 {
            return Ok(0);
        }
        let (mut done, mut failed) = (vec![], vec![]);
        for job in jobs {
            let result = match serde_json::from_value::<J>(job.payload.clone()) {
                Ok(parsed) => work(parsed).await,
                Err(error) => Err(error.into()),
            };
            match result {
                Ok(()) => done.push(job),
                Err(error) => failed.push((job, format!("{error:#}"))),
            }
        }
        let mut tx = self.db.begin().await?;
        if !done.is_empty() {
            store::finish(&mut tx, self.owner, &done).await?;
        }
        for (job, error) in &failed {
            let parked = store::fail::<J>(&mut tx, self.owner, job, error, (self.now)()).await?;
            warn!(job.id = %job.id, queue = J::NAME, attempts = job.attempts, parked, error, "A job failed");
        }
        tx.commit().await?;
        info!(queue = J::NAME, done = done.len(), failed = failed.len(), "Jobs ran");
        Ok(leased)
    }

    /// How many jobs of any kind wait or run.
    pub async fn count(&self) -> Result<i64> {
        store::count(&mut self.db.read()).await
    }
}
