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
    here: Counted,
    account: Counted,
    address: Counted,
    begun_at: Timestamp,
    /// When somebody at this address failed before.
    address_failed_at: Timestamp,
}

impl Attempt {
    /// Counts the attempt as failed before the password is looked at: of a hundred guesses sent at once, only the free ones get an answer.
    /// What is locked is locked in one order: the account here, the account, the address.
    pub async fn begin(app: &App, account: &str, client: &Client) -> Result<Self> {
        let counted =
            |account: &str, address: &str| Counted { account: account.to_owned(), address: address.to_owned() };
        let address = client.limit_key();
        let begun_at = app.clock.now();
        let mut attempt = Self {
            here: counted(account, &address),
            account: counted(account, ""),
            address: counted("", &address),
            begun_at,
            address_failed_at: begun_at,
        };
        let mut tx = app.begin().await?;
        let failed_here = count(&mut tx, &attempt.here, FREE_FAILURES_HERE, begun_at).await??.0;
        // Beyond that, this address waits on its own.
        if failed_here < FREE_FAILURES_HERE {
            let everywhere = count(&mut tx, &attempt.account, FREE_FAILURES_OF_AN_ACCOUNT, begun_at).await?;
            if everywhere.is_err() && !is_known(&mut tx, account, &address).await? {
                everywhere?;
            }
        }
        attempt.address_failed_at = count(&mut tx, &attempt.address, FREE_FAILURES_OF_AN_ADDRESS, begun_at).await??.1;
        tx.commit().await?;
        Ok(attempt)
    }

    /// The password was right.
    pub async fn succeeded(self, tx: &mut Tx) -> Result<()> {
        store::forget_failures(tx, &self.here).await?;
        store::forget_failures(tx, &self.account).await?;
        self.was_no_failure(tx).await
    }

    /// Nobody looked at the password, so nobody failed.
    pub async fn came_to_nothing(self, app: &App) -> Result<()> {
        let mut tx = app.begin().await?;
        store::take_failure_back(&mut tx, &self.here, self.begun_at, self.begun_at).await?;
        store::take_failure_back(&mut tx, &self.account, self.begun_at, self.begun_at).await?;
        self.was_no_failure(&mut tx).await?;
        tx.commit().await
    }

    /// With the moment too: else an office that signs in every day would never be forgotten a failure.
    async fn was_no_failure(&self, tx: &mut Tx) -> Result<()> {
        store::take_failure_back(tx, &self.address, self.begun_at, self.address_failed_at).await?;
        Ok(())
    }
}

/// How many failed before and when, or that it is too early for another.
async fn count(tx: &mut Tx, of: &Counted, free: i64, now: Timestamp) -> Result<Result<(i64, Timestamp)>> {
    let (failures, last_failed_at) = store::lock_failures(tx, of, now).await?;
    let failures = if last_failed_at < now.minus(FORGOTTEN_AFTER) { 0 } else { failures };
    let until = last_failed_at.plus(wait(failures, free));
    if now < until {
        return Ok(Err(Error::rate_limited(
            "too_many_attempts",
            "Too many failed attempts. Wait a while, or ask for a new password.",
            until.since(now).as_secs() + 1,
        )));
    }
    store::set_failures(tx, of, failures + 1, now).await?;
    Ok(Ok((failures, last_failed_at)))
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
