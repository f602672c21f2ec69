//! Accepting texts, taking them back, and everything that carriers tell of them.
//! Lock order as everywhere: conversations by id, then rows, wallets last.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use convo_carriers::{Outcome, Receipt, Submission, World};
use convo_db::Timestamp;
use convo_phone::{Party, sms};

use super::{
    KEEP_EARLY_RECEIPTS, Leaving, MAX_PARTS, News, OPTED_OUT, PartRow, PartState, Wish, delivery_of, failure_code,
    store, try_again_in,
};
use crate::{
    app::{App, Tx},
    billing::ledger::{self, Account, Refusal, Transfer, WalletId},
    caller::{Administrator, Caller},
    chat::{
        conversations,
        messages::{self, Message},
    },
    error::{Error, Result},
    ids::{ConversationId, NumberId, PartId},
    sms::{
        carriers::{Allowance, SIMULATOR},
        numbers::{self, NumberRow},
    },
};

/// Checks, cuts and charges texts inside the transaction that appends them, each with its own result.
/// The conversations are locked; the wallets are locked here.
pub async fn accept(
    app: &App,
    tx: &mut Tx,
    wishes: &[Wish<'_>],
    now: Timestamp,
) -> Result<Vec<(usize, Result<Leaving>)>> {
    if wishes.is_empty() {
        return Ok(vec![]);
    }
    let ids: BTreeSet<_> = wishes.iter().map(|wish| wish.number_id).collect();
    let numbers: HashMap<_, _> =
        numbers::access::list(tx, ids).await?.into_iter().map(|number| (number.id, number)).collect();
    let parties: Vec<_> = wishes.iter().map(|wish| wish.party).collect();
    let suppressed: BTreeSet<_> =
        store::list_suppressed(tx, &parties).await?.into_iter().map(|(party,)| party).collect();
    let mut results: Vec<(usize, Result<Leaving>)> = wishes
        .iter()
        .map(|wish| (wish.item, check(app, wish, numbers.get(&wish.number_id), suppressed.contains(wish.party), now)))
        .collect();
    let mut charges = vec![];
    for (index, (wish, (_, result))) in wishes.iter().zip(&results).enumerate() {
        let (Ok(leaving), Some(number)) = (result, numbers.get(&wish.number_id)) else { continue };
        let price_micros = leaving.delivery().price_micros;
        if price_micros > 0 {
            charges.push((index, charge(number, wish, price_micros)));
        }
    }
    let transfers: Vec<_> = charges.iter().map(|(_, transfer)| transfer.clone()).collect();
    if !transfers.is_empty() {
        let posted = ledger::actions::post(tx, &transfers, now).await?;
        for ((index, _), posted) in charges.iter().zip(posted) {
            if let Err(refusal) = posted {
                results[*index].1 = Err(refusal.into());
            }
        }
    }
    Ok(results)
}

fn charge(number: &NumberRow, wish: &Wish<'_>, amount_micros: i64) -> Transfer {
    let wallet = WalletId { user_id: number.user_id, mode: number.mode };
    Transfer::charge(wallet, wish.key.clone(), Account::Texts, amount_micros, wish.party.to_owned())
}

fn check(
    app: &App,
    wish: &Wish<'_>,
    number: Option<&NumberRow>,
    is_suppressed: bool,
    now: Timestamp,
) -> Result<Leaving> {
    let number = number.ok_or_else(|| Error::not_found("number"))?;
    number.check_can_send(now)?;
    let party: Party = wish.party.parse().map_err(Error::internal)?;
    if let Party::Name(_) = party {
        return Err(Error::conflict("cannot_be_answered", "A name is no number: nobody can answer it."));
    }
    if wish.opted_out_at.is_some() {
        return Err(Error::conflict(
            "opted_out",
            "They replied STOP to this number. You can write again when they send START.",
        ));
    }
    if is_suppressed {
        return Err(Error::conflict(
            "suppressed",
            "An administrator of this server keeps this number from being texted. Ask them.",
        ));
    }
    let carrier = app.carriers.route(number, &party)?;
    if carrier.world() == World::Live && matches!(party, Party::Number(number) if number.is_fictional()) {
        return Err(Error::conflict("fictional_number", "This number exists in films only. Check it."));
    }
    let split = sms::split(wish.body);
    if split.segments.len() > MAX_PARTS {
        return Err(Error::invalid(
            "body",
            "text_too_long",
            format!(
                "The text needs {} messages of the network; {MAX_PARTS} is the most. Shorten it.",
                split.segments.len()
            ),
        ));
    }
    let leaving = Leaving {
        number_id: number.id,
        carrier: carrier.name.clone(),
        from: number.number.clone(),
        to: wish.party.to_owned(),
        encoding: split.encoding,
        texts: split.texts().map(str::to_owned).collect(),
        price_micros: carrier.text_micros(&party),
        exempt: false,
        due_at: now.plus(wish.due_in),
    };
    let price_micros = leaving.delivery().price_micros;
    match wish.max_price_micros {
        Some(max) if price_micros > max => Err(Error::conflict(
            "price_too_high",
            "The text would cost more than you allowed. Look at its price again, then send it.",
        )),
        _ => Ok(leaving),
    }
}

/// Puts accepted texts into the outbox, in the transaction of their messages.
pub async fn queue(tx: &mut Tx, leaving: &[(&Message, &Leaving)], now: Timestamp) -> Result<()> {
    if leaving.is_empty() {
        return Ok(());
    }
    store::insert(tx, leaving, now).await?;
    for (_, text) in leaving {
        tx.wake_carrier(&text.carrier);
    }
    Ok(())
}

/// How often the words of this thread were answered since then.
pub async fn count_answers(tx: &mut Tx, id: ConversationId, since: Timestamp) -> Result<i64> {
    let (count,) = store::count_exempt(tx, id, since).await?;
    Ok(count)
}

/// Takes a text back that has not left, and gives its price back. Repeating it changes nothing.
pub async fn cancel(app: &App, caller: &Caller, id: ConversationId, seq: i64) -> Result<Message> {
    let (user_id, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let witness = messages::access::to_write_again(&mut tx, user_id, id, seq).await?;
        let parts = store::lock_of_messages(&mut tx, &[(id, seq)]).await?;
        if parts.is_empty() {
            return Err(Error::conflict("not_a_text", "Only texts to a phone can be taken back."));
        }
        if parts.iter().all(|part| part.state == PartState::Cancelled) {
            return Ok(witness.message);
        }
        if parts.iter().any(|part| part.state != PartState::Queued) {
            return Err(Error::conflict("already_sent", "It is on its way already and cannot be taken back."));
        }
        let told = parts.iter().map(|part| (part.id, Told::bare(News::Cancelled))).collect();
        apply(&mut tx, vec![(id, seq)], told, now).await?;
        let message = messages::access::list_at(&mut tx, &[(id, seq)]).await?.pop();
        tx.commit().await?;
        message.ok_or_else(|| Error::not_found("message"))
    })
    .await
}

