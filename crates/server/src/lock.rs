//! One server at a time on one SQLite database, by a lock of the operating system that ends with the process.
//! It never keeps anybody from PostgreSQL, which is made for many.

use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
};

use anyhow::{Context, bail};
use convo_server::config::Config;

/// Held as long as the server runs.
pub struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

/// `None` on PostgreSQL.
pub fn take(config: &Config) -> anyhow::Result<Option<Lock>> {
    let Some(database) = config.database_file() else { return Ok(None) };
    let path = database.with_extension("lock");
    let mut file =
        File::options().create(true).truncate(false).read(true).write(true).open(&path).with_context(|| {
            format!(
                "cannot write {}; give whoever runs Convo the right to, or set `data_dir` to another folder",
                path.display()
            )
        })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder)?;
            bail!(
                "another Convo uses this database ({}): {}. Stop it first, or set `data_dir` to another folder",
                path.display(),
                holder.trim()
            );
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("cannot lock {}", path.display()));
        }
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "process {}, listening on {}", std::process::id(), config.listen)?;
    Ok(Some(Lock(file)))
}
