//! One bound session: what is read, what is written, and whether the peer is still there.
//! Never waits for anything while it reads, so that no answer stands behind an event that nobody stores.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tracing::{debug, warn};

use super::arrivals;
use super::link::{Congested, Frame, Link};
use super::pdu::{Frames, Pdu, command};
use super::status;
use super::wire::Stream;
use super::{Shared, verdicts};

/// How often time-outs are looked at.
const TICK: Duration = Duration::from_millis(200);
/// Frames that go to the socket at once.
const MAX_BATCH: usize = 128;
/// How long answers may take to come once the peer has said good-bye, and its answer to ours.
const FAREWELL: Duration = Duration::from_secs(5);

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    #[error("the connection was lost: {0}")]
    Lost(String),
    #[error("the carrier does not answer")]
    Silent,
    #[error("the carrier does not read what we answer")]
    Congested,
    #[error("the carrier said good-bye")]
    Unbound,
    #[error("the carrier sent what cannot be read: {0}")]
    Malformed(String),
    #[error("the carrier sees another link than this one")]
    WrongLink,
    #[error("we said good-bye")]
    Closed,
}

/// What the reader tells the keeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Farewell {
    #[default]
    None,
    /// The peer wants to go; this sequence number awaits its answer.
    Asked(u32),
    Answered,
}

struct Session<'a> {
    shared: &'a Shared,
    link: &'a Arc<Link>,
    last_heard: Mutex<Instant>,
    farewell: watch::Sender<Farewell>,
}

/// Runs until the session ends, whoever ends it. The link is still to be ended by the caller.
pub async fn run(
    shared: &Shared,
    link: &Arc<Link>,
    queue: mpsc::Receiver<Frame>,
    stream: Box<dyn Stream>,
    frames: Frames,
) -> Ended {
    let (read, write) = split(stream);
    let session = Session { shared, link, last_heard: Mutex::new(Instant::now()), farewell: watch::Sender::default() };
    tokio::select! {
        ended = session.read(read, frames) => ended,
        ended = session.write(write, queue) => ended,
        ended = session.keep() => ended,
    }
}

