//! Latencies and rates, and how they are told.
//! Nothing here knows what is measured.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// Microseconds up to a minute, to three digits.
pub struct Latencies(Histogram<u64>);

impl Latencies {
    pub fn new() -> Self {
        Self(Histogram::new_with_bounds(1, 60_000_000, 3).expect("constant bounds"))
    }

    pub fn note(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    pub fn add(&mut self, other: &Latencies) {
        // Same bounds on both sides.
        let _ = self.0.add(&other.0);
    }

    pub fn count(&self) -> u64 {
        self.0.len()
    }

    pub fn p99(&self) -> Duration {
        Duration::from_micros(self.0.value_at_quantile(0.99))
    }

    pub fn quantile_ms(&self, quantile: f64) -> f64 {
        (self.0.value_at_quantile(quantile) as f64 / 10.0).round() / 100.0
    }

    pub fn figures(&self, over: Duration) -> Value {
        let millis = |quantile| self.quantile_ms(quantile);
        json!({
            "per_sec": per_sec(self.count(), over),
            "p50_ms": millis(0.5), "p90_ms": millis(0.9), "p99_ms": millis(0.99), "max_ms": millis(1.0),
        })
    }
}

pub fn per_sec(count: u64, over: Duration) -> u64 {
    (count as f64 / over.as_secs_f64()) as u64
}

pub fn ratio(ours: &Value, bare: &Value) -> Value {
    match (ours.as_f64(), bare.as_f64()) {
        (Some(ours), Some(bare)) if bare > 0.0 => json!((ours / bare * 100.0).round() / 100.0),
        _ => Value::Null,
    }
}

/// The one in the middle by that figure, with all ratios beside it.
pub fn median_by(mut rounds: Vec<Value>, figure: &str) -> Value {
    rounds.sort_by(|a, b| a[figure].as_f64().unwrap_or(0.0).total_cmp(&b[figure].as_f64().unwrap_or(0.0)));
    let all: Vec<_> = rounds.iter().map(|round| round[figure].clone()).collect();
    let mut median = rounds.swap_remove(rounds.len() / 2);
    median["rounds"] = json!(all);
    median
}
