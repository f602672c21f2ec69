//! Throw-away databases for tests: a copy of one that was migrated once.
//! Nothing here runs in a server.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, postgres::PgConnectOptions};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{Db, Result, Settings};

/// The name of a copy's template, once per test process.
static SQLITE_TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A migrated, empty SQLite database in `folder`; returns its url.
pub async fn sqlite(folder: &Path) -> Result<String> {
    let template = SQLITE_TEMPLATE
        .get_or_try_init(|| async {
            let path = std::env::temp_dir().join(format!("convo-template-{}.db", std::process::id()));
            let _ = std::fs::remove_file(&path);
            let url = format!("sqlite:{}", path.display());
            Db::open(&Settings { url, max_connections: 1 }).await?.close().await;
            Ok::<_, sqlx::Error>(path)
        })
        .await?;
    let copy = folder.join("convo.db");
    std::fs::copy(template, &copy).map_err(sqlx::Error::Io)?;
    Ok(format!("sqlite:{}", copy.display()))
}

/// A migrated, empty PostgreSQL database on the server at `server_url` (its superuser); returns its url.
pub async fn postgres(server_url: &str) -> Result<String> {
    let admin = PgConnectOptions::from_str(server_url)?.database("postgres");
    let template = POSTGRES_TEMPLATE
        .get_or_try_init(|| async {
            let name = format!("convo_template_{}", std::process::id());
            let mut connection = admin.connect().await?;
            connection.execute(AssertSqlSafe(format!("drop database if exists {name}"))).await?;
            connection.execute(AssertSqlSafe(format!("create database {name}"))).await?;
            let url = url_of(&admin, &name);
            Db::open(&Settings { url, max_connections: 1 }).await?.close().await;
            connection.close().await?;
            Ok::<_, sqlx::Error>(name)
        })
        .await?;
    let name = format!("convo_test_{}", Uuid::now_v7().simple());
    let mut connection = admin.connect().await?;
    connection.execute(AssertSqlSafe(format!("create database {name} template {template} strategy wal_log"))).await?;
    connection.close().await?;
    Ok(url_of(&admin, &name))
}

/// Drops what `postgres` made, even if somebody is still connected.
pub async fn drop_postgres(url: &str) -> Result<()> {
    let options = PgConnectOptions::from_str(url)?;
    let Some(name) = options.get_database().map(str::to_owned) else { return Ok(()) };
    let mut connection = options.database("postgres").connect().await?;
    connection.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
    connection.close().await
}

fn url_of(server: &PgConnectOptions, database: &str) -> String {
    server.clone().database(database).to_url_lossy().to_string()
}
