//! Opens a database: the right pools, durable settings, migrations up to date.
//! It never opens anything less durable than a crash of the machine allows.

use std::{fs::File, path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Db, Error, Result};

/// How long a statement waits for a connection before the caller hears `unavailable`.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
/// Connections of the tasks that write batches: messages, of which one batch begins while others end, and receipts.
const BATCH_WRITERS: u32 = 4;
/// Our queries look rows up by key, many at once. While the statistics of a table are young, PostgreSQL would rather
/// hash the whole of it beside a batch of fifty keys, and the more it grows the slower every send becomes.
/// And it would rather gather and sort a whole conversation than walk its index for one page.
/// What really wants such a join says `set local`.
const PLANNER: [(&str, &str); 3] =
    [("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("enable_bitmapscan", "off")];
/// A connection that rested so long is asked whether it still lives before it is used; one that just worked does.
const ASK_AFTER: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:<path>` or `postgres://…`
    pub url: String,
    /// Connections to PostgreSQL; SQLite has one writer and four readers.
    pub max_connections: u32,
}

/// Which tables a database holds. Each has migrations and pools of its own, so that their commits never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Convo,
    /// The simulated carrier's: a file of its own on SQLite, the schema `simulator` of the same database on PostgreSQL.
    Simulator,
}

impl Db {
    /// Opens Convo's own tables.
    pub async fn open(settings: &Settings) -> Result<Self> {
        Self::open_schema(settings, Schema::Convo).await
    }

    /// Opens and migrates. Safe when several processes do it at once: PostgreSQL's migrator takes an advisory lock,
    /// SQLite's an operating-system lock on a file beside the database.
    pub async fn open_schema(settings: &Settings, schema: Schema) -> Result<Self> {
        if settings.url.starts_with("sqlite:") {
            Self::open_sqlite(&settings.url, schema).await
        } else {
            Self::open_postgres(settings, schema).await
        }
    }

    async fn open_sqlite(url: &str, schema: Schema) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .statement_cache_capacity(256)
            // A batch is read without waiting for who takes its rows.
            .row_buffer_size(512)
            .pragma("cache_size", "-65536")
            // What somebody deleted or edited away is overwritten, not left lying in free pages.
            .pragma("secure_delete", "on")
            .busy_timeout(Duration::from_secs(10));
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .idle_timeout(None)
                .max_lifetime(None)
                // It is a file: there is no other side that could have gone.
                .test_before_acquire(false)
        };
        let lock = MigrationLock::take(options.get_filename().with_extension("migrating")).await?;
        migrate_sqlite(&options, schema).await?;
        drop(lock);
        let write = pool().max_connections(1).connect_with(options.clone()).await?;
        let read = pool().max_connections(SQLITE_READERS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Self::Sqlite { read, write })
    }

    async fn open_postgres(settings: &Settings, schema: Schema) -> Result<Self> {
        let options = PgConnectOptions::from_str(&settings.url)?.statement_cache_capacity(256).options(PLANNER);
        let options = match schema {
            Schema::Convo => options,
            Schema::Simulator => options.options([("search_path", "simulator")]),
        };
        let connect = |max_connections| {
            PgPoolOptions::new()
                .max_connections(max_connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .test_before_acquire(false)
                .before_acquire(|connection, rested| {
                    Box::pin(async move {
                        if rested.idle_for > ASK_AFTER {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_with(options.clone())
        };
        let pool = connect(settings.max_connections).await?;
        let mut migrations = match schema {
            Schema::Convo => sqlx::migrate!("./migrations/postgres"),
            Schema::Simulator => sqlx::migrate!("./migrations/simulator/postgres"),
        };
        if schema == Schema::Simulator {
            migrations.create_schema("simulator");
        }
        migrations.run_direct(None, &mut *pool.acquire().await?, false).await?;
        Ok(Self::Postgres { pool, batches: connect(BATCH_WRITERS).await? })
    }
}

/// SQLite changes a table by making it anew, which its foreign keys must not notice; that nothing dangles is looked at afterwards
/// (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
async fn migrate_sqlite(options: &SqliteConnectOptions, schema: Schema) -> Result<()> {
    let mut connection = options.clone().foreign_keys(false).connect().await?;
    let before = count_migrations(&mut connection).await;
    let migrations = match schema {
        Schema::Convo => sqlx::migrate!("./migrations/sqlite"),
        Schema::Simulator => sqlx::migrate!("./migrations/simulator/sqlite"),
    };
    migrations.run_direct(None, &mut connection, false).await?;
    if count_migrations(&mut connection).await != before {
        let broken = sqlx::query("pragma foreign_key_check").fetch_optional(&mut connection).await?;
        if broken.is_some() {
            return Err(Error::Protocol(
                "a migration left rows that refer to nothing; restore the backup of before".to_owned(),
            ));
        }
    }
    connection.close().await
}

/// How many have run; none on a new database.
async fn count_migrations(connection: &mut sqlx::SqliteConnection) -> i64 {
    sqlx::query_scalar("select count(*) from _sqlx_migrations").fetch_one(connection).await.unwrap_or(0)
}

/// Released when dropped, and by the operating system when the process dies.
struct MigrationLock(#[expect(dead_code, reason = "held for its lock")] File);

impl MigrationLock {
    async fn take(path: PathBuf) -> Result<Self> {
        tokio::task::spawn_blocking(move || {
            let file = File::options().create(true).truncate(false).write(true).open(path)?;
            file.lock()?;
            Ok(Self(file))
        })
        .await
        .map_err(|e| Error::Io(std::io::Error::other(e)))?
        .map_err(Error::Io)
    }
}
