//! The door for TCP: accepts connections, speaks HTTP/1.1 on them, counts them.
//! It knows no route, and nobody holds a connection open by saying nothing.

mod idle;

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
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{ServiceExt, util::BoxCloneSyncService};
use tracing::{debug, warn};

use self::idle::{Line, Visit, Watched};
use crate::{app::App, client};

/// Who takes nothing of what we say to them for so long is let go, sockets too.
const TAKES_WITHIN: Duration = Duration::from_secs(30);
/// After the system refused to accept, mostly for want of file descriptors.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Who was asked to make room began a request at that moment, and is answered first: after so long the next is asked.
const ASK_THE_NEXT_AFTER: Duration = Duration::from_millis(100);

/// Accepts until the server is asked to stop; returns when what had begun is answered.
pub async fn serve(listener: TcpListener, router: Router, app: App) {
    let limits = &app.config.limits;
    let room = Arc::new(Semaphore::new(limits.connections));
    let (counts, line) = (Counts::default(), Line::default());
    let headers_within = Duration::from_secs(limits.headers_within_secs);
    let running = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = app.stopping.cancelled() => break,
        };
        let Ok((stream, address)) = accepted else {
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
        // The others wait in the system's own queue meanwhile.
        let place = tokio::select! {
            place = make_room(&room, &line) => place,
            () = app.stopping.cancelled() => break,
        };
        let visit = line.enter();
        let connection = connection(stream, address, router.clone(), headers_within, visit.clone());
        let stopping = app.stopping.clone();
        running.spawn(async move {
            let _held = (place, counted);
            if let Err(error) = to_its_end(connection, &visit, stopping).await {
                debug!(%error, "A connection ended");
            }
            visit.leave();
        });
    }
    drop(listener);
    running.close();
    running.wait().await;
}

/// A place for a newcomer: whoever has been idle longest goes for it; while everybody is busy, it waits.
async fn make_room(room: &Arc<Semaphore>, line: &Line) -> Option<OwnedSemaphorePermit> {
    let mut place = pin!(room.clone().acquire_owned());
    loop {
        tokio::select! {
            biased;
            place = &mut place => return place.ok(),
            () = async {
                line.send_the_first_away().await;
                tokio::time::sleep(ASK_THE_NEXT_AFTER).await;
            } => {}
        }
    }
}

/// Answers what was asked before the server is stopping or the place is needed, and nothing after.
async fn to_its_end(connection: Connection, visit: &Visit, stopping: CancellationToken) -> hyper::Result<()> {
    let mut connection = pin!(connection);
    tokio::select! {
        ended = &mut connection => return ended,
        () = stopping.cancelled() => {}
        () = visit.sent_away() => {
            if visit.is_idle() {
                return Ok(());
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    connection.await
}

type Stream = TokioIo<Watched<Pin<Box<TimeoutStream<TcpStream>>>>>;
type Connection = http1::UpgradeableConnection<Stream, Service>;
type Service = TowerToHyperService<BoxCloneSyncService<Request<Incoming>, Response, Infallible>>;

fn connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    headers_within: Duration,
    visit: Visit,
) -> Connection {
    // Small frames must not wait for larger company.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TAKES_WITHIN));
    let stream = Watched::new(Box::pin(stream), visit.clone());
    let (begins, ends) = (visit.clone(), visit);
    let service = router
        .map_request(move |mut request: Request<Incoming>| {
            begins.is_asked();
            request.extensions_mut().insert(ConnectInfo(address));
            request.map(Body::new)
        })
        .map_response(move |response: Response| ends.until_answered(response));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(headers_within)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(BoxCloneSyncService::new(service)))
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
