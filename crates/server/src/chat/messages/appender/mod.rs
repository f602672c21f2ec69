//! The one road by which messages enter the log: whatever arrived while the last commit ran is appended in one transaction.
//! It never acknowledges before the commit, and never lets one bad item spoil the others.

mod store;

use std::{collections::HashMap, sync::Arc, time::Duration};

use convo_db::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tracing::error;
use uuid::Uuid;

use super::{Message, MessageKind, store as messages_store};
use crate::{
    app::{App, Tx},
    chat::receipts::Position,
    error::{Error, Result},
    events::{Audience, Event},
    ids::{ConversationId, UserId},
    sms::outbound::{self, Leaving},
};

/// Appends that wait for a transaction.
const QUEUE: usize = 4_096;
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
    /// A text or a note.
    pub kind: MessageKind,
    /// Of a text to a phone: how long it can be taken back.
    pub due_in: Duration,
    pub max_price_micros: Option<i64>,
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

#[derive(Clone)]
pub struct Appender(mpsc::Sender<Append>);

impl Appender {
    pub fn new() -> (Self, mpsc::Receiver<Append>) {
        let (queue, appends) = mpsc::channel(QUEUE);
        (Self(queue), appends)
    }

    /// Returns when it is durable. Who stops waiting has sent it nevertheless.
    pub async fn append(&self, draft: Draft) -> Result<Sent> {
        let (answer, answered) = oneshot::channel();
        self.0
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
///
/// While one batch is made durable the next one begins; what waits is taken after that, so batches are as large as they can be.
/// Where both hold the same conversation, its lock keeps them in order.
pub async fn run(app: App, mut appends: mpsc::Receiver<Append>) {
    let turn = Turn::new(Semaphore::new(1));
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
        let begun = begin(&app, &turn).await;
        while batch.len() < BATCH
            && let Ok(append) = appends.try_recv()
        {
            batch.push(append);
        }
        app.spawn(append_and_answer(app.clone(), turn.clone(), begun, std::mem::take(&mut batch)));
    }
}

type Turn = Arc<Semaphore>;

/// Its turn ends when the transaction goes to be committed.
struct Begun {
    tx: Tx,
    turn: OwnedSemaphorePermit,
}

async fn begin(app: &App, turn: &Turn) -> Result<Begun> {
    let turn = turn.clone().acquire_owned().await.map_err(Error::internal)?;
    Ok(Begun { tx: app.begin_batch().await?, turn })
}

async fn append_and_answer(app: App, turn: Turn, begun: Result<Begun>, batch: Vec<Append>) {
    let (drafts, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|append| (append.draft, append.answer)).unzip();
    let results = append_or_halve(&app, &turn, begun, &drafts).await;
    for (answer, result) in answers.into_iter().zip(results) {
        // Nobody may be waiting any more; the message is stored all the same.
        let _ = answer.send(result);
    }
}

/// If the whole fails, its halves are tried, until only the item at fault hears of it.
async fn append_or_halve(app: &App, turn: &Turn, begun: Result<Begun>, drafts: &[Draft]) -> Vec<Result<Sent>> {
    let appended = match begun {
        Ok(begun) => append_all(app, begun, drafts, app.clock.now()).await,
        Err(error) => Err(error),
    };
    match appended {
        Ok(results) => results,
        Err(error) if drafts.len() == 1 => {
            error!(%error, cause = error.cause().map(|cause| format!("{cause:#}")), "An append failed");
            vec![Err(error)]
        }
        Err(_) => {
            let mut results = vec![];
            for half in drafts.chunks(drafts.len().div_ceil(2)) {
                results.extend(Box::pin(append_or_halve(app, turn, begin(app, turn).await, half)).await);
            }
            results
        }
    }
}

/// Appends everything, in one transaction; each item has its own result.
///
/// The same `client_id` again gives the first message, because phones retry on bad networks;
/// that holds even if the sender could not send it today, so repeats are answered before anyone is asked for permission.
async fn append_all(
    app: &App,
    Begun { mut tx, turn }: Begun,
    drafts: &[Draft],
    now: Timestamp,
) -> Result<Vec<Result<Sent>>> {
    store::lock(&mut tx, drafts).await?;
    let states = store::look(&mut tx, drafts).await?;
    let mut judged = judge(drafts, &states);
    let texts = charge(app, &mut tx, drafts, &states, &mut judged, now).await?;
    let (decisions, log) = place(drafts, &states, judged, &texts, now);
    if !log.fresh.is_empty() {
        let ends: Vec<_> =
            log.conversations.iter().map(|(id, end)| store::End::new(*id, end.last_seq, end.version)).collect();
        store::append(&mut tx, &store::Appended { ends: &ends, fresh: &log.fresh, now }).await?;
    }
    let leaving: Vec<_> =
        log.fresh.iter().filter_map(|fresh| Some((&fresh.message, texts.get(&fresh.draft)?))).collect();
    outbound::actions::queue(&mut tx, &leaving, now).await?;
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
    drop(turn);
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

/// What is known of a draft before anything is paid or placed.
enum Judged {
    Allowed,
    /// Of an earlier item of the same batch: its index.
    Same(usize),
    Repeat {
        seq: i64,
        is_member: bool,
    },
    Refused(Error),
}

fn judge(drafts: &[Draft], states: &[Option<store::State>]) -> Vec<Judged> {
    let mut first = HashMap::new();
    let one = |(index, (draft, state)): (usize, (&Draft, &Option<store::State>))| {
        let Some(state) = state else { return Judged::Refused(Error::not_found("conversation")) };
        if let Some(seq) = state.repeat_seq {
            return Judged::Repeat { seq, is_member: state.is_member };
        }
        let same = (draft.conversation_id, draft.sender_id, draft.client_id);
        if let Some(earlier) = first.get(&same) {
            return Judged::Same(*earlier);
        }
        if let Err(error) = state.allows(draft) {
            return Judged::Refused(error);
        }
        first.insert(same, index);
        Judged::Allowed
    };
    drafts.iter().zip(states).enumerate().map(one).collect()
}

/// The phone network's share: what of the allowed goes to a phone is checked, cut and paid; who cannot pay is refused.
async fn charge(
    app: &App,
    tx: &mut Tx,
    drafts: &[Draft],
    states: &[Option<store::State>],
    judged: &mut [Judged],
    now: Timestamp,
) -> Result<HashMap<usize, Leaving>> {
    let mut wishes = vec![];
    for (index, (draft, state)) in drafts.iter().zip(states).enumerate() {
        let Some(state) = state.as_ref().filter(|_| matches!(judged[index], Judged::Allowed)) else { continue };
        let Some((number_id, party)) = state.line(draft) else { continue };
        wishes.push(outbound::Wish {
            item: index,
            number_id,
            party,
            body: &draft.body,
            opted_out_at: state.opted_out_at,
            due_in: draft.due_in,
            max_price_micros: draft.max_price_micros,
            key: format!(
                "text:{}:{}:{}",
                draft.conversation_id.0.simple(),
                draft.sender_id.0.simple(),
                draft.client_id.simple()
            ),
        });
    }
    let mut texts = HashMap::new();
    for (item, accepted) in outbound::actions::accept(app, tx, &wishes, now).await? {
        match accepted {
            Ok(leaving) => {
                texts.insert(item, leaving);
            }
            Err(error) => judged[item] = Judged::Refused(error),
        }
    }
    Ok(texts)
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
    /// Which of the drafts it was.
    draft: usize,
    members_version: i64,
    /// The sender had nothing unread, so their own watermarks follow.
    moves_watermarks: bool,
}

/// Where each conversation of the batch stands after the items placed so far.
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

/// Gives everything that is allowed its place, in the order of the drafts.
fn place(
    drafts: &[Draft],
    states: &[Option<store::State>],
    judged: Vec<Judged>,
    texts: &HashMap<usize, Leaving>,
    now: Timestamp,
) -> (Vec<Decision>, Log) {
    let mut log = Log { conversations: HashMap::new(), fresh: vec![], now };
    let mut decisions: Vec<Decision> = vec![];
    for (index, judged) in judged.into_iter().enumerate() {
        decisions.push(match (judged, &states[index]) {
            (Judged::Allowed, Some(state)) => {
                log.place(index, &drafts[index], state, texts.get(&index));
                Decision::Fresh(log.fresh.len() - 1)
            }
            (Judged::Same(earlier), _) => match &decisions[earlier] {
                Decision::Fresh(fresh) => Decision::SameBatch(*fresh),
                Decision::Refused(error) => Decision::Refused(error.clone()),
                Decision::SameBatch(_) | Decision::Repeat { .. } => unreachable!("the first of its kind is neither"),
            },
            (Judged::Repeat { seq, is_member }, _) => {
                Decision::Repeat { id: drafts[index].conversation_id, seq, is_member }
            }
            (Judged::Refused(error), _) => Decision::Refused(error),
            (Judged::Allowed, None) => unreachable!("what has no conversation was refused"),
        });
    }
    (decisions, log)
}

impl Log {
    fn place(&mut self, index: usize, draft: &Draft, state: &store::State, text: Option<&Leaving>) {
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
                kind: draft.kind,
                sender_id: Some(draft.sender_id),
                client_id: Some(draft.client_id),
                body: draft.body.clone(),
                system: None,
                reply_to_seq: draft.reply_to_seq,
                reactions: vec![],
                created_at: self.now,
                edited_at: None,
                deleted_at: None,
                delivery: text.map(Leaving::delivery),
            },
            draft: index,
            members_version: state.members_version,
            moves_watermarks,
        });
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
