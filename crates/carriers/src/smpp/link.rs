//! One bound connection as the rest of the client sees it: a window, what is in flight, and a bounded queue to the socket.
//! Knows for each part whether its octets may have left: that alone tells "unreachable" from "unknown".

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use convo_phone::Party;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::inbox::MAX_EVENTS;
use super::message::EMPTY_ID;
use super::pdu::{Pdu, command};
use crate::Submission;

/// Answers that no window bounds: to enquiries, to texts that are refused.
const OTHER_FRAMES: usize = 256;
const MAX_SEQUENCE: u32 = 0x7FFF_FFFF;

pub enum Frame {
    /// A submission, which is only written while somebody still waits for its answer.
    Submit {
        sequence: u32,
        octets: Vec<u8>,
    },
    Other(Vec<u8>),
    /// The link ends once this is written.
    Last(Vec<u8>),
}

/// A part without its answer.
pub struct InFlight {
    pub to: Party,
    answer: oneshot::Sender<Submission>,
    /// Its place in the window is free when the answer is there, or given up.
    _place: OwnedSemaphorePermit,
    /// `None` until its octets go to the socket.
    answer_until: Option<Instant>,
}

struct Table {
    is_open: bool,
    in_flight: HashMap<u32, InFlight>,
}

pub struct Link {
    pub id: Uuid,
    pub window: Arc<Semaphore>,
    table: Mutex<Table>,
    /// Nothing is in flight any more.
    settled: Notify,
    frames: mpsc::Sender<Frame>,
    last_sequence: AtomicU32,
}

/// The peer lets our answers pile up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Congested;

impl Link {
    /// The link, and what is to be written on it. The window is zero on a link that only receives.
    pub fn new(window: usize) -> (Arc<Self>, mpsc::Receiver<Frame>) {
        let (frames, queue) = mpsc::channel(window + MAX_EVENTS + OTHER_FRAMES);
        let link = Self {
            id: Uuid::now_v7(),
            window: Arc::new(Semaphore::new(window)),
            table: Mutex::new(Table { is_open: true, in_flight: HashMap::new() }),
            settled: Notify::new(),
            frames,
            // The bind had the first.
            last_sequence: AtomicU32::new(1),
        };
        (Arc::new(link), queue)
    }

    /// Sends it and waits for what is known of it then.
    pub async fn submit(&self, to: Party, body: Vec<u8>, place: OwnedSemaphorePermit) -> Submission {
        let (answer, answered) = oneshot::channel();
        let sequence = self.next_sequence();
        {
            let mut table = self.lock();
            if !table.is_open {
                return Submission::Unreachable;
            }
            table.in_flight.insert(sequence, InFlight { to, answer, _place: place, answer_until: None });
        }
        let octets = Pdu::new(command::SUBMIT_SM, sequence, body).octets();
        if self.frames.try_send(Frame::Submit { sequence, octets }).is_err() {
            self.take(sequence);
            return Submission::Unreachable;
        }
        answered.await.unwrap_or_else(|_| unknown("the link ended"))
    }

    /// Whether the octets of this submission may still leave; from now on they may have.
    pub fn leaves(&self, sequence: u32, answer_until: Instant) -> bool {
        let mut table = self.lock();
        let in_flight = table.in_flight.get_mut(&sequence);
        in_flight.map(|in_flight| in_flight.answer_until = Some(answer_until)).is_some()
    }

    /// Ends the wait for an answer; what it was, the caller says.
    pub fn take(&self, sequence: u32) -> Option<InFlight> {
        let mut table = self.lock();
        let taken = table.in_flight.remove(&sequence);
        if table.in_flight.is_empty() {
            self.settled.notify_waiters();
        }
        taken
    }

    /// Gives up what waited too long. The carrier may still have it.
    pub fn expire(&self, now: Instant) -> usize {
        let is_late = |in_flight: &InFlight| in_flight.answer_until.is_some_and(|until| until <= now);
        let late: Vec<u32> =
            self.lock().in_flight.iter().filter(|(_, one)| is_late(one)).map(|(sequence, _)| *sequence).collect();
        for sequence in &late {
            if let Some(in_flight) = self.take(*sequence) {
                in_flight.tell(unknown("the carrier did not answer in time"));
            }
        }
        late.len()
    }

    /// Takes no more submissions; those in flight go on.
    pub fn stop(&self) {
        self.lock().is_open = false;
        self.window.close();
    }

