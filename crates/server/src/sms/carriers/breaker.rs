//! A carrier that fails again and again is left alone for a while, then tried with one text.
//! It decides nothing about a text: what it holds back stays in the queue, where another carrier may take it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use convo_carriers::{Failure, Submission};

/// In a row.
const FAILURES: u32 = 8;
const SHORTEST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Nothing leaves before.
    rests_until: Option<Instant>,
    rest: Duration,
    /// The one text that tries it is on its way.
    is_trying: bool,
}

impl Breaker {
    /// How many of so many parts may leave now.
    pub fn room(&self, room: usize, now: Instant) -> usize {
        let state = self.lock();
        match state.rests_until {
            None => room,
            Some(until) if now < until || state.is_trying => 0,
            Some(_) => room.min(1),
        }
    }

    /// So many have been taken for the wire.
    pub fn took(&self, count: usize) {
        if count > 0 {
            let mut state = self.lock();
            state.is_trying = state.rests_until.is_some();
        }
    }

    pub fn tell(&self, submission: &Submission, now: Instant) {
        let mut state = self.lock();
        let has_failed = match submission {
            Submission::Unknown { .. } | Submission::Unreachable => true,
            Submission::Refused { failure, .. } => *failure == Failure::AccountSuspended,
            Submission::Accepted { .. } => false,
            // It lives, and says itself how long to wait.
            Submission::Throttled { .. } => {
                state.is_trying = false;
                return;
            }
        };
        if !has_failed {
            *state = State::default();
            return;
        }
        state.failures += 1;
        let has_tried = std::mem::take(&mut state.is_trying);
        if has_tried || (state.rests_until.is_none() && state.failures >= FAILURES) {
            state.rest = (state.rest * 2).clamp(SHORTEST_REST, LONGEST_REST);
            state.rests_until = Some(now + state.rest);
        }
    }

    /// Nothing leaves. Once it may be tried again, whoever chooses a way may choose it.
    pub fn is_open(&self, now: Instant) -> bool {
        self.lock().rests_until.is_some_and(|until| now < until)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(breaker: &Breaker, times: u32, now: Instant) {
        for _ in 0..times {
            breaker.tell(&Submission::Unreachable, now);
        }
    }

    #[test]
    fn it_rests_after_failures_in_a_row_and_tries_one() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        fail(&breaker, FAILURES - 1, now);
        assert_eq!(breaker.room(10, now), 10);
        fail(&breaker, 1, now);
        assert_eq!(breaker.room(10, now), 0);
        assert!(breaker.is_open(now));
        let later = now + SHORTEST_REST;
        assert_eq!(breaker.room(10, later), 1);
        assert!(!breaker.is_open(later));
        breaker.took(1);
        // The sender looks again before there is an answer.
        breaker.took(0);
        assert_eq!(breaker.room(10, later), 0);
        breaker.tell(&Submission::Accepted { carrier_id: "1".to_owned() }, later);
        assert_eq!(breaker.room(10, later), 10);
    }

    #[test]
    fn it_rests_longer_each_time_but_not_for_ever() {
        let (breaker, mut now) = (Breaker::default(), Instant::now());
        fail(&breaker, FAILURES, now);
        for secs in [1, 2, 4, 8, 16, 30, 30] {
            assert_eq!(breaker.room(10, now + Duration::from_secs(secs) - Duration::from_millis(1)), 0);
            now += Duration::from_secs(secs);
            assert_eq!(breaker.room(10, now), 1, "after {secs} s");
            breaker.took(1);
            fail(&breaker, 1, now);
        }
    }

    #[test]
    fn what_was_on_the_wire_when_it_opened_does_not_lengthen_its_rest() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        fail(&breaker, FAILURES + 20, now);
        assert_eq!(breaker.room(10, now + SHORTEST_REST), 1);
    }

    #[test]
    fn a_refused_text_is_no_failure_of_the_carrier() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES * 2 {
            fail(&breaker, FAILURES - 1, now);
            breaker.tell(&Submission::Refused { failure: Failure::UnknownHandset, detail: String::new() }, now);
        }
        assert!(!breaker.is_open(now));
    }
}
