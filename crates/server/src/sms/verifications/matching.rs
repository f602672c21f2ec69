//! Which verification a text is for, and what its code ends. Called where texts are taken in, within that transaction.
//! Lock order: numbers, then verifications, wallets last, so money is only wished for here, and people are told after it moved.

use std::collections::{BTreeMap, HashSet};

use convo_codes::Hint;
use convo_db::Timestamp;
use convo_phone::Party;

use super::{
    CLOCKS_DIFFER, LATE, LATE_ON_TEMPORARY, MAX_TEXTS, TextRow, VerificationRow, VerificationStatus, actions, store,
};
use crate::{
    app::Tx,
    billing::ledger::Transfer,
    error::Result,
    ids::{CodeId, NumberId, TemporaryId, VerificationId},
    sms::services::Naming,
};

/// A whole text, and what it came to.
pub struct Arrived<'a> {
    pub id: CodeId,
    pub on: Line,
    pub from: &'a Party,
    pub body: &'a str,
    pub sent_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Own(NumberId),
    Temporary(TemporaryId),
}

/// What became of the texts: whom it changed, and which money that moves.
#[derive(Default)]
pub struct TakenIn {
    /// To be posted in this transaction: holds that are spent now.
    pub settlements: Vec<Transfer>,
    changed: Vec<VerificationRow>,
    texts: HashSet<CodeId>,
}

impl TakenIn {
    /// Whether that text was put to a verification.
    pub fn has(&self, id: CodeId) -> bool {
        self.texts.contains(&id)
    }

    /// To be called after the money moved.
    pub async fn tell(mut self, tx: &mut Tx) -> Result<()> {
        // In one order, because the rows of the people are locked.
        self.changed.sort_by_key(|row| (row.user_id, row.id));
        for row in &self.changed {
            actions::tell(tx, row).await?;
        }
        Ok(())
    }
}

