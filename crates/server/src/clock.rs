//! What time it is: the system's clock, or in tests one that only moves when told.
//! Nobody else asks the system.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use convo_db::Timestamp;

#[derive(Clone)]
pub enum Clock {
    System,
    Fake(Arc<AtomicI64>),
}

impl Clock {
    /// Stands at 2026-01-01 until `advance`.
    pub fn fake() -> Self {
        Self::Fake(Arc::new(AtomicI64::new(1_767_225_600_000_000)))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
            Self::System => chrono::Utc::now().into(),
            Self::Fake(micros) => Timestamp::from_micros(micros.load(Ordering::Acquire)),
        }
    }

    /// Moves a fake clock; the system's moves by itself.
    pub fn advance(&self, by: Duration) {
        if let Self::Fake(micros) = self {
            micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::AcqRel);
        }
    }
}
