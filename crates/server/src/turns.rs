//! Costly work of strangers, a few at a time and off the threads that answer everybody else.
//! It knows nothing of the work, and lets nobody wait for ever.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::error::{Error, Result};

pub struct Turns {
    places: Arc<Semaphore>,
    max_wait: Duration,
    busy: &'static str,
}

impl Turns {
    /// Whoever waits longer than `max_wait` hears 503 with the words of `busy`.
    pub fn new(at_once: usize, max_wait: Duration, busy: &'static str) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), max_wait, busy }
    }

    /// The turn goes along into the thread: a request that is dropped must not make room while its work still runs.
    pub async fn take<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(self.max_wait, self.places.clone().acquire_owned())
            .await
            .map_err(|_| Error::unavailable(self.busy))?
            .map_err(Error::internal)?;
        spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        })
        .await
        .map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[tokio::test]
    async fn whoever_waits_in_vain_is_told_and_a_place_is_free_only_when_the_work_is_done() {
        let turns = Turns::new(1, Duration::from_millis(20), "Too many at once.");
        let ((started, has_started), (go_on, may_go_on)) = (channel(), channel::<()>());
        let long = turns.take(move || {
            started.send(()).expect("the test waits for it");
            may_go_on.recv()
        });
        // Its caller hangs up while it runs.
        tokio::time::timeout(Duration::from_millis(20), long).await.expect_err("it waits for us");
        has_started.recv().expect("it began");

        let refused = turns.take(|| ()).await.expect_err("no place is free");
        assert_eq!((refused.status.as_u16(), &*refused.code), (503, "unavailable"));
        go_on.send(()).expect("it still runs");
        while turns.take(|| ()).await.is_err() {}
    }
}
