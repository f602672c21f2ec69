//! The one road by which messages enter the log: whatever arrived while the last commit ran is appended in one transaction.
//! It never acknowledges before the commit, and never lets one bad item spoil the others.

mod store;

use std::{collections::HashMap, time::Duration};

use convo_db::{Db, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tracing::error;
use uuid::Uuid;

use super::{Message, MessageKind, store as messages_store};
use crate::{
    app::App,
    chat::receipts::Position,
    error::{Error, Result},
    events::{Audience, Event},
    ids::{ConversationId, UserId},
};

/// Appends that wait for a transaction.
const QUEUE: usize = 4_096;
/// SQLite has one writer. On PostgreSQL one prepares its batch while the commit of another is made durable.
const POSTGRES_WRITERS: usize = 2;
/// Appended with one commit.
const BATCH: usize = 256;
/// How long a sender waits for room in the queue before they hear `unavailable`.
const WAIT_FOR_ROOM: Duration = Duration::from_secs(5);
/// Who sends what makes a transaction fail is slowed by this, because their item cost everybody a second try.
const SLOW_DOWN: Duration = Duration::from_millis(500);

/// A checked draft on its way into the log.
#[derive(Debug, Clone)]
pub struct Draft {
    pub conversation_id: ConversationId,
    pub sender_id: UserId,
    pub client_id: Uuid,
    pub body: String,
    pub reply_to_seq: Option<i64>,
}

/// What became of it; `repeated` if the same `client_id` was there before.
#[derive(Debug, Clone)]
pub struct Sent {
    pub message: Message,
    pub repeated: bool,
}

pub struct Append {
    draft: Draft,
    answer: oneshot::Sender<Result<Sent>>,
}

/// One queue for each writer; a conversation always goes to the same one, so that its batches stay whole.
#[derive(Clone)]
pub struct Appender(Vec<mpsc::Sender<Append>>);

impl Appender {
    pub fn new(db: &Db) -> (Self, Vec<mpsc::Receiver<Append>>) {
        let writers = if db.is_postgres() { POSTGRES_WRITERS } else { 1 };
        let (queues, appends) = (0..writers).map(|_| mpsc::channel(QUEUE)).unzip();
        (Self(queues), appends)
    }

    /// Returns when it is durable. Who stops waiting has sent it nevertheless.
    pub async fn append(&self, draft: Draft) -> Result<Sent> {
        let (answer, answered) = oneshot::channel();
        let writer = draft.conversation_id.0.as_u128() % self.0.len() as u128;
        self.0[usize::try_from(writer).expect("smaller than a length")]
            .send_timeout(Append { draft, answer }, WAIT_FOR_ROOM)
            .await
            .map_err(|_| Error::unavailable("The server is very busy. Your message was not sent; try again."))?;
        let sent = answered.await.map_err(|_| {
            Error::unavailable("The server is stopping. Try again in a moment; your message is sent at most once.")
        })?;
        if matches!(&sent, Err(error) if error.status.is_server_error()) {
            tokio::time::sleep(SLOW_DOWN).await;
        }
        sent
    }
}

/// Appends until the server has stopped and nothing waits any more.
pub async fn run(app: App, mut appends: mpsc::Receiver<Append>) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let received = tokio::select! {
            biased;
            received = appends.recv_many(&mut batch, BATCH) => received,
            () = app.stopped.cancelled() => 0,
        };
        if received == 0 {
            return;
        }
        let (drafts, answers): (Vec<_>, Vec<_>) = batch.drain(..).map(|append| (append.draft, append.answer)).unzip();
        let results = append_or_halve(&app, &drafts).await;
        for (answer, result) in answers.into_iter().zip(results) {
            // Nobody may be waiting any more; the message is stored all the same.
            let _ = answer.send(result);
        }
    }
}

/// If the whole fails, its halves are tried, until only the item at fault hears of it.
async fn append_or_halve(app: &App, drafts: &[Draft]) -> Vec<Result<Sent>> {
    match append_all(app, drafts).await {
        Ok(results) => results,
        Err(error) if drafts.len() == 1 => {
            error!(%error, cause = error.cause().map(|cause| format!("{cause:#}")), "An append failed");
            vec![Err(error)]
        }
        Err(_) => {
            let (first, second) = drafts.split_at(drafts.len() / 2);
            let mut results = Box::pin(append_or_halve(app, first)).await;
            results.extend(Box::pin(append_or_halve(app, second)).await);
            results
        }
    }
}

