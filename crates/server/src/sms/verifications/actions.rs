//! What people do with verifications: begin, cancel, let a simulated service text; and how they end.
//! Each ends once, under its lock; its hold is settled or released by the same change. Lock order: number, verification, wallet, person.

use std::time::Duration;

use convo_carriers::{
    World,
    simulator::{CodeRequest, SimulationError},
};
use convo_db::Timestamp;
use convo_phone::{Country, Number};
use serde::Serialize;

use super::{
    CHANGES_A_MINUTE, MAX_OPEN, Verification, VerificationRow, VerificationStatus,
    access::{self, Mine},
    store,
};
use crate::{
    accounts::users,
    app::{App, Tx},
    billing::ledger::{self, Account, Mode, Transfer, WalletId, actions::post_one},
    caller::Caller,
    error::{Error, Result},
    events::{Audience, Event},
    idempotency::IdempotencyKey,
    ids::{NumberId, UserId, VerificationId},
    sms::{
        numbers,
        services::{self, Wanted},
        temporary::{self, actions::Need},
    },
};

/// How long a number that is ordered is waited for; the job goes on, and its event tells the end.
const WAIT_FOR_NUMBER: Duration = Duration::from_secs(10);
/// Ended with one turn.
const AT_ONCE: i64 = 500;
/// What a search finds of one verification.
const MAX_WORDS: usize = 4_000;
const TRIES: usize = 3;
/// Lent in a day without a code, so that nobody uses up the numbers of all.
const MAX_UNPAID_LENT: i64 = 30;
const DAY: Duration = Duration::from_secs(86_400);

fn limit_changes(app: &App, caller: &Caller) -> Result<()> {
    app.limit_person("verification_changes", caller.user_id, CHANGES_A_MINUTE, Duration::from_secs(60))
}

