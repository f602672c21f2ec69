//! The simulator in a process of its own: every call as a POST of JSON over loopback, for who knows the secret.
//! Nothing is decided here, and nothing is answered before it is durable.

mod calls;
mod link;
mod remote;

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header::AUTHORIZATION},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use remote::Remote;

use self::calls::{
    Accounts, Acknowledge, Answers, Buy, Changes, Events, HandsetUpdate, Id, Ids, Messages, Nothing, Numbered, Of,
    Submit,
};
use super::{Clock, CodeRequest, HandsetText, NewHandset, OpenError, Settings, Simulation, Simulator, carrier};
use crate::{Carrier, LinkError, Search, Shop};

/// A full batch of the longest parts, and room to spare.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Why serving ended, if nobody asked it to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the simulated carrier can take no connections: {0}")]
    Listen(#[from] std::io::Error),
    #[error("the secret of the simulated carrier is empty; set `simulator.secret`")]
    NoSecret,
}

/// Runs the simulator until `stop`; what had begun is finished.
pub async fn serve(
    settings: Settings,
    database: &convo_db::Settings,
    clock: Clock,
    listener: TcpListener,
    secret: &str,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    if secret.is_empty() {
        return Err(ServeError::NoSecret);
    }
    let simulator = Simulator::open(settings, database, clock).await?;
    let router = router(simulator.clone(), secret);
    let stopping = async {
        stop.cancelled().await;
        simulator.stop().await;
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let serving = async {
        let served = serving.await;
        // Whatever ended it, the store is let go.
        stop.cancel();
        served
    };
    let (served, ()) = tokio::join!(serving, stopping);
    Ok(served?)
}

/// A table of contents.
fn router(simulator: Simulator, secret: &str) -> Router {
    let secret: Arc<[u8]> = format!("Bearer {secret}").into_bytes().into();
    Router::new()
        .route(calls::HELLO, call(|simulator, Nothing {}| async move { hello(&simulator) }))
        .route(
            calls::SUBMIT,
            call(|simulator, call: Submit<calls::Taken>| async move { submit(&simulator, call).await }),
        )
        .route(calls::RECALL, call(|simulator, call: Ids| async move { recall(&simulator, call).await }))
        .route(calls::EVENTS, call(|simulator, call: Events| async move { events(&simulator, call).await }))
        .route(
            calls::ACKNOWLEDGE,
            call(|simulator, call: Acknowledge| async move { simulator.acknowledge(call.through).await }),
        )
        .route(calls::COUNTRIES, call(|simulator, Nothing {}| async move { simulator.countries().await }))
        .route(calls::SEARCH, call(|simulator, search: Search| async move { simulator.search(search).await }))
        .route(calls::FIND, call(|simulator, call: Numbered| async move { simulator.find(call.number).await }))
        .route(
            calls::ORDER,
            call(|simulator, call: Buy| async move { simulator.order(call.key, call.number, call.account).await }),
        )
        .route(calls::RECALL_ORDER, call(|simulator, call: Id| async move { simulator.recall_order(call.id).await }))
        .route(calls::RELEASE, call(|simulator, call: Numbered| async move { simulator.release(call.number).await }))
        .route(
            calls::CREATE_HANDSET,
            call(|simulator, new: NewHandset| async move { simulator.create_handset(new).await }),
        )
        .route(calls::FIND_HANDSET, call(|simulator, call: Id| async move { simulator.find_handset(call.id).await }))
        .route(
            calls::LIST_HANDSETS,
            call(|simulator, call: Of| async move { simulator.list_handsets(call.account).await }),
        )
        .route(
            calls::UPDATE_HANDSET,
            call(|simulator, call: HandsetUpdate| async move { simulator.update_handset(call.id, call.change).await }),
        )
        .route(
            calls::DELETE_HANDSET,
            call(|simulator, call: Id| async move { simulator.delete_handset(call.id).await }),
        )
        .route(
            calls::SEND_FROM_HANDSET,
            call(|simulator, text: HandsetText| async move { simulator.send_from_handset(text).await }),
        )
        .route(
            calls::LIST_HANDSET_MESSAGES,
            call(|simulator, Messages { id, before, limit }| async move {
                simulator.list_handset_messages(id, before, limit).await
            }),
        )
        .route(
            calls::LAST_HANDSET_CHANGE,
            call(|simulator, Nothing {}| async move { simulator.last_handset_change().await }),
        )
        .route(
            calls::HANDSET_CHANGES,
            call(|simulator, Changes { after, max, wait_ms }| async move {
                simulator.handset_changes(after, max, wait(wait_ms)).await
            }),
        )
        .route(
            calls::SET_ACCOUNTS,
            call(|simulator, call: Accounts| async move { simulator.set_accounts(call.number, call.accounts).await }),
        )
        .route(
            calls::SEND_CODE,
            call(|simulator, request: CodeRequest| async move { simulator.send_code(request).await }),
        )
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(secret, only_with_secret))
        .with_state(simulator)
}

/// What went well is 200, what was refused is 409, each as JSON.
fn call<Q, A, E, W>(work: impl Fn(Simulator, Q) -> W + Clone + Send + Sync + 'static) -> MethodRouter<Simulator>
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize,
    E: Serialize,
    W: Future<Output = Result<A, E>> + Send + 'static,
{
    post(move |State(simulator): State<Simulator>, Json(asked): Json<Q>| async move {
        match work(simulator, asked).await {
            Ok(answer) => Json(answer).into_response(),
            Err(error) => (StatusCode::CONFLICT, Json(error)).into_response(),
        }
    })
}

async fn only_with_secret(State(secret): State<Arc<[u8]>>, request: Request, next: Next) -> Response {
    let told = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
    match aws_lc_rs::constant_time::verify_slices_are_equal(told, &secret) {
        Ok(()) => next.run(request).await,
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn hello(simulator: &Simulator) -> Result<i64, LinkError> {
    Ok(simulator.era())
}

async fn submit(simulator: &Simulator, call: Submit<calls::Taken>) -> Result<Answers, LinkError> {
    let parts = call.parts.into_iter().map(|calls::Taken(part)| part).collect();
    let answers = simulator.submit_all(parts, call.era).await;
    Ok(Answers { era: simulator.era(), answers })
}

async fn recall(simulator: &Simulator, call: Ids) -> Result<Answers, LinkError> {
    let answers = simulator.recall(call.ids).await?;
    Ok(Answers { era: simulator.era(), answers })
}

async fn events(simulator: &Simulator, call: Events) -> Result<Vec<super::wire::WireHeard>, LinkError> {
    Ok(simulator.list_events(call.max.min(carrier::MAX_EVENTS), wait(call.wait_ms)).await?)
}

fn wait(wait_ms: u64) -> Duration {
    Duration::from_millis(wait_ms).min(MAX_WAIT)
}
