//! Putting numbers on the list and taking them off it.
//! Doing either again changes nothing.

use convo_phone::{Country, Number};
use serde::Serialize;
use utoipa::ToSchema;

use super::{MAX_LINES, MAX_REASON_CHARS, store};
use crate::{
    app::App,
    caller::Administrator,
    error::{Error, Result},
    text,
};

/// A line that is no number.
#[derive(Debug, Serialize, ToSchema)]
pub struct BadLine {
    /// Counted from one.
    line: usize,
    text: String,
    /// For people: what is wrong with it.
    detail: String,
}

/// What became of a list: empty lines count nowhere, and a number that stands in it twice counts once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suppressed {
    added: u64,
    /// Were on the list before; their reason stays.
    known: u64,
    bad: Vec<BadLine>,
}

pub async fn add(
    app: &App,
    administrator: &Administrator,
    lines: &[String],
    country: Option<Country>,
    reason: &str,
) -> Result<Suppressed> {
    if lines.is_empty() || lines.len() > MAX_LINES {
        return Err(Error::invalid("numbers", "numbers_invalid", format!("Send 1 to {MAX_LINES} numbers at a time.")));
    }
    let reason = text::line(reason);
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Error::invalid(
            "reason",
            "reason_invalid",
            "Say why, in up to 200 characters: other administrators read it.",
        ));
    }
    let (mut numbers, mut bad) = (std::collections::BTreeSet::new(), vec![]);
    for (line, written) in (1..).zip(lines).filter(|(_, written)| !written.trim().is_empty()) {
        match Number::parse(written.trim(), country) {
            Ok(number) => {
                numbers.insert(number.to_string());
            }
            Err(error) => {
                bad.push(BadLine { line, text: written.chars().take(60).collect(), detail: error.to_string() });
            }
        }
    }
    let mut tx = app.begin().await?;
    let added = store::insert(&mut tx, &numbers, &reason, administrator.0.user_id, app.clock.now()).await?;
    tx.commit().await?;
    Ok(Suppressed { added, known: numbers.len() as u64 - added, bad })
}

pub async fn remove(app: &App, _: &Administrator, number: Number) -> Result<()> {
    let mut tx = app.begin().await?;
    store::delete(&mut tx, &number.to_string()).await?;
    tx.commit().await
}
