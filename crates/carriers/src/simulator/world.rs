//! Who has which number, in memory: the one process that holds the store knows everything in it.
//! Changed after the commit only, by whoever holds the pen.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use convo_phone::{Number, Party};
use uuid::Uuid;

use super::{Handset, store};

#[derive(Default)]
pub struct World {
    /// Numbers that were bought, with the accounts that may talk with them.
    pub owned: HashMap<Number, Vec<String>>,
    pub handsets: HashMap<Uuid, Handset>,
    by_number: HashMap<Number, Uuid>,
}

/// What is behind a number.
pub enum Line {
    Owned,
    Handset { id: Uuid, latency: Duration },
}

impl World {
    pub async fn load(db: &mut convo_db::Conn) -> convo_db::Result<Self> {
        let mut world = Self { owned: store::numbers::list(db).await?.into_iter().collect(), ..Self::default() };
        for handset in store::handsets::list(db).await? {
            world.put(handset);
        }
        Ok(world)
    }

    pub fn line(&self, party: &Party) -> Option<Line> {
        let Party::Number(number) = party else { return None };
        if self.owned.contains_key(number) {
            return Some(Line::Owned);
        }
        let handset = self.handsets.get(self.by_number.get(number)?)?;
        Some(Line::Handset { id: handset.id, latency: Duration::from_millis(handset.latency_ms.into()) })
    }

    pub fn is_taken(&self, number: Number) -> bool {
        self.owned.contains_key(&number) || self.by_number.contains_key(&number)
    }

    pub fn taken(&self) -> impl Iterator<Item = Number> {
        self.owned.keys().chain(self.by_number.keys()).copied()
    }

    /// Whether this account may talk with that number.
    pub fn are_acquainted(&self, account: &str, number: &Party) -> bool {
        let Party::Number(number) = number else { return false };
        self.owned.get(number).is_some_and(|accounts| accounts.iter().any(|listed| listed == account))
    }

    pub fn put(&mut self, handset: Handset) {
        self.by_number.insert(handset.number, handset.id);
        self.handsets.insert(handset.id, handset);
    }

    pub fn remove(&mut self, id: Uuid) {
        if let Some(handset) = self.handsets.remove(&id) {
            self.by_number.remove(&handset.number);
        }
    }
}

/// Shared with readers, who hold it for a look and never across an await.
#[derive(Default)]
pub struct Worlds(RwLock<World>);

impl Worlds {
    pub fn read(&self) -> RwLockReadGuard<'_, World> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, World> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
