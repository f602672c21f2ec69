//! What people do with numbers: buy, renew, cancel, give back.
//! Lock order as everywhere: conversations by id, then the number, wallets last.

use std::time::Duration;

use convo_carriers::{Offer, Order, OrderState};
use convo_db::Timestamp;
use convo_phone::{Country, Number, Party};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    CHANGES_A_MINUTE, MAX_AHEAD, MAX_LABEL_CHARS, MAX_OWNED, NumberRole, NumberRow, NumberState, PERIOD, PhoneNumber,
    ShareRow,
    access::{self, Owner},
    jobs::{GiveBack, OrderNumber, TellAccounts},
    store,
};
use crate::{
    accounts::users,
    app::{App, Tx},
    billing::ledger::{
        self, Account, Transfer, WalletId,
        actions::{post, post_one},
    },
    caller::Caller,
    chat::conversations::{self, ConversationRow, Line, MemberRole},
    error::{Error, Result},
    events::{Audience, Event},
    idempotency::IdempotencyKey,
    ids::{ConversationId, NumberId, UserId},
    sms::{carriers::Provider, outbound},
    text,
};

/// How long a purchase is waited for; the job goes on, and its event tells the end.
const WAIT_FOR_ORDER: Duration = Duration::from_secs(10);
const TRIES: usize = 5;

pub fn limit_changes(app: &App, caller: &Caller) -> Result<()> {
    app.limit_person("number_changes", caller.user_id, CHANGES_A_MINUTE, Duration::from_secs(60))
}

#[derive(Serialize)]
struct Purchase<'a> {
    wish: &'static str,
    number: &'a str,
    carrier: &'a str,
}

/// Sets the price of a month aside, orders the number, and pays when the carrier has sold it; all of that once for each key.
/// A number that the carrier has not answered for yet comes back as `ordering`.
pub async fn buy(
    app: &App,
    caller: &Caller,
    key: &IdempotencyKey,
    number: Number,
    carrier: &str,
    max_price_micros: Option<i64>,
) -> Result<(PhoneNumber, bool)> {
    limit_changes(app, caller)?;
    let provider = app.carriers.get(carrier)?;
    // Looked up before the key is: a repetition finds it sold, to us.
    let offer = provider.shop()?.find(number).await.map_err(crate::sms::carriers::unreachable)?;
    let (me, app_, key, carrier) = (caller.user_id, app.clone(), key.clone(), carrier.to_owned());
    let (id, is_new) =
        app.act(async move { set_aside(&app_, me, &key, number, &carrier, offer, max_price_micros).await }).await?;
    let bought = ordered(app, id).await?;
    match bought.state {
        NumberState::Released => Err(gone()),
        _ => Ok((bought.seen_as(NumberRole::Owner, app.clock.now()), is_new)),
    }
}

fn gone() -> Error {
    Error::conflict("number_gone", "Somebody else has this number already. Choose another one; nothing was charged.")
}

async fn set_aside(
    app: &App,
    me: UserId,
    key: &IdempotencyKey,
    number: Number,
    carrier: &str,
    offer: Option<Offer>,
    max_price_micros: Option<i64>,
) -> Result<(NumberId, bool)> {
    let (now, fresh) = (app.clock.now(), NumberId::new());
    let digits = number.to_string();
    let mut tx = app.begin().await?;
    let wish = Purchase { wish: "buy_number", number: &digits, carrier };
    let id = NumberId(key.claim(&mut tx, me, &wish, fresh.0, now).await?);
    if id != fresh {
        return Ok((id, false));
    }
    let offer = offer.ok_or_else(gone)?;
    if max_price_micros.is_some_and(|max| offer.monthly_micros > max) {
        return Err(Error::conflict(
            "price_too_high",
            "The number costs more than you allowed. Look at its price again, then buy it.",
        ));
    }
    if store::count_of(&mut tx, me).await? >= MAX_OWNED {
        return Err(Error::conflict("too_many_numbers", "You own 1000 numbers already. Give one back first."));
    }
    let provider = app.carriers.get(carrier)?;
    let row = row_of(id, me, &provider, &offer, now);
    if !store::insert(&mut tx, &row).await? {
        return Err(gone());
    }
    set_money_aside(&mut tx, &row, now).await?;
    tx.commit().await?;
    Ok((id, true))
}

fn row_of(id: NumberId, me: UserId, provider: &Provider, offer: &Offer, now: Timestamp) -> NumberRow {
    NumberRow {
        country: offer.country.to_string(),
        kind: offer.kind.name().to_owned(),
        area_code: offer.area_code.clone(),
        place: offer.place.clone(),
        operator: offer.operator.clone(),
        sms: offer.sms,
        mms: offer.mms,
        voice: offer.voice,
        monthly_micros: offer.monthly_micros,
        ..NumberRow::new(id, me, provider, offer.number, now)
    }
}

