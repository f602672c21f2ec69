//! How many segments a sending number may still send in this second, where its carrier or the network bounds that.
//! It only counts; the claim leaves in the queue what has no token.

use std::{collections::HashMap, time::Instant};

use crate::ids::NumberId;

/// Token buckets of one second each; those that are full again are forgotten.
#[derive(Debug)]
pub struct Senders {
    per_second: f64,
    buckets: HashMap<NumberId, Bucket>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// What a claim may take: of each sender so much, and of these less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub each: i64,
    pub less: Vec<(NumberId, i64)>,
}

impl Allowance {
    pub fn unbounded() -> Self {
        Self { each: i64::MAX, less: vec![] }
    }
}

impl Senders {
    pub fn new(segments_per_second: u32) -> Self {
        Self { per_second: f64::from(segments_per_second), buckets: HashMap::new() }
    }

    pub fn allowance(&mut self, now: Instant) -> Allowance {
        let per_second = self.per_second;
        self.buckets.retain(|_, bucket| {
            bucket.tokens += per_second * now.duration_since(bucket.at).as_secs_f64();
            bucket.at = now;
            bucket.tokens < per_second
        });
        let less = self.buckets.iter().map(|(id, bucket)| (*id, bucket.tokens as i64)).collect();
        Allowance { each: per_second as i64, less }
    }

    pub fn took(&mut self, senders: impl Iterator<Item = NumberId>, now: Instant) {
        for id in senders {
            let bucket = self.buckets.entry(id).or_insert(Bucket { tokens: self.per_second, at: now });
            bucket.tokens -= 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_sender_has_a_second_worth_and_gets_it_back_in_a_second() {
        let (mut senders, now, id) = (Senders::new(10), Instant::now(), NumberId::new());
        assert_eq!(senders.allowance(now), Allowance { each: 10, less: vec![] });
        senders.took(std::iter::repeat_n(id, 10), now);
        assert_eq!(senders.allowance(now).less, [(id, 0)]);
        assert_eq!(senders.allowance(now + Duration::from_millis(350)).less, [(id, 3)]);
        assert_eq!(senders.allowance(now + Duration::from_secs(2)).less, []);
    }

    #[test]
    fn others_do_not_wait_for_it() {
        let (mut senders, now, id) = (Senders::new(1), Instant::now(), NumberId::new());
        senders.took(std::iter::once(id), now);
        let allowance = senders.allowance(now);
        assert_eq!((allowance.each, allowance.less), (1, vec![(id, 0)]));
    }
}
