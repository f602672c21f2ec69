//! How many frames a person may send, over all their sockets here.
//! A bucket that fills by itself; it never waits.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::FRAMES_PER_SEC;

/// What may come at once after a silence.
const BURST: f64 = (FRAMES_PER_SEC * 10) as f64;

pub struct FrameRate(Mutex<Bucket>);

struct Bucket {
    left: f64,
    at: Instant,
}

impl Default for FrameRate {
    fn default() -> Self {
        Self(Mutex::new(Bucket { left: BURST, at: Instant::now() }))
    }
}

impl FrameRate {
    pub fn allow(&self) -> bool {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let filled = now.duration_since(bucket.at).as_secs_f64() * f64::from(FRAMES_PER_SEC);
        bucket.left = (bucket.left + filled).min(BURST) - 1.0;
        bucket.at = now;
        bucket.left >= 0.0
    }
}