/// All that was asked, so that a repetition is known.
#[derive(Debug, Clone, Serialize)]
pub struct Wish {
    pub wish: &'static str,
    pub service: String,
    pub on: On,
    pub minutes: u64,
    pub max_price_micros: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub enum On {
    Number(NumberId),
    Temporary { country: Country, carrier: String },
}

/// Waits for the code of a service. False if an earlier request began it.
pub async fn create(
    app: &App,
    caller: &Caller,
    key: Option<IdempotencyKey>,
    wish: Wish,
) -> Result<(Verification, bool)> {
    limit_changes(app, caller)?;
    let wanted = services::parse(&wish.service)?;
    let (me, app_) = (caller.user_id, app.clone());
    let (id, is_new) = match (wish.on.clone(), key) {
        (On::Number(number_id), key) => {
            app.act(async move { wait_on_number(&app_, me, key.as_ref(), &wish, wanted, number_id).await }).await?
        }
        (On::Temporary { .. }, None) => return Err(IdempotencyKey::missing()),
        (On::Temporary { country, carrier }, Some(key)) => {
            app.act(async move { wait_on_temporary(&app_, me, &key, &wish, wanted, country, &carrier).await }).await?
        }
    };
    let row = with_number(app, id).await?;
    match row.status {
        VerificationStatus::Failed if is_new => Err(temporary::actions::none_left()),
        _ => Ok((row.seen(), is_new)),
    }
}

async fn wait_on_number(
    app: &App,
    me: UserId,
    key: Option<&IdempotencyKey>,
    wish: &Wish,
    wanted: Wanted,
    number_id: NumberId,
) -> Result<(VerificationId, bool)> {
    for _ in 0..TRIES {
        let (now, fresh) = (app.clock.now(), VerificationId::new());
        let mut tx = app.begin().await?;
        store::take_turn(&mut tx, me).await?;
        let number = numbers::access::to_write_from(&mut tx, me, number_id).await?.number;
        if let Some(key) = key {
            let id = VerificationId(key.claim(&mut tx, me, wish, fresh.0, now).await?);
            if id != fresh {
                return Ok((id, false));
            }
        }
        if numbers::access::lock_owned(&mut tx, &[number_id]).await?.is_empty() {
            return Err(Error::conflict("number_released", "This number is not yours any more. Use another one."));
        }
        let begun = VerificationRow {
            number_id: Some(number_id),
            number: Some(number.number),
            status: VerificationStatus::Waiting,
            ..row(fresh, me, wish, &wanted, number.carrier, number.mode, number.country, now)
        };
        if insert(&mut tx, &begun).await? {
            tell(&mut tx, &begun).await?;
            tx.commit().await?;
            return Ok((fresh, true));
        }
        drop(tx);
        let Some(other) = store::find_waiting(&mut app.db.read(), number_id, &wanted.id).await? else { continue };
        if other.expires_at <= now {
            expire(app, other.id).await?;
        } else if other.user_id == me {
            return Ok((other.id, false));
        } else {
            return Err(Error::conflict(
                "already_waiting",
                "A colleague waits for a code of this service on this number. Try again when it has come, or use another number.",
            ));
        }
    }
    Err(Error::unavailable("Somebody else began the same at this moment. Try again."))
}

async fn wait_on_temporary(
    app: &App,
    me: UserId,
    key: &IdempotencyKey,
    wish: &Wish,
    wanted: Wanted,
    country: Country,
    carrier: &str,
) -> Result<(VerificationId, bool)> {
    let provider = app.carriers.get(carrier)?;
    provider.shop()?;
    let (now, fresh, price_micros) = (app.clock.now(), VerificationId::new(), provider.temporary_micros());
    let mut tx = app.begin().await?;
    store::take_turn(&mut tx, me).await?;
    let id = VerificationId(key.claim(&mut tx, me, wish, fresh.0, now).await?);
    if id != fresh {
        return Ok((id, false));
    }
    if wish.max_price_micros.is_some_and(|max| price_micros > max) {
        return Err(Error::conflict(
            "price_too_high",
            "A temporary number costs more than you allowed. Look at its price again.",
        ));
    }
    if store::count_unpaid_lent(&mut tx, me, now.minus(DAY)).await? >= MAX_UNPAID_LENT {
        return Err(Error::conflict(
            "too_many_unpaid",
            "You gave back many lent numbers today without a code. Wait until tomorrow, or use a number of your own.",
        ));
    }
    let country = country.to_string();
    let need = Need { verification_id: id, carrier, country: &country, service: &wanted.id };
    let lent = temporary::actions::lend_or_order(&mut tx, &need, now).await?;
    let begun = VerificationRow {
        temporary_id: lent.as_ref().map(|lent| lent.id),
        status: if lent.is_some() { VerificationStatus::Waiting } else { VerificationStatus::Ordering },
        number: lent.map(|lent| lent.number),
        price_micros,
        ..row(id, me, wish, &wanted, carrier.to_owned(), provider.mode(), country.clone(), now)
    };
    insert(&mut tx, &begun).await?;
    if price_micros > 0 {
        post_one(&mut tx, hold(&begun), now).await?;
    }
    tell(&mut tx, &begun).await?;
    tx.commit().await?;
    Ok((id, true))
}

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
fn row(
    id: VerificationId,
    me: UserId,
    wish: &Wish,
    wanted: &Wanted,
    carrier: String,
    mode: Mode,
    country: String,
    now: Timestamp,
) -> VerificationRow {
    VerificationRow {
        id,
        user_id: me,
        service: wanted.id.clone(),
        service_name: wanted.name.clone(),
        number_id: None,
        temporary_id: None,
        number: None,
        carrier,
        mode,
        country,
        price_micros: 0,
        status: VerificationStatus::Ordering,
        code: None,
        words: String::new(),
        created_at: now,
        expires_at: now.plus(Duration::from_secs(60 * wish.minutes)),
        ended_at: None,
        version: 0,
    }
}

async fn insert(tx: &mut Tx, begun: &VerificationRow) -> Result<bool> {
    if store::count_open(tx, begun.user_id).await? >= MAX_OPEN {
        return Err(Error::conflict(
            "too_many_verifications",
            "You wait for 50 codes already. Cancel one, or wait until one has come.",
        ));
    }
    let mut begun = begun.clone();
    let (name, number) = (begun.service_name.clone(), begun.number.clone().unwrap_or_default());
    begun.add_words(&[&name, &number]);
    Ok(store::insert(tx, &begun).await?)
}

fn hold(row: &VerificationRow) -> Transfer {
    let wallet = WalletId { user_id: row.user_id, mode: row.mode };
    let about = format!("Verification: {}", row.service_name);
    Transfer::hold(wallet, hold_key(row.id), row.price_micros, about)
}

fn hold_key(id: VerificationId) -> String {
    format!("verification:{}", id.0.simple())
}

/// Waits until it has a number, wherever that is ordered.
async fn with_number(app: &App, id: VerificationId) -> Result<VerificationRow> {
    let mut wait = Duration::from_millis(5);
    let until = std::time::Instant::now() + WAIT_FOR_NUMBER;
    loop {
        let row = store::find(&mut app.db.read(), id).await?.ok_or_else(|| Error::not_found("verification"))?;
        let is_ordering = row.status == VerificationStatus::Ordering;
        if !is_ordering || std::time::Instant::now() > until || app.stopping.is_cancelled() {
            return Ok(row);
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_millis(200));
    }
}

/// Tells all devices of the one who waits.
pub async fn tell(tx: &mut Tx, row: &VerificationRow) -> Result<()> {
    let event = Event::VerificationUpdated { verification: Box::new(row.seen()) };
    tx.emit(Audience::Person(row.user_id), event);
    users::actions::tell_changed(tx, row.user_id).await
}

/// For `temporary`: the lock of one for which a number was ordered, if it still waits for that.
pub async fn lock_ordering(tx: &mut Tx, id: VerificationId) -> Result<Option<VerificationRow>> {
    Ok(store::lock(tx, id).await?.filter(|row| row.status == VerificationStatus::Ordering))
}

/// It has its number, and the code may come.
pub async fn begin_waiting(tx: &mut Tx, row: &mut VerificationRow, number: &temporary::TemporaryRow) -> Result<()> {
    row.temporary_id = Some(number.id);
    row.number = Some(number.number.clone());
    row.status = VerificationStatus::Waiting;
    row.version += 1;
    row.add_words(&[&number.number]);
    store::save(tx, row).await?;
    tell(tx, row).await
}

/// Under its lock, when its code came: the number rests, and the hold is to be spent.
pub(super) async fn settle(tx: &mut Tx, row: &VerificationRow, now: Timestamp) -> Result<Option<Transfer>> {
    if row.temporary_id.is_none() {
        return Ok(None);
    }
    temporary::actions::rest(tx, row.id, now).await?;
    let held = ledger::access::find(tx, &hold_key(row.id)).await?;
    Ok(held.map(|held| held.settle(Account::Numbers)))
}

/// Under its lock: it ends without a code, and what was set aside is free again.
async fn end(mut tx: Tx, mut row: VerificationRow, status: VerificationStatus, now: Timestamp) -> Result<()> {
    (row.status, row.ended_at) = (status, Some(now));
    row.version += 1;
    store::save(&mut tx, &row).await?;
    temporary::actions::rest(&mut tx, row.id, now).await?;
    if let Some(held) = ledger::access::find(&mut tx, &hold_key(row.id)).await? {
        post_one(&mut tx, held.release(), now).await?;
    }
    tell(&mut tx, &row).await?;
    tx.commit().await
}

/// Nobody waits any more, and nothing is paid. Repeating it changes nothing; what is over otherwise stays as it is.
pub async fn cancel(app: &App, caller: &Caller, id: VerificationId) -> Result<()> {
    limit_changes(app, caller)?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Mine { verification } = access::lock_mine(&mut tx, me, id).await?;
        match verification.status {
            VerificationStatus::Cancelled => Ok(()),
            status if status.is_open() => end(tx, verification, VerificationStatus::Cancelled, now).await,
            _ => Err(over()),
        }
    })
    .await
}

