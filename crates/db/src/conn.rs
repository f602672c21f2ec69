//! `Db`, `Conn`, `Tx` and `Query`: one text of SQL, run on whichever engine is open.
//! Nothing here knows a table.

use std::ops::{Deref, DerefMut};

use sqlx::{
    Arguments, Encode, FromRow, Postgres, Sqlite, Transaction, Type,
    postgres::{PgArguments, PgPool, PgRow},
    sqlite::{SqliteArguments, SqlitePool, SqliteRow},
};
use uuid::Uuid;

use crate::Result;

#[derive(Clone)]
pub enum Db {
    /// SQLite has one writer: its pool of one queues them in order, where "busy" would starve some.
    Sqlite { read: SqlitePool, write: SqlitePool },
    /// Writers of batches have connections of their own: they never wait behind requests, and always find their plans warm.
    Postgres { pool: PgPool, batches: PgPool },
}

/// Where SQL runs: the pool for single reads, or inside a transaction.
pub enum Conn {
    SqlitePool(SqlitePool),
    Sqlite(Transaction<'static, Sqlite>),
    PgPool(PgPool),
    Postgres(Transaction<'static, Postgres>),
}

/// Dropped without `commit`, it never happened.
pub struct Tx(Conn);

impl Db {
    /// For single statements: each takes a connection of its own, so two reads may see different states.
    pub fn read(&self) -> Conn {
        match self {
            Self::Sqlite { read, .. } => Conn::SqlitePool(read.clone()),
            Self::Postgres { pool, .. } => Conn::PgPool(pool.clone()),
        }
    }

    /// For several reads that must agree with each other: one snapshot.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(Tx(match self {
            Self::Sqlite { read, .. } => Conn::Sqlite(read.begin().await?),
            Self::Postgres { pool, .. } => {
                Conn::Postgres(begin_whole(pool, "begin isolation level repeatable read read only").await?)
            }
        }))
    }

    /// Immediate on SQLite, because a plain transaction that reads before it writes fails when another wrote between.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(match self {
            Self::Sqlite { write, .. } => Conn::Sqlite(write.begin_with("begin immediate").await?),
            Self::Postgres { pool, .. } => Conn::Postgres(begin_whole(pool, "begin").await?),
        }))
    }

    /// For the few tasks that write what many asked for.
    pub async fn begin_batch(&self) -> Result<Tx> {
        match self {
            Self::Sqlite { .. } => self.begin().await,
            Self::Postgres { batches, .. } => Ok(Tx(Conn::Postgres(begin_whole(batches, "begin").await?))),
        }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// Finishes what runs, then closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool, batches } => {
                pool.close().await;
                batches.close().await;
            }
        }
    }
}

/// Begins in a task of its own: were it dropped between question and answer, as a request's future is when its client
/// hangs up, the pool would take back a connection inside a transaction that nobody knows of.
async fn begin_whole(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    #[expect(clippy::disallowed_methods, reason = "ends with one answer of the database")]
    let begun = tokio::spawn(async move { pool.begin_with(statement).await });
    begun.await.map_err(|error| crate::Error::Io(std::io::Error::other(error)))?
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Conn::Sqlite(tx) => tx.commit().await,
            Conn::Postgres(tx) => tx.commit().await,
            Conn::SqlitePool(_) | Conn::PgPool(_) => unreachable!("`begin` and `snapshot` make transactions only"),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

/// The same text for both engines, or `(sqlite, postgres)` where they truly differ.
pub struct Text(&'static str, &'static str);

impl From<&'static str> for Text {
    fn from(both: &'static str) -> Self {
        Self(both, both)
    }
}

impl From<(&'static str, &'static str)> for Text {
    fn from((sqlite, postgres): (&'static str, &'static str)) -> Self {
        Self(sqlite, postgres)
    }
}

