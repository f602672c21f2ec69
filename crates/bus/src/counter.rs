//! Counts events per key in a sliding window, for limits.
//! It is bounded and forgets: a limit, not a record.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Keys that are remembered at once.
const MAX_KEYS: usize = 100_000;

/// Two buckets per key, the older one weighted by what of it still lies in the window.
#[derive(Default)]
pub struct Counter(Mutex<HashMap<String, Buckets>>);

#[derive(Clone, Copy)]
struct Buckets {
    window: i64,
    /// Of the window, in microseconds.
    length: i64,
    current: u32,
    previous: u32,
}

impl Counter {
    /// Counts one event at `now_micros` and returns how many the window holds, this one included.
    pub fn hit(&self, key: &str, window: Duration, now_micros: i64) -> u32 {
        let length = i64::try_from(window.as_micros()).unwrap_or(i64::MAX).max(1);
        let index = now_micros.div_euclid(length);
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_KEYS && !keys.contains_key(key) {
            // Each by its own window: a short one must not wash a long one away.
            keys.retain(|_, buckets| (buckets.window + 2).saturating_mul(buckets.length) > now_micros);
            if keys.len() >= MAX_KEYS {
                // Nobody new is counted until there is room; those who are known stay counted.
                return 1;
            }
        }
        let fresh = Buckets { window: index, length, current: 0, previous: 0 };
        let buckets = keys.entry(key.to_owned()).or_insert(fresh);
        match index - buckets.window {
            0 => {}
            1 => *buckets = Buckets { previous: buckets.current, ..fresh },
            _ => *buckets = fresh,
        }
        buckets.current = buckets.current.saturating_add(1);
        let left = length - now_micros.rem_euclid(length);
        let carried = i64::from(buckets.previous) * left / length;
        buckets.current.saturating_add(u32::try_from(carried).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_window_slides() {
        let counter = Counter::default();
        for n in 1..=10 {
            assert_eq!(counter.hit("ana", MINUTE, 0), n);
        }
        assert_eq!(counter.hit("ben", MINUTE, 0), 1);
        assert_eq!(counter.hit("ana", MINUTE, 90_000_000), 6); // half of the ten, and this one
        assert_eq!(counter.hit("ana", MINUTE, 600_000_000), 1);
    }
}
