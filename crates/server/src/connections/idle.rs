//! The line of connections that nobody uses at the moment: who waits longest between two requests goes first when a place is needed.
//! It never sends anybody away in the middle of a request or of its answer.

use std::{
    collections::BTreeMap,
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::StatusCode,
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
};
use tokio_util::sync::CancellationToken;

/// Everybody who is idle, by the number that they drew when they became so. There are no more than connections.
#[derive(Clone, Default)]
pub struct Line(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Somebody became idle.
    came: Notify,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    idle: BTreeMap<u64, CancellationToken>,
}

/// One connection, from its first byte to its last.
#[derive(Clone)]
pub struct Visit(Arc<Visitor>);

struct Visitor {
    line: Line,
    sent_away: CancellationToken,
    state: Mutex<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two requests, with its number in the line.
    Idle(u64),
    Busy,
    /// The answer is made, but perhaps not all of it is with the system yet.
    Answered,
    /// It is a WebSocket now, or over.
    Gone,
}

impl Line {
    /// Idle until it says what it wants.
    pub fn enter(&self) -> Visit {
        let sent_away = CancellationToken::new();
        let number = self.queue(&sent_away);
        Visit(Arc::new(Visitor { line: self.clone(), sent_away, state: Mutex::new(State::Idle(number)) }))
    }

    /// Waits until there is somebody.
    pub async fn send_the_first_away(&self) {
        loop {
            // Subscribe before looking: who comes in between would not be noticed.
            let came = self.0.came.notified();
            if let Some((_, first)) = self.waiting(|waiting| waiting.idle.pop_first()) {
                return first.cancel();
            }
            came.await;
        }
    }

    fn queue(&self, sent_away: &CancellationToken) -> u64 {
        let number = self.waiting(|waiting| {
            waiting.next += 1;
            waiting.idle.insert(waiting.next, sent_away.clone());
            waiting.next
        });
        self.0.came.notify_waiters();
        number
    }

    fn waiting<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> T {
        look(&mut self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Visit {
    /// A request begins.
    pub fn is_asked(&self) {
        self.turn(|_| Some(State::Busy));
    }

    /// The connection is busy until the last of this is on its way.
    pub fn until_answered(&self, response: Response) -> Response {
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            self.leave();
            return response;
        }
        let visit = self.clone();
        response.map(|body| Body::new(Answer { body, visit }))
    }

    pub fn leave(&self) {
        self.turn(|_| Some(State::Gone));
    }

    pub fn is_idle(&self) -> bool {
        matches!(*self.0.state.lock().unwrap_or_else(PoisonError::into_inner), State::Idle(_))
    }

    pub async fn sent_away(&self) {
        self.0.sent_away.cancelled().await;
    }

    fn is_answered(&self) {
        self.turn(|state| (state == State::Busy).then_some(State::Answered));
    }

    /// All that was written is with the system, which sends it even if we close now.
    fn is_flushed(&self) {
        self.turn(|state| (state == State::Answered).then(|| State::Idle(self.0.line.queue(&self.0.sent_away))));
    }

    fn turn(&self, next: impl FnOnce(State) -> Option<State>) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(next) = next(*state) else { return };
        if let State::Idle(number) = *state {
            self.0.line.waiting(|waiting| waiting.idle.remove(&number));
        }
        *state = next;
    }
}

/// The body of an answer, which tells when it has been taken whole or is not wanted any more.
struct Answer {
    body: Body,
    visit: Visit,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.visit.is_answered();
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The stream below HTTP. HTTP flushes it only when it has nothing more to write.
pub struct Watched<S> {
    stream: S,
    visit: Visit,
}

impl<S> Watched<S> {
    pub fn new(stream: S, visit: Visit) -> Self {
        Self { stream, visit }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() {
            self.visit.is_flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