    /// Waits until nothing is in flight, at most so long.
    pub async fn settle(&self, at_most: Duration) {
        let settled = async {
            loop {
                let notified = self.settled.notified();
                if self.lock().in_flight.is_empty() {
                    return;
                }
                notified.await;
            }
        };
        // What is left then is told as unknown when the link ends.
        let _ = timeout(at_most, settled).await;
    }

    /// The connection is gone: everybody who waits hears what is known of their part.
    pub fn end(&self, reason: &str) {
        self.stop();
        let left = std::mem::take(&mut self.lock().in_flight);
        for in_flight in left.into_values() {
            let submission = match in_flight.answer_until {
                Some(_) => unknown(reason),
                None => Submission::Unreachable,
            };
            in_flight.tell(submission);
        }
    }

    /// Answers a text or a receipt. On a link that is gone there is nobody to answer.
    pub fn answer_delivery(&self, command: u32, sequence: u32, status: u32) {
        let body = Bytes::from_static(EMPTY_ID);
        let answer = Pdu { command: command | command::RESPONSE, status, sequence, body };
        let _ = self.send(&answer);
    }

    pub fn send(&self, pdu: &Pdu) -> Result<(), Congested> {
        self.frames.try_send(Frame::Other(pdu.octets())).map_err(|_| Congested)
    }

    pub fn send_last(&self, pdu: &Pdu) -> Result<(), Congested> {
        self.frames.try_send(Frame::Last(pdu.octets())).map_err(|_| Congested)
    }

    pub fn next_sequence(&self) -> u32 {
        let next = |last: u32| Some(if last >= MAX_SEQUENCE { 1 } else { last + 1 });
        let last = self.last_sequence.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        next(last.unwrap_or_else(|last| last)).unwrap_or(1)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InFlight {
    pub fn tell(self, submission: Submission) {
        // Nobody listens if the caller is gone; their part stays what they stored of it.
        let _ = self.answer.send(submission);
    }
}

fn unknown(reason: &str) -> Submission {
    Submission::Unknown { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party() -> Party {
        "+447400123456".parse().unwrap()
    }

    async fn place(link: &Link) -> OwnedSemaphorePermit {
        Arc::clone(&link.window).acquire_owned().await.unwrap()
    }

    #[tokio::test]
    async fn a_part_whose_octets_never_left_was_certainly_not_accepted() {
        let (link, mut queue) = Link::new(2);
        let (first, second) = (place(&link).await, place(&link).await);
        let submissions =
            async { tokio::join!(link.submit(party(), vec![1], first), link.submit(party(), vec![2], second)) };
        let break_it = async {
            let Some(Frame::Submit { sequence, .. }) = queue.recv().await else { panic!("a submission") };
            assert!(link.leaves(sequence, Instant::now()));
            link.end("the connection was lost");
            let Some(Frame::Submit { sequence, .. }) = queue.recv().await else { panic!("a submission") };
            assert!(!link.leaves(sequence, Instant::now()));
        };
        let ((left, stayed), ()) = tokio::join!(submissions, break_it);
        assert_eq!(left, unknown("the connection was lost"));
        assert_eq!(stayed, Submission::Unreachable);
    }

    #[tokio::test]
    async fn a_place_in_the_window_is_free_when_the_wait_is_given_up() {
        let (link, mut queue) = Link::new(1);
        let first = place(&link).await;
        let expire = async {
            let Some(Frame::Submit { sequence, .. }) = queue.recv().await else { panic!("a submission") };
            assert!(link.leaves(sequence, Instant::now()));
            assert_eq!(link.window.available_permits(), 0);
            assert_eq!(link.expire(Instant::now()), 1);
            assert_eq!(link.window.available_permits(), 1);
        };
        let (submission, ()) = tokio::join!(link.submit(party(), vec![], first), expire);
        assert_eq!(submission, unknown("the carrier did not answer in time"));
    }

    #[test]
    fn sequence_numbers_begin_again_before_they_reach_the_highest_bit() {
        let (link, _queue) = Link::new(1);
        link.last_sequence.store(MAX_SEQUENCE - 1, Ordering::Relaxed);
        assert_eq!([link.next_sequence(), link.next_sequence(), link.next_sequence()], [MAX_SEQUENCE, 1, 2]);
    }
}