fn over() -> Error {
    Error::conflict("verification_over", "This verification is over. Begin a new one.")
}

/// No number could be had for it.
pub async fn fail(app: &App, id: VerificationId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    match lock_ordering(&mut tx, id).await? {
        Some(row) => end(tx, row, VerificationStatus::Failed, now).await,
        None => Ok(()),
    }
}

/// Ends what waited in vain, and what waits on a number that its creator may not use any more; tells who waited.
pub async fn end_due(app: &App) -> Result<()> {
    for (id,) in store::list_due(&mut app.db.read(), app.clock.now(), AT_ONCE).await? {
        expire(app, id).await?;
    }
    for (id,) in store::list_shut_out(&mut app.db.read(), AT_ONCE).await? {
        shut_out(app, id).await?;
    }
    Ok(())
}

async fn shut_out(app: &App, id: VerificationId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    match store::lock(&mut tx, id).await?.filter(|row| row.status.is_open()) {
        Some(row) => end(tx, row, VerificationStatus::Cancelled, now).await,
        None => Ok(()),
    }
}

async fn expire(app: &App, id: VerificationId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    match store::lock(&mut tx, id).await?.filter(|row| row.status.is_open() && row.expires_at <= now) {
        Some(row) => end(tx, row, VerificationStatus::Expired, now).await,
        None => Ok(()),
    }
}

