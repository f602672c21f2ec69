//! Taking in what carriers hand over: recorded, joined, put into the thread, answered where it asks for it.
//! Lock order as everywhere: conversations by id, then numbers, wallets last.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use convo_carriers::Inbound;
use convo_db::{Timestamp, hex};
use convo_phone::{
    Party,
    sms::{self, Payload, Reference},
};
use uuid::Uuid;

use super::{
    ANSWERS_WITHIN, COMES_AGAIN, MAX_ANSWERS, MAX_UNANSWERED, MISSING, WAIT_FOR_PARTS,
    store::{self, InboundRow, NewPart},
};
use crate::{
    app::{App, Tx},
    billing::ledger::{self, Account, Transfer, WalletId},
    chat::{
        conversations::{self, ConversationRow},
        messages::{
            Message, SystemEvent, SystemLine,
            phone::{Received, append_answer, append_received},
        },
    },
    error::{Error, Result},
    ids::{CodeId, ConversationId, TemporaryId},
    sms::{
        encoding_name, encoding_named,
        numbers::{self, NumberRow},
        optouts::{self, Word},
        outbound::{self, Leaving},
        temporary,
        verifications::{
            self,
            matching::{Arrived, Line},
        },
    },
};

/// Looked at with one turn.
const OVERDUE_AT_ONCE: i64 = 500;

/// A text that is whole, or as whole as it will get.
struct Whole {
    from: Party,
    to: String,
    body: String,
    parts: Vec<Uuid>,
    /// Its first part.
    sent_at: Timestamp,
}

/// Stores everything, in one transaction; what the carrier hands over again changes nothing.
pub async fn accept(app: &App, carrier: &str, inbound: &[Inbound]) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin_batch().await?;
    let references: Vec<_> = inbound.iter().map(reference).collect();
    let mut fresh: Vec<_> =
        inbound.iter().zip(&references).map(|(part, reference)| new_part(part, reference)).collect();
    // In one order, before any other lock: whoever records the same waits for nobody who waits for them.
    fresh.sort_by(|one, other| one.c.cmp(&other.c));
    let fresh = absorb(&mut tx, carrier, fresh, now).await?;
    let recorded = store::record(&mut tx, carrier, &fresh, now).await?;
    let wholes = collect(&mut tx, carrier, recorded).await?;
    put_into_threads(app, &mut tx, carrier, wholes, now).await?;
    tx.commit().await
}

/// Of texts without an id, those that come again on another connection because nobody answered them on theirs: each row that waits
/// for its answer takes in one, and waits for it on the connection that brought it. What is left is new.
async fn absorb<'a>(tx: &mut Tx, carrier: &str, fresh: Vec<NewPart<'a>>, now: Timestamp) -> Result<Vec<NewPart<'a>>> {
    let Some(session) = fresh.iter().find_map(|part| part.z.clone()) else { return Ok(fresh) };
    let since = now.minus(COMES_AGAIN);
    let mut unanswered = store::list_unanswered(tx, carrier, &session, since, MAX_UNANSWERED).await?;
    let (mut left, mut absorbed) = (vec![], vec![]);
    for part in fresh {
        match unanswered.iter().position(|row| part.comes_again(row)) {
            Some(index) => absorbed.push((unanswered.remove(index).part.id, part.z.clone())),
            None => left.push(part),
        }
    }
    if !absorbed.is_empty() {
        store::save_sessions(tx, &absorbed).await?;
    }
    Ok(left)
}

/// What these connections brought until then has its answers: an equal text on another one is another text.
pub async fn mark_answered(app: &App, carrier: &str, sessions: &[Uuid], through: Timestamp) -> Result<()> {
    let mut tx = app.begin().await?;
    store::mark_answered(&mut tx, carrier, sessions, through).await?;
    tx.commit().await
}

/// Keeps what could not be put into its thread, where it waits for people and comes to no harm.
pub async fn keep_refused(app: &App, carrier: &str, inbound: &[Inbound]) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin_batch().await?;
    let references: Vec<_> = inbound.iter().map(reference).collect();
    let fresh: Vec<_> = inbound.iter().zip(&references).map(|(part, reference)| new_part(part, reference)).collect();
    let recorded = store::record(&mut tx, carrier, &fresh, now).await?;
    let ids: Vec<_> = recorded.iter().map(|part| part.id).collect();
    store::save_outcome(&mut tx, &ids, "refused").await?;
    tx.commit().await
}