/// Puts each text to the verification it is for, if there is one; the first code completes it.
pub async fn take_in(tx: &mut Tx, texts: &[Arrived<'_>], now: Timestamp) -> Result<TakenIn> {
    let mut desk = Desk::open(tx, texts, now).await?;
    let mut taken = TakenIn::default();
    let (mut rows, mut changed, mut completed) = (vec![], HashSet::new(), vec![]);
    for text in texts {
        let Some((at, row)) = desk.place(text, now) else { continue };
        taken.texts.insert(text.id);
        changed.insert(at);
        if row.code.is_some() && !row.late {
            completed.push(at);
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Ok(taken);
    }
    store::insert_texts(tx, &rows).await?;
    for at in completed {
        taken.settlements.extend(actions::settle(tx, &desk.verifications[at], now).await?);
    }
    for at in changed {
        let row = &mut desk.verifications[at];
        row.version += 1;
        store::save(tx, row).await?;
        taken.changed.push(row.clone());
    }
    Ok(taken)
}

/// Everything that a text could be for, under its lock, the oldest first.
struct Desk {
    verifications: Vec<VerificationRow>,
    /// Who texted for them before, and how many texts each has.
    senders: BTreeMap<VerificationId, HashSet<String>>,
    counts: BTreeMap<VerificationId, i64>,
}

impl Desk {
    async fn open(tx: &mut Tx, texts: &[Arrived<'_>], now: Timestamp) -> Result<Self> {
        let (mut numbers, mut temporaries) = (vec![], vec![]);
        for text in texts {
            match text.on {
                Line::Own(id) => numbers.push(id),
                Line::Temporary(id) => temporaries.push(id),
            }
        }
        let longest = std::time::Duration::from_secs(60 * super::MINUTES.end());
        let mut verifications = vec![];
        if !numbers.is_empty() {
            verifications.extend(store::lock_on_numbers(tx, &numbers, now.minus(LATE + longest)).await?);
        }
        if !temporaries.is_empty() {
            let since = now.minus(LATE_ON_TEMPORARY + longest);
            verifications.extend(store::lock_on_temporaries(tx, &temporaries, since).await?);
        }
        let mut desk = Self { verifications, senders: BTreeMap::new(), counts: BTreeMap::new() };
        let ids: Vec<_> = desk.verifications.iter().map(|row| row.id).collect();
        if !ids.is_empty() {
            for (id, from, count) in store::list_senders(tx, &ids).await? {
                desk.senders.entry(id).or_default().insert(from);
                *desk.counts.entry(id).or_default() += count;
            }
        }
        Ok(desk)
    }

    /// The verification that the text is for, as it is after it, and the text as it is kept.
    fn place(&mut self, text: &Arrived<'_>, now: Timestamp) -> Option<(usize, TextRow)> {
        let at = self.choose(text, now)?;
        let row = &mut self.verifications[at];
        let count = self.counts.entry(row.id).or_default();
        let (found, is_open) = (code_of(text.body, row), is_open(row, now));
        // However many strangers wrote, the code that is waited for is taken.
        if *count >= MAX_TEXTS && !(is_open && found.is_some()) {
            return None;
        }
        if let Some(code) = found.as_ref().filter(|_| is_open) {
            row.code = Some(code.clone());
            row.status = VerificationStatus::Completed;
            row.ended_at = Some(now);
        }
        if row.shows_texts() {
            // A code stands in the text as its service groups it, and is looked for as one types it.
            row.add_words(&[text.body, found.as_deref().unwrap_or_default()]);
        }
        *count += 1;
        self.senders.entry(row.id).or_default().insert(text.from.to_string());
        let kept = TextRow {
            id: text.id,
            verification_id: row.id,
            from_party: text.from.to_string(),
            body: text.body.to_owned(),
            code: found,
            late: !is_open,
            received_at: now,
        };
        Some((at, kept))
    }

    /// The open one whose service is named; else the only open one, if no other service is named; else one that is over.
    fn choose(&self, text: &Arrived<'_>, now: Timestamp) -> Option<usize> {
        let naming = Naming { from: text.from, body: text.body };
        let here: Vec<_> =
            (0..self.verifications.len()).filter(|at| is_on(&self.verifications[*at], text.on)).collect();
        let is_early = |row: &VerificationRow| text.sent_at.plus(CLOCKS_DIFFER) < row.created_at;
        let open = |at: &&usize| is_open(&self.verifications[**at], now) && !is_early(&self.verifications[**at]);
        let open: Vec<_> = here.iter().filter(open).copied().collect();
        if let Some(at) = self.surest(&naming, &open) {
            return Some(at);
        }
        let over: Vec<_> =
            here.iter().rev().filter(|at| is_late_for(&self.verifications[**at], text, now)).copied().collect();
        let is_temporary = matches!(text.on, Line::Temporary(_));
        if let [only] = open[..]
            && !naming.names_another_than(&self.verifications[only].service)
            // Who texted somebody before on a lent number still means them.
            && !(is_temporary && self.find_known_sender(text.from, &over).is_some())
            && (is_temporary || code_of(text.body, &self.verifications[only]).is_some())
        {
            return Some(only);
        }
        let is_free = |at: &usize| !naming.names_another_than(&self.verifications[*at].service);
        let last = || over.first().copied().filter(|at| is_temporary && open.is_empty() && is_free(at));
        // While somebody waits there, a sender alone tells nothing: services share their senders.
        let by_sender = || self.find_known_sender(text.from, &over).filter(|_| is_temporary && open.is_empty());
        self.surest(&naming, &over).or_else(by_sender).or_else(last)
    }

    /// Of those that are named; the longest name, if two begin at one place; the first one, if all that is alike.
    fn surest(&self, naming: &Naming<'_>, among: &[usize]) -> Option<usize> {
        let named = among.iter().filter_map(|at| {
            let row = &self.verifications[*at];
            let sureness = naming.names(&row.service, &row.service_name)?;
            Some(((sureness, std::cmp::Reverse(row.service_name.len())), *at))
        });
        named.min_by_key(|(sureness, _)| *sureness).map(|(_, at)| at)
    }

    fn find_known_sender(&self, from: &Party, among: &[usize]) -> Option<usize> {
        let from = from.to_string();
        let has_texted =
            |at: &&usize| self.senders.get(&self.verifications[**at].id).is_some_and(|senders| senders.contains(&from));
        among.iter().find(has_texted).copied()
    }
}

fn is_on(row: &VerificationRow, line: Line) -> bool {
    match line {
        Line::Own(id) => row.number_id == Some(id),
        Line::Temporary(id) => row.temporary_id == Some(id),
    }
}

/// Whether or not somebody has said already that its time is over.
fn is_open(row: &VerificationRow, now: Timestamp) -> bool {
    row.status == VerificationStatus::Waiting && row.expires_at > now
}

fn is_late_for(row: &VerificationRow, text: &Arrived<'_>, now: Timestamp) -> bool {
    let ended_at = row.ended_at.unwrap_or(row.expires_at);
    let allowed = match text.on {
        Line::Own(_) => LATE,
        Line::Temporary(_) => LATE_ON_TEMPORARY,
    };
    !is_open(row, now) && now.since(ended_at) <= allowed
}

fn code_of(body: &str, row: &VerificationRow) -> Option<String> {
    let services = [row.service_name.as_str()];
    convo_codes::extract(body, &Hint { services: &services, templates: &[] }).map(|found| found.code)
}