fn hold(row: &NumberRow) -> Transfer {
    let wallet = WalletId { user_id: row.user_id, mode: row.mode };
    Transfer::hold(wallet, format!("number:{}", row.id.0.simple()), row.monthly_micros, row.number.clone())
}

/// Buys the first of these that is free, by the same road but without a request: the id stands for its key.
/// False if the carrier did not sell it; the id is spent then.
pub async fn give(app: &App, user_id: UserId, id: NumberId, carrier: &str, offers: &[Offer]) -> Result<bool> {
    if store::find(&mut app.db.read(), id).await?.is_none() {
        let (now, provider) = (app.clock.now(), app.carriers.get(carrier)?);
        let mut tx = app.begin().await?;
        let mut given = None;
        for offer in offers {
            let row = row_of(id, user_id, &provider, offer, now);
            if store::insert(&mut tx, &row).await? {
                given = Some(row);
                break;
            }
        }
        let Some(row) = given else { return Ok(false) };
        set_money_aside(&mut tx, &row, now).await?;
        tx.commit().await?;
    }
    Ok(ordered(app, id).await?.state != NumberState::Released)
}

async fn set_money_aside(tx: &mut Tx, row: &NumberRow, now: Timestamp) -> Result<()> {
    if row.monthly_micros > 0 {
        post_one(tx, hold(row), now).await?;
    }
    tx.enqueue(&OrderNumber { number_id: row.id }).await
}

/// Waits until the job has ordered it, wherever that runs.
async fn ordered(app: &App, id: NumberId) -> Result<NumberRow> {
    let mut wait = Duration::from_millis(5);
    let until = std::time::Instant::now() + WAIT_FOR_ORDER;
    loop {
        let row = store::find(&mut app.db.read(), id).await?.ok_or_else(|| Error::not_found("number"))?;
        let is_decided = matches!(row.state, NumberState::Owned | NumberState::Released);
        if is_decided || std::time::Instant::now() > until || app.stopping.is_cancelled() {
            return Ok(row);
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_millis(200));
    }
}

/// The carrier is about to be asked; false if that was said before, so it may have sold the number already.
pub async fn begin_order(app: &App, id: NumberId) -> Result<Option<(NumberRow, bool)>> {
    let mut tx = app.begin().await?;
    let Some(mut row) = store::lock(&mut tx, id).await? else { return Ok(None) };
    let is_first = row.state == NumberState::Held;
    if is_first {
        row.state = NumberState::Ordering;
        store::save(&mut tx, &row).await?;
        tx.commit().await?;
    }
    Ok(Some((row, is_first)).filter(|(row, _)| row.state == NumberState::Ordering))
}

/// The end of a purchase: paid and owned, or given back and released. Repeating it changes nothing.
pub async fn end_order(app: &App, id: NumberId, order: Option<Order>) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    let Some(mut row) = store::lock(&mut tx, id).await? else { return Ok(()) };
    if row.state != NumberState::Ordering {
        return Ok(());
    }
    let is_bought = order.is_some_and(|order| order.state == OrderState::Bought);
    if is_bought {
        (row.state, row.paid_until) = (NumberState::Owned, Some(now.plus(PERIOD)));
    } else {
        (row.state, row.ended_at) = (NumberState::Released, Some(now));
    }
    if row.monthly_micros > 0 {
        // The hold is there: its transfer is found by its key, whatever the balance is by now.
        let held = post_one(&mut tx, hold(&row), now).await?.transfer;
        let end = if is_bought { held.settle(Account::Numbers) } else { held.release() };
        post_one(&mut tx, end, now).await?;
    }
    save_and_tell(&mut tx, &mut row, now).await?;
    tx.commit().await
}

