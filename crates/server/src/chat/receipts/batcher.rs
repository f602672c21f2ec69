//! Merges receipts before they are written: one transaction for what came in a moment, one version and one event per conversation.
//! Large groups are told at most once a second, as counts.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot};
use tracing::error;

use super::{Position, store};
use crate::{
    app::{App, Tx},
    chat::conversations::{
        ConversationRow, MemberRow,
        access::{lock, lowest},
        actions::hidden_of,
    },
    error::{Error, Result},
    events::{Audience, Event},
    ids::{ConversationId, UserId},
};

const QUEUE: usize = 8_192;
const BATCH: usize = 1_024;
/// What arrives within it is merged. Longer than it takes to see a tick, because each flush holds the locks
/// of all conversations in it while it is made durable, and sends wait for that.
const MERGE: Duration = Duration::from_millis(150);
/// For groups above 100 members.
const MERGE_LARGE: Duration = Duration::from_secs(1);

/// One person's news about one conversation; 0 means nothing new.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    pub delivered_seq: i64,
    pub read_seq: i64,
}

type Waiting = (Mark, oneshot::Sender<Result<()>>);

#[derive(Clone)]
pub struct ReceiptBatcher(mpsc::Sender<Waiting>);

impl ReceiptBatcher {
    pub fn new() -> (Self, mpsc::Receiver<Waiting>) {
        let (queue, marks) = mpsc::channel(QUEUE);
        (Self(queue), marks)
    }

    pub async fn mark(&self, mark: Mark) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.0.send((mark, answer)).await.map_err(|_| stopping())?;
        answered.await.map_err(|_| stopping())?
    }
}

fn stopping() -> Error {
    Error::unavailable("The server is stopping. Try again in a moment.")
}

pub async fn run(app: App, mut marks: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(BATCH);
    let mut large = LargeGroups::default();
    loop {
        tokio::select! {
            biased;
            received = marks.recv_many(&mut waiting, BATCH) => if received == 0 { return },
            () = app.stopped.cancelled() => return,
            () = large.due() => {}
        }
        tokio::time::sleep(MERGE).await;
        while waiting.len() < BATCH
            && let Ok(more) = marks.try_recv()
        {
            waiting.push(more);
        }
        large.sort_out(&mut waiting);
        if waiting.is_empty() {
            continue;
        }
        let (batch, answers): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
        let result = write(&app, &batch, &mut large).await;
        if let Err(error) = &result {
            error!(%error, cause = error.cause().map(|cause| format!("{cause:#}")), "Receipts could not be written");
        }
        for (mark, answer) in batch.iter().zip(answers) {
            let _ = answer.send(match &result {
                Ok(members) if members.contains(&(mark.conversation_id, mark.user_id)) => Ok(()),
                Ok(_) => Err(Error::not_found("conversation")),
                Err(error) => Err(error.clone()),
            });
        }
    }
}

/// Conversations that were told so recently that the next news waits.
#[derive(Default)]
struct LargeGroups {
    told: HashMap<ConversationId, Instant>,
    held: Vec<Waiting>,
}

impl LargeGroups {
    async fn due(&self) {
        match self.held.iter().filter_map(|(mark, _)| self.told.get(&mark.conversation_id)).min() {
            Some(told) => tokio::time::sleep_until((*told + MERGE_LARGE).into()).await,
            None => std::future::pending().await,
        }
    }

    /// Takes out what must wait and puts in what has waited long enough.
    fn sort_out(&mut self, waiting: &mut Vec<Waiting>) {
        self.told.retain(|_, told| told.elapsed() < MERGE_LARGE);
        waiting.append(&mut self.held);
        let (now, later) = waiting.drain(..).partition(|(mark, _)| !self.told.contains_key(&mark.conversation_id));
        (*waiting, self.held) = (now, later);
    }

    fn note(&mut self, row: &ConversationRow) {
        if !row.is_detailed() {
            self.told.insert(row.id, Instant::now());
        }
    }
}

/// Who of them are members.
type Members = std::collections::HashSet<(ConversationId, UserId)>;

