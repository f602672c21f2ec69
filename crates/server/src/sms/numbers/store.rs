//! The SQL of numbers and of whom they are shared with.
//! Every query starts from a number or from the person who asks.

use convo_db::{Conn, Result, Timestamp, Tx, json_list};

use super::{NumberRole, NumberState};
use crate::{
    billing::ledger::Mode,
    ids::{NumberId, UserId},
};

/// A row of `numbers`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NumberRow {
    pub id: NumberId,
    pub number: String,
    pub user_id: UserId,
    pub carrier: String,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    pub country: String,
    pub kind: String,
    pub area_code: String,
    pub place: Option<String>,
    pub operator: Option<String>,
    pub sms: bool,
    pub mms: bool,
    pub voice: bool,
    pub monthly_micros: i64,
    pub state: NumberState,
    pub label: String,
    pub auto_renew: bool,
    pub paid_until: Option<Timestamp>,
    pub reminded_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ShareRow {
    pub number_id: NumberId,
    pub user_id: UserId,
    pub role: NumberRole,
    pub created_at: Timestamp,
}

/// False if somebody has that number.
pub async fn insert(tx: &mut Tx, row: &NumberRow) -> Result<bool> {
    let rows = tx
        .sql(
            "insert into numbers (id, number, user_id, carrier, mode, country, kind, area_code, place, operator, sms, mms, voice, monthly_micros, state, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing",
        )
        .bind(row.id)
        .bind(&row.number)
        .bind(row.user_id)
        .bind(&row.carrier)
        .bind(row.mode.as_str())
        .bind(&row.country)
        .bind(&row.kind)
        .bind(&row.area_code)
        .bind(row.place.as_deref())
        .bind(row.operator.as_deref())
        .bind(row.sms)
        .bind(row.mms)
        .bind(row.voice)
        .bind(row.monthly_micros)
        .bind(row.state)
        .bind(row.created_at)
        .run()
        .await?;
    Ok(rows == 1)
}

/// Writes back what an action changed under the lock.
pub async fn save(tx: &mut Tx, row: &NumberRow) -> Result<()> {
    tx.sql(
        "update numbers set state = $2, label = $3, auto_renew = $4, paid_until = $5, reminded_at = $6, cancelled_at = $7, ended_at = $8, version = $9
          where id = $1",
    )
    .bind(row.id)
    .bind(row.state)
    .bind(&row.label)
    .bind(row.auto_renew)
    .bind(row.paid_until)
    .bind(row.reminded_at)
    .bind(row.cancelled_at)
    .bind(row.ended_at)
    .bind(row.version)
    .run()
    .await?;
    Ok(())
}

pub async fn find(db: &mut Conn, id: NumberId) -> Result<Option<NumberRow>> {
    db.sql("select * from numbers where id = $1").bind(id).optional().await
}

/// The row and its lock, after the conversations' and before the wallets'.
pub async fn lock(tx: &mut Tx, id: NumberId) -> Result<Option<NumberRow>> {
    tx.sql(("select * from numbers where id = $1", "select * from numbers where id = $1 for update"))
        .bind(id)
        .optional()
        .await
}

