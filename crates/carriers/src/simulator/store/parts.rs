//! What was said of each part: the memory of the carrier.
//! Never what a part said.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Remembered {
    pub id: Uuid,
    pub state: String,
    pub failure: Option<i64>,
    pub attempts: i64,
    pub barrier: i64,
}

pub const GIVEN_UP: &str = "given_up";
pub const THROTTLED: &str = "throttled";
pub const ACCEPTED: &str = "accepted";
pub const REFUSED: &str = "refused";

/// Those that are known, in no order.
pub async fn find(db: &mut Conn, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Remembered>> {
    db.sql((
        "select p.id, p.state, p.failure, p.attempts, p.barrier
           from jsonb_each($1) i cross join parts p on p.id = unhex(i.value)",
        "select id, state, failure, attempts, barrier from parts where id = any($1)",
    ))
    .bind_ids(ids)
    .all()
    .await
}

/// What is known of each from now on.
pub async fn remember(tx: &mut Tx, parts: &[Remembered], now: Timestamp) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        s: &'a str,
        f: Option<i64>,
        a: i64,
        b: i64,
    }
    let rows = parts.iter().map(|part| Row {
        i: hex(part.id),
        s: &part.state,
        f: part.failure,
        a: part.attempts,
        b: part.barrier,
    });
    tx.sql((
        "insert into parts (id, state, failure, attempts, barrier, created_at)
         select unhex(value ->> 'i'), value ->> 's', value ->> 'f', value ->> 'a', value ->> 'b', $2 from jsonb_each($1) where true
         on conflict (id) do update set state = excluded.state, failure = excluded.failure, attempts = excluded.attempts, barrier = excluded.barrier",
        "insert into parts (id, state, failure, attempts, barrier, created_at)
         select i, s, f, a, b, $2 from jsonb_to_recordset($1) as part(i uuid, s text, f bigint, a bigint, b bigint)
         on conflict (id) do update set state = excluded.state, failure = excluded.failure, attempts = excluded.attempts, barrier = excluded.barrier",
    ))
    .bind(json_list(rows))
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub async fn forget(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    tx.sql("delete from parts where id in (select id from parts where created_at < $1 order by created_at limit $2)")
        .bind(before)
        .bind(limit)
        .run()
        .await
}
