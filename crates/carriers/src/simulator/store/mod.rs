//! The simulator's SQL, by what it is about.
//! Never decides; batches go in as one list, so that a statement serves many parts.

pub mod events;
pub mod handsets;
pub mod numbers;
pub mod parts;

use convo_db::{Conn, Result, Tx};
use convo_phone::Number;

/// The counters that only rise, as the last commit left them.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Counters {
    /// Who writes: whoever opened the store last.
    pub epoch: i64,
    pub era: i64,
    pub next_place: i64,
    pub next_id: i64,
    pub acknowledged: i64,
}

/// One more writer has come: all before it are replaced.
pub async fn take_over(tx: &mut Tx) -> Result<()> {
    tx.sql("update state set epoch = epoch + 1 where id = 1").run().await?;
    Ok(())
}

pub async fn counters(db: &mut Conn) -> Result<Counters> {
    db.sql("select epoch, era, next_place, next_id, acknowledged from state where id = 1").one().await
}

/// Says whether the writer is still the one who writes.
pub async fn save(tx: &mut Tx, counters: &Counters) -> Result<bool> {
    let saved = tx
        .sql("update state set era = $2, next_place = $3, next_id = $4, acknowledged = $5 where id = 1 and epoch = $1")
        .bind(counters.epoch)
        .bind(counters.era)
        .bind(counters.next_place)
        .bind(counters.next_id)
        .bind(counters.acknowledged)
        .run()
        .await?;
    Ok(saved == 1)
}

/// On PostgreSQL, until the transaction ends: whether nobody else holds it. SQLite has a lock of the operating system instead.
pub async fn try_lock(tx: &mut Tx) -> Result<bool> {
    /// Any number, as long as nothing else in the database locks it.
    const SIMULATOR: i64 = 0x636F_6E76_6F73_696D;
    let (locked,): (bool,) = tx.sql("select pg_try_advisory_xact_lock($1)").bind(SIMULATOR).one().await?;
    Ok(locked)
}

/// Every number has at most fifteen digits, or nineteen that fit.
fn stored(number: Number) -> i64 {
    i64::try_from(number.digits()).unwrap_or(i64::MAX)
}

fn read_number(digits: i64) -> Result<Number> {
    Number::from_e164(&format!("+{digits}")).map_err(decoding)
}

/// What the store holds can be read, unless somebody else wrote it.
pub fn decoding(error: impl std::error::Error + Send + Sync + 'static) -> convo_db::Error {
    convo_db::Error::Decode(Box::new(error))
}