/// Keeps their ownership from ending while something is appended.
pub async fn lock_owned(tx: &mut Tx, ids: &[NumberId]) -> Result<Vec<NumberRow>> {
    tx.sql((
        "select * from numbers where id in (select unhex(value) from jsonb_each($1)) and state = 'owned' order by id",
        "select * from numbers where id = any($1) and state = 'owned' order by id for share",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

pub async fn list(db: &mut Conn, ids: &[NumberId]) -> Result<Vec<NumberRow>> {
    db.sql((
        "select * from numbers where id in (select unhex(value) from jsonb_each($1))",
        "select * from numbers where id = any($1)",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

/// Who has these numbers now.
pub async fn list_owned_by_phone(db: &mut Conn, phones: &[&str]) -> Result<Vec<NumberRow>> {
    db.sql((
        "select n.* from jsonb_each($1) i cross join numbers n on n.number = i.value and n.state <> 'released' where n.state = 'owned'",
        "select n.* from jsonb_array_elements_text($1) as i(phone)
          cross join lateral (select * from numbers where number = i.phone and state <> 'released' limit 1) n where n.state = 'owned'",
    ))
    .bind(json_list(phones))
    .all()
    .await
}

/// What this person owns or is about to.
pub async fn list_of(db: &mut Conn, user_id: UserId) -> Result<Vec<NumberRow>> {
    db.sql(
        "select * from numbers where user_id = $1 and state <> 'released' order by created_at desc, id desc limit 1000",
    )
    .bind(user_id)
    .all()
    .await
}

pub async fn count_of(db: &mut Conn, user_id: UserId) -> Result<i64> {
    let (count,): (i64,) =
        db.sql("select count(*) from numbers where user_id = $1 and state <> 'released'").bind(user_id).one().await?;
    Ok(count)
}

/// What others share with this person.
pub async fn list_shared_with(db: &mut Conn, user_id: UserId) -> Result<Vec<ShareRow>> {
    db.sql("select * from number_shares where user_id = $1").bind(user_id).all().await
}

pub async fn list_shares(db: &mut Conn, ids: &[NumberId]) -> Result<Vec<ShareRow>> {
    db.sql((
        "select * from number_shares where number_id in (select unhex(value) from jsonb_each($1)) order by number_id, user_id",
        "select * from number_shares where number_id = any($1) order by number_id, user_id",
    ))
    .bind_ids(ids.iter().map(|id| id.0))
    .all()
    .await
}

pub async fn find_share(db: &mut Conn, id: NumberId, user_id: UserId) -> Result<Option<ShareRow>> {
    db.sql("select * from number_shares where number_id = $1 and user_id = $2").bind(id).bind(user_id).optional().await
}

pub async fn save_share(tx: &mut Tx, share: &ShareRow) -> Result<()> {
    tx.sql(
        "insert into number_shares (number_id, user_id, role, created_at) values ($1, $2, $3, $4)
         on conflict (number_id, user_id) do update set role = excluded.role",
    )
    .bind(share.number_id)
    .bind(share.user_id)
    .bind(share.role)
    .bind(share.created_at)
    .run()
    .await?;
    Ok(())
}

pub async fn delete_share(tx: &mut Tx, id: NumberId, user_id: UserId) -> Result<u64> {
    tx.sql("delete from number_shares where number_id = $1 and user_id = $2").bind(id).bind(user_id).run().await
}

/// Owned ones whose paid time ends before that moment, the first ones first.
pub async fn list_ending(db: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<(NumberId,)>> {
    db.sql("select id from numbers where state = 'owned' and paid_until < $1 order by paid_until, id limit $2")
        .bind(before)
        .bind(limit)
        .all()
        .await
}

/// Texts and cost of a number on one day in one direction.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct DayOfUse {
    /// Days since 1 January 1970, in UTC.
    pub day: i64,
    pub received: bool,
    pub texts: i64,
    pub segments: i64,
    pub price_micros: i64,
}

/// What was taken back was never a text.
pub async fn list_use(db: &mut Conn, id: NumberId, from: Timestamp, to: Timestamp) -> Result<Vec<DayOfUse>> {
    db.sql(
        "select m.created_at / 86400000000 as day, m.delivery = 'received' as received, count(*) as texts,
                cast(coalesce(sum(m.segments), 0) as bigint) as segments, cast(coalesce(sum(m.price_micros), 0) as bigint) as price_micros
           from conversations c join messages m on m.conversation_id = c.id
          where c.number_id = $1 and m.delivery <> 'cancelled' and m.created_at >= $2 and m.created_at < $3
          group by 1, 2 order by 1, 2",
    )
    .bind(id)
    .bind(from)
    .bind(to)
    .all()
    .await
}
