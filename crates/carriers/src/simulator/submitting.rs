//! The one road by which parts come in: whatever waited while the last commit ran is accepted in one transaction.
//! It never answers before the commit, and an id has one answer for ever.

use std::{collections::HashMap, sync::Arc, time::Duration};

use convo_db::Timestamp;
use convo_phone::{Party, sms};
use tokio::sync::{mpsc, oneshot};
use tracing::error;
use uuid::Uuid;

use super::{
    Shared, Simulator,
    fate::{self, Course, Fate, Reply},
    pen::{StoreError, Writing},
    store::parts::{self, ACCEPTED, GIVEN_UP, REFUSED, Remembered, THROTTLED},
    wire::WirePart,
};
use crate::{Event, Failure, Inbound, Outcome, Part, Receipt, Submission};

/// Calls that wait for a transaction.
pub(super) const QUEUE: usize = 4_096;
/// Accepted with one commit; a call that comes last may go beyond it.
const BATCH: usize = 2_048;
/// How long a handset that is off or away is waited for.
pub(super) const EXPIRES_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// Some parts of one caller, who is told of all at once.
pub struct Call {
    parts: Vec<Part>,
    era: i64,
    answer: oneshot::Sender<Vec<Submission>>,
}

impl Simulator {
    /// In the order of the parts. `era` is what the caller knew of it when they sent them: after a recall gave a part up,
    /// submits of it that were on their way then come too late.
    pub async fn submit_all(&self, parts: Vec<Part>, era: i64) -> Vec<Submission> {
        let count = parts.len();
        let (answer, answered) = oneshot::channel();
        if self.0.calls.send(Call { parts, era, answer }).await.is_err() {
            return vec![Submission::Unreachable; count];
        }
        answered.await.unwrap_or_else(|_| unknown(count, "the simulator stopped before it answered"))
    }

    /// In the order of the ids. What is not known comes back as unreachable, and no submit that was sent before can change that.
    pub async fn recall_all(&self, ids: Vec<Uuid>) -> Result<Vec<Submission>, StoreError> {
        let shared = self.0.clone();
        self.act(async move { recall(&shared, &ids).await }).await
    }
}

fn unknown(count: usize, reason: &str) -> Vec<Submission> {
    vec![Submission::Unknown { reason: reason.to_owned() }; count]
}

/// Accepts until nobody can send any more, or the simulator stops; what came until then is answered.
pub async fn run(shared: Arc<Shared>, mut calls: mpsc::Receiver<Call>) {
    let mut bucket = Bucket::default();
    loop {
        let call = tokio::select! {
            biased;
            call = calls.recv() => call,
            () = shared.stop.cancelled() => { calls.close(); calls.try_recv().ok() }
        };
        let Some(call) = call else { return };
        let mut count = call.parts.len();
        let mut batch = vec![call];
        while count < BATCH
            && let Ok(call) = calls.try_recv()
        {
            count += call.parts.len();
            batch.push(call);
        }
        accept_and_answer(&shared, batch, &mut bucket).await;
    }
}

async fn accept_and_answer(shared: &Arc<Shared>, batch: Vec<Call>, bucket: &mut Bucket) {
    let accepted = accept(shared, &batch, bucket).await;
    let mut verdicts = match accepted {
        Ok(verdicts) => verdicts.into_iter(),
        Err(error) => {
            error!(%error, "Parts could not be accepted by the simulated carrier");
            for call in batch {
                // Nobody may be waiting any more.
                let _ = call.answer.send(unknown(call.parts.len(), &error.to_string()));
            }
            return;
        }
    };
    for call in batch {
        let verdicts: Vec<Verdict> = verdicts.by_ref().take(call.parts.len()).collect();
        let hold = verdicts.iter().map(|verdict| verdict.hold).max().unwrap_or_default();
        let submissions = verdicts.into_iter().map(|verdict| verdict.submission).collect();
        if hold.is_zero() {
            let _ = call.answer.send(submissions);
        } else {
            shared.tasks.spawn(async move {
                tokio::time::sleep(hold).await;
                let _ = call.answer.send(submissions);
            });
        }
    }
}

