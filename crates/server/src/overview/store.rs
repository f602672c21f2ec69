//! The SQL of what is seen at a glance: tables of others, read only, each with its owner, its index and its limit.
//! It changes nothing.

use convo_db::{Conn, Result, Timestamp};
use uuid::Uuid;

use super::{CostOfDay, Place, QueueHealth};
use crate::{billing::ledger::Mode, ids::UserId};

/// What was paid for but texts, which are counted with the texts; what came back is taken off.
pub async fn list_costs(db: &mut Conn, user_id: UserId, from: Timestamp) -> Result<Vec<CostOfDay>> {
    db.sql(
        "select created_at / 86400000000 as day, mode, case when to_account = 'wallet' then from_account else to_account end as kind,
                cast(sum(case when to_account = 'wallet' then -amount_micros else amount_micros end) as bigint) as amount_micros
           from transfers
          where user_id = $1 and created_at >= $2 and from_account <> 'texts' and to_account <> 'texts'
            and from_account not in ('payments', 'administrators') and to_account not in ('held', 'payments', 'administrators')
            and not (from_account = 'held' and to_account = 'wallet')
          group by 1, 2, 3 order by 1, 2, 3",
    )
    .bind(user_id)
    .bind(from)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
pub struct Moved {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    pub from_account: String,
    pub to_account: String,
    pub amount_micros: i64,
    pub about: String,
    pub created_at: Timestamp,
}

/// Money that moved but for texts; what was only set aside, or set free again, is not told.
pub async fn list_moved(db: &mut Conn, user_id: UserId, before: Place, limit: i64) -> Result<Vec<Moved>> {
    db.sql(
        "select id, mode, from_account, to_account, amount_micros, about, created_at from transfers
          where user_id = $1 and created_at <= $2 and (created_at < $2 or id < $3) and from_account <> 'texts' and to_account <> 'texts'
            and to_account <> 'held' and not (from_account = 'held' and to_account = 'wallet')
          order by created_at desc, id desc limit $4",
    )
    .bind(user_id)
    .bind(before.micros)
    .bind(before.id)
    .bind(limit)
    .all()
    .await
}

pub async fn list_sign_ins(
    db: &mut Conn,
    user_id: UserId,
    before: Place,
    limit: i64,
) -> Result<Vec<(Uuid, Timestamp, String)>> {
    db.sql(
        "select id, created_at, user_agent from sessions where user_id = $1 and created_at <= $2 and (created_at < $2 or id < $3)
          order by created_at desc, id desc limit $4",
    )
    .bind(user_id)
    .bind(before.micros)
    .bind(before.id)
    .bind(limit)
    .all()
    .await
}

/// The shares that last.
pub async fn list_shared(
    db: &mut Conn,
    user_id: UserId,
    before: Place,
    limit: i64,
) -> Result<Vec<(Uuid, Timestamp, String)>> {
    db.sql(
        "select n.id, s.created_at, n.number from number_shares s join numbers n on n.id = s.number_id
          where s.user_id = $1 and s.created_at <= $2 and (s.created_at < $2 or n.id < $3)
          order by s.created_at desc, n.id desc limit $4",
    )
    .bind(user_id)
    .bind(before.micros)
    .bind(before.id)
    .bind(limit)
    .all()
    .await
}

/// Those who have not said START since.
pub async fn list_opted_out(
    db: &mut Conn,
    user_id: UserId,
    before: Place,
    limit: i64,
) -> Result<Vec<(Uuid, Timestamp, String, String)>> {
    db.sql(
        "select c.id, c.opted_out_at, c.number, c.party from numbers n join conversations c on c.number_id = n.id
          where n.user_id = $1 and c.opted_out_at is not null and c.opted_out_at <= $2 and (c.opted_out_at < $2 or c.id < $3)
          order by c.opted_out_at desc, c.id desc limit $4",
    )
    .bind(user_id)
    .bind(before.micros)
    .bind(before.id)
    .bind(limit)
    .all()
    .await
}

/// Each carrier's texts by state: how many, and when the oldest became due.
pub async fn list_outbox(db: &mut Conn) -> Result<Vec<(String, String, i64, Option<Timestamp>)>> {
    db.sql(
        "select carrier, 'queued', count(*), min(due_at) from parts where state = 'queued' group by carrier
         union all select carrier, 'submitting', count(*), min(due_at) from parts where state = 'submitting' group by carrier
         union all select carrier, 'unknown', count(*), min(due_at) from parts where state = 'unknown' group by carrier",
    )
    .all()
    .await
}

pub async fn list_queues(db: &mut Conn) -> Result<Vec<QueueHealth>> {
    db.sql(
        "select queue, sum(case when parked_at is null then 1 else 0 end) as waiting, sum(case when parked_at is null then 0 else 1 end) as parked,
                min(case when parked_at is null then run_at end) as due_at
           from jobs group by queue order by queue",
    )
    .all()
    .await
}

pub async fn ping(db: &mut Conn) -> Result<()> {
    let _: (i64,) = db.sql("select cast(1 as bigint)").one().await?;
    Ok(())
}
