//! The simulator in another process, spoken to over HTTP; what is submitted together travels together.
//! It never says that a part was not accepted unless nothing was sent or the simulator said so.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use convo_phone::Number;
use futures_util::future::BoxFuture;
use reqwest::StatusCode;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};
use uuid::Uuid;

use super::calls::{
    self, Accounts, Acknowledge, Answers, Buy, Changes, Events, HandsetUpdate, Hello, Id, Ids, Messages, Numbered, Of,
    Submit,
};
use crate::{
    Capabilities, Carrier, Heard, LinkError, Offer, OfferPage, Order, Part, Search, Shop, ShopError, Stocked,
    Submission,
    simulator::{
        CodeRequest, Handset, HandsetChange, HandsetMessage, HandsetText, NewHandset, Simulation, SimulationError,
        carrier::CAPABILITIES,
        wire::{WireHeard, WirePart},
    },
};

/// Parts that wait to travel.
const QUEUE: usize = 4_096;
/// Parts of one request.
const BATCH: usize = 500;
/// Requests with parts that are under way at once: while one is made durable, the next is gathered.
const UNDER_WAY: usize = 2;
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How often somebody who does not answer is asked, and how often somebody who does.
const ASK_AGAIN: Duration = Duration::from_millis(500);
const ASK_NOW_AND_THEN: Duration = Duration::from_secs(5);

/// Cheap to clone. Made within a runtime; knows after a moment whether anybody is there.
#[derive(Clone)]
pub struct Remote {
    link: Arc<Link>,
    waiting: mpsc::Sender<Waiting>,
}

struct Link {
    http: reqwest::Client,
    url: String,
    secret: String,
    is_up: AtomicBool,
    era: AtomicI64,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Waiting {
    part: Part,
    answer: oneshot::Sender<Submission>,
}

/// Why there is no answer.
enum Failed<E> {
    /// Certainly nothing was done.
    NotDone(String),
    Unknown(String),
    Refused(E),
}

impl<E> Failed<E> {
    /// For calls that can be repeated.
    fn or_link(self) -> E
    where
        E: From<LinkError>,
    {
        match self {
            Self::NotDone(reason) | Self::Unknown(reason) => LinkError(reason).into(),
            Self::Refused(error) => error,
        }
    }
}

impl Remote {
    /// `url` is that of the simulator, as `http://127.0.0.1:8090`.
    pub fn new(url: &str, secret: &str) -> Result<Self, LinkError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT_WITHIN)
            .build()
            .map_err(|error| LinkError(error.to_string()))?;
        let (waiting, parts) = mpsc::channel(QUEUE);
        let link = Arc::new(Link {
            http,
            url: url.trim_end_matches('/').to_owned(),
            secret: secret.to_owned(),
            is_up: AtomicBool::new(false),
            era: AtomicI64::new(0),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        });
        link.tasks.spawn(watch(link.clone()));
        link.tasks.spawn(submit_what_waits(link.clone(), parts));
        Ok(Self { link, waiting })
    }
}

/// Finds out again and again whether anybody is there.
async fn watch(link: Arc<Link>) {
    loop {
        let was_up = link.is_up.load(Ordering::Acquire);
        match link.call::<_, i64, LinkError>(calls::HELLO, &Hello {}, CONNECT_WITHIN).await {
            Ok(era) => {
                link.era.fetch_max(era, Ordering::AcqRel);
                link.is_up.store(true, Ordering::Release);
                if !was_up {
                    info!("The simulated carrier answers");
                }
            }
            Err(failed) => {
                link.is_up.store(false, Ordering::Release);
                if was_up {
                    let reason = failed.or_link();
                    warn!(%reason, "The simulated carrier does not answer; asking again until it does");
                }
            }
        }
        let pause = if link.is_up.load(Ordering::Acquire) { ASK_NOW_AND_THEN } else { ASK_AGAIN };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = link.stop.cancelled() => return,
        }
    }
}

async fn submit_what_waits(link: Arc<Link>, mut parts: mpsc::Receiver<Waiting>) {
    let room = Arc::new(Semaphore::new(UNDER_WAY));
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let Ok(turn) = room.clone().acquire_owned().await else { return };
        let received = tokio::select! {
            biased;
            received = parts.recv_many(&mut batch, BATCH) => received,
            () = link.stop.cancelled() => {
                parts.close();
                parts.recv_many(&mut batch, BATCH).await
            }
        };
        if received == 0 {
            return;
        }
        let (link, batch) = (link.clone(), std::mem::take(&mut batch));
        link.tasks.clone().spawn(async move {
            link.submit(batch).await;
            drop(turn);
        });
    }
}

