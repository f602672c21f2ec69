//! How the simulated network behaves. Everything has a default, so that none of it need be set.
//! Never says where the store is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

const MAX_DELAY_MS: u64 = 24 * 60 * 60 * 1_000;
const MAX_PARTS_PER_SECOND: u32 = 1_000_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The same seed gives every part the same fate.
    pub seed: u64,
    /// From a text's being accepted to its receipt, and to its arriving where it goes.
    pub latency_ms: u64,
    pub rates: Rates,
    /// How much later the receipt of a delayed text comes.
    pub delay_ms: u64,
    /// More than that are throttled. Nothing is, if it is not set.
    pub parts_per_second: Option<u32>,
    /// How long parts are remembered, and events kept that nobody fetches.
    pub retention_hours: u32,
    /// The share of orders for numbers that end in "somebody else has it".
    pub gone_percent: f64,
}

/// What becomes of texts to numbers that nobody here has, in percent. The rest is delivered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// Undelivered, with one of the usual reasons.
    pub fail_percent: f64,
    /// Delivered, but the receipt comes late.
    pub delay_percent: f64,
    /// No receipt ever comes.
    pub lose_percent: f64,
    /// Refused once for the moment. Counted apart from the others, because what is throttled comes again.
    pub throttle_percent: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            latency_ms: 300,
            rates: Rates::default(),
            delay_ms: 30_000,
            parts_per_second: None,
            retention_hours: 7 * 24,
            gone_percent: 0.0,
        }
    }
}

/// A setting that cannot be, said so that whoever wrote it can put it right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {must}")]
pub struct BadSetting {
    pub name: &'static str,
    pub must: String,
}

impl Settings {
    pub fn check(&self) -> Result<(), BadSetting> {
        let Rates { fail_percent, delay_percent, lose_percent, throttle_percent } = self.rates;
        for (name, percent) in [
            ("rates.fail_percent", fail_percent),
            ("rates.delay_percent", delay_percent),
            ("rates.lose_percent", lose_percent),
            ("rates.throttle_percent", throttle_percent),
            ("gone_percent", self.gone_percent),
        ] {
            require((0.0..=100.0).contains(&percent), name, "must be from 0 to 100")?;
        }
        let sum = fail_percent + delay_percent + lose_percent;
        require(sum <= 100.0, "rates", "may not fail, delay and lose more than 100 percent together")?;
        let delay = format!("may be at most {MAX_DELAY_MS} (a day)");
        require(self.latency_ms <= MAX_DELAY_MS, "latency_ms", &delay)?;
        require(self.delay_ms <= MAX_DELAY_MS, "delay_ms", &delay)?;
        require(self.retention_hours > 0, "retention_hours", "must be at least 1")?;
        let rate = self.parts_per_second.unwrap_or(1);
        let must = format!("must be from 1 to {MAX_PARTS_PER_SECOND}, or be left out");
        require((1..=MAX_PARTS_PER_SECOND).contains(&rate), "parts_per_second", &must)
    }

    pub(super) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }

    pub(super) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms)
    }

    pub(super) fn retention(&self) -> Duration {
        Duration::from_secs(u64::from(self.retention_hours) * 3_600)
    }
}

fn require(is_so: bool, name: &'static str, must: &str) -> Result<(), BadSetting> {
    if is_so { Ok(()) } else { Err(BadSetting { name, must: must.to_owned() }) }
}
