//! Many texts through a message centre that is stopped and started in between, sent as the server's outbox sends.
//! Counts what became of each; a text in doubt is never sent again.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use convo_carriers::smpp::Smpp;
use convo_carriers::{Carrier, Event, Outcome, Part, Submission};
use convo_phone::Party;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{PATIENCE, Peer, part};

/// How often the outbox looks for room and for events.
const LOOK: Duration = Duration::from_millis(5);
const EVENTS_AT_ONCE: usize = 500;

#[derive(Default)]
struct Outcomes {
    /// By the carrier's id.
    accepted: HashMap<String, Party>,
    unknown: HashSet<Party>,
    throttled: usize,
    unreachable: usize,
    refused: usize,
    /// Receivers of texts with a receipt.
    delivered: HashSet<Party>,
    receipts: usize,
    /// Receipts whose id fits no text, or that of another receiver.
    mismatched: usize,
    /// Receipts before their submission's answer: kept, and looked at again.
    early: Vec<(Vec<String>, Option<Party>)>,
    latest_place: u64,
}

pub struct Plan {
    pub texts: usize,
    /// The peer is stopped and started when so many texts have an end.
    pub stops_at: Vec<usize>,
}

pub async fn run(smpp: &Smpp, peer: &mut Peer, plan: Plan) -> Value {
    let began = Instant::now();
    let mut queue: VecDeque<Part> = (0..plan.texts).map(|index| part(index, &format!("text number {index}"))).collect();
    let mut in_flight = FuturesUnordered::new();
    let mut outcomes = Outcomes::default();
    let mut stops: VecDeque<usize> = plan.stops_at.into();
    let mut last_end = Instant::now();
    while outcomes.ended() < plan.texts {
        assert!(last_end.elapsed() < PATIENCE, "nothing moves: {}", outcomes.figures(began, &json!({})));
        let claimed = smpp.room().min(queue.len());
        for part in queue.drain(..claimed) {
            in_flight.push(async { (part.clone(), smpp.submit(part).await) });
        }
        tokio::select! {
            Some((part, submission)) = in_flight.next(), if !in_flight.is_empty() => {
                last_end = Instant::now();
                if let Some(part) = outcomes.note(part, submission) {
                    queue.push_back(part);
                }
            }
            () = sleep(LOOK) => outcomes.hear(smpp).await,
        }
        if stops.front().is_some_and(|stop| outcomes.ended() >= *stop) {
            stops.pop_front();
            peer.restart().await;
        }
    }
    let sent_in = began.elapsed();
    let accepted = peer.stats().await["accepted"].as_u64().expect("a count") as usize;
    while outcomes.delivered.len() < accepted {
        assert!(began.elapsed() < sent_in + PATIENCE, "receipts are missing: {}", outcomes.figures(began, &json!({})));
        outcomes.hear(smpp).await;
        sleep(LOOK).await;
    }
    outcomes.figures(began, &peer.stats().await)
}

impl Outcomes {
    fn ended(&self) -> usize {
        self.accepted.len() + self.unknown.len() + self.refused
    }

    /// The part again, if it was certainly not accepted.
    fn note(&mut self, part: Part, submission: Submission) -> Option<Part> {
        match submission {
            Submission::Accepted { carrier_id } => {
                assert!(self.accepted.insert(carrier_id, part.to).is_none(), "an id was given twice");
            }
            Submission::Unknown { .. } => _ = self.unknown.insert(part.to),
            Submission::Refused { .. } => self.refused += 1,
            Submission::Throttled { .. } => {
                self.throttled += 1;
                return Some(part);
            }
            Submission::Unreachable => {
                self.unreachable += 1;
                return Some(part);
            }
        }
        None
    }

    async fn hear(&mut self, smpp: &Smpp) {
        let heard = smpp.events(EVENTS_AT_ONCE, Duration::ZERO).await.expect("an open carrier");
        for event in &heard {
            let Event::Receipt(receipt) = &event.event else { panic!("only receipts come back") };
            assert_eq!(receipt.outcome, Outcome::Delivered);
            self.receipts += 1;
            self.early.push((receipt.ids.clone(), receipt.to.clone()));
        }
        if let Some(last) = heard.last() {
            assert!(last.place > self.latest_place, "places rise");
            self.latest_place = last.place;
            smpp.acknowledge(last.place).await.expect("an open carrier");
        }
        let early = std::mem::take(&mut self.early);
        self.early = early.into_iter().filter(|(ids, to)| !self.matches(ids, to.as_ref())).collect();
    }

    /// By the id; else, where the answer was lost, by the receiver.
    fn matches(&mut self, ids: &[String], to: Option<&Party>) -> bool {
        let to = to.expect("the peer says whom it was to");
        match ids.iter().find_map(|id| self.accepted.get(id)) {
            Some(receiver) if receiver == to => {}
            Some(_) => self.mismatched += 1,
            None if self.unknown.contains(to) => {}
            None => return false,
        }
        self.delivered.insert(to.clone());
        true
    }

    fn figures(&self, began: Instant, stats: &Value) -> Value {
        let seconds = began.elapsed().as_secs_f64();
        json!({
            "seconds": (seconds * 10.0).round() / 10.0,
            "texts_per_second": (self.ended() as f64 / seconds).round(),
            "accepted": self.accepted.len(),
            "unknown": self.unknown.len(),
            "unknown_with_receipt": self.unknown.intersection(&self.delivered).count(),
            "refused": self.refused,
            "throttled_answers": self.throttled,
            "unreachable_answers": self.unreachable,
            "receipts": self.receipts,
            "delivered": self.delivered.len(),
            "receipts_without_text": self.early.len(),
            "receipts_of_another_text": self.mismatched,
            "peer_accepted": stats["accepted"],
            "peer_doubled": stats["doubled"],
            "peer_throttled": stats["throttled"],
            "peer_max_in_flight": stats["max_in_flight"],
            "peer_binds": stats["binds"],
        })
    }
}