/// What waits of a number that ends, under the locks of its threads.
pub async fn cancel_of_number(tx: &mut Tx, id: NumberId, now: Timestamp) -> Result<()> {
    let waiting = store::list_queued_of_number(tx, id).await?;
    let places: BTreeSet<_> = waiting.iter().map(|(_, id, seq)| (*id, *seq)).collect();
    let told = waiting.into_iter().map(|(part, ..)| (part, Told::bare(News::Cancelled))).collect();
    apply(tx, places.into_iter().collect(), told, now).await
}

/// What is due, taken out of the queue for the wire: committed before it is returned.
pub async fn claim(
    app: &App,
    carrier: &str,
    lease_number: i64,
    limit: usize,
    allowance: &Allowance,
) -> Result<Vec<PartRow>> {
    let now = app.clock.now();
    let mut tx = app.begin_batch().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let claimed = store::claim(&mut tx, carrier, lease_number, now, limit, allowance).await?;
    let ids: Vec<_> = claimed.iter().filter(|(_, is_suppressed)| !is_suppressed).map(|(id, _)| *id).collect();
    let mut parts = if ids.is_empty() { vec![] } else { store::list(&mut tx, &ids).await? };
    tx.commit().await?;
    let suppressed: Vec<_> = claimed.into_iter().filter(|(_, is_suppressed)| *is_suppressed).collect();
    if !suppressed.is_empty() {
        let suppressed = suppressed.into_iter().map(|(id, _)| (id, Told::bare(News::Suppressed))).collect();
        tell(app, suppressed).await?;
    }
    parts.sort_by_key(|part| part.id);
    Ok(parts)
}

