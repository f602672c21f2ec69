//! The SQL of the ledger: whole batches, one statement for each step.
//! The caller of what changes a wallet holds its lock.

use std::collections::BTreeSet;

use convo_db::{Conn, Result, Tx, hex, json_list};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Mode, Transferred, WalletId};
use crate::ids::{TransferId, UserId};

/// Money of one account in one mode, in millionths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow, ToSchema)]
pub struct Wallet {
    #[serde(skip)]
    pub user_id: UserId,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    /// What can be spent. Below zero is debt, up to the credit limit.
    pub balance_micros: i64,
    /// Set aside for what is not certain yet; not part of the balance.
    pub held_micros: i64,
    pub credit_limit_micros: i64,
    /// Rises with every change: of two, the higher one is true.
    pub version: i64,
}

impl Wallet {
    pub fn empty(WalletId { user_id, mode }: WalletId) -> Self {
        Self { user_id, mode, balance_micros: 0, held_micros: 0, credit_limit_micros: 0, version: 0 }
    }

    pub fn id(&self) -> WalletId {
        WalletId { user_id: self.user_id, mode: self.mode }
    }
}

#[derive(Serialize)]
struct Which {
    u: String,
    m: &'static str,
}

fn which(ids: &BTreeSet<WalletId>) -> convo_db::JsonList<Which> {
    json_list(ids.iter().map(|id| Which { u: hex(id.user_id.0), m: id.mode.as_str() }))
}

/// Makes the wallets that are not there yet.
pub async fn open(tx: &mut Tx, ids: &BTreeSet<WalletId>) -> Result<u64> {
    tx.sql((
        "insert into wallets (user_id, mode) select unhex(value ->> 'u'), value ->> 'm' from jsonb_each($1) where true on conflict do nothing",
        "insert into wallets (user_id, mode) select i.u, i.m from jsonb_to_recordset($1) as i(u uuid, m text)
          where not exists (select 1 from wallets w where w.user_id = i.u and w.mode = i.m) on conflict do nothing",
    ))
    .bind(which(ids))
    .run()
    .await
}

/// In the order of the set, so that no two wait for each other.
pub async fn lock(tx: &mut Tx, ids: &BTreeSet<WalletId>) -> Result<Vec<Wallet>> {
    tx.sql((
        "select w.* from jsonb_each($1) i cross join wallets w on w.user_id = unhex(i.value ->> 'u') and w.mode = i.value ->> 'm'",
        "select w.* from jsonb_to_recordset($1) as i(u uuid, m text)
          cross join lateral (select * from wallets where user_id = i.u and mode = i.m limit 1 for update) w",
    ))
    .bind(which(ids))
    .all()
    .await
}

pub async fn list_of(db: &mut Conn, user_id: UserId) -> Result<Vec<Wallet>> {
    db.sql("select * from wallets where user_id = $1").bind(user_id).all().await
}

pub async fn list_by_keys(db: &mut Conn, keys: impl Iterator<Item = &str>) -> Result<Vec<Transferred>> {
    db.sql((
        "select t.* from jsonb_each($1) i cross join transfers t on t.key = i.value",
        "select t.* from jsonb_array_elements_text($1) as i(key) cross join lateral (select * from transfers where key = i.key limit 1) t",
    ))
    .bind(json_list(keys))
    .all()
    .await
}

pub async fn list(db: &mut Conn, wallet: WalletId, before: Option<TransferId>, limit: i64) -> Result<Vec<Transferred>> {
    db.sql("select * from transfers where user_id = $1 and mode = $2 and id < $3 order by id desc limit $4")
        .bind(wallet.user_id)
        .bind(wallet.mode.as_str())
        .bind(before.unwrap_or(TransferId(uuid::Uuid::max())))
        .bind(limit)
        .all()
        .await
}