async fn write(app: &App, batch: &[Mark], large: &mut LargeGroups) -> Result<Members> {
    let now = app.clock.now();
    let mut tx = app.begin_batch().await?;
    let merged = merge(batch);
    let mut ids: Vec<_> = merged.iter().map(|mark| mark.conversation_id).collect();
    ids.dedup();
    let mut rows: HashMap<_, _> = lock(&mut tx, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let members = store::list_members(&mut tx, &merged).await?;
    let present: Members = members.iter().map(|member| (member.conversation_id, member.user_id)).collect();
    let marks: HashMap<_, _> = merged.iter().map(|mark| ((mark.conversation_id, mark.user_id), mark)).collect();

    let (mut risen, mut history) = (HashMap::<ConversationId, Vec<MemberRow>>::new(), vec![]);
    for mut member in members {
        let Some(row) = rows.get(&member.conversation_id) else { continue };
        let before = (member.delivered_seq, member.read_seq);
        let mark = marks[&(member.conversation_id, member.user_id)];
        raise(&mut member, mark, row.last_seq);
        if member.delivered_seq > before.0 {
            history.push((member.conversation_id, member.user_id, "delivered", member.delivered_seq));
        }
        if member.read_seq > before.1 {
            history.push((member.conversation_id, member.user_id, "read", member.read_seq));
            if std::mem::replace(&mut member.marked_unread, false) {
                member.mine_version += 1;
                let mine = member.mine(hidden_of(&mut tx, &member).await?);
                tx.emit(Audience::Person(member.user_id), Event::MineUpdated { mine });
            }
        }
        if before != (member.delivered_seq, member.read_seq) {
            risen.entry(member.conversation_id).or_default().push(member);
        }
    }
    if risen.is_empty() {
        return Ok(present);
    }
    let mut changed = vec![];
    for (id, members) in &mut risen {
        let Some(row) = rows.get_mut(id) else { continue };
        row.version += 1;
        for member in members.iter_mut() {
            tell_privately(&mut tx, row, member).await?;
        }
        changed.push(row.clone());
    }
    let all: Vec<_> = risen.values().flatten().cloned().collect();
    store::save_members(&mut tx, &all).await?;
    store::save_versions(&mut tx, &changed).await?;
    store::insert_history(&mut tx, &history, now).await?;
    for row in &changed {
        tell_everyone(&mut tx, row, &risen[&row.id]).await?;
        large.note(row);
    }
    tx.commit().await?;
    Ok(present)
}

/// The highest of each person in each conversation, by conversation id: the order of locks.
fn merge(batch: &[Mark]) -> Vec<Mark> {
    let mut merged = std::collections::BTreeMap::<_, Mark>::new();
    for mark in batch {
        let entry = merged.entry((mark.conversation_id, mark.user_id)).or_insert(*mark);
        entry.delivered_seq = entry.delivered_seq.max(mark.delivered_seq);
        entry.read_seq = entry.read_seq.max(mark.read_seq);
    }
    merged.into_values().collect()
}

/// Watermarks only rise, never above what there is; read implies delivered.
fn raise(member: &mut MemberRow, mark: &Mark, last_seq: i64) {
    member.read_seq = member.read_seq.max(mark.read_seq.min(last_seq));
    member.delivered_seq = member.delivered_seq.max(mark.delivered_seq.min(last_seq)).max(member.read_seq);
}

/// In small groups everyone hears everyone's watermarks, one's own too. In large ones only one's own devices do.
async fn tell_privately(tx: &mut Tx, row: &ConversationRow, member: &mut MemberRow) -> Result<()> {
    if row.is_detailed() {
        member.version = row.version;
        return Ok(());
    }
    member.mine_version += 1;
    let mine = member.mine(hidden_of(tx, member).await?);
    tx.emit(Audience::Person(member.user_id), Event::MineUpdated { mine });
    Ok(())
}

async fn tell_everyone(tx: &mut Tx, row: &ConversationRow, risen: &[MemberRow]) -> Result<()> {
    let (positions, lowest) = if row.is_detailed() {
        let position = |member: &MemberRow| Position {
            user_id: member.user_id,
            delivered_seq: member.delivered_seq,
            read_seq: member.read_seq,
        };
        (Some(risen.iter().map(position).collect()), None)
    } else {
        (None, Some(lowest(tx, row.id).await?))
    };
    tx.emit(
        row.audience(None),
        Event::ReceiptUpdated { conversation_id: row.id, version: row.version, positions, lowest },
    );
    Ok(())
}