/// Where the message of a part is.
pub type Place = (ConversationId, i64);

/// What the wire said, and what the carrier tells later.
#[derive(Debug, Clone)]
pub enum Report {
    Wire { part: PartId, place: Place, submission: Submission },
    Receipt(Receipt),
}

/// News of one part, with what is kept of them.
#[derive(Debug, Clone)]
pub struct Told {
    news: News,
    detail: Option<String>,
}

impl Told {
    fn bare(news: News) -> Self {
        Self { news, detail: None }
    }

    fn wire(submission: Submission) -> Self {
        let detail = match &submission {
            Submission::Refused { detail, .. } => Some(detail.clone()),
            Submission::Unknown { reason } => Some(reason.clone()),
            _ => None,
        };
        Self { news: News::Wire(submission), detail }
    }

    fn receipt(receipt: &Receipt) -> Self {
        Self { news: News::Receipt(receipt.outcome), detail: Some(receipt.detail.clone()) }
    }
}

/// What a batch of reports tells of which parts, and the messages that these are of.
#[derive(Default)]
struct Batch {
    told: Vec<(PartId, Told)>,
    places: BTreeSet<Place>,
    /// Parts that the carrier took just now, by its ids.
    accepted: HashMap<String, PartId>,
}

/// Stores what a carrier told, in one transaction for the whole batch, and tells it to whoever sees the messages.
pub async fn report(app: &App, carrier: &str, reports: Vec<Report>) -> Result<()> {
    let now = app.clock.now();
    let (mut batch, mut receipts) = (Batch::default(), vec![]);
    for report in reports {
        match report {
            Report::Wire { part, place, submission } => {
                batch.places.insert(place);
                if let Submission::Accepted { carrier_id } = &submission {
                    batch.accepted.insert(carrier_id.clone(), part);
                }
                batch.told.push((part, Told::wire(submission)));
            }
            Report::Receipt(receipt) => receipts.push(receipt),
        }
    }
    let mut tx = app.begin_batch().await?;
    find_wire(&mut tx, carrier, &mut batch).await?;
    let early = find_receipts(&mut tx, carrier, &receipts, &mut batch).await?;
    if !early.is_empty() {
        store::keep_early(&mut tx, carrier, &early, now).await?;
    }
    apply(&mut tx, batch.places.into_iter().collect(), batch.told, now).await?;
    tx.commit().await
}

/// Receipts that came before their ids were known.
async fn find_wire(tx: &mut Tx, carrier: &str, batch: &mut Batch) -> Result<()> {
    // Carriers count their ids anew one day: the newest bearer has it. The simulated one makes them of our own.
    if carrier != SIMULATOR {
        let bearers: Vec<_> = batch.accepted.iter().map(|(id, part)| (id.as_str(), *part)).collect();
        store::free_ids(tx, carrier, &bearers).await?;
    }
    for (part, told) in &mut batch.told {
        let News::Wire(Submission::Accepted { carrier_id }) = &told.news else { continue };
        if batch.accepted.get(carrier_id) != Some(part) {
            let reason = "the carrier gave its id to another text at the same moment".to_owned();
            told.news = News::Wire(Submission::Unknown { reason });
        }
    }
    let fresh: Vec<_> = batch.accepted.keys().map(String::as_str).collect();
    for (carrier_id, receipt) in store::list_early(tx, carrier, &fresh).await? {
        let receipt: Receipt = serde_json::from_str(&receipt).map_err(Error::internal)?;
        batch.told.push((batch.accepted[&carrier_id], Told::receipt(&receipt)));
    }
    Ok(())
}

