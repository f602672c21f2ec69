//! Slows down guessing: after some failures whoever tries has to wait, twice as long each time.
//! It never tells whether the account exists, and no stranger can keep somebody out from where they usually are.

use std::{net::IpAddr, time::Duration};

use convo_db::Timestamp;

use super::{store, store::Counted};
use crate::{
    app::{App, Tx},
    client::{self, Client},
    error::{Error, Result},
};

/// Of one account, tried from one address.
const FREE_FAILURES_HERE: i64 = 5;
/// Of one account, tried from everywhere. Each address counts for its first few only, so this is a crowd and not one stubborn stranger.
const FREE_FAILURES_OF_AN_ACCOUNT: i64 = 100;
/// An office shares one address.
const FREE_FAILURES_OF_AN_ADDRESS: i64 = 50;
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Without a failure for so long, we start anew.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

pub struct Attempt {
    begun_at: Timestamp,
    here: Count,
    account: Count,
    address: Count,
}

/// One of the places where an attempt counts.
struct Count {
    of: Counted,
    /// When somebody failed there before; `None` if this attempt does not count there.
    failed_before_at: Option<Timestamp>,
}

impl Attempt {
    /// Counts the attempt as failed before the password is looked at: of a hundred guesses sent at once, only the free ones get an answer.
    /// What is locked is locked in one order: the account here, the account, the address.
    pub async fn begin(app: &App, account: &str, client: &Client) -> Result<Self> {
        let count = |account: &str, address: &str| Count {
            of: Counted { account: account.to_owned(), address: address.to_owned() },
            failed_before_at: None,
        };
        let address = client.limit_key();
        let mut attempt = Self {
            begun_at: app.clock.now(),
            here: count(account, &address),
            account: count(account, ""),
            address: count("", &address),
        };
        let now = attempt.begun_at;
        let mut tx = app.begin().await?;
        let failed_here = attempt.here.add(&mut tx, FREE_FAILURES_HERE, now).await??;
        // Beyond that, this address waits on its own.
        if failed_here < FREE_FAILURES_HERE {
            let everywhere = attempt.account.add(&mut tx, FREE_FAILURES_OF_AN_ACCOUNT, now).await?;
            if everywhere.is_err() && !is_known(&mut tx, account, &address).await? {
                everywhere?;
            }
        }
        attempt.address.add(&mut tx, FREE_FAILURES_OF_AN_ADDRESS, now).await??;
        tx.commit().await?;
        Ok(attempt)
    }

    /// `None` if the password is wrong. Where nobody had the time to look at it, nobody failed.
    pub async fn verify(self, app: &App, password: String, hash: Option<String>) -> Result<Option<Self>> {
        match app.passwords.verify(password, hash).await {
            Ok(right) => Ok(right.then_some(self)),
            Err(error) => {
                let mut tx = app.begin().await?;
                for count in [&self.here, &self.account, &self.address] {
                    count.take_back(&mut tx, self.begun_at).await?;
                }
                tx.commit().await?;
                Err(error)
            }
        }
    }

    /// The password was right.
    pub async fn succeeded(self, tx: &mut Tx) -> Result<()> {
        store::forget_failures(tx, &self.here.of).await?;
        store::forget_failures(tx, &self.account.of).await?;
        self.address.take_back(tx, self.begun_at).await
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

/// The person is signed in at this address, or was within a day: a crowd elsewhere does not keep them out here.
async fn is_known(tx: &mut Tx, account: &str, address: &str) -> Result<bool> {
    let known = store::list_addresses_of(tx, account).await?;
    Ok(known.iter().filter_map(|ip| ip.parse::<IpAddr>().ok()).any(|ip| client::limit_key(ip) == address))
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