/// What is said of a part, and how much later than it could be.
struct Verdict {
    submission: Submission,
    hold: Duration,
}

impl From<Submission> for Verdict {
    fn from(submission: Submission) -> Self {
        Self { submission, hold: Duration::ZERO }
    }
}

async fn accept(shared: &Arc<Shared>, batch: &[Call], bucket: &mut Bucket) -> Result<Vec<Verdict>, StoreError> {
    let mut writing = shared.write().await?;
    let ids: Vec<Uuid> = batch.iter().flat_map(|call| &call.parts).map(|part| part.id).collect();
    let known = parts::find(&mut writing.tx, ids).await?;
    let mut known: HashMap<Uuid, Remembered> = known.into_iter().map(|part| (part.id, part)).collect();
    let (mut fresh, mut verdicts) = (HashMap::new(), vec![]);
    for call in batch {
        for part in &call.parts {
            let verdict = match known.get(&part.id) {
                Some(old) if matches!(old.state.as_str(), ACCEPTED | REFUSED) => answer(old).into(),
                Some(old) if call.era <= old.barrier => Submission::Unreachable.into(),
                old => match bucket.take(shared.settings.parts_per_second, writing.now) {
                    Err(retry_after_ms) => Submission::Throttled { retry_after_ms }.into(),
                    Ok(()) => {
                        let (remembered, verdict) = accept_one(shared, &mut writing, part, old);
                        fresh.insert(part.id, remembered.clone());
                        known.insert(part.id, remembered);
                        verdict
                    }
                },
            };
            verdicts.push(verdict);
        }
    }
    if fresh.is_empty() {
        return Ok(verdicts);
    }
    let (fresh, now): (Vec<_>, _) = (fresh.into_values().collect(), writing.now);
    parts::remember(&mut writing.tx, &fresh, now).await?;
    writing.commit(|_| ()).await?;
    Ok(verdicts)
}

fn accept_one(shared: &Shared, writing: &mut Writing, part: &Part, old: Option<&Remembered>) -> (Remembered, Verdict) {
    let attempts = old.map_or(0, |old| old.attempts);
    let line = shared.worlds.read().line(&part.to);
    let (state, failure, hold) = match fate::decide(&shared.settings, part, line.as_ref(), attempts) {
        Fate::Refused(failure) => (REFUSED, Some(i64::from(failure.code())), Duration::ZERO),
        Fate::Throttled { .. } => (THROTTLED, None, Duration::ZERO),
        Fate::Accepted(course) => {
            let hold = course.hold;
            begin(writing, part, course);
            (ACCEPTED, None, hold)
        }
    };
    let attempts = attempts + i64::from(state == THROTTLED);
    let barrier = old.map_or(0, |old| old.barrier);
    let remembered = Remembered { id: part.id, state: state.to_owned(), failure, attempts, barrier };
    let verdict = Verdict { submission: answer(&remembered), hold };
    (remembered, verdict)
}

/// Everything that an accepted part sets off.
fn begin(writing: &mut Writing, part: &Part, course: Course) {
    for (after, outcome) in course.receipts {
        writing.tell(after, |at| Event::Receipt(receipt(part, outcome, at)));
    }
    if let Some(after) = course.arrives {
        let inbound = |at| Inbound {
            id: Some(carrier_id(part.id)),
            from: part.from.clone(),
            to: part.to.clone(),
            payload: part.payload.clone(),
            at,
            session: None,
        };
        writing.tell(after, |at| Event::Inbound(inbound(at)));
    }
    if let Some((handset, after)) = course.handset {
        writing.deliver(handset, after, EXPIRES_AFTER, &WirePart::from(part));
    }
    if let (Some((after, reply)), Party::Number(_)) = (course.reply, &part.from) {
        let payload = match reply {
            Reply::Echo => part.payload.clone(),
            Reply::Stop => sms::split("STOP").payloads(0).expect("one segment").remove(0),
        };
        let id = Some(format!("{}-reply", carrier_id(part.id)));
        let (from, to) = (part.to.clone(), part.from.clone());
        writing.tell(after, |at| Event::Inbound(Inbound { id, from, to, payload, at, session: None }));
    }
}