/// Shows what waited too long for its parts.
pub async fn give_up_waiting(app: &App, carrier: &str) -> Result<()> {
    let now = app.clock.now();
    let before = now.minus(WAIT_FOR_PARTS);
    let overdue = store::list_overdue(&mut app.db.read(), carrier, before, OVERDUE_AT_ONCE).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin_batch().await?;
    let mut texts = BTreeMap::new();
    for part in overdue {
        texts
            .entry((part.from_party.clone(), part.to_party.clone(), part.reference.clone()))
            .or_insert_with(Vec::new)
            .push(part);
    }
    let mut wholes = vec![];
    for parts in texts.into_values() {
        wholes.push(whole(parts)?);
    }
    put_into_threads(app, &mut tx, carrier, wholes, now).await?;
    tx.commit().await
}

fn reference(inbound: &Inbound) -> String {
    match inbound.payload.part {
        None => String::new(),
        Some(part) => match part.reference {
            Reference::Short(reference) => format!("8:{reference}:{}", part.total),
            Reference::Long(reference) => format!("16:{reference}:{}", part.total),
        },
    }
}

fn new_part<'a>(inbound: &'a Inbound, reference: &'a str) -> NewPart<'a> {
    let part = inbound.payload.part;
    NewPart {
        i: hex(Uuid::now_v7()),
        c: inbound.id.as_deref(),
        f: inbound.from.to_string(),
        t: inbound.to.to_string(),
        r: reference,
        p: part.map_or(1, |part| i64::from(part.number)),
        n: part.map_or(1, |part| i64::from(part.total)),
        e: encoding_name(inbound.payload.encoding),
        b: store::hex_of(&inbound.payload.body),
        s: inbound.at.micros(),
        z: inbound.session.map(hex),
        a: inbound.session.is_none(),
    }
}

/// Texts that are whole with what was just recorded.
async fn collect(tx: &mut Tx, carrier: &str, recorded: Vec<InboundRow>) -> Result<Vec<Whole>> {
    let (alone, of_several): (Vec<_>, Vec<_>) = recorded.into_iter().partition(|part| part.parts == 1);
    let mut wholes = alone.into_iter().map(|part| whole(vec![part])).collect::<Result<Vec<_>>>()?;
    let mut texts: Vec<_> = of_several
        .iter()
        .map(|part| (part.from_party.as_str(), part.to_party.as_str(), part.reference.as_str()))
        .collect();
    texts.sort_unstable();
    texts.dedup();
    if texts.is_empty() {
        return Ok(wholes);
    }
    let mut waiting = BTreeMap::new();
    for part in store::list_waiting(tx, carrier, &texts).await? {
        let text = (part.from_party.clone(), part.to_party.clone(), part.reference.clone());
        waiting.entry(text).or_insert_with(BTreeMap::new).entry(part.part).or_insert_with(Vec::new).push(part);
    }
    for mut parts in waiting.into_values() {
        let total = parts.values().next().map_or(0, |parts| parts[0].parts);
        // Two texts under one reference: the oldest of each place belong together.
        while i64::try_from(parts.len()).is_ok_and(|places| places == total) {
            wholes.push(whole(parts.values_mut().map(|place| place.remove(0)).collect())?);
            parts.retain(|_, place| !place.is_empty());
        }
    }
    Ok(wholes)
}

/// Joins what there is; a place that lacks its part is marked.
fn whole(mut parts: Vec<InboundRow>) -> Result<Whole> {
    parts.sort_by_key(|part| part.part);
    parts.dedup_by_key(|part| part.part);
    let payloads = parts.iter().map(payload).collect::<Result<Vec<_>>>()?;
    let first = parts.first().ok_or_else(|| Error::internal(anyhow::anyhow!("a text without parts")))?;
    let body = sms::join(&payloads).unwrap_or_else(|_| with_gaps(&parts, &payloads));
    Ok(Whole {
        from: first.from_party.parse().map_err(Error::internal)?,
        to: first.to_party.clone(),
        // Neither engine stores it, and no phone shows it.
        body: body.replace('\0', ""),
        parts: parts.iter().map(|part| part.id).collect(),
        sent_at: parts.iter().map(|part| part.sent_at).min().unwrap_or(first.sent_at),
    })
}

