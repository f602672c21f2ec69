//! Catches the log of one story: its threads belong to it alone.
//! Lines are shown when the story fails; errors fail it.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt};

#[derive(Clone, Default)]
pub struct Logs(Arc<Mutex<Vec<(Level, String)>>>);

impl Logs {
    /// For this thread, for good.
    pub fn catch_here(&self) {
        let subscriber = tracing_subscriber::registry()
            .with(self.clone().with_filter(tracing_subscriber::filter::LevelFilter::INFO));
        std::mem::forget(tracing::subscriber::set_default(subscriber));
    }

    pub fn errors(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|(level, _)| *level == Level::ERROR)
            .map(|(_, line)| line.clone())
            .collect()
    }
}

impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.lock().unwrap().iter().try_for_each(|(level, line)| writeln!(f, "{level} {line}"))
    }
}

impl<S: Subscriber> Layer<S> for Logs {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        self.0.lock().unwrap().push((*event.metadata().level(), line.0));
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}