/// The parts that receipts are about; those of nothing that we know come back.
async fn find_receipts<'a>(
    tx: &mut Tx,
    carrier: &str,
    receipts: &'a [Receipt],
    batch: &mut Batch,
) -> Result<Vec<&'a Receipt>> {
    let mut known: HashMap<_, _> = batch.accepted.iter().map(|(id, part)| (id.clone(), (*part, None))).collect();
    let ids = receipts.iter().flat_map(|receipt| receipt.ids.iter().map(String::as_str));
    let ids: Vec<_> = ids.filter(|id| !known.contains_key(*id)).collect();
    for (carrier_id, part, id, seq, to) in store::list_by_carrier_ids(tx, carrier, &ids).await? {
        batch.places.insert((id, seq));
        known.insert(carrier_id, (part, Some(to)));
    }
    let mut early = vec![];
    for receipt in receipts {
        let part = match receipt.ids.iter().enumerate().find_map(|(index, id)| part_of(receipt, index, known.get(id)?))
        {
            Some(part) => Some(part),
            None => find_lost(tx, carrier, receipt).await?.map(|(part, id, seq)| {
                batch.places.insert((id, seq));
                part
            }),
        };
        match part {
            Some(part) => batch.told.push((part, Told::receipt(receipt))),
            None => early.push(receipt),
        }
    }
    Ok(early)
}

/// The told id is believed; in another form it may be the id of somebody else's text, so the receiver must be right, too.
fn part_of(receipt: &Receipt, index: usize, (part, to): &(PartId, Option<String>)) -> Option<PartId> {
    let Some(to) = to.as_ref().filter(|_| index > 0) else { return Some(*part) };
    let parties = [&receipt.to, &receipt.from];
    let is_theirs = parties.into_iter().flatten().any(|party| party.to_string() == *to);
    (is_theirs || parties.iter().all(|party| party.is_none())).then_some(*part)
}

/// A part whose id was lost with its link, if the receipt fits it alone: sender, receiver and how its text begins.
async fn find_lost(tx: &mut Tx, carrier: &str, receipt: &Receipt) -> Result<Option<(PartId, ConversationId, i64)>> {
    let (Some(from), Some(to), Some(text)) = (&receipt.from, &receipt.to, &receipt.text) else { return Ok(None) };
    let mut fitting = store::list_unknown(tx, carrier, &from.to_string(), &to.to_string()).await?;
    fitting.retain(|(.., sent)| !text.is_empty() && sent.starts_with(text.as_str()));
    Ok(match &fitting[..] {
        [(part, id, seq, _)] => Some((*part, *id, *seq)),
        _ => None,
    })
}

/// News of parts that are known by their ids.
async fn tell(app: &App, told: Vec<(PartId, Told)>) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin_batch().await?;
    let ids: Vec<_> = told.iter().map(|(part, _)| *part).collect();
    let places: BTreeSet<_> =
        store::list_places(&mut tx, &ids).await?.into_iter().map(|(_, id, seq)| (id, seq)).collect();
    apply(&mut tx, places.into_iter().collect(), told, now).await?;
    tx.commit().await
}

/// An administrator waits no longer for news of a segment: its message goes on to say that nobody knows. Repeating it changes nothing.
pub async fn close(app: &App, _: &Administrator, id: PartId) -> Result<()> {
    let part = store::list(&mut app.db.read(), &[id]).await?.pop().ok_or_else(|| Error::not_found("text"))?;
    match part.state {
        PartState::Unknown => tell(app, vec![(id, Told::bare(News::Closed))]).await,
        PartState::Closed => Ok(()),
        _ => Err(Error::conflict("text_has_news", "There was news of this text meanwhile. Look at the list again.")),
    }
}

