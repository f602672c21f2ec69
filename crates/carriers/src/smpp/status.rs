//! What the answer to a submission means for its part (SMPP 3.4, 5.1.3).
//! Never decides alone that a text is lost for ever where the carrier may only be busy.

use crate::Failure;

pub const OK: u32 = 0x00;
pub const INVALID_COMMAND: u32 = 0x03;
pub const QUEUE_FULL: u32 = 0x14;
pub const PERMANENT_ERROR: u32 = 0x65;

const THROTTLED_RETRY_MS: u64 = 1_000;
/// How long the carrier may need to empty its queue.
const QUEUE_FULL_RETRY_MS: u64 = 180_000;
const SYSTEM_ERROR_RETRY_MS: u64 = 30_000;
const SCHEDULE_RETRY_MS: u64 = 300_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    /// We are too fast for it: everything slows down.
    TooFast {
        retry_after_ms: u64,
    },
    /// This text alone.
    Later {
        retry_after_ms: u64,
    },
    /// The carrier sees this link in another state than we do: only a new one helps.
    WrongLink,
    Refused(Failure),
}

pub fn verdict(status: u32) -> Verdict {
    match status {
        OK => Verdict::Accepted,
        0x58 => Verdict::TooFast { retry_after_ms: THROTTLED_RETRY_MS },
        QUEUE_FULL => Verdict::TooFast { retry_after_ms: QUEUE_FULL_RETRY_MS },
        0x04 => Verdict::WrongLink,
        0x08 | 0x64 => Verdict::Later { retry_after_ms: SYSTEM_ERROR_RETRY_MS },
        0x61 => Verdict::Later { retry_after_ms: SCHEDULE_RETRY_MS },
        0x0A | 0x48 | 0x49 => Verdict::Refused(Failure::SenderRefused),
        0x0B | 0x50 | 0x51 => Verdict::Refused(Failure::UnknownHandset),
        0x66 => Verdict::Refused(Failure::Filtered),
        _ => Verdict::Refused(Failure::Unspecified),
    }
}

/// Whether a bind failed for what only an administrator can set right.
pub fn is_of_credentials(status: u32) -> bool {
    matches!(status, 0x0D..=0x0F)
}

/// As people find it in manuals: `ESME_RINVDSTADR (0x0000000B)`.
pub fn describe(status: u32) -> String {
    let name = NAMES.iter().find(|(code, _)| *code == status).map_or("unknown status", |(_, name)| name);
    format!("{name} (0x{status:08X})")
}

const NAMES: [(u32, &str); 41] = [
    (0x00, "ESME_ROK"),
    (0x01, "ESME_RINVMSGLEN"),
    (0x02, "ESME_RINVCMDLEN"),
    (0x03, "ESME_RINVCMDID"),
    (0x04, "ESME_RINVBNDSTS"),
    (0x05, "ESME_RALYBND"),
    (0x06, "ESME_RINVPRTFLG"),
    (0x07, "ESME_RINVREGDLVFLG"),
    (0x08, "ESME_RSYSERR"),
    (0x0A, "ESME_RINVSRCADR"),
    (0x0B, "ESME_RINVDSTADR"),
    (0x0C, "ESME_RINVMSGID"),
    (0x0D, "ESME_RBINDFAIL"),
    (0x0E, "ESME_RINVPASWD"),
    (0x0F, "ESME_RINVSYSID"),
    (0x14, "ESME_RMSGQFUL"),
    (0x15, "ESME_RINVSERTYP"),
    (0x33, "ESME_RINVNUMDESTS"),
    (0x42, "ESME_RINVSUBREP"),
    (0x43, "ESME_RINVESMCLASS"),
    (0x45, "ESME_RSUBMITFAIL"),
    (0x48, "ESME_RINVSRCTON"),
    (0x49, "ESME_RINVSRCNPI"),
    (0x50, "ESME_RINVDSTTON"),
    (0x51, "ESME_RINVDSTNPI"),
    (0x53, "ESME_RINVSYSTYP"),
    (0x54, "ESME_RINVREPFLAG"),
    (0x55, "ESME_RINVNUMMSGS"),
    (0x58, "ESME_RTHROTTLED"),
    (0x61, "ESME_RINVSCHED"),
    (0x62, "ESME_RINVEXPIRY"),
    (0x63, "ESME_RINVDFTMSGID"),
    (0x64, "ESME_RX_T_APPN"),
    (0x65, "ESME_RX_P_APPN"),
    (0x66, "ESME_RX_R_APPN"),
    (0xC0, "ESME_RINVOPTPARSTREAM"),
    (0xC1, "ESME_ROPTPARNOTALLWD"),
    (0xC2, "ESME_RINVPARLEN"),
    (0xC4, "ESME_RINVOPTPARAMVAL"),
    (0xFE, "ESME_RDELIVERYFAILURE"),
    (0xFF, "ESME_RUNKNOWNERR"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_carrier_is_tried_again_and_a_wrong_number_is_not() {
        assert_eq!(verdict(0x00), Verdict::Accepted);
        assert!(matches!(verdict(0x58), Verdict::TooFast { .. }));
        assert!(matches!(verdict(0x14), Verdict::TooFast { .. }));
        assert!(matches!(verdict(0x08), Verdict::Later { .. }));
        assert_eq!(verdict(0x0B), Verdict::Refused(Failure::UnknownHandset));
        assert_eq!(verdict(0x0A), Verdict::Refused(Failure::SenderRefused));
        assert_eq!(verdict(0x0400), Verdict::Refused(Failure::Unspecified));
    }

    #[test]
    fn a_status_is_described_as_manuals_have_it() {
        assert_eq!(describe(0x0B), "ESME_RINVDSTADR (0x0000000B)");
        assert_eq!(describe(0x0400), "unknown status (0x00000400)");
    }
}
