//! Numbers that were bought, and the orders by which they were.
//! What is for sale is not stored.

use convo_db::{Conn, Result, Timestamp, Tx};
use convo_phone::Number;
use uuid::Uuid;

use super::{decoding, read_number, stored};

pub const BOUGHT: &str = "bought";
pub const GONE: &str = "gone";
/// Asked for before it arrived, and told that it never will.
pub const GIVEN_UP: &str = "given_up";

/// Every number that is owned, with who may talk with it.
pub async fn list(db: &mut Conn) -> Result<Vec<(Number, Vec<String>)>> {
    let rows: Vec<(i64, String)> = db.sql("select number, accounts from numbers").all().await?;
    rows.into_iter()
        .map(|(number, accounts)| Ok((read_number(number)?, serde_json::from_str(&accounts).map_err(decoding)?)))
        .collect()
}

pub async fn insert(tx: &mut Tx, number: Number, account: &str, now: Timestamp) -> Result<()> {
    tx.sql("insert into numbers (number, accounts, bought_at) values ($1, $2, $3)")
        .bind(stored(number))
        .bind(serde_json::json!([account]).to_string())
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub async fn set_accounts(tx: &mut Tx, number: Number, accounts: &[String]) -> Result<()> {
    tx.sql("update numbers set accounts = $2 where number = $1")
        .bind(stored(number))
        .bind(serde_json::json!(accounts).to_string())
        .run()
        .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, number: Number) -> Result<()> {
    tx.sql("delete from numbers where number = $1").bind(stored(number)).run().await?;
    Ok(())
}

/// The number that was ordered under a key, if one was, and what became of that.
pub async fn find_order(db: &mut Conn, key: Uuid) -> Result<Option<(Option<Number>, String)>> {
    let row: Option<(Option<i64>, String)> =
        db.sql("select number, state from orders where key = $1").bind(key).optional().await?;
    row.map(|(number, state)| Ok((number.map(read_number).transpose()?, state))).transpose()
}

pub async fn insert_order(tx: &mut Tx, key: Uuid, number: Option<Number>, state: &str, now: Timestamp) -> Result<()> {
    tx.sql("insert into orders (key, number, state, created_at) values ($1, $2, $3, $4)")
        .bind(key)
        .bind(number.map(stored))
        .bind(state)
        .bind(now)
        .run()
        .await?;
    Ok(())
}
