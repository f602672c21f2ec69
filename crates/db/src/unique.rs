//! Which unique key refused a row, by the same name on both engines.
//! Keys are named `<table>_<columns>`; nothing else is read from an error's text.

use crate::{Error, Result};

pub trait OnUnique<T> {
    /// Maps the failure of one unique key, named `<table>_<column>_<column>`, to an error of the caller.
    ///
    /// On PostgreSQL the transaction is dead after such an error: map it and return, or use `on conflict`.
    fn on_unique<E: From<Error>>(self, name: &str, error: impl FnOnce() -> E) -> Result<T, E>;
}

impl<T> OnUnique<T> for Result<T> {
    fn on_unique<E: From<Error>>(self, name: &str, error: impl FnOnce() -> E) -> Result<T, E> {
        self.map_err(|e| if unique_key(&e).is_some_and(|key| key == name) { error() } else { e.into() })
    }
}

/// PostgreSQL names the key. SQLite names columns, "UNIQUE constraint failed: users.org_id, users.phone",
/// or "UNIQUE constraint failed: index 'users_lower_name'" for an expression.
fn unique_key(error: &Error) -> Option<String> {
    let error = error.as_database_error().filter(|e| e.is_unique_violation())?;
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let key = error.message().rsplit_once("failed: ")?.1;
    if let Some(name) = key.strip_prefix("index ") {
        return Some(name.trim_matches('\'').to_owned());
    }
    let table = key.split_once('.')?.0;
    Some(key.replace(&format!(", {table}."), "_").replacen('.', "_", 1))
}