impl Link {
    async fn submit(&self, batch: Vec<Waiting>) {
        let parts: Vec<WirePart> = batch.iter().map(|waiting| WirePart::from(&waiting.part)).collect();
        let count = parts.len();
        let call = Submit { era: self.era.load(Ordering::Acquire), parts };
        let answered = self.call::<_, Answers, LinkError>(calls::SUBMIT, &call, ANSWER_WITHIN).await;
        let answers = match answered {
            Ok(answers) if answers.answers.len() == count => {
                self.era.fetch_max(answers.era, Ordering::AcqRel);
                answers.answers
            }
            Ok(_) => vec![Submission::Unknown { reason: "the answer was of another length".to_owned() }; count],
            Err(Failed::NotDone(_)) => vec![Submission::Unreachable; count],
            Err(Failed::Unknown(reason) | Failed::Refused(LinkError(reason))) => {
                vec![Submission::Unknown { reason }; count]
            }
        };
        for (waiting, submission) in batch.into_iter().zip(answers) {
            // Nobody may be waiting any more; they can ask for it.
            let _ = waiting.answer.send(submission);
        }
    }

    async fn call<Q: Serialize, A: DeserializeOwned, E: DeserializeOwned>(
        &self,
        path: &str,
        asked: &Q,
        within: Duration,
    ) -> Result<A, Failed<E>> {
        let url = format!("{}{path}", self.url);
        let sent = self.http.post(url).bearer_auth(&self.secret).timeout(within).json(asked).send().await;
        let answer = sent.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                self.is_up.store(false, Ordering::Release);
                Failed::NotDone("nobody listens there".to_owned())
            } else {
                Failed::Unknown(error.without_url().to_string())
            }
        })?;
        match answer.status() {
            StatusCode::OK => answer.json().await.map_err(|error| Failed::Unknown(error.without_url().to_string())),
            StatusCode::CONFLICT => match answer.json().await {
                Ok(error) => Err(Failed::Refused(error)),
                Err(error) => Err(Failed::Unknown(error.without_url().to_string())),
            },
            // It did not get as far as the simulator.
            status if status.is_client_error() => Err(Failed::NotDone(format!("the simulator answered {status}"))),
            status => Err(Failed::Unknown(format!("the simulator answered {status}"))),
        }
    }

    async fn ask<A: DeserializeOwned, E: DeserializeOwned + From<LinkError>>(
        &self,
        path: &str,
        asked: impl Serialize,
    ) -> Result<A, E> {
        self.call(path, &asked, ANSWER_WITHIN).await.map_err(Failed::or_link)
    }

    async fn ask_and_wait<A: DeserializeOwned, E: DeserializeOwned + From<LinkError>>(
        &self,
        path: &str,
        asked: impl Serialize,
        wait: Duration,
    ) -> Result<A, E> {
        self.call(path, &asked, ANSWER_WITHIN + wait.min(super::MAX_WAIT)).await.map_err(Failed::or_link)
    }
}

impl Carrier for Remote {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn room(&self) -> usize {
        if self.link.is_up.load(Ordering::Acquire) { QUEUE } else { 0 }
    }

    fn submit(&self, part: Part) -> BoxFuture<'_, Submission> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            if self.waiting.send(Waiting { part, answer }).await.is_err() {
                return Submission::Unreachable;
            }
            answered.await.unwrap_or_else(|_| Submission::Unknown { reason: "the link was closed".to_owned() })
        })
    }

    fn recall(&self, parts: Vec<Uuid>) -> BoxFuture<'_, Result<Vec<Submission>, LinkError>> {
        Box::pin(async move {
            let answers: Answers = self.link.ask::<_, LinkError>(calls::RECALL, Ids { ids: parts }).await?;
            self.link.era.fetch_max(answers.era, Ordering::AcqRel);
            Ok(answers.answers)
        })
    }

    fn events(&self, max: usize, wait: Duration) -> BoxFuture<'_, Result<Vec<Heard>, LinkError>> {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Box::pin(async move {
            let heard: Vec<WireHeard> =
                self.link.ask_and_wait::<_, LinkError>(calls::EVENTS, Events { max, wait_ms }, wait).await?;
            let heard = heard.into_iter().map(Heard::try_from).collect::<Result<_, _>>();
            heard.map_err(|error| LinkError(error.to_string()))
        })
    }

    fn acknowledge(&self, through: u64) -> BoxFuture<'_, Result<(), LinkError>> {
        Box::pin(self.link.ask(calls::ACKNOWLEDGE, Acknowledge { through }))
    }

    fn shop(&self) -> Option<&dyn Shop> {
        Some(self)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.link.stop.cancel();
            self.link.tasks.close();
            self.link.tasks.wait().await;
        })
    }
}

