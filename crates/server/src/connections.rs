//! The door for TCP: accepts connections, speaks HTTP/1.1 on them, counts them.
//! It knows no route, and nobody holds a connection open by saying nothing.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{ServiceExt, util::BoxCloneSyncService};
use tracing::{debug, warn};

use crate::{app::App, client};

/// Who takes nothing of what we say to them for so long is let go, sockets too.
const TAKES_WITHIN: Duration = Duration::from_secs(30);
/// After the system refused to accept, mostly for want of file descriptors.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Accepts until the server is asked to stop; returns when what had begun is answered.
pub async fn serve(listener: TcpListener, router: Router, app: App) {
    let limits = &app.config.limits;
    let room = Arc::new(Semaphore::new(limits.connections));
    let counts = Counts::default();
    let headers_within = Duration::from_secs(limits.headers_within_secs);
    let running = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            // When all places are taken, newcomers wait in the system's own queue.
            accepted = async { (room.clone().acquire_owned().await, listener.accept().await) } => accepted,
            () = app.stopping.cancelled() => break,
        };
        let (Ok(place), Ok((stream, address))) = accepted else {
            warn!("A connection could not be accepted; is the limit of open files reached?");
            tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            continue;
        };
        let counted = if limits.off || client::is_trusted(address.ip(), &app.config.trusted_proxies) {
            // A proxy brings everybody from one address.
            None
        } else {
            let Some(counted) = counts.enter(client::limit_key(address.ip()), limits.connections_per_address) else {
                continue;
            };
            Some(counted)
        };
        let (connection, stopping) =
            (connection(stream, address, router.clone(), headers_within), app.stopping.clone());
        running.spawn(async move {
            let _held = (place, counted);
            if let Err(error) = to_its_end(connection, stopping).await {
                debug!(%error, "A connection ended");
            }
        });
    }
    drop(listener);
    running.close();
    running.wait().await;
}

/// Answers what was asked before the server is stopping, and nothing after.
async fn to_its_end(connection: Connection, stopping: CancellationToken) -> hyper::Result<()> {
    let mut connection = pin!(connection);
    tokio::select! {
        ended = &mut connection => return ended,
        () = stopping.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

type Stream = TokioIo<Pin<Box<TimeoutStream<TcpStream>>>>;
type Connection = http1::UpgradeableConnection<Stream, Service>;
type Service = TowerToHyperService<BoxCloneSyncService<Request<Incoming>, Response, Infallible>>;

fn connection(stream: TcpStream, address: SocketAddr, router: Router, headers_within: Duration) -> Connection {
    // Small frames must not wait for larger company.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TAKES_WITHIN));
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        request.map(Body::new)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(headers_within)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(BoxCloneSyncService::new(service)))
        .with_upgrades()
}

/// Connections of each address that are open; a WebSocket counts as one of a person's sockets instead.
#[derive(Default, Clone)]
struct Counts(Arc<Mutex<HashMap<String, usize>>>);

struct Counted {
    counts: Counts,
    address: String,
}

impl Counts {
    fn enter(&self, address: String, max: usize) -> Option<Counted> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address.clone()).or_default();
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(Counted { counts: self.clone(), address })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}