fn with_gaps(parts: &[InboundRow], payloads: &[Payload]) -> String {
    let total = parts.first().map_or(0, |part| part.parts);
    let text = |place| parts.iter().position(|part| part.part == place).map(|index| payloads[index].text());
    (1..=total).map(|place| text(place).unwrap_or_else(|| MISSING.to_owned())).collect()
}

fn payload(part: &InboundRow) -> Result<Payload> {
    let number = |value: i64| u8::try_from(value).map_err(Error::internal);
    let of_several = match part.reference.split(':').collect::<Vec<_>>()[..] {
        ["8", reference, _] => Some(Reference::Short(reference.parse().map_err(Error::internal)?)),
        ["16", reference, _] => Some(Reference::Long(reference.parse().map_err(Error::internal)?)),
        _ => None,
    };
    let (place, total) = (number(part.part)?, number(part.parts)?);
    Ok(Payload {
        part: of_several.map(|reference| sms::Part { reference, number: place, total }),
        encoding: encoding_named(&part.encoding),
        body: part.body.clone(),
    })
}

async fn put_into_threads(app: &App, tx: &mut Tx, carrier: &str, wholes: Vec<Whole>, now: Timestamp) -> Result<()> {
    if wholes.is_empty() {
        return Ok(());
    }
    let phones: Vec<_> = wholes.iter().map(|text| text.to.as_str()).collect();
    let numbers: HashMap<_, _> = numbers::access::list_owned_by_phone(tx, &phones)
        .await?
        .into_iter()
        // A text never changes worlds: what one carrier brings is for the numbers that it sold, or for those of its own world.
        .filter(|number| app.carriers.may_bring(carrier, number.mode))
        .map(|number| (number.number.clone(), number))
        .collect();
    let (found, rest): (Vec<_>, Vec<_>) = wholes.into_iter().partition(|text| numbers.contains_key(&text.to));
    let lent = lent(app, tx, carrier, &rest).await?;
    let mut threads = HashMap::new();
    let mut texts = vec![];
    for text in found {
        let number = &numbers[&text.to];
        let key = (number.id, text.from.clone());
        let id = match threads.get(&key) {
            Some(id) => *id,
            None => numbers::actions::thread_with(tx, number, &text.from, now).await?.0,
        };
        threads.insert(key, id);
        texts.push((id, number, text));
    }
    let words = words_for_nobody(app, tx, carrier, rest.iter().filter(|text| !lent.contains_key(&text.to))).await?;
    let mut ids: Vec<_> = threads.into_values().chain(words.iter().map(|(id, _)| *id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut rows: HashMap<_, _> =
        conversations::access::lock(tx, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    // Numbers come after conversations. One that was given back at this moment makes the batch begin again, without it.
    let owned: BTreeSet<_> = texts.iter().map(|(_, number, _)| number.id).collect();
    if numbers::access::lock_owned(tx, &owned.iter().copied().collect::<Vec<_>>()).await?.len() != owned.len() {
        return Err(Error::conflict("number_released", "A number was given back while a text for it arrived."));
    }
    let own = texts.iter().map(|(_, number, text)| (Line::Own(number.id), text));
    let lent = rest.iter().filter_map(|text| Some((Line::Temporary(*lent.get(&text.to)?), text)));
    let arrived: Vec<_> = own.chain(lent).filter_map(|(on, text)| text.arrived(on)).collect();
    let mut taken = verifications::matching::take_in(tx, &arrived, now).await?;
    append(app, tx, &mut rows, &texts, std::mem::take(&mut taken.settlements), now).await?;
    for (id, word) in words {
        if let Some(row) = rows.get_mut(&id)
            && obey(row, word, now).is_some()
        {
            conversations::actions::emit_updated(tx, row, vec![]).await?;
        }
    }
    conversations::actions::save_all(tx, rows.values()).await?;
    let is_taken = |text: &&Whole| text.arrived_id().is_some_and(|id| taken.has(id));
    let (kept, lost): (Vec<_>, Vec<_>) = rest.iter().partition(is_taken);
    let kept = kept.into_iter().chain(texts.iter().map(|(.., text)| text));
    let parts: Vec<_> = kept.flat_map(|text| text.parts.iter().copied()).collect();
    store::save_outcome(tx, &parts, "appended").await?;
    let lost: Vec<_> = lost.into_iter().flat_map(|text| text.parts.iter().copied()).collect();
    store::save_outcome(tx, &lost, "no_number").await?;
    taken.tell(tx).await
}

/// STOP and START for a number that nobody has now, with the last thread of it: who takes the number next finds it as it was said.
async fn words_for_nobody(
    app: &App,
    tx: &mut Tx,
    carrier: &str,
    texts: impl Iterator<Item = &Whole>,
) -> Result<Vec<(ConversationId, Word)>> {
    let mut words = vec![];
    for text in texts {
        let Some(word) = optouts::word(&text.body) else { continue };
        let last = conversations::actions::find_last_line(tx, &text.to, &text.from.to_string()).await?;
        let Some((id, number_id)) = last else { continue };
        let number = numbers::access::list(tx, [number_id]).await?.pop();
        if number.is_some_and(|number| app.carriers.may_bring(carrier, number.mode)) {
            words.push((id, word));
        }
    }
    Ok(words)
}

/// What changes by the word; nothing if it was said before, or changes nothing.
fn obey(row: &mut ConversationRow, word: Word, now: Timestamp) -> Option<SystemEvent> {
    match word {
        Word::Stop if row.opted_out_at.is_none() => {
            row.opted_out_at = Some(now);
            Some(SystemEvent::OptedOut)
        }
        Word::Start if row.opted_out_at.is_some() => {
            row.opted_out_at = None;
            Some(SystemEvent::OptedIn)
        }
        Word::Stop | Word::Start | Word::Help => None,
    }
}

/// Of the texts for nobody's number, those for one that we lend.
async fn lent(app: &App, tx: &mut Tx, carrier: &str, texts: &[Whole]) -> Result<HashMap<String, TemporaryId>> {
    let phones: Vec<_> = texts.iter().map(|text| text.to.as_str()).collect();
    let lent = temporary::access::list_by_phone(tx, &phones).await?;
    let ours = lent.into_iter().filter(|number| app.carriers.may_bring(carrier, number.mode));
    Ok(ours.map(|number| (number.number, number.id)).collect())
}

impl Whole {
    fn arrived_id(&self) -> Option<CodeId> {
        self.parts.first().copied().map(CodeId)
    }

    fn arrived(&self, on: Line) -> Option<Arrived<'_>> {
        Some(Arrived { id: self.arrived_id()?, on, from: &self.from, body: &self.body, sent_at: self.sent_at })
    }
}

/// Appends the texts in their order, each followed by the answer that it asks for.
async fn append(
    app: &App,
    tx: &mut Tx,
    rows: &mut HashMap<ConversationId, ConversationRow>,
    texts: &[(ConversationId, &NumberRow, Whole)],
    settlements: Vec<Transfer>,
    now: Timestamp,
) -> Result<()> {
    let prices = charge(app, tx, texts, settlements, now).await?;
    let mut answers: Vec<(Message, Leaving)> = vec![];
    let mut received = vec![];
    for ((id, number, text), price_micros) in texts.iter().zip(prices) {
        received.push(Received {
            conversation_id: *id,
            body: text.body.clone(),
            segments: i64::try_from(text.parts.len()).unwrap_or(i64::MAX),
            price_micros,
        });
        // What it asks for is answered right behind it.
        if let Some(word) = optouts::word(&text.body) {
            append_received(tx, rows, std::mem::take(&mut received), now).await?;
            if let Some(row) = rows.get_mut(id) {
                let before = answers.iter().filter(|(message, _)| message.conversation_id == *id).count();
                answers.extend(answer(app, tx, row, number, text, word, before, now).await?);
            }
        }
    }
    append_received(tx, rows, received, now).await?;
    let leaving: Vec<_> = answers.iter().map(|(message, leaving)| (message, leaving)).collect();
    outbound::actions::queue(tx, &leaving, now).await
}

/// What the wallet cannot pay is written off: nothing inbound is refused for money.
/// Holds that codes ended are settled with it, because wallets are locked once and in one order.
async fn charge(
    app: &App,
    tx: &mut Tx,
    texts: &[(ConversationId, &NumberRow, Whole)],
    mut transfers: Vec<Transfer>,
    now: Timestamp,
) -> Result<Vec<i64>> {
    let mut prices = vec![0; texts.len()];
    let settlements = transfers.len();
    let mut charged = vec![];
    for (index, (_, number, text)) in texts.iter().enumerate() {
        // Of a carrier that is gone, what still arrives is free.
        let each = app.carriers.get(&number.carrier).map_or(0, |carrier| carrier.inbound_micros());
        let amount_micros = each * i64::try_from(text.parts.len()).unwrap_or(i64::MAX);
        if let (true, Some(part)) = (amount_micros > 0, text.parts.first()) {
            let wallet = WalletId { user_id: number.user_id, mode: number.mode };
            let key = format!("received:{}", part.simple());
            charged.push(index);
            transfers.push(Transfer::charge(wallet, key, Account::Texts, amount_micros, text.from.to_string()));
        }
    }
    if transfers.is_empty() {
        return Ok(prices);
    }
    let mut posted = ledger::actions::post(tx, &transfers, now).await?;
    let charges = posted.split_off(settlements);
    posted.into_iter().collect::<Result<Vec<_>, _>>()?;
    for ((index, transfer), posted) in charged.into_iter().zip(&transfers[settlements..]).zip(charges) {
        if posted.is_ok() {
            prices[index] = transfer.amount_micros;
        }
    }
    Ok(prices)
}

/// STOP, START and HELP are obeyed under the lock of the one thread that they are for, and answered, free of charge.
/// `before` counts the answers to this thread that are not stored yet.
#[expect(clippy::too_many_arguments, reason = "the transaction, the thread, its number and the text")]
async fn answer(
    app: &App,
    tx: &mut Tx,
    row: &mut ConversationRow,
    number: &NumberRow,
    text: &Whole,
    word: Word,
    before: usize,
    now: Timestamp,
) -> Result<Option<(Message, Leaving)>> {
    let event = match (obey(row, word, now), word) {
        (Some(event), _) => event,
        (None, Word::Help) => SystemEvent::HelpAsked,
        (None, Word::Stop | Word::Start) => return Ok(None),
    };
    if event != SystemEvent::HelpAsked {
        conversations::actions::emit_updated(tx, row, vec![]).await?;
    }
    let line = SystemLine { event, actor_id: None, user_ids: vec![], text: None };
    let answered = outbound::actions::count_answers(tx, row.id, now.minus(ANSWERS_WITHIN)).await?;
    let may_answer = answered + i64::try_from(before).unwrap_or(i64::MAX) < MAX_ANSWERS;
    match leaving(app, number, text, word, now).filter(|_| may_answer) {
        Some((body, leaving)) => {
            let message = append_answer(tx, row, line, Some((body, leaving.delivery())), now).await?;
            Ok(Some((message, leaving)))
        }
        None if event == SystemEvent::HelpAsked => Ok(None),
        None => append_answer(tx, row, line, None, now).await.map(|_| None),
    }
}

/// What answers it; nothing where no answer can go.
fn leaving(app: &App, number: &NumberRow, text: &Whole, word: Word, now: Timestamp) -> Option<(String, Leaving)> {
    let carrier = app.carriers.route(number, &text.from).ok()?;
    if matches!(text.from, Party::Name(_)) || number.check_can_send(now).is_err() {
        return None;
    }
    let body = optouts::answer(word, &text.body, &number.label);
    let split = sms::split(&body);
    let leaving = Leaving {
        number_id: number.id,
        carrier: carrier.name.clone(),
        from: number.number.clone(),
        to: text.from.to_string(),
        encoding: split.encoding,
        texts: split.texts().map(str::to_owned).collect(),
        price_micros: 0,
        exempt: true,
        due_at: now,
    };
    Some((body, leaving))
}