impl Shop for Remote {
    fn countries(&self) -> BoxFuture<'_, Result<Vec<Stocked>, LinkError>> {
        Box::pin(self.link.ask(calls::COUNTRIES, Hello {}))
    }

    fn search(&self, search: Search) -> BoxFuture<'_, Result<OfferPage, LinkError>> {
        Box::pin(self.link.ask(calls::SEARCH, search))
    }

    fn find(&self, number: Number) -> BoxFuture<'_, Result<Option<Offer>, LinkError>> {
        Box::pin(self.link.ask(calls::FIND, Numbered { number }))
    }

    fn order(&self, key: Uuid, number: Number, account: String) -> BoxFuture<'_, Result<Order, ShopError>> {
        Box::pin(async move {
            let ordered = self.link.call(calls::ORDER, &Buy { key, number, account }, ANSWER_WITHIN).await;
            ordered.map_err(|failed| match failed {
                Failed::NotDone(reason) => ShopError::Link(LinkError(reason)),
                Failed::Unknown(reason) => ShopError::Unknown(reason),
                Failed::Refused(error) => error,
            })
        })
    }

    fn recall_order(&self, key: Uuid) -> BoxFuture<'_, Result<Option<Order>, LinkError>> {
        Box::pin(self.link.ask(calls::RECALL_ORDER, Id { id: key }))
    }

    fn release(&self, number: Number) -> BoxFuture<'_, Result<(), LinkError>> {
        Box::pin(self.link.ask(calls::RELEASE, Numbered { number }))
    }
}

impl Simulation for Remote {
    fn create_handset(&self, new: NewHandset) -> BoxFuture<'_, Result<Handset, SimulationError>> {
        Box::pin(self.link.ask(calls::CREATE_HANDSET, new))
    }

    fn find_handset(&self, id: Uuid) -> BoxFuture<'_, Result<Handset, SimulationError>> {
        Box::pin(self.link.ask(calls::FIND_HANDSET, Id { id }))
    }

    fn list_handsets(&self, account: String) -> BoxFuture<'_, Result<Vec<Handset>, SimulationError>> {
        Box::pin(self.link.ask(calls::LIST_HANDSETS, Of { account }))
    }

    fn update_handset(&self, id: Uuid, change: HandsetChange) -> BoxFuture<'_, Result<Handset, SimulationError>> {
        Box::pin(self.link.ask(calls::UPDATE_HANDSET, HandsetUpdate { id, change }))
    }

    fn delete_handset(&self, id: Uuid) -> BoxFuture<'_, Result<(), SimulationError>> {
        Box::pin(self.link.ask(calls::DELETE_HANDSET, Id { id }))
    }

    fn send_from_handset(&self, text: HandsetText) -> BoxFuture<'_, Result<HandsetMessage, SimulationError>> {
        Box::pin(self.link.ask(calls::SEND_FROM_HANDSET, text))
    }

    fn list_handset_messages(
        &self,
        id: Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<HandsetMessage>, SimulationError>> {
        Box::pin(self.link.ask(calls::LIST_HANDSET_MESSAGES, Messages { id, before, limit }))
    }

    fn handset_changes(
        &self,
        after: i64,
        max: usize,
        wait: Duration,
    ) -> BoxFuture<'_, Result<Vec<HandsetMessage>, SimulationError>> {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Box::pin(self.link.ask_and_wait(calls::HANDSET_CHANGES, Changes { after, max, wait_ms }, wait))
    }

    fn set_accounts(&self, number: Number, accounts: Vec<String>) -> BoxFuture<'_, Result<(), SimulationError>> {
        Box::pin(self.link.ask(calls::SET_ACCOUNTS, Accounts { number, accounts }))
    }

    fn send_code(&self, request: CodeRequest) -> BoxFuture<'_, Result<String, SimulationError>> {
        Box::pin(self.link.ask(calls::SEND_CODE, request))
    }
}
