//! Slows down guessing: after some failures whoever tries has to wait, twice as long each time.
//! It never tells whether the account exists, and no stranger can keep somebody out from where they usually are.

use std::{net::IpAddr, time::Duration};

use convo_db::Timestamp;

use super::{store, store::Counted};
use crate::{
    app::{App, Tx},
    client::{self, ADDRESSES_OF_A_NETWORK, Client},
    error::{Error, Result},
};

/// Of one account, tried from one address.
const FREE_FAILURES_HERE: i64 = 5;
/// Of one account, tried from one network of IPv6: whoever holds one could else be a crowd alone.
const FREE_FAILURES_NEARBY: i64 = FREE_FAILURES_HERE * ADDRESSES_OF_A_NETWORK as i64;
/// Of one account, tried from everywhere. Each address and network counts for its first few only, so this is a crowd and not one stubborn stranger.
const FREE_FAILURES_OF_AN_ACCOUNT: i64 = 100;
/// An office shares one address.
const FREE_FAILURES_OF_AN_ADDRESS: i64 = 50;
const FREE_FAILURES_OF_A_NETWORK: i64 = FREE_FAILURES_OF_AN_ADDRESS * ADDRESSES_OF_A_NETWORK as i64;
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Without a failure for so long, we start anew.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

pub struct Attempt {
    begun_at: Timestamp,
    name: Budget,
    address: Count,
    network: Option<Count>,
    /// Of the account behind the name.
    person: Option<Budget>,
    /// The account has to wait, perhaps for failures under its other name.
    is_in_vain: bool,
}

/// What may fail for one name or account.
struct Budget {
    here: Count,
    /// Around here; IPv4 has no networks.
    nearby: Option<Count>,
    everywhere: Count,
}

/// One of the places where an attempt counts.
struct Count {
    of: Counted,
    /// When somebody failed there before; `None` if this attempt does not count there.
    failed_before_at: Option<Timestamp>,
}

impl Attempt {
    /// Counts the attempt as failed before the password is looked at: of a hundred guesses sent at once, only the free ones get an answer.
    /// What is locked is locked in one order: the name here, nearby and everywhere, then the address and its network.
    pub async fn begin(app: &App, name: &str, client: &Client) -> Result<Self> {
        let mut attempt = Self {
            begun_at: app.clock.now(),
            name: Budget::new(name, client),
            address: Count::new("", &client.limit_key()),
            network: client.network_key().map(|network| Count::new("", &network)),
            person: None,
            is_in_vain: false,
        };
        let mut tx = app.begin().await?;
        attempt.count(&mut tx).await?;
        tx.commit().await?;
        Ok(attempt)
    }

    async fn count(&mut self, tx: &mut Tx) -> Result<()> {
        let now = self.begun_at;
        let mut refused = self.name.add(tx, now).await??;
        self.address.add(tx, FREE_FAILURES_OF_AN_ADDRESS, now).await??;
        if let Some(network) = &mut self.network {
            refused.extend(network.add(tx, FREE_FAILURES_OF_A_NETWORK, now).await?.err());
        }
        match refused.pop() {
            Some(refused) if !is_known(tx, &self.name.here.of).await? => Err(refused),
            _ => Ok(()),
        }
    }

    /// Counts it for the account, too, which has a user name and an address, and one budget for both.
    /// Nobody is told that it is used up: who tries the one name after the other would learn that both are the same person's.
    /// Whatever they try then is wrong. Where there is no account, as much is counted, so that time does not tell either.
    pub async fn of(mut self, app: &App, person: &str, client: &Client) -> Result<Self> {
        let mut budget = Budget::new(person, client);
        let mut tx = app.begin().await?;
        let is_refused = match budget.add(&mut tx, self.begun_at).await? {
            Ok(refused) => !refused.is_empty() && !is_known(&mut tx, &self.name.here.of).await?,
            Err(_) => true,
        };
        if is_refused {
            self.is_in_vain = true;
        } else {
            tx.commit().await?;
            self.person = Some(budget);
        }
        Ok(self)
    }

    /// `None` if the password is wrong. Where nobody had the time to look at it, nobody failed.
    pub async fn verify(self, app: &App, password: String, hash: Option<String>) -> Result<Option<Self>> {
        match app.passwords.verify(password, hash).await {
            Ok(right) => Ok((right && !self.is_in_vain).then_some(self)),
            Err(error) => {
                let mut tx = app.begin().await?;
                let budgets =
                    self.name.counts().chain(self.addresses()).chain(self.person.iter().flat_map(Budget::counts));
                for count in budgets {
                    count.take_back(&mut tx, self.begun_at).await?;
                }
                tx.commit().await?;
                Err(error)
            }
        }
    }

