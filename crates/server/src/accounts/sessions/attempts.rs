//! Slows down guessing: after some failures an account name, or an address, has to wait, twice as long each time.
//! It never tells whether the account exists: names that nobody has are counted alike.

use std::time::Duration;

use super::store;
use crate::{
    app::{App, Tx},
    client::Client,
    error::{Error, Result},
};

const FREE_FAILURES_OF_AN_ACCOUNT: i64 = 5;
/// An office shares one address.
const FREE_FAILURES_OF_AN_ADDRESS: i64 = 50;
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Without a failure for so long, we start anew.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

pub struct Attempt {
    account: String,
    address: String,
}

impl Attempt {
    /// Counts the attempt as failed before the password is looked at: of a hundred guesses sent at once, only the free ones get an answer.
    pub async fn begin(app: &App, account_key: &str, client: &Client) -> Result<Self> {
        let attempt =
            Self { account: format!("account:{account_key}"), address: format!("address:{}", client.limit_key()) };
        let now = app.clock.now();
        let mut tx = app.begin().await?;
        for (key, free) in
            [(&attempt.account, FREE_FAILURES_OF_AN_ACCOUNT), (&attempt.address, FREE_FAILURES_OF_AN_ADDRESS)]
        {
            let (failures, last_failed_at) = store::lock_failures(&mut tx, key, now).await?;
            let failures = if last_failed_at < now.minus(FORGOTTEN_AFTER) { 0 } else { failures };
            let until = last_failed_at.plus(wait(failures, free));
            if now < until {
                let secs = until.since(now).as_secs() + 1;
                return Err(Error::rate_limited(
                    "too_many_attempts",
                    "Too many failed attempts. Wait a while, or ask for a new password.",
                    secs,
                ));
            }
            store::set_failures(&mut tx, key, failures + 1, now).await?;
        }
        tx.commit().await?;
        Ok(attempt)
    }

    /// The password was right.
    pub async fn succeeded(self, tx: &mut Tx) -> Result<()> {
        store::forget_failures(tx, &self.account).await?;
        store::take_failure_back(tx, &self.address).await?;
        Ok(())
    }
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
