//! How fast segments may leave: the rate of the account, halved when the carrier says that it is too fast, and rising again bit by bit.
//! Never lets a burst through: every segment has a moment of its own.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Nothing leaves for so long after the carrier complained.
const PAUSE: Duration = Duration::from_secs(1);
/// How far ahead moments are given away.
const HORIZON: Duration = Duration::from_secs(1);
/// Back at the full rate after as many seconds, at most.
const STEPS_TO_FULL: f64 = 20.0;
/// The least that is left of the rate.
const SLOWEST_PER_SECOND: f64 = 0.5;

pub struct Pace {
    full: f64,
    state: Mutex<State>,
}

struct State {
    per_second: f64,
    /// The first moment that nobody has.
    next: Instant,
    paused_until: Instant,
    raised_at: Instant,
}

impl Pace {
    pub fn new(segments_per_second: u32) -> Self {
        let (full, now) = (f64::from(segments_per_second), Instant::now());
        let state = State { per_second: full, next: now, paused_until: now, raised_at: now };
        Self { full, state: Mutex::new(state) }
    }

    /// The moment at which the caller's segment may leave, which is then nobody else's; or how long until there is one to have.
    pub fn reserve(&self, now: Instant) -> Result<Instant, Duration> {
        let mut state = self.raised(now);
        let moment = state.next.max(state.paused_until).max(now);
        if moment > now + HORIZON {
            return Err(moment - now);
        }
        state.next = moment + Duration::from_secs_f64(1.0 / state.per_second);
        Ok(moment)
    }

    /// What is left of the pause, for whoever got a moment before it began.
    pub fn paused(&self, now: Instant) -> Option<Duration> {
        let pause = self.raised(now).paused_until.saturating_duration_since(now);
        (!pause.is_zero()).then_some(pause)
    }

    /// The carrier complained. All complaints within one pause are of the same haste: whether this is the first.
    pub fn too_fast(&self, now: Instant) -> bool {
        let mut state = self.raised(now);
        if state.paused_until > now {
            return false;
        }
        state.per_second = (state.per_second / 2.0).max(SLOWEST_PER_SECOND);
        state.paused_until = now + PAUSE;
        state.raised_at = state.paused_until;
        state.next = state.paused_until;
        true
    }

    /// How many moments are there to have.
    pub fn room(&self, now: Instant) -> usize {
        let state = self.raised(now);
        if state.paused_until > now {
            return 0;
        }
        let ahead = (now + HORIZON).saturating_duration_since(state.next.max(now));
        // A rate below one a second still has its next moment.
        let free = (ahead.as_secs_f64() * state.per_second).ceil() as usize;
        free.max(usize::from(state.next <= now))
    }

    /// The rate rises with each whole second without a complaint.
    fn raised(&self, now: Instant) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = now.saturating_duration_since(state.raised_at).as_secs();
        if seconds > 0 {
            let step = (self.full / STEPS_TO_FULL).max(SLOWEST_PER_SECOND);
            state.per_second = (state.per_second + step * seconds as f64).min(self.full);
            state.raised_at += Duration::from_secs(seconds);
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_within(pace: &Pace, from: Instant, window: Duration) -> usize {
        (0..100_000).take_while(|_| pace.reserve(from).is_ok_and(|moment| moment < from + window)).count()
    }

    #[test]
    fn the_rate_is_kept_to_the_segment() {
        let pace = Pace::new(50);
        let now = Instant::now();
        assert_eq!(left_within(&pace, now, Duration::from_millis(500)), 25);
        let pace = Pace::new(50);
        assert_eq!(pace.room(now + Duration::from_secs(100)), 50);
    }

    #[test]
    fn moments_beyond_the_horizon_are_not_given_away() {
        let pace = Pace::new(10);
        let now = Instant::now();
        while pace.reserve(now).is_ok() {}
        assert_eq!(pace.room(now), 0);
        assert!(pace.reserve(now).is_err());
        assert!(pace.reserve(now + Duration::from_millis(200)).is_ok());
    }

    #[test]
    fn a_complaint_pauses_and_halves_once_and_the_rate_comes_back() {
        let pace = Pace::new(100);
        let now = Instant::now();
        for _ in 0..5 {
            pace.too_fast(now);
        }
        assert_eq!(pace.room(now), 0);
        assert_eq!(pace.paused(now), Some(PAUSE));
        let after = now + PAUSE;
        assert_eq!(pace.room(after), 50);
        assert_eq!(pace.room(after + Duration::from_secs(4)), 70);
        assert_eq!(pace.room(after + Duration::from_secs(60)), 100);
    }

    #[test]
    fn the_rate_never_falls_to_nothing() {
        let pace = Pace::new(1);
        let mut now = Instant::now();
        for _ in 0..10 {
            pace.too_fast(now);
            now += PAUSE;
        }
        assert_eq!(pace.room(now), 1);
    }
}
