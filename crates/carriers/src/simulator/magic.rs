//! Numbers that always end in the same way, so that every outcome can be tried by hand and in tests.
//! All lie in +44 7700 900900 to 900999, which Ofcom keeps for drama: nobody has them, and nobody can buy them here.

use std::time::Duration;

use convo_phone::Number;

use crate::Failure;

const FIRST: u64 = 447_700_900_900;
const COUNT: u64 = 100;
/// How much later than usual the receipt of [`Magic::Late`] comes.
pub(super) const LATE_BY: Duration = Duration::from_secs(30);
/// The answer to [`Magic::Early`] comes so much after its receipt.
pub(super) const EARLY_BY: Duration = Duration::from_millis(300);
/// How often [`Magic::ThrottledThrice`] is throttled before it is accepted.
pub(super) const THROTTLED_TIMES: i64 = 3;

/// What a magic number does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Magic {
    Delivered,
    /// Accepted, then undelivered with this failure.
    Fails(Failure),
    /// Refused when it is submitted.
    Refuses(Failure),
    /// Throttled three times, then delivered.
    ThrottledThrice,
    /// Accepted, and never heard of again.
    Lost,
    /// Delivered; the receipt comes 30 seconds late.
    Late,
    /// Delivered; the receipt comes twice.
    Twice,
    /// Delivered; the receipt comes before the answer to the submission.
    Early,
    /// Delivered, and the same text comes back.
    Echo,
    /// Delivered, and STOP comes back.
    Stop,
}

/// The last two digits after +44 7700 9009, and what they do. They never change.
pub const TABLE: [(u64, Magic); 20] = [
    (0, Magic::Delivered),
    (1, Magic::Fails(Failure::QueueOverflow)),
    (2, Magic::Fails(Failure::AccountSuspended)),
    (3, Magic::Fails(Failure::Unreachable)),
    (4, Magic::Fails(Failure::Blocked)),
    (5, Magic::Fails(Failure::UnknownHandset)),
    (6, Magic::Fails(Failure::Landline)),
    (7, Magic::Fails(Failure::Filtered)),
    (8, Magic::Fails(Failure::Unspecified)),
    (36, Magic::Fails(Failure::Expired)),
    (10, Magic::Refuses(Failure::SenderRefused)),
    (11, Magic::Refuses(Failure::Fictional)),
    (20, Magic::ThrottledThrice),
    (30, Magic::Lost),
    (31, Magic::Late),
    (32, Magic::Twice),
    (33, Magic::Early),
    (40, Magic::Echo),
    (41, Magic::Stop),
    (42, Magic::Refuses(Failure::Blocked)),
];

impl Magic {
    pub fn of(number: Number) -> Option<Self> {
        let last = number.digits().checked_sub(FIRST)?;
        TABLE.iter().find(|(digits, _)| *digits == last).map(|(_, magic)| *magic)
    }

    /// The number that does this, if there is one.
    pub fn number(self) -> Option<Number> {
        let (last, _) = TABLE.iter().find(|(_, magic)| *magic == self)?;
        Number::from_e164(&format!("+{}", FIRST + last)).ok()
    }
}

/// Whether it is kept for magic, of today or to come.
pub(super) fn is_kept(number: Number) -> bool {
    (FIRST..FIRST + COUNT).contains(&number.digits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_magic_number_is_fictional_and_does_one_thing() {
        for (_, magic) in TABLE {
            let number = magic.number().expect("it stands in the table");
            assert!(number.is_fictional() && is_kept(number));
            assert_eq!(Magic::of(number), Some(magic));
        }
    }

    #[test]
    fn every_failure_can_be_tried() {
        for failure in Failure::ALL {
            let tried = [Magic::Fails(failure), Magic::Refuses(failure)].into_iter().find_map(Magic::number);
            assert!(tried.is_some(), "{failure:?}");
        }
    }
}
