//! One socket as the hub sees it: a bounded queue, and a reason to close.
//! Sending never waits: who falls behind is closed, and resumes.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::{Notify, mpsc};

use super::close;
use crate::ids::{SessionId, UserId};

pub enum Outgoing {
    Event(Utf8Bytes),
    Ping,
}

/// Why a socket is closed; the last word is sent before.
#[derive(Debug, Clone)]
pub struct Closing {
    pub code: u16,
    pub reason: &'static str,
    pub last_word: Option<Utf8Bytes>,
}

pub struct Wire {
    pub user_id: UserId,
    pub session_id: SessionId,
    queue: mpsc::Sender<Outgoing>,
    closing: OnceLock<Closing>,
    closed: Notify,
    /// Heard from since the ping before.
    pub heard: AtomicBool,
}

impl Wire {
    /// `room`: events that wait for it; more, and it is closed with `SLOW`, which means: resume.
    pub fn new(user_id: UserId, session_id: SessionId, room: usize) -> (Self, mpsc::Receiver<Outgoing>) {
        let (queue, outgoing) = mpsc::channel(room);
        (
            Self {
                user_id,
                session_id,
                queue,
                closing: OnceLock::new(),
                closed: Notify::new(),
                heard: AtomicBool::new(true),
            },
            outgoing,
        )
    }

    pub fn send(&self, text: &Utf8Bytes) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(Outgoing::Event(text.clone())) {
            self.close(Closing { code: close::SLOW, reason: "too slow: resume", last_word: None });
        }
    }

    /// What may be lost is dropped first.
    pub fn send_if_idle(&self, text: &Utf8Bytes) {
        if self.queue.capacity() > self.queue.max_capacity() / 2 {
            self.send(text);
        }
    }

    pub fn end(&self, last_word: &Utf8Bytes) {
        self.close(Closing { code: close::UNAUTHORIZED, reason: "session ended", last_word: Some(last_word.clone()) });
    }

    pub fn close(&self, closing: Closing) {
        if self.closing.set(closing).is_ok() {
            self.closed.notify_one();
        }
    }

    /// Resolves when somebody closed it.
    pub async fn closed(&self) -> Closing {
        loop {
            if let Some(closing) = self.closing.get() {
                return closing.clone();
            }
            self.closed.notified().await;
        }
    }

    /// Asks for a sign of life; closes who gave none since the last time.
    pub fn ping(&self) {
        if self.heard.swap(false, Ordering::Relaxed) {
            let _ = self.queue.try_send(Outgoing::Ping);
        } else {
            self.close(Closing { code: 1001, reason: "silent", last_word: None });
        }
    }
}
