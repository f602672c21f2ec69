//! The SQL of carriers: their settings, the leases of their links, and the change of a text's way.
//! Each taking of a lease has a higher number than the one before.

use convo_db::{Conn, Result, Timestamp, Tx, hex, json_list};
use serde::Serialize;

use crate::ids::{PartId, UserId};

/// A carrier that an administrator entered.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CarrierRow {
    pub name: String,
    /// JSON, without the password.
    pub settings: String,
    pub password: String,
    pub version: i64,
}

/// Who holds a link until when, and how it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LinkRow {
    pub name: String,
    pub owner: String,
    pub until: Timestamp,
    pub health: String,
    pub detail: String,
}

pub async fn list(db: &mut Conn) -> Result<Vec<CarrierRow>> {
    db.sql("select name, settings, password, version from carriers order by name").all().await
}

pub async fn find(db: &mut Conn, name: &str) -> Result<Option<CarrierRow>> {
    db.sql("select name, settings, password, version from carriers where name = $1").bind(name).optional().await
}

/// Made, or changed: then its version counts on.
pub async fn save(tx: &mut Tx, row: &CarrierRow, made_by: UserId, now: Timestamp) -> Result<u64> {
    tx.sql(
        "insert into carriers (name, settings, password, version, made_by, created_at, changed_at) values ($1, $2, $3, 1, $4, $5, $5)
         on conflict (name) do update set settings = excluded.settings, password = excluded.password, version = carriers.version + 1, changed_at = excluded.changed_at",
    )
    .bind(&row.name)
    .bind(&row.settings)
    .bind(&row.password)
    .bind(made_by)
    .bind(now)
    .run()
    .await
}

pub async fn delete(tx: &mut Tx, name: &str) -> Result<u64> {
    tx.sql("delete from carriers where name = $1").bind(name).run().await
}

/// How many numbers are at home there.
/// Its numbers by the money that pays them.
pub async fn count_numbers(db: &mut Conn, carrier: &str) -> Result<Vec<(String, i64)>> {
    db.sql("select mode, count(*) from numbers where carrier = $1 and state <> 'released' group by mode")
        .bind(carrier)
        .all()
        .await
}

/// Parts that wait for it, those on the wire, and those that nobody knows more of.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
pub struct CarrierQueue {
    pub queued: i64,
    pub submitting: i64,
    pub unknown: i64,
}

pub async fn count_parts(db: &mut Conn, carrier: &str) -> Result<CarrierQueue> {
    db.sql(
        "select (select count(*) from parts where carrier = $1 and state = 'queued') as queued,
                (select count(*) from parts where carrier = $1 and state = 'submitting') as submitting,
                (select count(*) from parts where carrier = $1 and state = 'unknown') as unknown",
    )
    .bind(carrier)
    .one()
    .await
}

/// What a carrier should have sent by now, with the carrier and the world of its number.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingRow {
    pub id: PartId,
    pub to_party: String,
    pub home: String,
    pub mode: String,
}

pub async fn list_waiting(
    db: &mut Conn,
    carrier: &str,
    now: Timestamp,
    after: PartId,
    limit: i64,
) -> Result<Vec<WaitingRow>> {
    db.sql(
        "select p.id, p.to_party, n.carrier as home, n.mode from parts p join numbers n on n.id = p.number_id
          where p.carrier = $1 and p.state = 'queued' and p.due_at <= $2 and p.id > $3 order by p.id limit $4",
    )
    .bind(carrier)
    .bind(now)
    .bind(after)
    .bind(limit)
    .all()
    .await
}

/// Those that still wait there wait elsewhere.
pub async fn reroute(tx: &mut Tx, from: &str, moves: &[(PartId, String)]) -> Result<u64> {
    #[derive(Serialize)]
    struct Move<'a> {
        i: String,
        c: &'a str,
    }
    tx.sql((
        "update parts set carrier = i.value ->> 'c' from jsonb_each($2) i where parts.id = unhex(i.value ->> 'i') and parts.carrier = $1 and parts.state = 'queued'",
        "update parts set carrier = i.c from jsonb_to_recordset($2) as i(i uuid, c text) where parts.id = i.i and parts.carrier = $1 and parts.state = 'queued'",
    ))
    .bind(from)
    .bind(json_list(moves.iter().map(|(id, carrier)| Move { i: hex(id.0), c: carrier })))
    .run()
    .await
}

/// The carriers that something waits for: one look into the index for each.
pub async fn list_awaited(db: &mut Conn) -> Result<Vec<(String,)>> {
    db.sql(
        "with recursive awaited(name) as (
           select min(carrier) from parts where state = 'queued'
           union all
           select (select min(p.carrier) from parts p where p.state = 'queued' and p.carrier > awaited.name) from awaited where awaited.name is not null)
         select name from awaited where name is not null",
    )
    .all()
    .await
}

pub async fn list_links(db: &mut Conn) -> Result<Vec<LinkRow>> {
    db.sql("select name, owner, until, health, detail from leases where name like 'carrier:%'").all().await
}

/// The number of the lease, if it is ours from now on: it was free, had run out, or was ours before we started anew.
pub async fn take(db: &mut Conn, name: &str, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<(i64,)>> {
    db.sql(
        "insert into leases (name, owner, number, until) values ($1, $2, 1, $4)
         on conflict (name) do update set owner = excluded.owner, number = leases.number + 1, until = excluded.until, health = 'down', detail = ''
          where leases.until < $3 or leases.owner = excluded.owner
         returning number",
    )
    .bind(name)
    .bind(owner)
    .bind(now)
    .bind(until)
    .optional()
    .await
}

/// How the link is now, as its holder says. False if somebody else has taken it.
pub async fn renew(
    db: &mut Conn,
    name: &str,
    owner: &str,
    number: i64,
    until: Timestamp,
    (health, detail): (&str, &str),
) -> Result<bool> {
    let rows = db
        .sql("update leases set until = $4, health = $5, detail = $6 where name = $1 and owner = $2 and number = $3")
        .bind(name)
        .bind(owner)
        .bind(number)
        .bind(until)
        .bind(health)
        .bind(detail)
        .run()
        .await?;
    Ok(rows == 1)
}

/// Lets the next one take it at once.
pub async fn release(db: &mut Conn, name: &str, owner: &str, number: i64) -> Result<u64> {
    db.sql("update leases set until = 0 where name = $1 and owner = $2 and number = $3")
        .bind(name)
        .bind(owner)
        .bind(number)
        .run()
        .await
}
