//! One WebSocket: authenticates, reads frames, writes events, in one task.
//! It never waits for a slow client: the hub closes it instead.

use std::sync::Arc;

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
    },
    http::HeaderMap,
    response::Response,
};
use futures_util::{SinkExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{
    AUTH_WITHIN, FRAMES, FRAMES_WINDOW, MAX_FRAME_BYTES, MAX_IN_FLIGHT, MAX_READ_BYTES, PING_EVERY, SYNC_EVERY, close,
    hub::SocketLimits,
    wire::{Closing, Outgoing, Wire},
};
use crate::{
    app::App,
    caller::{Caller, bearer},
    client::Client,
    error::Result,
    frames,
    ids::{SessionId, UserId},
    sync,
};

/// Written with one system call.
const WRITE_TOGETHER: usize = 64;

/// Opens the live connection; see docs/realtime.md for its frames and events.
#[utoipa::path(get, path = "/api/realtime", tag = "realtime", responses((status = 101, description = "a WebSocket")))]
pub async fn connect_realtime(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    let caller = match bearer(&headers) {
        Some(token) => Some(Caller::authenticate(&app, token).await?),
        None => {
            app.limit_client("sockets", &client, app.config.limits.unauthenticated_sockets_per_address, AUTH_WITHIN)?;
            None
        }
    };
    // Small buffers decide what an idle socket costs; the defaults are 128 kB.
    let upgrade = upgrade
        .read_buffer_size(1024)
        .write_buffer_size(4 * 1024)
        .max_write_buffer_size(1024 * 1024)
        .max_message_size(MAX_READ_BYTES)
        .max_frame_size(MAX_READ_BYTES);
    Ok(upgrade.on_upgrade(move |socket| serve(app, socket, caller)))
}

#[derive(Deserialize)]
#[serde(tag = "type", rename = "auth")]
struct Auth {
    token: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "hello")]
struct Hello {
    user_id: UserId,
    session_id: SessionId,
    user_version: i64,
    ping_secs: u64,
    sync_secs: u64,
}

async fn serve(app: App, mut socket: WebSocket, caller: Option<Caller>) {
    let caller = match caller {
        Some(caller) => caller,
        None => match authenticate(&app, &mut socket).await {
            Ok(caller) => caller,
            Err((code, reason)) => return say_goodbye(socket, Closing { code, reason, last_word: None }).await,
        },
    };
    let limits = SocketLimits {
        per_person: usize::try_from(app.config.limits.sockets_per_user).unwrap_or(usize::MAX),
        events: app.config.limits.events_per_socket,
    };
    let Ok((wire, mut outgoing)) = app.hub.connect(&app.audiences, caller.user_id, caller.session_id, limits).await
    else {
        return say_goodbye(socket, Closing { code: close::TOO_MANY, reason: "too many sockets", last_word: None })
            .await;
    };
    // It may have ended between the check and the moment from which the hub would have closed us.
    let closing = if caller.is_live(&app).await && !app.stopping.is_cancelled() {
        // Who does not even take our greeting must not hold up who closes them.
        tokio::select! {
            biased;
            closing = wire.closed() => Some(closing),
            greeted = greet(&app, &mut socket, &caller) => match greeted {
                true => talk(&app, &mut socket, &caller, &wire, &mut outgoing).await,
                false => None,
            },
        }
    } else {
        Some(Closing { code: close::UNAUTHORIZED, reason: "session ended", last_word: None })
    };
    // A server that stops waits until everybody has heard why.
    let _leaving = app.hub.leaving();
    app.hub.disconnect(&wire);
    if let Some(closing) = closing {
        say_goodbye(socket, closing).await;
    }
}

async fn authenticate(app: &App, socket: &mut WebSocket) -> Result<Caller, (u16, &'static str)> {
    let first =
        tokio::time::timeout(AUTH_WITHIN, socket.recv()).await.map_err(|_| (close::AUTH_TIMEOUT, "no auth frame"))?;
    let Some(Ok(Message::Text(text))) = first else { return Err((close::AUTH_TIMEOUT, "no auth frame")) };
    let auth: Auth = serde_json::from_str(&text).map_err(|_| (close::UNAUTHORIZED, "the first frame must be auth"))?;
    Caller::authenticate(app, &auth.token).await.map_err(|_| (close::UNAUTHORIZED, "the token is not valid"))
}

