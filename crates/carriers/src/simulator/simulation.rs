//! What only a simulated carrier can do: handsets to look at, services that send codes, who may talk with whom.
//! The same whether it runs in this process or in another.

use std::time::Duration;

use convo_phone::Number;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    CodeRequest, Handset, HandsetChange, HandsetMessage, HandsetText, NewHandset, Simulator, StoreError,
    handsets::check_account, store,
};
use crate::LinkError;

/// Accounts that may talk with one number.
const MAX_ACCOUNTS: usize = 1_000;

/// A simulated carrier, beyond what every carrier does. Handsets are found by their id alone: who may touch one, the caller knows.
pub trait Simulation: Send + Sync + 'static {
    fn create_handset(&self, new: NewHandset) -> BoxFuture<'_, Result<Handset, SimulationError>>;
    fn find_handset(&self, id: Uuid) -> BoxFuture<'_, Result<Handset, SimulationError>>;
    fn list_handsets(&self, account: String) -> BoxFuture<'_, Result<Vec<Handset>, SimulationError>>;
    fn update_handset(&self, id: Uuid, change: HandsetChange) -> BoxFuture<'_, Result<Handset, SimulationError>>;
    /// Its number can be had by others after. Done twice is done.
    fn delete_handset(&self, id: Uuid) -> BoxFuture<'_, Result<(), SimulationError>>;
    /// Durable before it is answered; the same client key again gives the first message.
    fn send_from_handset(&self, text: HandsetText) -> BoxFuture<'_, Result<HandsetMessage, SimulationError>>;
    /// The newest first, before a place.
    fn list_handset_messages(
        &self,
        id: Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<HandsetMessage>, SimulationError>>;
    /// Where [`Simulation::handset_changes`] goes on for somebody who cares for nothing that was before.
    fn last_handset_change(&self) -> BoxFuture<'_, Result<i64, SimulationError>>;
    /// New and changed messages of all handsets after a change, in that order: at most `max`, as soon as there is one,
    /// and nothing after `wait`. Goes on after the last one's `change`.
    fn handset_changes(
        &self,
        after: i64,
        max: usize,
        wait: Duration,
    ) -> BoxFuture<'_, Result<Vec<HandsetMessage>, SimulationError>>;
    /// Whose handsets may talk with a number that was bought.
    fn set_accounts(&self, number: Number, accounts: Vec<String>) -> BoxFuture<'_, Result<(), SimulationError>>;
    /// Lets a service send a code to a number that was bought; returns the code.
    fn send_code(&self, request: CodeRequest) -> BoxFuture<'_, Result<String, SimulationError>>;
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SimulationError {
    #[error("there is no such thing")]
    NotFound,
    /// The code stays as it is; the message is for people.
    #[error("{message}")]
    Refused { code: String, message: String },
    /// It may have been done: calls with a key of their own can be repeated.
    #[error("{reason}")]
    Unavailable { reason: String },
}

impl SimulationError {
    pub(super) fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::Refused { code: code.to_owned(), message: message.into() }
    }
}

impl From<LinkError> for SimulationError {
    fn from(error: LinkError) -> Self {
        Self::Unavailable { reason: error.to_string() }
    }
}

impl From<StoreError> for SimulationError {
    fn from(error: StoreError) -> Self {
        LinkError::from(error).into()
    }
}

impl Simulation for Simulator {
    fn create_handset(&self, new: NewHandset) -> BoxFuture<'_, Result<Handset, SimulationError>> {
        Box::pin(self.make_handset(new))
    }

    fn find_handset(&self, id: Uuid) -> BoxFuture<'_, Result<Handset, SimulationError>> {
        Box::pin(async move { self.handset(id) })
    }

    fn list_handsets(&self, account: String) -> BoxFuture<'_, Result<Vec<Handset>, SimulationError>> {
        Box::pin(async move { Ok(self.handsets_of(&account)) })
    }

    fn update_handset(&self, id: Uuid, change: HandsetChange) -> BoxFuture<'_, Result<Handset, SimulationError>> {
        Box::pin(self.change_handset(id, change))
    }

    fn delete_handset(&self, id: Uuid) -> BoxFuture<'_, Result<(), SimulationError>> {
        Box::pin(self.remove_handset(id))
    }

    fn send_from_handset(&self, text: HandsetText) -> BoxFuture<'_, Result<HandsetMessage, SimulationError>> {
        Box::pin(self.send_text(text))
    }

    fn list_handset_messages(
        &self,
        id: Uuid,
        before: Option<i64>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<HandsetMessage>, SimulationError>> {
        Box::pin(self.messages_of(id, before, limit))
    }

    fn last_handset_change(&self) -> BoxFuture<'_, Result<i64, SimulationError>> {
        Box::pin(async move { Ok(self.0.pen.lock().await.counters.next_id - 1) })
    }

    fn handset_changes(
        &self,
        after: i64,
        max: usize,
        wait: Duration,
    ) -> BoxFuture<'_, Result<Vec<HandsetMessage>, SimulationError>> {
        Box::pin(self.changes_after(after, max, wait))
    }

    fn set_accounts(&self, number: Number, accounts: Vec<String>) -> BoxFuture<'_, Result<(), SimulationError>> {
        Box::pin(async move {
            if accounts.len() > MAX_ACCOUNTS {
                let message = format!("At most {MAX_ACCOUNTS} accounts share a number.");
                return Err(SimulationError::refused("too_many_accounts", message));
            }
            accounts.iter().try_for_each(|account| check_account(account))?;
            let shared = self.0.clone();
            self.act(async move {
                let mut writing = shared.write().await?;
                if !shared.worlds.read().owned.contains_key(&number) {
                    return Ok(Err(SimulationError::NotFound));
                }
                store::numbers::set_accounts(&mut writing.tx, number, &accounts).await?;
                writing.commit(|world| drop(world.owned.insert(number, accounts))).await?;
                Ok(Ok(()))
            })
            .await?
        })
    }

    fn send_code(&self, request: CodeRequest) -> BoxFuture<'_, Result<String, SimulationError>> {
        Box::pin(self.send_code_of_service(request))
    }
}
