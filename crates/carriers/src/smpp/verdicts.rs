//! What an answer to a submission tells the caller, and what it teaches us: how fast we may be, and how ids look.

use convo_phone::Party;
use tokio::time::Instant;
use tracing::info;

use super::pdu::Pdu;
use super::receipt::MAX_ID_BYTES;
use super::status::{self, Verdict};
use super::{Shared, ids, message};
use crate::{Failure, Submission};

/// The submission, and whether the link is of no more use.
pub fn of_answer(shared: &Shared, to: &Party, pdu: &Pdu) -> (Submission, bool) {
    let verdict = status::verdict(pdu.status);
    let submission = match verdict {
        Verdict::Accepted => accepted(shared, to, pdu),
        Verdict::TooFast { retry_after_ms } => {
            if shared.pace.too_fast(Instant::now()) {
                info!(carrier = %shared.settings.host, "The carrier throttles us: the rate is halved and rises again");
            }
            Submission::Throttled { retry_after_ms }
        }
        Verdict::Later { retry_after_ms } => Submission::Throttled { retry_after_ms },
        Verdict::WrongLink => Submission::Unreachable,
        Verdict::Refused(failure) => refused(failure, pdu),
    };
    if matches!(submission, Submission::Throttled { .. } | Submission::Refused { .. }) {
        shared.ids().answered(to);
    }
    (submission, verdict == Verdict::WrongLink)
}

/// Without an id no receipt can be told to be its own, so the caller must know it as one in doubt.
fn accepted(shared: &Shared, to: &Party, pdu: &Pdu) -> Submission {
    let (id, _) = message::read_answer(&pdu.body);
    if id.is_empty() || id.len() > MAX_ID_BYTES {
        return Submission::Unknown { reason: "the carrier accepted it without an id that can be kept".to_owned() };
    }
    let carrier_id = ids::canonical(&id);
    let mut ids = shared.ids();
    ids.answered(to);
    ids.accepted(&carrier_id, to);
    Submission::Accepted { carrier_id }
}

fn refused(failure: Failure, pdu: &Pdu) -> Submission {
    let (_, words) = message::read_answer(&pdu.body);
    let status = status::describe(pdu.status);
    let detail = words.map_or(status.clone(), |words| format!("{status}: {words}"));
    Submission::Refused { failure, detail }
}
