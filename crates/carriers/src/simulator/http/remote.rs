//! The simulator in another process, spoken to over HTTP.
//! Nothing is decided here: every call is one of the link.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use convo_phone::Number;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    calls::{
        self, Accounts, Acknowledge, Answers, Buy, Changes, Events, HandsetUpdate, Id, Ids, Messages, Nothing,
        Numbered, Of,
    },
    link::{ANSWER_WITHIN, Failed, Link, QUEUE, Waiting},
};
use crate::{
    Capabilities, Carrier, Heard, LinkError, Offer, OfferPage, Order, Part, Search, Shop, ShopError, Stocked,
    Submission,
    simulator::{
        CodeRequest, Handset, HandsetChange, HandsetMessage, HandsetText, NewHandset, Simulation, SimulationError,
        carrier::CAPABILITIES, wire::WireHeard,
    },
};

/// Cheap to clone. Made within a runtime; knows after a moment whether anybody is there.
#[derive(Clone)]
pub struct Remote {
    link: Arc<Link>,
    waiting: mpsc::Sender<Waiting>,
}

impl Remote {
    /// `url` is that of the simulator, as `http://127.0.0.1:8090`.
    pub fn new(url: &str, secret: &str) -> Result<Self, LinkError> {
        let (link, waiting) = Link::open(url, secret)?;
        Ok(Self { link, waiting })
    }
}

impl Carrier for Remote {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn room(&self) -> usize {
        let is_open = self.link.is_up.load(Ordering::Acquire) && !self.link.stop.is_cancelled();
        if is_open { QUEUE } else { 0 }
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
        Box::pin(self.link.ask(calls::COUNTRIES, Nothing {}))
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

    fn last_handset_change(&self) -> BoxFuture<'_, Result<i64, SimulationError>> {
        Box::pin(self.link.ask(calls::LAST_HANDSET_CHANGE, Nothing {}))
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