impl Session<'_> {
    async fn read(&self, mut from: impl AsyncRead + Unpin, mut frames: Frames) -> Ended {
        loop {
            loop {
                match frames.next() {
                    Ok(Some(pdu)) => {
                        if let Err(ended) = self.take(pdu) {
                            return ended;
                        }
                    }
                    Ok(None) => break,
                    Err(wrong) => return Ended::Malformed(wrong.to_string()),
                }
            }
            match from.read_buf(frames.space()).await {
                Ok(0) => return Ended::Lost("the carrier closed it".to_owned()),
                Ok(_) => *self.last_heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now(),
                Err(error) => return Ended::Lost(error.to_string()),
            }
        }
    }

    fn take(&self, pdu: Pdu) -> Result<(), Ended> {
        const SUBMIT_SM_RESP: u32 = command::SUBMIT_SM | command::RESPONSE;
        const UNBIND_RESP: u32 = command::UNBIND | command::RESPONSE;
        match pdu.command {
            SUBMIT_SM_RESP | command::GENERIC_NACK => return self.answered(&pdu),
            command::DELIVER_SM | command::DATA_SM => arrivals::take(self.shared, self.link, &pdu),
            command::ENQUIRE_LINK => {
                let answer = Pdu::new(command::ENQUIRE_LINK | command::RESPONSE, pdu.sequence, Vec::new());
                self.link.send(&answer).map_err(|Congested| Ended::Congested)?;
            }
            command::UNBIND => _ = self.farewell.send_replace(Farewell::Asked(pdu.sequence)),
            UNBIND_RESP => _ = self.farewell.send_replace(Farewell::Answered),
            // These have no answer, and nothing that we use.
            command::OUTBIND | command::ALERT_NOTIFICATION => {}
            other if other & command::RESPONSE != 0 => {}
            other => {
                debug!(smpp.command = other, "The SMPP peer sent a command that a client does not take");
                let (sequence, body) = (pdu.sequence, Vec::new().into());
                let nack = Pdu { command: command::GENERIC_NACK, status: status::INVALID_COMMAND, sequence, body };
                self.link.send(&nack).map_err(|Congested| Ended::Congested)?;
            }
        }
        Ok(())
    }

    fn answered(&self, pdu: &Pdu) -> Result<(), Ended> {
        let Some(in_flight) = self.link.take(pdu.sequence) else {
            debug!("The SMPP peer answered a submission that nobody waits for");
            return Ok(());
        };
        let (submission, is_wrong_link) = verdicts::of_answer(self.shared, &in_flight.to, pdu);
        in_flight.tell(submission);
        if is_wrong_link { Err(Ended::WrongLink) } else { Ok(()) }
    }

    async fn write(&self, mut to: impl AsyncWrite + Unpin, mut queue: mpsc::Receiver<Frame>) -> Ended {
        let at_most = self.shared.settings.timing.response_timeout();
        let (mut batch, mut octets) = (Vec::with_capacity(MAX_BATCH), Vec::new());
        loop {
            if queue.recv_many(&mut batch, MAX_BATCH).await == 0 {
                return Ended::Closed;
            }
            let (answer_until, mut is_last) = (Instant::now() + at_most, false);
            octets.clear();
            for frame in batch.drain(..) {
                match frame {
                    Frame::Submit { sequence, octets: submission } => {
                        if self.link.leaves(sequence, answer_until) {
                            octets.extend(submission);
                        }
                    }
                    Frame::Other(other) => octets.extend(other),
                    Frame::Last(last) => {
                        octets.extend(last);
                        is_last = true;
                    }
                }
            }
            let written = async {
                to.write_all(&octets).await?;
                to.flush().await
            };
            match timeout(at_most, written).await {
                Ok(Ok(())) if is_last => {
                    // Both have said good-bye; how the connection closes is no matter.
                    let _ = timeout(FAREWELL, to.shutdown()).await;
                    return Ended::Unbound;
                }
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Ended::Lost(error.to_string()),
                Err(_) => return Ended::Silent,
            }
        }
    }

    /// Looks after time-outs and good-byes.
    async fn keep(&self) -> Ended {
        let mut farewell = self.farewell.subscribe();
        let asked = async { _ = farewell.wait_for(|farewell| matches!(farewell, Farewell::Asked(_))).await };
        tokio::select! {
            ended = self.watch() => ended,
            () = self.shared.closing.cancelled() => self.say_good_bye().await,
            () = asked => self.let_go().await,
        }
    }

    async fn watch(&self) -> Ended {
        let timing = &self.shared.settings.timing;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut asked_at: Option<Instant> = None;
        let mut last_asked = Instant::now();
        loop {
            tick.tick().await;
            let now = Instant::now();
            let late = self.link.expire(now);
            if late > 0 {
                warn!(parts = late, "The carrier did not answer submissions in time");
            }
            let heard = *self.last_heard.lock().unwrap_or_else(PoisonError::into_inner);
            asked_at = asked_at.filter(|asked| heard < *asked);
            let is_mute = asked_at.is_some_and(|asked| now - asked >= timing.response_timeout());
            if is_mute || now.saturating_duration_since(heard) >= timing.inactivity() {
                return Ended::Silent;
            }
            let is_due = timing.enquire_link().is_some_and(|every| now - last_asked >= every);
            if is_due && asked_at.is_none() {
                let enquiry = Pdu::new(command::ENQUIRE_LINK, self.link.next_sequence(), Vec::new());
                if self.link.send(&enquiry).is_err() {
                    return Ended::Congested;
                }
                (asked_at, last_asked) = (Some(now), now);
            }
        }
    }

    /// We go: what is in flight gets its answer first.
    async fn say_good_bye(&self) -> Ended {
        self.link.stop();
        self.link.settle(self.shared.settings.timing.response_timeout()).await;
        let unbind = Pdu::new(command::UNBIND, self.link.next_sequence(), Vec::new());
        if self.link.send(&unbind).is_ok() {
            let mut farewell = self.farewell.subscribe();
            // A peer that does not answer is left all the same.
            let _ = timeout(FAREWELL, farewell.wait_for(|farewell| *farewell != Farewell::None)).await;
        }
        Ended::Closed
    }

    /// The peer goes: whatever answers it still has in its hands come first.
    async fn let_go(&self) -> Ended {
        self.link.stop();
        self.link.settle(FAREWELL).await;
        let Farewell::Asked(sequence) = *self.farewell.borrow() else { return Ended::Unbound };
        let answer = Pdu::new(command::UNBIND | command::RESPONSE, sequence, Vec::new());
        if self.link.send_last(&answer).is_ok() {
            // The writer ends the session.
            tokio::time::sleep(FAREWELL).await;
        }
        Ended::Unbound
    }
}