async fn greet(app: &App, socket: &mut WebSocket, caller: &Caller) -> bool {
    let Ok(user_version) = sync::actions::user_version(app, caller.user_id).await else { return false };
    let hello = Hello {
        user_id: caller.user_id,
        session_id: caller.session_id,
        user_version,
        ping_secs: PING_EVERY.as_secs(),
        sync_secs: SYNC_EVERY.as_secs(),
    };
    let text = serde_json::to_string(&hello).expect("hello is plain data");
    socket.send(Message::text(text)).await.is_ok()
}

/// Returns why we close, or `None` if the other side did.
async fn talk(
    app: &App,
    socket: &mut WebSocket,
    caller: &Caller,
    wire: &Arc<Wire>,
    outgoing: &mut mpsc::Receiver<Outgoing>,
) -> Option<Closing> {
    let mut working = FuturesUnordered::<BoxFuture<'static, Option<String>>>::new();
    let mut together = Vec::new();
    loop {
        tokio::select! {
            biased;
            closing = wire.closed() => return Some(closing),
            Some(answer) = working.next(), if !working.is_empty() => {
                if let Some(answer) = answer {
                    tokio::select! {
                        sent = socket.send(Message::text(answer)) => sent.ok()?,
                        closing = wire.closed() => return Some(closing),
                    }
                }
            }
            received = outgoing.recv_many(&mut together, WRITE_TOGETHER) => {
                if received == 0 {
                    return None;
                }
                for frame in together.drain(..) {
                    let message = match frame { Outgoing::Event(text) => Message::Text(text), Outgoing::Ping => Message::Ping(bytes::Bytes::new()) };
                    // A client that does not read blocks us here; the hub notices its full queue and closes us.
                    tokio::select! {
                        fed = socket.feed(message) => fed.ok()?,
                        closing = wire.closed() => return Some(closing),
                    }
                }
                tokio::select! {
                    flushed = socket.flush() => flushed.ok()?,
                    closing = wire.closed() => return Some(closing),
                }
            }
            message = socket.next(), if working.len() < MAX_IN_FLIGHT => {
                wire.heard.store(true, std::sync::atomic::Ordering::Relaxed);
                match message {
                    Some(Ok(Message::Text(text))) if text.len() > MAX_FRAME_BYTES => {
                        return Some(Closing { code: close::TOO_LARGE, reason: "frame too large", last_word: None });
                    }
                    Some(Ok(Message::Text(_) | Message::Ping(_) | Message::Pong(_))) if too_many_frames(app, caller) => {
                        return Some(Closing { code: close::TOO_MANY, reason: "too many frames", last_word: None });
                    }
                    Some(Ok(Message::Text(text))) => {
                        working.push(Box::pin(frames::handle(app.clone(), caller.clone(), text)));
                    }
                    Some(Ok(Message::Binary(_))) => return Some(Closing { code: 1003, reason: "text frames only", last_word: None }),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                }
            }
        }
    }
}

fn too_many_frames(app: &App, caller: &Caller) -> bool {
    app.limit_person("frames", caller.user_id, FRAMES, FRAMES_WINDOW).is_err()
}

/// Who does not take even this within a second is left alone.
///
/// Reads on until the other side has closed too: closed with something unread, the kernel would throw away what we said last.
async fn say_goodbye(mut socket: WebSocket, closing: Closing) {
    let _ = tokio::time::timeout(std::time::Duration::from_secs(1), async {
        if let Some(text) = closing.last_word {
            socket.send(Message::Text(text)).await?;
        }
        let frame = CloseFrame { code: closing.code, reason: Utf8Bytes::from_static(closing.reason) };
        socket.send(Message::Close(Some(frame))).await?;
        while let Some(Ok(_)) = socket.recv().await {}
        Ok::<_, axum::Error>(())
    })
    .await;
}
