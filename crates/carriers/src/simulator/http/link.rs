//! The link to a simulator in another process: finds out whether it is there, and sends together what waits together.
//! It never says that a part was not accepted unless nothing was sent or the simulator said so.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use reqwest::StatusCode;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use super::calls::{self, Answers, Nothing, Submit};
use crate::{LinkError, Part, Submission, simulator::wire::WirePart};

/// Parts that wait to travel.
pub const QUEUE: usize = 4_096;
/// Parts of one request.
const BATCH: usize = 500;
/// Requests with parts that are under way at once: while one is made durable, the next is gathered.
const UNDER_WAY: usize = 2;
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
pub const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How often somebody who does not answer is asked, and how often somebody who does.
const ASK_AGAIN: Duration = Duration::from_millis(500);
const ASK_NOW_AND_THEN: Duration = Duration::from_secs(5);

pub struct Link {
    http: reqwest::Client,
    url: String,
    secret: String,
    pub is_up: AtomicBool,
    pub era: AtomicI64,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

pub struct Waiting {
    pub part: Part,
    pub answer: oneshot::Sender<Submission>,
}

/// Why there is no answer.
pub enum Failed<E> {
    /// Certainly nothing was done.
    NotDone(String),
    Unknown(String),
    Refused(E),
}

impl<E> Failed<E> {
    /// For calls that can be repeated.
    pub fn or_link(self) -> E
    where
        E: From<LinkError>,
    {
        match self {
            Self::NotDone(reason) | Self::Unknown(reason) => LinkError(reason).into(),
            Self::Refused(error) => error,
        }
    }
}

impl Link {
    pub fn open(url: &str, secret: &str) -> Result<(Arc<Self>, mpsc::Sender<Waiting>), LinkError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT_WITHIN)
            .build()
            .map_err(|error| LinkError(error.to_string()))?;
        let (waiting, parts) = mpsc::channel(QUEUE);
        let link = Arc::new(Self {
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
        Ok((link, waiting))
    }
}

/// Finds out again and again whether anybody is there.
async fn watch(link: Arc<Link>) {
    loop {
        let was_up = link.is_up.load(Ordering::Acquire);
        match link.call::<_, i64, LinkError>(calls::HELLO, &Nothing {}, CONNECT_WITHIN).await {
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

    pub async fn call<Q: Serialize, A: DeserializeOwned, E: DeserializeOwned>(
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

    pub async fn ask<A: DeserializeOwned, E: DeserializeOwned + From<LinkError>>(
        &self,
        path: &str,
        asked: impl Serialize,
    ) -> Result<A, E> {
        self.call(path, &asked, ANSWER_WITHIN).await.map_err(Failed::or_link)
    }

    pub async fn ask_and_wait<A: DeserializeOwned, E: DeserializeOwned + From<LinkError>>(
        &self,
        path: &str,
        asked: impl Serialize,
        wait: Duration,
    ) -> Result<A, E> {
        self.call(path, &asked, ANSWER_WITHIN + wait.min(super::MAX_WAIT)).await.map_err(Failed::or_link)
    }
}