/// Moves the parts of these messages as far as the news take them, shows it on the messages, and gives back what was not sent.
async fn apply(
    tx: &mut Tx,
    places: Vec<(ConversationId, i64)>,
    told: Vec<(PartId, Told)>,
    now: Timestamp,
) -> Result<()> {
    if told.is_empty() || places.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<_> = places.iter().map(|(id, _)| *id).collect();
    let rows = conversations::access::lock(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let mut parts = store::lock_of_messages(tx, &places).await?;
    let mut changed = BTreeSet::new();
    let at: HashMap<_, _> = parts.iter().enumerate().map(|(index, part)| (part.id, index)).collect();
    for (id, told) in told {
        if let Some(index) = at.get(&id)
            && advance(&mut parts[*index], &told, now)
        {
            changed.insert(*index);
        }
    }
    // Nobody can read a text that lacks a part: what still waits of it stays, and its price comes back.
    let refused: BTreeSet<_> = changed
        .iter()
        .map(|index| &parts[*index])
        .filter(|part| matches!(part.state, PartState::Rejected | PartState::Suppressed))
        .map(|part| (part.conversation_id, part.seq))
        .collect();
    for (index, part) in parts.iter_mut().enumerate() {
        if refused.contains(&(part.conversation_id, part.seq)) && advance(part, &Told::bare(News::Cancelled), now) {
            changed.insert(index);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let changed: Vec<_> = changed.into_iter().map(|index| parts[index].clone()).collect();
    store::save(tx, &changed, now).await?;
    show(tx, rows, &parts, &changed).await?;
    refund(tx, &changed, now).await
}

/// True if it changed.
fn advance(part: &mut PartRow, told: &Told, now: Timestamp) -> bool {
    let Some(after) = part.state.after(&told.news) else { return false };
    part.state = after;
    if told.detail.is_some() {
        part.detail.clone_from(&told.detail);
    }
    match &told.news {
        News::Wire(Submission::Accepted { carrier_id }) => part.carrier_id = Some(carrier_id.clone()),
        News::Wire(Submission::Refused { failure, .. }) | News::Receipt(Outcome::Undelivered { failure }) => {
            part.failure = Some(failure_code(*failure));
        }
        News::Wire(Submission::Throttled { retry_after_ms }) => {
            part.due_at = now.plus(std::time::Duration::from_millis(*retry_after_ms));
        }
        News::Wire(Submission::Unreachable) => part.due_at = now.plus(try_again_in(part.attempts)),
        News::Suppressed => part.failure = Some(OPTED_OUT),
        _ => {}
    }
    true
}

/// One version and one event for each message that shows something else now.
async fn show(
    tx: &mut Tx,
    rows: Vec<conversations::ConversationRow>,
    parts: &[PartRow],
    changed: &[PartRow],
) -> Result<()> {
    let touched: BTreeSet<_> = changed.iter().map(|part| (part.conversation_id, part.seq)).collect();
    let deliveries: BTreeMap<_, _> = parts
        .chunk_by(|one, next| (one.conversation_id, one.seq) == (next.conversation_id, next.seq))
        .map(|parts| ((parts[0].conversation_id, parts[0].seq), delivery_of(parts)))
        .filter(|(place, _)| touched.contains(place))
        .collect();
    messages::phone::save_deliveries(tx, rows, deliveries).await
}

async fn refund(tx: &mut Tx, changed: &[PartRow], now: Timestamp) -> Result<()> {
    let refunds: Vec<_> = changed
        .iter()
        .filter(|part| part.state.is_refunded() && part.price_micros > 0)
        .map(|part| Transfer {
            wallet: WalletId { user_id: part.user_id, mode: part.mode },
            key: format!("part:{}#refund", part.id.0.simple()),
            from: Account::Texts,
            to: Account::Wallet,
            amount_micros: part.price_micros,
            about: part.to_party.clone(),
            made_by: None,
        })
        .collect();
    if refunds.is_empty() {
        return Ok(());
    }
    let posted = ledger::actions::post(tx, &refunds, now).await?;
    match posted.into_iter().find_map(|posted: Result<_, Refusal>| posted.err()) {
        None => Ok(()),
        Some(refusal) => Err(Error::internal(anyhow::anyhow!("a refund was refused: {refusal:?}"))),
    }
}

/// After a crash or a lost lease: what was on the wire is asked for, or is unknown.
pub async fn left_on_the_wire(app: &App, carrier: &str, lease_number: i64, limit: i64) -> Result<Vec<(PartId, Place)>> {
    let left = store::list_left_on_the_wire(&mut app.db.read(), carrier, lease_number, limit).await?;
    Ok(left.into_iter().map(|(part, id, seq)| (part, (id, seq))).collect())
}

pub async fn forget_early(app: &App) -> Result<()> {
    let mut tx = app.begin().await?;
    store::forget_early(&mut tx, app.clock.now().minus(KEEP_EARLY_RECEIPTS)).await?;
    tx.commit().await
}
