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
    /// Lets one event at `now_micros` through and counts it, unless the window holds `max` already.
    /// Who is refused is not counted: a crowd that tries again and again still gets in, as many at a time as may.
    pub fn admits(&self, key: &str, max: u32, window: Duration, now_micros: i64) -> bool {
        let fresh = Buckets::at(window, now_micros);
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_KEYS && !keys.contains_key(key) {
            // Each by its own window: a short one must not wash a long one away.
            keys.retain(|_, buckets| (buckets.window + 2).saturating_mul(buckets.length) > now_micros);
            if keys.len() >= MAX_KEYS {
                // Nobody new is counted until there is room; those who are known stay counted.
                return true;
            }
        }
        let buckets = keys.entry(key.to_owned()).or_insert(fresh);
        *buckets = buckets.moved_to(fresh);
        let admitted = buckets.count(now_micros) < i64::from(max);
        buckets.current += u32::from(admitted);
        admitted
    }

    /// Whether one more would be let through; nothing is counted or remembered.
    pub fn would_admit(&self, key: &str, max: u32, window: Duration, now_micros: i64) -> bool {
        let fresh = Buckets::at(window, now_micros);
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = keys.get(key).map_or(0, |buckets| buckets.moved_to(fresh).count(now_micros));
        count < i64::from(max)
    }
}

impl Buckets {
    fn at(window: Duration, now_micros: i64) -> Self {
        let length = i64::try_from(window.as_micros()).unwrap_or(i64::MAX).max(1);
        Self { window: now_micros.div_euclid(length), length, current: 0, previous: 0 }
    }

    fn moved_to(self, fresh: Self) -> Self {
        match fresh.window - self.window {
            0 => self,
            1 => Self { previous: self.current, ..fresh },
            _ => fresh,
        }
    }

    fn count(self, now_micros: i64) -> i64 {
        let left = self.length - now_micros.rem_euclid(self.length);
        i64::from(self.current) + i64::from(self.previous) * left / self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_window_slides() {
        let counter = Counter::default();
        let admits = |who, micros| counter.admits(who, 10, MINUTE, micros);
        assert!((0..10).all(|_| admits("ana", 0)));
        assert!(!admits("ana", 0));
        assert!(!counter.would_admit("ana", 10, MINUTE, 0) && counter.would_admit("ana", 10, MINUTE, 90_000_000));
        assert!(admits("ben", 0));
        // Half of the ten still count, and none of those that were refused.
        assert_eq!((0..10).filter(|_| admits("ana", 90_000_000)).count(), 5);
        assert_eq!((0..20).filter(|_| admits("ana", 600_000_000)).count(), 10);
    }
}