/// Appends everything, in one transaction; each item has its own result.
///
/// The same `client_id` again gives the first message, because phones retry on bad networks;
/// that holds even if the sender could not send it today, so repeats are answered before anyone is asked for permission.
async fn append_all(app: &App, drafts: &[Draft]) -> Result<Vec<Result<Sent>>> {
    let now = app.clock.now();
    let mut tx = app.begin_batch().await?;
    store::lock(&mut tx, drafts).await?;
    let states = store::look(&mut tx, drafts).await?;
    let mut log = Log { conversations: HashMap::new(), fresh: vec![], now };
    let decisions: Vec<Decision> =
        drafts.iter().zip(&states).map(|(draft, state)| log.decide(draft, state.as_ref())).collect();
    if !log.fresh.is_empty() {
        let ends: Vec<_> =
            log.conversations.iter().map(|(id, end)| store::End::new(*id, end.last_seq, end.version)).collect();
        store::append(&mut tx, &store::Appended { ends: &ends, fresh: &log.fresh, now }).await?;
    }
    let repeated: Vec<_> = decisions
        .iter()
        .filter_map(|decision| if let Decision::Repeat { id, seq, .. } = decision { Some((*id, *seq)) } else { None })
        .collect();
    let repeated: HashMap<_, _> = messages_store::list_at(&mut tx, &repeated)
        .await?
        .into_iter()
        .map(|message| ((message.conversation_id, message.seq), message))
        .collect();
    for fresh in &log.fresh {
        tx.emit(fresh.audience(), fresh.event());
    }
    tx.commit().await?;
    Ok(decisions
        .into_iter()
        .map(|decision| match decision {
            Decision::Refused(error) => Err(error),
            Decision::Fresh(index) => Ok(Sent { message: log.fresh[index].message.clone(), repeated: false }),
            Decision::SameBatch(index) => Ok(Sent { message: log.fresh[index].message.clone(), repeated: true }),
            Decision::Repeat { id, seq, is_member } => repeated
                .get(&(id, seq))
                .and_then(|message| if is_member { Some(message.clone()) } else { message.without_news() })
                .map(|message| Sent { message, repeated: true })
                .ok_or_else(|| Error::not_found("message")),
        })
        .collect())
}

enum Decision {
    /// Appended now, or by an earlier item of the same batch: an index into `Log::fresh`.
    Fresh(usize),
    SameBatch(usize),
    /// Stored before.
    Repeat {
        id: ConversationId,
        seq: i64,
        is_member: bool,
    },
    Refused(Error),
}

/// A message that this transaction appends.
struct Fresh {
    message: Message,
    members_version: i64,
    /// The sender had nothing unread, so their own watermarks follow.
    moves_watermarks: bool,
}

/// Where each conversation of the batch stands after the items decided so far.
struct Log {
    conversations: HashMap<ConversationId, End>,
    fresh: Vec<Fresh>,
    now: Timestamp,
}

struct End {
    last_seq: i64,
    version: i64,
    /// Who appended in this batch: for everybody else that is unread.
    senders: Vec<UserId>,
}

impl Log {
    fn decide(&mut self, draft: &Draft, state: Option<&store::State>) -> Decision {
        let Some(state) = state else { return Decision::Refused(Error::not_found("conversation")) };
        if let Some(seq) = state.repeat_seq {
            return Decision::Repeat { id: draft.conversation_id, seq, is_member: state.is_member };
        }
        let same = |fresh: &Fresh| {
            fresh.message.conversation_id == draft.conversation_id
                && fresh.message.sender_id == Some(draft.sender_id)
                && fresh.message.client_id == Some(draft.client_id)
        };
        if let Some(index) = self.fresh.iter().position(same) {
            return Decision::SameBatch(index);
        }
        if let Err(error) = state.allows(draft) {
            return Decision::Refused(error);
        }
        let end = self.conversations.entry(draft.conversation_id).or_insert_with(|| End {
            last_seq: state.last_seq,
            version: state.version,
            senders: vec![],
        });
        end.last_seq += 1;
        end.version += 1;
        let moves_watermarks = !state.unread && end.senders.iter().all(|sender| *sender == draft.sender_id);
        end.senders.push(draft.sender_id);
        self.fresh.push(Fresh {
            message: Message {
                conversation_id: draft.conversation_id,
                seq: end.last_seq,
                version: end.version,
                kind: MessageKind::Text,
                sender_id: Some(draft.sender_id),
                client_id: Some(draft.client_id),
                body: draft.body.clone(),
                system: None,
                reply_to_seq: draft.reply_to_seq,
                reactions: vec![],
                created_at: self.now,
                edited_at: None,
                deleted_at: None,
            },
            members_version: state.members_version,
            moves_watermarks,
        });
        Decision::Fresh(self.fresh.len() - 1)
    }
}

impl Fresh {
    fn audience(&self) -> Audience {
        Audience::Members {
            conversation_id: self.message.conversation_id,
            members_version: self.members_version,
            version: self.message.version,
            // Who joined after it was said may be a member by the time it is delivered.
            seq: Some(self.message.seq),
        }
    }

    fn event(&self) -> Event {
        let position = self.message.sender_id.filter(|_| self.moves_watermarks).map(|user_id| Position {
            user_id,
            delivered_seq: self.message.seq,
            read_seq: self.message.seq,
        });
        Event::MessageCreated {
            conversation_id: self.message.conversation_id,
            version: self.message.version,
            message: self.message.clone(),
            sender_position: position,
        }
    }
}
