//! Keeps one connection to the carrier bound: opens it, and opens it again when it is lost.
//! Never hammers: it waits longer each time, and minutes when the carrier does not know us.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info, warn};

use super::link::Link;
use super::pdu::{Frames, Pdu, command};
use super::session::{self, Ended};
use super::wire::{self, Stream};
use super::{LinkState, Shared, message, status};

const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Only an administrator can help, so there is no hurry; but accounts are opened again, too.
const WAIT_FOR_CREDENTIALS: Duration = Duration::from_secs(300);
/// A link that held so long was a good one: a carrier that closes each at once is asked less and less.
const GOOD_LINK: Duration = Duration::from_secs(2);

const BIND_SEQUENCE: u32 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Transceiver,
    Transmitter,
    Receiver,
}

impl Role {
    fn command(self) -> u32 {
        match self {
            Self::Transceiver => command::BIND_TRANSCEIVER,
            Self::Transmitter => command::BIND_TRANSMITTER,
            Self::Receiver => command::BIND_RECEIVER,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Transceiver => "transceiver",
            Self::Transmitter => "transmitter",
            Self::Receiver => "receiver",
        }
    }
}

enum NotBound {
    Refused(u32),
    Unreachable(String),
}

/// Until the carrier is closed. `place` is that of this connection among the states.
pub async fn keep(shared: Arc<Shared>, role: Role, place: usize) {
    let mut waits = Waits(SHORTEST_WAIT);
    while !shared.closing.is_cancelled() {
        shared.tell(place, LinkState::Connecting);
        let attempt = timeout(shared.settings.timing.bind_timeout(), open(&shared, role));
        let opened = tokio::select! {
            opened = attempt => opened.unwrap_or_else(|_| Err(NotBound::Unreachable("no answer in time".to_owned()))),
            () = shared.closing.cancelled() => break,
        };
        let (state, retry_in) = match opened {
            Ok((stream, frames)) => {
                let bound_at = Instant::now();
                let ended = serve(&shared, role, place, stream, frames).await;
                if ended == Ended::Closed {
                    break;
                }
                if bound_at.elapsed() >= GOOD_LINK {
                    waits = Waits(SHORTEST_WAIT);
                }
                warn!(carrier = %shared.settings.host, role = role.name(), reason = %ended, "The SMPP link ended");
                let retry_in = waits.next();
                (LinkState::Down { reason: ended.to_string(), retry_in }, retry_in)
            }
            Err(not_bound) => explain(&shared, role, not_bound, &mut waits),
        };
        shared.tell(place, state);
        tokio::select! {
            () = sleep(retry_in) => {}
            () = shared.closing.cancelled() => break,
        }
    }
    shared.tell(place, LinkState::Closed);
}

fn explain(shared: &Shared, role: Role, not_bound: NotBound, waits: &mut Waits) -> (LinkState, Duration) {
    let (host, role) = (&shared.settings.host, role.name());
    match not_bound {
        NotBound::Refused(code) => {
            let status = status::describe(code);
            let retry_in = if status::is_of_credentials(code) {
                error!(carrier = %host, role, status, "The carrier does not know us: look at system_id, password and system_type");
                jittered(WAIT_FOR_CREDENTIALS)
            } else {
                warn!(carrier = %host, role, status, "The carrier refused the SMPP bind");
                waits.next()
            };
            (LinkState::Refused { status, retry_in }, retry_in)
        }
        NotBound::Unreachable(reason) => {
            warn!(carrier = %host, role, reason, "The carrier cannot be reached");
            let retry_in = waits.next();
            (LinkState::Down { reason, retry_in }, retry_in)
        }
    }
}

async fn open(shared: &Shared, role: Role) -> Result<(Box<dyn Stream>, Frames), NotBound> {
    let lost = |error: std::io::Error| NotBound::Unreachable(error.to_string());
    let mut stream = wire::connect(&shared.settings).await.map_err(lost)?;
    let bind = Pdu::new(role.command(), BIND_SEQUENCE, message::bind(&shared.settings));
    stream.write_all(&bind.octets()).await.map_err(lost)?;
    stream.flush().await.map_err(lost)?;
    let mut frames = Frames::default();
    loop {
        // What comes before the answer to the bind has no place in the protocol.
        while let Some(pdu) = frames.next().map_err(|wrong| NotBound::Unreachable(wrong.to_string()))? {
            let is_answer = pdu.command == role.command() | command::RESPONSE || pdu.command == command::GENERIC_NACK;
            match pdu.status {
                _ if !is_answer => {}
                status::OK if pdu.command != command::GENERIC_NACK => return Ok((stream, frames)),
                code => return Err(NotBound::Refused(code)),
            }
        }
        if stream.read_buf(frames.space()).await.map_err(lost)? == 0 {
            return Err(NotBound::Unreachable("the carrier closed the connection before the bind".to_owned()));
        }
    }
}

async fn serve(shared: &Shared, role: Role, place: usize, stream: Box<dyn Stream>, frames: Frames) -> Ended {
    let window = if role == Role::Receiver { 0 } else { usize::from(shared.settings.window) };
    let (link, queue) = Link::new(window);
    shared.sessions().push(link.id);
    if role != Role::Receiver {
        shared.transmit_on(Some(Arc::clone(&link)));
    }
    info!(carrier = %shared.settings.host, role = role.name(), "The SMPP link is bound");
    shared.tell(place, LinkState::Bound);
    let ended = session::run(shared, &link, queue, stream, frames).await;
    if role != Role::Receiver {
        shared.transmit_on(None);
    }
    shared.sessions().retain(|open| *open != link.id);
    link.end(&ended.to_string());
    shared.inbox.forget(&link);
    ended
}

/// Twice as long each time.
struct Waits(Duration);

impl Waits {
    fn next(&mut self) -> Duration {
        let wait = self.0;
        self.0 = (wait * 2).min(LONGEST_WAIT);
        jittered(wait)
    }
}

/// Between half of it and all: nodes that lost their links together do not come back together.
fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(rand::rng().random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute() {
        let mut waits = Waits(SHORTEST_WAIT);
        for secs in [1, 2, 4, 8, 16, 32, 60, 60] {
            let wait = waits.next();
            assert!(wait <= Duration::from_secs(secs) && wait >= Duration::from_millis(secs * 500), "{wait:?}");
        }
    }
}