#[derive(Serialize)]
struct CodeWish<'a> {
    wish: &'static str,
    verification_id: VerificationId,
    language: &'a str,
    code: Option<&'a str>,
}

/// Lets the simulated service text its code, once for each key; never to a number on which the caller does not wait.
pub async fn send_code(
    app: &App,
    caller: &Caller,
    key: &IdempotencyKey,
    id: VerificationId,
    language: String,
    code: Option<String>,
) -> Result<String> {
    limit_changes(app, caller)?;
    let mine = access::find_mine(&mut app.db.read(), caller.user_id, id).await?;
    if app.carriers.get(&mine.carrier)?.world() != World::Simulated {
        return Err(Error::conflict("not_simulated", "This number is real: let the service itself text it."));
    }
    let now = app.clock.now();
    let is_open = mine.status == VerificationStatus::Waiting && mine.expires_at > now;
    let to = mine.number.as_deref().filter(|_| is_open).ok_or_else(over)?;
    let to = Number::from_e164(to).map_err(Error::internal)?;
    let wish = CodeWish { wish: "send_code", verification_id: id, language: &language, code: code.as_deref() };
    let mut tx = app.begin().await?;
    if let Some(number_id) = mine.number_id {
        // It may have been given back since, or shared no more, and be somebody else's.
        numbers::access::to_write_from(&mut tx, caller.user_id, number_id).await?;
        if numbers::access::lock_owned(&mut tx, &[number_id]).await?.is_empty() {
            return Err(over());
        }
    }
    let key = key.claim(&mut tx, caller.user_id, &wish, uuid::Uuid::now_v7(), now).await?;
    tx.commit().await?;
    let request = CodeRequest { service: mine.service, language, to, code, key: Some(key) };
    app.carriers.simulation()?.send_code(request).await.map_err(|error| match error {
        SimulationError::NotFound => Error::not_found("number"),
        SimulationError::Refused { code, message } => Error::refused(code, message),
        SimulationError::Unavailable { reason } => {
            tracing::warn!(reason, "The simulated carrier could not be reached");
            Error::unavailable("The simulated carrier cannot be reached right now. Try again in a moment.")
        }
    })
}

impl VerificationRow {
    /// What a search finds from now on.
    pub(super) fn add_words(&mut self, more: &[&str]) {
        for text in more {
            let folded = users::fold(text);
            let room = MAX_WORDS.saturating_sub(self.words.len());
            self.words.push(' ');
            self.words.push_str(&folded[..folded.floor_char_boundary(room)]);
        }
    }
}
