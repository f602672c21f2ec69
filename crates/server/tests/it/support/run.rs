//! Runs one story in a runtime of its own, so that its threads, its log and its database are nobody else's.
//! What a story leaves behind is an error of that story.

use std::{panic::AssertUnwindSafe, sync::Arc};

use convo_server::config::Config;
use futures_util::FutureExt;

use super::{TestApp, logs::Logs};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// How a story's server differs from the usual one.
#[derive(Clone)]
pub struct Setup(Arc<dyn Fn(&mut Config) + Send + Sync>);

impl Setup {
    pub fn new(change: impl Fn(&mut Config) + Send + Sync + 'static) -> Self {
        Self(Arc::new(change))
    }

    pub fn apply(&self, config: &mut Config) {
        self.0(config);
    }
}

pub fn run<Story: Future<Output = ()>>(engine: Engine, setup: Setup, story: impl FnOnce(TestApp) -> Story) {
    let logs = Logs::default();
    let runtime = {
        let logs = logs.clone();
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .on_thread_start(move || logs.catch_here())
            .build()
            .unwrap()
    };
    logs.catch_here();
    runtime.block_on(async {
        let t = TestApp::start(engine, &setup).await;
        let outcome = AssertUnwindSafe(story(t.clone())).catch_unwind().await;
        let left = match outcome {
            Ok(()) => t.left_over().await,
            Err(_) => vec![],
        };
        t.stop().await;
        if let Err(panic) = outcome {
            eprintln!("{logs}");
            std::panic::resume_unwind(panic);
        }
        assert!(left.is_empty(), "the story left something behind: {left:#?}");
    });
    let errors = logs.errors();
    assert!(errors.is_empty(), "the server logged errors: {errors:#?}");
    drop(runtime);
}