/// What the carrier tells of a part that it accepted.
pub(super) fn receipt(part: &Part, outcome: Outcome, at: Timestamp) -> Receipt {
    let detail = match outcome {
        Outcome::Underway => "on its way",
        Outcome::Delivered => "delivered",
        Outcome::Undelivered { failure } => fate::words(failure),
    };
    Receipt {
        ids: vec![carrier_id(part.id)],
        outcome,
        detail: detail.to_owned(),
        at,
        from: Some(part.from.clone()),
        to: Some(part.to.clone()),
        // Nobody has to look for a part by its text: this carrier never loses an id.
        text: None,
    }
}

fn carrier_id(part: Uuid) -> String {
    format!("sim-{}", part.simple())
}

fn answer(part: &Remembered) -> Submission {
    match part.state.as_str() {
        ACCEPTED => Submission::Accepted { carrier_id: carrier_id(part.id) },
        REFUSED => {
            let code = part.failure.and_then(|code| u16::try_from(code).ok());
            let failure = code.and_then(|code| Failure::try_from(code).ok()).unwrap_or(Failure::Unspecified);
            Submission::Refused { failure, detail: fate::words(failure).to_owned() }
        }
        THROTTLED => Submission::Throttled { retry_after_ms: fate::RETRY_AFTER_MS },
        _ => Submission::Unreachable,
    }
}

async fn recall(shared: &Arc<Shared>, ids: &[Uuid]) -> Result<Vec<Submission>, StoreError> {
    let mut writing = shared.write().await?;
    let known = parts::find(&mut writing.tx, ids.iter().copied()).await?;
    let mut known: HashMap<Uuid, Remembered> = known.into_iter().map(|part| (part.id, part)).collect();
    let era = writing.counters.era;
    let mut given_up = HashMap::new();
    for id in ids {
        let nothing = Remembered { id: *id, state: GIVEN_UP.to_owned(), failure: None, attempts: 0, barrier: 0 };
        let part = known.entry(*id).or_insert(nothing);
        if !matches!(part.state.as_str(), ACCEPTED | REFUSED) {
            part.barrier = era;
            given_up.insert(*id, part.clone());
        }
    }
    let answers = ids.iter().map(|id| answer(&known[id])).collect();
    if given_up.is_empty() {
        return Ok(answers);
    }
    let (given_up, now): (Vec<_>, _) = (given_up.into_values().collect(), writing.now);
    parts::remember(&mut writing.tx, &given_up, now).await?;
    writing.counters.era += 1;
    let era = writing.counters.era;
    writing.commit(|_| ()).await?;
    shared.era.store(era, std::sync::atomic::Ordering::Release);
    Ok(answers)
}

/// So many parts a second, and as many at once after a pause.
#[derive(Default)]
struct Bucket {
    left: f64,
    filled_at: Option<Timestamp>,
}

impl Bucket {
    /// Or after how many milliseconds there is room again.
    fn take(&mut self, parts_per_second: Option<u32>, now: Timestamp) -> Result<(), u64> {
        let Some(rate) = parts_per_second.map(f64::from) else { return Ok(()) };
        let gained = self.filled_at.map_or(rate, |at| now.since(at).as_secs_f64() * rate);
        self.left = (self.left + gained).min(rate);
        self.filled_at = Some(now);
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        Err(((1.0 - self.left) * 1_000.0 / rate).ceil() as u64)
    }
}
