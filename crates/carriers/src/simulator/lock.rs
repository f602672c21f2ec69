//! One process at a time on one store: a lock of the operating system beside a SQLite file, an advisory lock on PostgreSQL.
//! Both end with the process; whoever lost theirs without knowing is refused by the epoch in the store.

use std::{
    fs::{self, File, TryLockError},
    path::PathBuf,
};

use convo_db::{Db, Tx};

use super::{OpenError, store};

/// Held as long as the simulator runs.
pub enum Lock {
    File(#[expect(dead_code, reason = "held for its lock")] File),
    /// A transaction that never writes: it keeps no vacuum waiting.
    Database(#[expect(dead_code, reason = "held for its lock")] Tx),
}

/// `None` on PostgreSQL. Makes the folder, too.
pub fn take_file(url: &str) -> Result<Option<Lock>, OpenError> {
    let Some(file) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let database = PathBuf::from(file.trim_start_matches("//").split('?').next().unwrap_or_default());
    let path = database.with_extension("lock");
    let cannot = |error| OpenError::Folder(path.display().to_string(), error);
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock::File(file))),
        Err(TryLockError::WouldBlock) => Err(OpenError::Busy(path.display().to_string())),
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}

pub async fn take_database(db: &Db) -> Result<Lock, OpenError> {
    // Of the writers' connections, of which the one pen needs one: the readers' may be as few as one.
    let mut tx = db.begin_batch().await?;
    if store::try_lock(&mut tx).await? {
        Ok(Lock::Database(tx))
    } else {
        Err(OpenError::Busy("the schema `simulator`".to_owned()))
    }
}
