//! What becomes of a part: told by where it goes, else by a hash of the seed and the part's id, so that it repeats.
//! Pure; never looks at a clock or a store.

use std::time::Duration;

use convo_phone::Party;
use uuid::Uuid;

use super::{
    Settings,
    magic::{EARLY_BY, LATE_BY, Magic, THROTTLED_TIMES},
    world::Line,
};
use crate::{Failure, Outcome, Part};

/// How long somebody who is throttled by their destination should wait.
pub const RETRY_AFTER_MS: u64 = 1_000;
/// What undelivered texts suffer from when nothing else decides.
const USUAL: [Failure; 6] = [
    Failure::Unreachable,
    Failure::UnknownHandset,
    Failure::Filtered,
    Failure::Unspecified,
    Failure::Expired,
    Failure::Landline,
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Refused(Failure),
    Throttled { retry_after_ms: u64 },
    Accepted(Course),
}

/// What happens after it was accepted, each with how long after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    pub receipts: Vec<(Duration, Outcome)>,
    /// It arrives at a number of ours.
    pub arrives: Option<Duration>,
    /// It travels to a handset, which decides the rest.
    pub handset: Option<(Uuid, Duration)>,
    pub reply: Option<(Duration, Reply)>,
    /// The answer is held back so long, so that the receipt is there before it.
    pub hold: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Echo,
    Stop,
}

impl Course {
    fn ends(after: Duration, outcome: Outcome) -> Self {
        Self { receipts: vec![(after, outcome)], ..Self::default() }
    }
}

/// `attempts` is how often it was throttled before.
pub fn decide(settings: &Settings, part: &Part, line: Option<&Line>, attempts: i64) -> Fate {
    let latency = settings.latency();
    if let Some(magic) = number_of(&part.to).and_then(Magic::of) {
        return by_magic(magic, latency, attempts);
    }
    match line {
        Some(Line::Handset { id, latency }) => {
            Fate::Accepted(Course { handset: Some((*id, *latency)), ..Course::default() })
        }
        Some(Line::Owned) => {
            Fate::Accepted(Course { arrives: Some(latency), ..Course::ends(latency, Outcome::Delivered) })
        }
        None => by_seed(settings, part.id, attempts),
    }
}

fn by_magic(magic: Magic, latency: Duration, attempts: i64) -> Fate {
    let delivered = Course::ends(latency, Outcome::Delivered);
    Fate::Accepted(match magic {
        Magic::Delivered => delivered,
        Magic::Fails(failure) => Course::ends(latency, Outcome::Undelivered { failure }),
        Magic::Refuses(failure) => return Fate::Refused(failure),
        Magic::ThrottledThrice if attempts < THROTTLED_TIMES => {
            return Fate::Throttled { retry_after_ms: RETRY_AFTER_MS };
        }
        Magic::ThrottledThrice => delivered,
        Magic::Lost => Course::default(),
        Magic::Late => Course::ends(latency + LATE_BY, Outcome::Delivered),
        Magic::Twice => Course { receipts: vec![(latency, Outcome::Delivered); 2], ..Course::default() },
        Magic::Early => Course { hold: EARLY_BY, ..Course::ends(Duration::ZERO, Outcome::Delivered) },
        Magic::Echo => Course { reply: Some((latency * 2, Reply::Echo)), ..delivered },
        Magic::Stop => Course { reply: Some((latency * 2, Reply::Stop)), ..delivered },
    })
}

fn by_seed(settings: &Settings, id: Uuid, attempts: i64) -> Fate {
    let rates = &settings.rates;
    if attempts == 0 && percent(settings.seed, id, "throttle") < rates.throttle_percent {
        return Fate::Throttled { retry_after_ms: RETRY_AFTER_MS };
    }
    let (latency, rolled) = (settings.latency(), percent(settings.seed, id, "fate"));
    let delayed_from = rates.fail_percent;
    let lost_from = delayed_from + rates.delay_percent;
    Fate::Accepted(if rolled < delayed_from {
        let failure = USUAL[(hash(settings.seed, id, "failure") % USUAL.len() as u64) as usize];
        Course::ends(latency, Outcome::Undelivered { failure })
    } else if rolled < lost_from {
        Course::ends(latency + settings.delay(), Outcome::Delivered)
    } else if rolled < lost_from + rates.lose_percent {
        Course::default()
    } else {
        Course::ends(latency, Outcome::Delivered)
    })
}

fn number_of(party: &Party) -> Option<convo_phone::Number> {
    if let Party::Number(number) = party { Some(*number) } else { None }
}

/// From 0 to below 100.
pub fn percent(seed: u64, id: Uuid, of_what: &str) -> f64 {
    const STEPS: u64 = 1_000_000;
    (hash(seed, id, of_what) % STEPS) as f64 * 100.0 / STEPS as f64
}

/// The same for ever, on every machine: no hasher of the standard library promises that.
pub fn hash(seed: u64, id: Uuid, of_what: &str) -> u64 {
    let (high, low) = id.as_u64_pair();
    let label = of_what.bytes().fold(0, |label, byte| mix(label ^ u64::from(byte)));
    [high, low, label].into_iter().fold(seed, |hash, word| mix(hash ^ word))
}

/// The finalizer of SplitMix64.
fn mix(word: u64) -> u64 {
    let mut word = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// The carrier's words for a failure.
pub fn words(failure: Failure) -> &'static str {
    match failure {
        Failure::QueueOverflow => "queue overflow",
        Failure::AccountSuspended => "account suspended",
        Failure::Unreachable => "absent subscriber",
        Failure::Blocked => "blocked by the receiver",
        Failure::UnknownHandset => "unknown subscriber",
        Failure::Landline => "takes no texts",
        Failure::Filtered => "filtered",
        Failure::Unspecified => "unknown error",
        Failure::Expired => "validity period expired",
        Failure::SenderRefused => "sender not allowed on this route",
        Failure::Fictional => "number is fictional",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolls_repeat_by_seed_and_are_spread_evenly() {
        let ids: Vec<Uuid> = (0..10_000).map(Uuid::from_u128).collect();
        let below: Vec<bool> = ids.iter().map(|id| percent(7, *id, "fate") < 25.0).collect();
        assert_eq!(below, ids.iter().map(|id| percent(7, *id, "fate") < 25.0).collect::<Vec<_>>());
        assert_ne!(below, ids.iter().map(|id| percent(8, *id, "fate") < 25.0).collect::<Vec<_>>());
        let count = below.iter().filter(|is_below| **is_below).count();
        assert!((2_300..2_700).contains(&count), "{count}");
    }

    #[test]
    fn a_hash_stays_what_it_was() {
        assert_eq!(hash(1, Uuid::from_u128(1), "fate"), hash(1, Uuid::from_u128(1), "fate"));
        assert_ne!(hash(1, Uuid::from_u128(1), "fate"), hash(1, Uuid::from_u128(1), "failure"));
    }
}
