//! SQLite or PostgreSQL behind one type: where SQL runs, how it is bound and what comes back.
//! It knows how to run SQL and nothing of Convo.

mod conn;
mod open;
mod time;
mod unique;

pub mod testing;

pub use conn::{Conn, Db, Query, Row, Text, Tx, Value};
pub use open::{Schema, Settings};
pub use sqlx::Error;
pub use time::Timestamp;
pub use unique::OnUnique;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A list for one statement: `jsonb_each($n)` on SQLite, `jsonb_to_recordset($n)` or `jsonb_array_elements_text($n)` on PostgreSQL.
///
/// One statement for a whole batch is what makes hot writes fast: each statement costs SQLite a hop between threads.
pub fn json_list<T: serde::Serialize>(items: impl IntoIterator<Item = T>) -> JsonList<T> {
    sqlx::types::Json(items.into_iter().collect())
}

/// Written as JSON when it is bound, without a tree of values in between.
pub type JsonList<T> = sqlx::types::Json<Vec<T>>;

/// How a UUID stands in such a list: `unhex(value ->> 'id')` on SQLite, a column of type `uuid` on PostgreSQL.
pub fn hex(id: uuid::Uuid) -> String {
    id.simple().to_string()
}
