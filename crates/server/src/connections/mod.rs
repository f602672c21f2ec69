//! The door for TCP: accepts connections, speaks HTTP/1.1 on them, counts them.
//! It knows no route, and nobody holds a connection open by saying nothing.

mod idle;

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
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
const A_NETWORK: usize = client::ADDRESSES_OF_A_NETWORK as usize;
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
            let Some(counted) = counts.enter(address.ip(), limits.connections_per_address) else {
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

/// Connections of each address and of each network that are open; a WebSocket counts as one of a person's sockets instead.
#[derive(Default, Clone)]
struct Counts(Arc<Mutex<HashMap<String, usize>>>);

struct Counted {
    counts: Counts,
    keys: Vec<String>,
}

impl Counts {
    fn enter(&self, address: IpAddr, max: usize) -> Option<Counted> {
        let of_network = client::network_key(address).map(|key| (key, max.saturating_mul(A_NETWORK)));
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut keys = vec![];
        for (key, max) in [(client::limit_key(address), max)].into_iter().chain(of_network) {
            if open.get(&key).is_some_and(|count| *count >= max) {
                return None;
            }
            keys.push(key);
        }
        for key in &keys {
            *open.entry(key.clone()).or_default() += 1;
        }
        Some(Counted { counts: self.clone(), keys })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            if let Some(count) = open.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    open.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_as_many_as_a_few_addresses() {
        let counts = Counts::default();
        let enter = |text: String| counts.enter(text.parse().expect("an address"), 2);
        let held: Vec<_> = (0..40).filter_map(|n| enter(format!("2001:db8:1:{n}::1"))).collect();
        assert_eq!(held.len(), 8);
        assert!(enter("2001:db8:2::1".to_owned()).is_some() && enter("203.0.113.1".to_owned()).is_some());
        drop(held);
        assert!(counts.0.lock().expect("nobody panicked").is_empty());
        let held: Vec<_> = (0..40).filter_map(|n| enter(format!("2001:db8:1:1::{n}"))).collect();
        assert_eq!(held.len(), 2);
    }
}
