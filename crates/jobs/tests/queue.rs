//! What the queue promises, on both engines: exactly with its transaction, tried again, parked, and never finished by two.

#![expect(clippy::unwrap_used, reason = "in a test it is an assertion")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use convo_db::{Db, Settings, Timestamp, testing};
use convo_jobs::{Job, Runner, Wake, backoff, enqueue, list_failed, retry_parked};
use serde::{Deserialize, Serialize};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

#[derive(Serialize, Deserialize)]
struct Greet(String);

impl Job for Greet {
    const NAME: &'static str = "test.greet";
    const MAX_ATTEMPTS: i64 = 3;
}

struct Stage {
    db: Db,
    now: Arc<AtomicI64>,
    runs: Arc<Mutex<Vec<String>>>,
}

impl Stage {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::Acquire))
    }

    fn advance(&self, by: Duration) {
        self.now.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::AcqRel);
    }

    fn runner(&self) -> Runner {
        let now = self.now.clone();
        Runner::new(self.db.clone(), Wake::default(), move || Timestamp::from_micros(now.load(Ordering::Acquire)))
    }

    async fn wants(&self, name: &str) {
        let mut tx = self.db.begin().await.unwrap();
        enqueue(&mut tx, &Greet(name.to_owned()), self.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn works(&self, runner: &Runner) -> usize {
        let runs = self.runs.clone();
        let work = move |Greet(name): Greet| {
            runs.lock().unwrap().push(name.clone());
            async move { if name.starts_with("bad") { anyhow::bail!("no greeting for {name}") } else { Ok(()) } }
        };
        runner.run_due::<Greet, _, _>(&work).await.unwrap()
    }

    fn runs(&self) -> Vec<String> {
        std::mem::take(&mut self.runs.lock().unwrap())
    }
}

macro_rules! both_dbs {
    (async fn $name:ident($stage:ident) $story:block) => {
        mod $name {
            use super::*;

            async fn story($stage: &Stage) $story

            #[tokio::test]
            async fn sqlite() {
                let folder = std::env::temp_dir().join(format!("convo-jobs-{}", uuid::Uuid::now_v7().simple()));
                std::fs::create_dir_all(&folder).unwrap();
                let url = testing::sqlite(&folder).await.unwrap();
                story(&stage(&url).await).await;
                std::fs::remove_dir_all(&folder).unwrap();
            }

            #[tokio::test]
            async fn postgres() {
                #[expect(clippy::disallowed_methods, reason = "tests are told where PostgreSQL is")]
                let server = std::env::var("CONVO_TEST_POSTGRES").expect("run `cargo xtask services -- cargo test`");
                let url = testing::postgres(&server).await.unwrap();
                story(&stage(&url).await).await;
                testing::drop_postgres(&url).await.unwrap();
            }
        }
    };
}

async fn stage(url: &str) -> Stage {
    let db = Db::open(&Settings { url: url.to_owned(), max_connections: 4 }).await.unwrap();
    Stage { db, now: Arc::new(AtomicI64::new(1_767_225_600_000_000)), runs: Arc::default() }
}

both_dbs!(
    async fn a_job_is_there_exactly_if_its_change_is(stage) {
        let runner = stage.runner();
        let mut tx = stage.db.begin().await.unwrap();
        enqueue(&mut tx, &Greet("never".to_owned()), stage.now()).await.unwrap();
        drop(tx);
        stage.wants("ana").await;
        assert_eq!((stage.works(&runner).await, stage.runs()), (1, vec!["ana".to_owned()]));
        assert_eq!((stage.works(&runner).await, runner.count().await.unwrap()), (0, 0));
    }
);

both_dbs!(
    async fn what_fails_is_tried_again_later_then_parked(stage) {
        let runner = stage.runner();
        stage.wants("bad").await;
        stage.wants("good").await;
        assert_eq!(stage.works(&runner).await, 2);
        for attempts in 1..=2 {
            let waits = list_failed(&mut stage.db.read()).await.unwrap();
            let next = stage.now().plus(backoff(attempts));
            assert_eq!((waits.len(), waits[0].attempts, waits[0].retry_at, waits[0].parked_at), (1, attempts, Some(next), None));
            assert_eq!(stage.works(&runner).await, 0, "not before its time");
            stage.advance(backoff(attempts));
            assert_eq!(stage.works(&runner).await, 1);
        }
        stage.advance(Duration::from_secs(24 * 3600));
        assert_eq!((stage.works(&runner).await, runner.count().await.unwrap()), (0, 0));
        assert_eq!(stage.runs().iter().filter(|name| *name == "bad").count(), 3);
        let parked = list_failed(&mut stage.db.read()).await.unwrap();
        assert_eq!((parked.len(), parked[0].attempts, parked[0].last_error.as_deref()), (1, 3, Some("no greeting for bad")));
        assert_eq!((parked[0].parked_at.is_some(), parked[0].retry_at), (true, None));
        let mut tx = stage.db.begin().await.unwrap();
        assert!(retry_parked(&mut tx, parked[0].id, stage.now()).await.unwrap());
        assert!(!retry_parked(&mut tx, parked[0].id, stage.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert!(list_failed(&mut stage.db.read()).await.unwrap().is_empty(), "its attempts count from the beginning");
        assert_eq!(stage.works(&runner).await, 1);
    }
);

both_dbs!(
    async fn a_job_of_a_worker_that_died_becomes_due_again(stage) {
        let (dead, alive) = (stage.runner(), stage.runner());
        stage.wants("ana").await;
        // It takes so long that its lease runs out, and somebody else does it meanwhile.
        let slow = |Greet(_): Greet| async {
            assert_eq!(stage.works(&alive).await, 0, "leased");
            stage.advance(Greet::LEASE);
            assert_eq!(stage.works(&alive).await, 1);
            stage.wants("ben").await;
            Ok(())
        };
        dead.run_due::<Greet, _, _>(&slow).await.unwrap();
        assert_eq!(stage.runs(), ["ana"]);
        assert_eq!(alive.count().await.unwrap(), 1, "who held an old lease finished nothing of others");
    }
);

both_dbs!(
    async fn many_workers_do_each_job_once(stage) {
        for n in 0..120 {
            stage.wants(&n.to_string()).await;
        }
        let (stop, tasks, done) = (CancellationToken::new(), TaskTracker::new(), Arc::new(AtomicUsize::new(0)));
        for _ in 0..3 {
            let done = done.clone();
            stage.runner().spawn(&tasks, &stop, move |Greet(_)| {
                done.fetch_add(1, Ordering::AcqRel);
                async { Ok(()) }
            });
        }
        let runner = stage.runner();
        let emptied = async {
            while runner.count().await.unwrap() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), emptied).await.expect("all jobs to be done");
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        assert_eq!(done.load(Ordering::Acquire), 120);
    }
);