/// Counts one version and tells everybody who may use the number.
pub async fn save_and_tell(tx: &mut Tx, row: &mut NumberRow, now: Timestamp) -> Result<()> {
    row.version += 1;
    store::save(tx, row).await?;
    let shares = store::list_shares(tx, &[row.id]).await?;
    let mut people: Vec<_> = shares.iter().map(|share| (share.user_id, share.role)).collect();
    people.push((row.user_id, NumberRole::Owner));
    // In one order, because the rows of the people are locked.
    people.sort_by_key(|(user_id, _)| *user_id);
    for (user_id, role) in people {
        tx.emit(Audience::Person(user_id), Event::NumberUpdated { number: Box::new(row.seen_as(role, now)) });
        users::actions::tell_changed(tx, user_id).await?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Renewal {
    wish: &'static str,
    number_id: NumberId,
}

/// Pays for one more month, once for each key.
pub async fn renew(app: &App, caller: &Caller, key: &IdempotencyKey, id: NumberId) -> Result<PhoneNumber> {
    limit_changes(app, caller)?;
    let (me, app_, key) = (caller.user_id, app.clone(), key.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Owner { mut number } = access::to_own(&mut tx, me, id).await?;
        let fresh = uuid::Uuid::now_v7();
        let wish = Renewal { wish: "renew_number", number_id: id };
        if key.claim(&mut tx, me, &wish, fresh, now).await? != fresh {
            return Ok(number.seen_as(NumberRole::Owner, now));
        }
        check_owned(&number)?;
        if number.paid_until.is_some_and(|until| until.plus(PERIOD) > now.plus(MAX_AHEAD)) {
            return Err(Error::conflict("paid_far_ahead", "The number is paid for a year ahead already."));
        }
        pay_period(&mut tx, &mut number, now).await??;
        save_and_tell(&mut tx, &mut number, now).await?;
        tx.commit().await?;
        Ok(number.seen_as(NumberRole::Owner, now))
    })
    .await
}

fn check_owned(number: &NumberRow) -> Result<()> {
    match number.state {
        NumberState::Owned => Ok(()),
        _ => Err(Error::conflict("number_released", "This number is not yours any more.")),
    }
}

/// Under the number's lock: the period that follows what is paid for is charged once, whoever asks.
pub async fn pay_period(tx: &mut Tx, number: &mut NumberRow, now: Timestamp) -> Result<Result<(), ledger::Refusal>> {
    let from = number.paid_until.unwrap_or(now);
    if number.monthly_micros > 0 {
        let wallet = WalletId { user_id: number.user_id, mode: number.mode };
        let key = format!("renew:{}:{}", number.id.0.simple(), from.micros());
        let charge = Transfer::charge(wallet, key, Account::Numbers, number.monthly_micros, number.number.clone());
        if let Some(Err(refusal)) = post(tx, &[charge], now).await?.pop() {
            return Ok(Err(refusal));
        }
    }
    number.paid_until = Some(from.plus(PERIOD));
    number.reminded_at = None;
    number.cancelled_at = None;
    Ok(Ok(()))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct UpdateNumber {
    /// Up to 60 characters; for people to tell their numbers apart.
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub auto_renew: Option<bool>,
    /// True: it ends when what is paid for has passed. False takes that back.
    #[serde(default)]
    pub cancelled: Option<bool>,
}

pub async fn update(app: &App, caller: &Caller, id: NumberId, wanted: UpdateNumber) -> Result<PhoneNumber> {
    limit_changes(app, caller)?;
    let label = wanted.label.as_deref().map(check_label).transpose()?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Owner { mut number } = access::to_own(&mut tx, me, id).await?;
        check_owned(&number)?;
        let before = (number.label.clone(), number.auto_renew, number.cancelled_at);
        if let Some(label) = label {
            number.label = label;
        }
        if let Some(auto_renew) = wanted.auto_renew {
            number.auto_renew = auto_renew;
        }
        if let Some(cancelled) = wanted.cancelled {
            number.cancelled_at = cancelled.then(|| number.cancelled_at.unwrap_or(now));
        }
        if before != (number.label.clone(), number.auto_renew, number.cancelled_at) {
            save_and_tell(&mut tx, &mut number, now).await?;
            tx.commit().await?;
        }
        Ok(number.seen_as(NumberRole::Owner, now))
    })
    .await
}

pub fn check_label(label: &str) -> Result<String> {
    let label = text::line(label);
    if label.chars().count() > MAX_LABEL_CHARS {
        return Err(Error::invalid("label", "too_long", format!("Use up to {MAX_LABEL_CHARS} characters.")));
    }
    Ok(label)
}

/// Gives the number back at once; what is paid for is not returned, and its threads can still be read. Repeating it changes nothing.
pub async fn release(app: &App, caller: &Caller, id: NumberId) -> Result<()> {
    limit_changes(app, caller)?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        // Before anything is locked: strangers lock nothing.
        access::check_owner(&mut app_.db.read(), me, id).await?;
        end(&app_, id).await
    })
    .await
}