/// What both engines can store: every type that sqlx knows on both.
pub trait Value<'q>: Type<Sqlite> + Type<Postgres> + Encode<'q, Sqlite> + Encode<'q, Postgres> {}
impl<'q, T: Type<Sqlite> + Type<Postgres> + Encode<'q, Sqlite> + Encode<'q, Postgres>> Value<'q> for T {}

/// What can be read from both: tuples, and whatever derives `FromRow`.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

enum Args {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

pub struct Query<'c> {
    on: &'c mut Conn,
    text: Text,
    args: Args,
}

impl Conn {
    pub fn sql(&mut self, text: impl Into<Text>) -> Query<'_> {
        let args = match self {
            Self::SqlitePool(_) | Self::Sqlite(_) => Args::Sqlite(SqliteArguments::default()),
            Self::PgPool(_) | Self::Postgres(_) => Args::Postgres(PgArguments::default()),
        };
        Query { on: self, text: text.into(), args }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::PgPool(_) | Self::Postgres(_))
    }
}

macro_rules! run {
    ($self:ident, $query:ident $(::<$row:ty>)?, $fetch:ident) => {
        match ($self.on, $self.args) {
            (Conn::SqlitePool(on), Args::Sqlite(args)) => sqlx::$query$(::<_, $row, _>)?($self.text.0, args).$fetch(&*on).await?,
            (Conn::Sqlite(on), Args::Sqlite(args)) => sqlx::$query$(::<_, $row, _>)?($self.text.0, args).$fetch(&mut **on).await?,
            (Conn::PgPool(on), Args::Postgres(args)) => sqlx::$query$(::<_, $row, _>)?($self.text.1, args).$fetch(&*on).await?,
            (Conn::Postgres(on), Args::Postgres(args)) => sqlx::$query$(::<_, $row, _>)?($self.text.1, args).$fetch(&mut **on).await?,
            _ => unreachable!("`sql` chose the arguments of this engine"),
        }
    };
}

impl Query<'_> {
    #[must_use]
    pub fn bind<'q>(mut self, value: impl Value<'q>) -> Self {
        match &mut self.args {
            Args::Sqlite(args) => args.add(value),
            Args::Postgres(args) => args.add(value),
        }
        .expect("our values can always be encoded");
        self
    }

    /// For `in (select unhex(value) from jsonb_each($n))` on SQLite and `= any($n)` on PostgreSQL.
    #[must_use]
    pub fn bind_ids(mut self, ids: impl IntoIterator<Item = Uuid>) -> Self {
        match &mut self.args {
            Args::Sqlite(args) => args.add(crate::json_list(ids.into_iter().map(crate::hex))),
            Args::Postgres(args) => args.add(ids.into_iter().collect::<Vec<_>>()),
        }
        .expect("ids can always be encoded");
        self
    }

    pub async fn one<R: Row>(self) -> Result<R> {
        Ok(run!(self, query_as_with::<R>, fetch_one))
    }

    pub async fn optional<R: Row>(self) -> Result<Option<R>> {
        Ok(run!(self, query_as_with::<R>, fetch_optional))
    }

    pub async fn all<R: Row>(self) -> Result<Vec<R>> {
        Ok(run!(self, query_as_with::<R>, fetch_all))
    }

    /// Says how many rows it touched.
    pub async fn run(self) -> Result<u64> {
        Ok(match (self.on, self.args) {
            (Conn::SqlitePool(on), Args::Sqlite(args)) => {
                sqlx::query_with(self.text.0, args).execute(&*on).await?.rows_affected()
            }
            (Conn::Sqlite(on), Args::Sqlite(args)) => {
                sqlx::query_with(self.text.0, args).execute(&mut **on).await?.rows_affected()
            }
            (Conn::PgPool(on), Args::Postgres(args)) => {
                sqlx::query_with(self.text.1, args).execute(&*on).await?.rows_affected()
            }
            (Conn::Postgres(on), Args::Postgres(args)) => {
                sqlx::query_with(self.text.1, args).execute(&mut **on).await?.rows_affected()
            }
            _ => unreachable!("`sql` chose the arguments of this engine"),
        })
    }
}
