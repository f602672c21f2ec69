//! Handsets, what is on its way to them, and what they show.
//! Never decides who may talk with whom.

use convo_db::{Conn, Result, Timestamp, Tx, json_list};
use convo_phone::Party;
use serde::Serialize;
use uuid::Uuid;

use super::{decoding, read_number, stored};
use crate::simulator::handsets::{Direction, Handset, HandsetMessage, HandsetOutcome};

#[derive(sqlx::FromRow)]
struct HandsetRow {
    id: Uuid,
    account: String,
    number: i64,
    label: String,
    airplane: bool,
    latency_ms: i64,
    loss_percent: i64,
    created_at: Timestamp,
}

pub async fn list(db: &mut Conn) -> Result<Vec<Handset>> {
    let rows: Vec<HandsetRow> = db.sql("select * from handsets order by created_at, id").all().await?;
    rows.into_iter()
        .map(|row| {
            Ok(Handset {
                id: row.id,
                account: row.account,
                number: read_number(row.number)?,
                label: row.label,
                airplane: row.airplane,
                latency_ms: u32::try_from(row.latency_ms).map_err(decoding)?,
                loss_percent: u8::try_from(row.loss_percent).map_err(decoding)?,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// Makes it, or changes what can be changed of it.
pub async fn put(tx: &mut Tx, handset: &Handset) -> Result<()> {
    tx.sql(
        "insert into handsets (id, account, number, label, airplane, latency_ms, loss_percent, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do update set label = $4, airplane = $5, latency_ms = $6, loss_percent = $7",
    )
    .bind(handset.id)
    .bind(&handset.account)
    .bind(stored(handset.number))
    .bind(&handset.label)
    .bind(handset.airplane)
    .bind(i64::from(handset.latency_ms))
    .bind(i64::from(handset.loss_percent))
    .bind(handset.created_at)
    .run()
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.sql("delete from handset_messages where handset_id = $1").bind(id).run().await?;
    tx.sql("delete from deliveries where handset_id = $1").bind(id).run().await?;
    tx.sql("delete from handsets where id = $1").bind(id).run().await?;
    Ok(())
}

/// A part on its way to a handset, as JSON.
#[derive(Debug, sqlx::FromRow)]
pub struct Delivery {
    pub id: i64,
    pub handset_id: Uuid,
    /// It has come as far as a handset that is off.
    pub waits: bool,
    pub part: String,
}

#[derive(Serialize)]
pub struct NewDelivery {
    #[serde(rename = "n")]
    pub id: i64,
    #[serde(rename = "h")]
    pub handset_id: String,
    #[serde(rename = "d")]
    pub due_at: i64,
    #[serde(rename = "e")]
    pub expires_at: i64,
    #[serde(rename = "p")]
    pub part: Box<serde_json::value::RawValue>,
}

pub async fn send(tx: &mut Tx, deliveries: &[NewDelivery]) -> Result<()> {
    tx.sql((
        "insert into deliveries (id, handset_id, due_at, waits, expires_at, part)
         select value ->> 'n', unhex(value ->> 'h'), value ->> 'd', false, value ->> 'e', value -> 'p' from jsonb_each($1)",
        "insert into deliveries (id, handset_id, due_at, waits, expires_at, part)
         select n, h, d, false, e, p from jsonb_to_recordset($1) as part(n bigint, h uuid, d bigint, e bigint, p text)",
    ))
    .bind(json_list(deliveries))
    .run()
    .await?;
    Ok(())
}

pub async fn list_due(db: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Delivery>> {
    db.sql("select id, handset_id, waits, part from deliveries where due_at <= $1 order by due_at, id limit $2")
        .bind(now)
        .bind(limit)
        .all()
        .await
}

pub async fn list_on_their_way(db: &mut Conn, handset_id: Uuid) -> Result<Vec<Delivery>> {
    db.sql("select id, handset_id, waits, part from deliveries where handset_id = $1 order by id")
        .bind(handset_id)
        .all()
        .await
}

pub async fn let_wait(tx: &mut Tx, ids: &[i64]) -> Result<()> {
    tx.sql((
        "update deliveries set waits = true, due_at = expires_at where id in (select value from jsonb_each($1))",
        "update deliveries set waits = true, due_at = expires_at where id in (select value::bigint from jsonb_array_elements_text($1))",
    ))
    .bind(json_list(ids))
    .run()
    .await?;
    Ok(())
}

pub async fn finish(tx: &mut Tx, ids: &[i64]) -> Result<()> {
    tx.sql((
        "delete from deliveries where id in (select value from jsonb_each($1))",
        "delete from deliveries where id in (select value::bigint from jsonb_array_elements_text($1))",
    ))
    .bind(json_list(ids))
    .run()
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    handset_id: Uuid,
    place: i64,
    id: Uuid,
    direction: String,
    peer: String,
    text: String,
    missing_parts: i64,
    outcome: String,
    at: Timestamp,
    change: i64,
}

impl MessageRow {
    fn read(self) -> Result<HandsetMessage> {
        Ok(HandsetMessage {
            id: self.id,
            handset_id: self.handset_id,
            place: self.place,
            direction: Direction::read(&self.direction),
            peer: self.peer.parse::<Party>().map_err(decoding)?,
            text: self.text,
            missing_parts: self.missing_parts,
            outcome: HandsetOutcome::read(&self.outcome),
            at: self.at,
            change: self.change,
        })
    }
}

/// How a message is joined from its parts: which belong to it, and those that are there.
#[derive(Default)]
pub struct Joining {
    pub key: Option<String>,
    pub parts: String,
}

/// Makes a message, or gives it what has come since.
pub async fn put_message(
    tx: &mut Tx,
    message: &HandsetMessage,
    client_key: Option<Uuid>,
    joining: &Joining,
) -> Result<()> {
    tx.sql(
        "insert into handset_messages
            (handset_id, place, id, client_key, direction, peer, text, joining, parts, missing_parts, outcome, at, change)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (handset_id, place) do update
            set text = $7, joining = $8, parts = $9, missing_parts = $10, change = $13",
    )
    .bind(message.handset_id)
    .bind(message.place)
    .bind(message.id)
    .bind(client_key)
    .bind(message.direction.name())
    .bind(message.peer.to_string())
    .bind(&message.text)
    .bind(joining.key.clone())
    .bind(&joining.parts)
    .bind(message.missing_parts)
    .bind(message.outcome.name())
    .bind(message.at)
    .bind(message.change)
    .run()
    .await?;
    Ok(())
}

/// The newest message of which parts are missing, and those parts of it that are there.
pub async fn find_joining(
    db: &mut Conn,
    handset_id: Uuid,
    peer: &Party,
    key: &str,
) -> Result<Option<(HandsetMessage, String)>> {
    let row: Option<(i64, String)> = db
        .sql(
            "select place, parts from handset_messages
              where handset_id = $1 and peer = $2 and joining = $3 order by place desc limit 1",
        )
        .bind(handset_id)
        .bind(peer.to_string())
        .bind(key)
        .optional()
        .await?;
    let Some((place, parts)) = row else { return Ok(None) };
    let message = list_messages(db, handset_id, place + 1, 1).await?.pop();
    Ok(message.map(|message| (message, parts)))
}

pub async fn find_by_key(db: &mut Conn, handset_id: Uuid, client_key: Uuid) -> Result<Option<HandsetMessage>> {
    let row: Option<MessageRow> = db
        .sql("select * from handset_messages where handset_id = $1 and client_key = $2")
        .bind(handset_id)
        .bind(client_key)
        .optional()
        .await?;
    row.map(MessageRow::read).transpose()
}

/// The newest first.
pub async fn list_messages(db: &mut Conn, handset_id: Uuid, before: i64, limit: i64) -> Result<Vec<HandsetMessage>> {
    let rows: Vec<MessageRow> = db
        .sql("select * from handset_messages where handset_id = $1 and place < $2 order by place desc limit $3")
        .bind(handset_id)
        .bind(before)
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(MessageRow::read).collect()
}

/// What became new or different, of all handsets, in that order.
pub async fn list_changes(db: &mut Conn, after: i64, limit: i64) -> Result<Vec<HandsetMessage>> {
    let rows: Vec<MessageRow> = db
        .sql("select * from handset_messages where change > $1 order by change limit $2")
        .bind(after)
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(MessageRow::read).collect()
}

/// Keeps the newest so many.
pub async fn forget_messages(tx: &mut Tx, handset_id: Uuid, keep: i64) -> Result<()> {
    tx.sql(
        "delete from handset_messages where handset_id = $1 and place <= (
            select place from handset_messages where handset_id = $1 order by place desc limit 1 offset $2)",
    )
    .bind(handset_id)
    .bind(keep)
    .run()
    .await?;
    Ok(())
}