/// What still waits in the outbox is taken back with its price; nothing is appended while the number changes hands.
pub async fn end(app: &App, id: NumberId) -> Result<()> {
    let now = app.clock.now();
    let Whole { mut tx, mut number, .. } = lock_whole(app, id).await?;
    if number.state != NumberState::Owned {
        return Ok(());
    }
    outbound::actions::cancel_of_number(&mut tx, id, now).await?;
    (number.state, number.ended_at) = (NumberState::Released, Some(now));
    save_and_tell(&mut tx, &mut number, now).await?;
    tx.enqueue(&GiveBack { number_id: id }).await?;
    tx.commit().await
}

/// The thread with somebody, for who may write from the number.
pub async fn begin_thread(
    tx: &mut Tx,
    me: UserId,
    id: NumberId,
    to: &str,
    now: Timestamp,
) -> Result<(ConversationId, bool)> {
    let number = access::to_write_from(tx, me, id).await?.number;
    number.check_can_send(now)?;
    let country: Country = number.country.parse().map_err(Error::internal)?;
    let party = Party::parse(to, country).map_err(|error| Error::invalid("to", "not_a_number", error.to_string()))?;
    if let Party::Name(_) = party {
        return Err(Error::invalid("to", "not_a_number", "A name cannot be written to. Type a number."));
    }
    if party.to_string() == number.number {
        return Err(Error::invalid("to", "own_number", "This is the number that you would write from."));
    }
    thread_with(tx, &number, &party, now).await
}

/// The thread of a number with somebody, begun if there is none: its people are those who may use the number.
pub async fn thread_with(
    tx: &mut Tx,
    number: &NumberRow,
    party: &Party,
    now: Timestamp,
) -> Result<(ConversationId, bool)> {
    let line =
        Line { number_id: number.id, number: number.number.clone(), party: party.to_string(), opted_out_at: None };
    if let Some(id) = conversations::actions::find_line(tx, number.id, &line.party).await? {
        return Ok((id, false));
    }
    let Some(row) = conversations::actions::insert_line(tx, &line, number.user_id, now).await? else {
        let id = conversations::actions::find_line(tx, number.id, &line.party).await?;
        return id.map(|id| (id, false)).ok_or_else(|| Error::not_found("conversation"));
    };
    if access::lock_owned(tx, &[number.id]).await?.is_empty() {
        return Err(Error::conflict("number_released", "This number is not yours any more."));
    }
    let id = row.id;
    let mut people = vec![(number.user_id, MemberRole::Owner)];
    people.extend(store::list_shares(tx, &[number.id]).await?.iter().map(|share| (share.user_id, share.role.member())));
    conversations::actions::begin_line(tx, row, &people, now).await?;
    Ok((id, true))
}

/// A number with all its threads under their locks, for whatever changes who may use it.
pub struct Whole {
    pub tx: Tx,
    pub threads: Vec<ConversationRow>,
    pub number: NumberRow,
}

/// Threads first, then the number, as everywhere. A thread that began between both is not locked: then all begins again.
pub async fn lock_whole(app: &App, id: NumberId) -> Result<Whole> {
    for _ in 0..TRIES {
        let mut tx = app.begin().await?;
        let threads = conversations::access::lock_of_number(&mut tx, id).await?;
        let number = store::lock(&mut tx, id).await?.ok_or_else(|| Error::not_found("number"))?;
        let count = conversations::access::count_of_number(&mut tx, id).await?;
        if i64::try_from(threads.len()).is_ok_and(|locked| locked == count) {
            return Ok(Whole { tx, threads, number });
        }
    }
    Err(Error::unavailable("New texts arrive faster than the number can be changed. Try again in a moment."))
}

/// For `shares`, under the locks of the threads and of the number.
pub async fn save_share(tx: &mut Tx, share: &ShareRow) -> Result<()> {
    Ok(store::save_share(tx, share).await?)
}

/// The same for its end, which the person hears, too. False if there was none.
pub async fn delete_share(
    tx: &mut Tx,
    id: NumberId,
    user_id: UserId,
    number: &NumberRow,
    now: Timestamp,
) -> Result<bool> {
    if store::delete_share(tx, id, user_id).await? == 0 {
        return Ok(false);
    }
    let gone = PhoneNumber { state: NumberState::Released, ..number.seen_as(NumberRole::Read, now) };
    tx.emit(
        Audience::Person(user_id),
        Event::NumberUpdated { number: Box::new(PhoneNumber { version: gone.version + 1, ..gone }) },
    );
    users::actions::tell_changed(tx, user_id).await?;
    Ok(true)
}

/// Who may talk with the number in a simulated world changed.
pub async fn tell_accounts(tx: &mut Tx, id: NumberId) -> Result<()> {
    tx.enqueue(&TellAccounts { number_id: id }).await
}