    /// The password was right.
    pub async fn succeeded(self, tx: &mut Tx) -> Result<()> {
        for count in self.name.counts() {
            store::forget_failures(tx, &count.of).await?;
        }
        for count in self.addresses() {
            count.take_back(tx, self.begun_at).await?;
        }
        for count in self.person.iter().flat_map(Budget::counts) {
            store::forget_failures(tx, &count.of).await?;
        }
        Ok(())
    }

    fn addresses(&self) -> impl Iterator<Item = &Count> {
        [&self.address].into_iter().chain(&self.network)
    }
}

impl Budget {
    fn new(name: &str, client: &Client) -> Self {
        Self {
            here: Count::new(name, &client.limit_key()),
            nearby: client.network_key().map(|network| Count::new(name, &network)),
            everywhere: Count::new(name, ""),
        }
    }

    /// An error if it is too early for another here; else what keeps out whoever is not known here.
    async fn add(&mut self, tx: &mut Tx, now: Timestamp) -> Result<Result<Vec<Error>>> {
        let failed_here = match self.here.add(tx, FREE_FAILURES_HERE, now).await? {
            Ok(failed) => failed,
            Err(refused) => return Ok(Err(refused)),
        };
        // Beyond that, this address waits on its own.
        let mut counts_in_the_crowd = failed_here < FREE_FAILURES_HERE;
        let mut refused = vec![];
        if let Some(nearby) = self.nearby.as_mut().filter(|_| counts_in_the_crowd) {
            let failed_nearby = nearby.add(tx, FREE_FAILURES_NEARBY, now).await?;
            counts_in_the_crowd = failed_nearby.as_ref().is_ok_and(|failed| *failed < FREE_FAILURES_NEARBY);
            refused.extend(failed_nearby.err());
        }
        if counts_in_the_crowd {
            refused.extend(self.everywhere.add(tx, FREE_FAILURES_OF_AN_ACCOUNT, now).await?.err());
        }
        Ok(Ok(refused))
    }

    fn counts(&self) -> impl Iterator<Item = &Count> {
        [&self.here].into_iter().chain(&self.nearby).chain([&self.everywhere])
    }
}

impl Count {
    fn new(account: &str, address: &str) -> Self {
        Self { of: Counted { account: account.to_owned(), address: address.to_owned() }, failed_before_at: None }
    }

    /// How many failed before, or that it is too early for another.
    async fn add(&mut self, tx: &mut Tx, free: i64, now: Timestamp) -> Result<Result<i64>> {
        let (failures, last_failed_at) = store::lock_failures(tx, &self.of, now).await?;
        let failures = if last_failed_at < now.minus(FORGOTTEN_AFTER) { 0 } else { failures };
        let until = last_failed_at.plus(wait(failures, free));
        if now < until {
            return Ok(Err(Error::rate_limited(
                "too_many_attempts",
                "Too many failed attempts. Wait a while, or ask for a new password.",
                until.since(now).as_secs() + 1,
            )));
        }
        store::set_failures(tx, &self.of, failures + 1, now).await?;
        self.failed_before_at = Some(last_failed_at);
        Ok(Ok(failures))
    }

    /// With the moment too: else an office that signs in every day would never be forgotten a failure.
    async fn take_back(&self, tx: &mut Tx, counted_at: Timestamp) -> Result<()> {
        if let Some(before) = self.failed_before_at {
            store::take_failure_back(tx, &self.of, counted_at, before).await?;
        }
        Ok(())
    }
}

/// The person is signed in at this address, or was within a day: a crowd elsewhere, or next door, does not keep them out here.
async fn is_known(tx: &mut Tx, here: &Counted) -> Result<bool> {
    let known = store::list_addresses_of(tx, &here.account).await?;
    Ok(known.iter().filter_map(|ip| ip.parse::<IpAddr>().ok()).any(|ip| client::limit_key(ip) == here.address))
}

/// The wait after the last of so many failures.
fn wait(failures: i64, free: i64) -> Duration {
    match failures - free {
        free if free < 0 => Duration::ZERO,
        over => Duration::from_secs(1 << over.min(10)).min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<u64> = (3..20).map(|failures| wait(failures, 5).as_secs()).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]);
    }
}
