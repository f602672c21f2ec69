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
    here: Count,
    /// Around here; IPv4 has no networks.
    nearby: Option<Count>,
    account: Count,
    address: Count,
    network: Option<Count>,
}

/// One of the places where an attempt counts.
struct Count {
    of: Counted,
    /// When somebody failed there before; `None` if this attempt does not count there.
    failed_before_at: Option<Timestamp>,
}

impl Attempt {
    /// Counts the attempt as failed before the password is looked at: of a hundred guesses sent at once, only the free ones get an answer.
    /// What is locked is locked in one order: the account here, nearby and everywhere, then the address and its network.
    pub async fn begin(app: &App, account: &str, client: &Client) -> Result<Self> {
        let count = |account: &str, address: &str| Count {
            of: Counted { account: account.to_owned(), address: address.to_owned() },
            failed_before_at: None,
        };
        let (address, network) = (client.limit_key(), client.network_key());
        let mut attempt = Self {
            begun_at: app.clock.now(),
            here: count(account, &address),
            nearby: network.as_deref().map(|network| count(account, network)),
            account: count(account, ""),
            address: count("", &address),
            network: network.as_deref().map(|network| count("", network)),
        };
        let mut tx = app.begin().await?;
        attempt.count(&mut tx).await?;
        tx.commit().await?;
        Ok(attempt)
    }

    async fn count(&mut self, tx: &mut Tx) -> Result<()> {
        let now = self.begun_at;
        let mut counts_in_the_crowd = self.here.add(tx, FREE_FAILURES_HERE, now).await?? < FREE_FAILURES_HERE;
        // Beyond that, this address waits on its own.
        let mut refused = vec![];
        if let Some(nearby) = self.nearby.as_mut().filter(|_| counts_in_the_crowd) {
            let failed_nearby = nearby.add(tx, FREE_FAILURES_NEARBY, now).await?;
            counts_in_the_crowd = failed_nearby.as_ref().is_ok_and(|failed| *failed < FREE_FAILURES_NEARBY);
            refused.extend(failed_nearby.err());
        }
        if counts_in_the_crowd {
            refused.extend(self.account.add(tx, FREE_FAILURES_OF_AN_ACCOUNT, now).await?.err());
        }
        self.address.add(tx, FREE_FAILURES_OF_AN_ADDRESS, now).await??;
        if let Some(network) = &mut self.network {
            refused.extend(network.add(tx, FREE_FAILURES_OF_A_NETWORK, now).await?.err());
        }
        match refused.pop() {
            Some(refused) if !is_known(tx, &self.here.of).await? => Err(refused),
            _ => Ok(()),
        }
    }

    /// `None` if the password is wrong. Where nobody had the time to look at it, nobody failed.
    pub async fn verify(self, app: &App, password: String, hash: Option<String>) -> Result<Option<Self>> {
        match app.passwords.verify(password, hash).await {
            Ok(right) => Ok(right.then_some(self)),
            Err(error) => {
                let mut tx = app.begin().await?;
                for count in [&self.here]
                    .into_iter()
                    .chain(&self.nearby)
                    .chain([&self.account, &self.address])
                    .chain(&self.network)
                {
                    count.take_back(&mut tx, self.begun_at).await?;
                }
                tx.commit().await?;
                Err(error)
            }
        }
    }

    /// The password was right.
    pub async fn succeeded(self, tx: &mut Tx) -> Result<()> {
        for count in [&self.here].into_iter().chain(&self.nearby).chain([&self.account]) {
            store::forget_failures(tx, &count.of).await?;
        }
        for count in [&self.address].into_iter().chain(&self.network) {
            count.take_back(tx, self.begun_at).await?;
        }
        Ok(())
    }
}

impl Count {
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