pub async fn insert(tx: &mut Tx, transfers: &[Transferred]) -> Result<u64> {
    #[derive(Serialize)]
    struct Row<'a> {
        i: String,
        k: &'a str,
        u: String,
        m: &'static str,
        f: &'static str,
        t: &'static str,
        a: i64,
        b: i64,
        o: &'a str,
        w: Option<String>,
        c: i64,
    }
    tx.sql((
        "insert into transfers (id, key, user_id, mode, from_account, to_account, amount_micros, balance_micros, about, made_by, created_at)
         select unhex(value ->> 'i'), value ->> 'k', unhex(value ->> 'u'), value ->> 'm', value ->> 'f', value ->> 't', value ->> 'a', value ->> 'b', value ->> 'o', unhex(value ->> 'w'), value ->> 'c'
           from jsonb_each($1)",
        "insert into transfers (id, key, user_id, mode, from_account, to_account, amount_micros, balance_micros, about, made_by, created_at)
         select i.i, i.k, i.u, i.m, i.f, i.t, i.a, i.b, i.o, i.w, i.c
           from jsonb_to_recordset($1) as i(i uuid, k text, u uuid, m text, f text, t text, a bigint, b bigint, o text, w uuid, c bigint)",
    ))
    .bind(json_list(transfers.iter().map(|done| Row {
        i: hex(done.id.0),
        k: &done.key,
        u: hex(done.user_id.0),
        m: done.mode.as_str(),
        f: done.from_account.as_str(),
        t: done.to_account.as_str(),
        a: done.amount_micros,
        b: done.balance_micros,
        o: &done.about,
        w: done.made_by.map(|id| hex(id.0)),
        c: done.created_at.micros(),
    })))
    .run()
    .await
}

pub async fn save(tx: &mut Tx, wallets: &[Wallet]) -> Result<u64> {
    #[derive(Serialize)]
    struct Row {
        u: String,
        m: &'static str,
        b: i64,
        h: i64,
        v: i64,
    }
    tx.sql((
        "update wallets set balance_micros = i.value ->> 'b', held_micros = i.value ->> 'h', version = i.value ->> 'v'
           from jsonb_each($1) i where user_id = unhex(i.value ->> 'u') and mode = i.value ->> 'm'",
        "update wallets set balance_micros = i.b, held_micros = i.h, version = i.v
           from jsonb_to_recordset($1) as i(u uuid, m text, b bigint, h bigint, v bigint) where user_id = i.u and mode = i.m",
    ))
    .bind(json_list(wallets.iter().map(|wallet| Row {
        u: hex(wallet.user_id.0),
        m: wallet.mode.as_str(),
        b: wallet.balance_micros,
        h: wallet.held_micros,
        v: wallet.version,
    })))
    .run()
    .await
}

pub async fn set_credit_limit(tx: &mut Tx, wallet: &Wallet) -> Result<u64> {
    tx.sql("update wallets set credit_limit_micros = $3, version = $4 where user_id = $1 and mode = $2")
        .bind(wallet.user_id)
        .bind(wallet.mode.as_str())
        .bind(wallet.credit_limit_micros)
        .bind(wallet.version)
        .run()
        .await
}

/// Wallets and transfers counted, and every wallet that says something else than its transfers.
#[derive(Debug, PartialEq, Eq)]
pub struct Audit {
    pub wallets: i64,
    pub transfers: i64,
    pub unbalanced: Vec<Unbalanced>,
}

#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Unbalanced {
    pub user_id: UserId,
    #[sqlx(try_from = "String")]
    pub mode: Mode,
    pub balance_micros: i64,
    pub held_micros: i64,
    pub transferred_micros: i64,
    pub transferred_held_micros: i64,
}

pub async fn audit(db: &mut Conn) -> Result<Audit> {
    let (wallets, transfers): (i64, i64) =
        db.sql("select (select count(*) from wallets), (select count(*) from transfers)").one().await?;
    let unbalanced = db
        .sql(
            "select * from (
                select w.user_id, w.mode, w.balance_micros, w.held_micros,
                       cast(coalesce(t.balance, 0) as bigint) as transferred_micros, cast(coalesce(t.held, 0) as bigint) as transferred_held_micros
                  from wallets w left join (
                       select user_id, mode,
                              sum(case when to_account = 'wallet' then amount_micros when from_account = 'wallet' then -amount_micros else 0 end) as balance,
                              sum(case when to_account = 'held' then amount_micros when from_account = 'held' then -amount_micros else 0 end) as held
                         from transfers group by user_id, mode) t on t.user_id = w.user_id and t.mode = w.mode) all_wallets
              where balance_micros <> transferred_micros or held_micros <> transferred_held_micros
              order by user_id, mode limit 100",
        )
        .all()
        .await?;
    Ok(Audit { wallets, transfers, unbalanced })
}
