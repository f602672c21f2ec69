//! Gathers what is seen at a glance, each part by a bounded question to whoever keeps it.
//! Callers have shown whose account it is, or that they are administrators.

use std::time::Instant;

use convo_db::{Conn, Timestamp};
use uuid::Uuid;

use super::{
    Activity, ActivityKind, CarrierHealth, CostOfDay, Dashboard, EndingNumber, Limit, MAX_ENDING, NumbersAtAGlance,
    Place, RECENT, SOON, SystemHealth, TextsOfDay, Warning, process, store,
};
use crate::{
    accounts::users,
    app::App,
    billing::ledger::{self, Mode, Wallet},
    error::Result,
    ids::UserId,
    sms::{
        numbers::{self, MAX_OWNED, NumberRole, NumberState, PhoneNumber},
        usage::{self, DAYS, TextDay, day_of, start_of},
        verifications::history,
    },
};

/// Worth a word: so many texts of a week, and such a share of them, did not arrive.
const MANY_SENT: i64 = 10;
const MANY_FAILED_PERCENT: i64 = 20;

pub async fn dashboard(app: &App, user_id: UserId) -> Result<Dashboard> {
    let now = app.clock.now();
    let today = day_of(now);
    let mut db = app.db.snapshot().await?;
    let days = usage::access::of_owner(&mut db, user_id, now).await?;
    let usable = numbers::access::list_usable(&mut db, user_id, now).await?;
    let wallets = ledger::access::wallets(&mut db, user_id).await?;
    let me = users::access::get_me(&mut db, user_id).await?;
    let mut costs = store::list_costs(&mut db, user_id, start_of(today - DAYS + 1)).await?;
    costs.extend(costs_of_texts(&days));
    costs.sort_by_key(|cost| cost.day);
    let recent = activity_with(&mut db, user_id, Place::end(), RECENT, &days, now).await?;
    let verifications = history::count_since(&mut db, user_id, start_of(today - DAYS + 1)).await?;
    let texts = texts_of(&days);
    let own: Vec<_> = usable.iter().filter(|number| number.my_role == NumberRole::Owner).collect();
    let ending = ending(&own, now);
    let mut warnings = warnings_of_numbers(&own, &ending, &wallets);
    warnings.extend(warnings_of_account(&wallets, &texts, today));
    if app.mailer.reaches_people() && !me.email_verified {
        warnings.push(Warning::EmailUnverified);
    }
    Ok(Dashboard {
        currency: app.config.billing.currency.clone(),
        today,
        texts,
        costs,
        limits: limits(own.len(), &wallets),
        numbers: NumbersAtAGlance {
            owned: own.len(),
            shared: usable.len() - own.len(),
            ending: ending.into_iter().take(MAX_ENDING).collect(),
        },
        verifications,
        wallets,
        warnings,
        recent,
    })
}

fn texts_of(days: &[TextDay]) -> Vec<TextsOfDay> {
    let mut found: Vec<TextsOfDay> = vec![];
    for part in days {
        if found.last().is_none_or(|last| last.day != part.day) {
            found.push(TextsOfDay { day: part.day, sent: 0, received: 0, delivered: 0, failed: 0 });
        }
        let Some(day) = found.last_mut() else { continue };
        if part.received {
            day.received += part.texts;
        } else {
            day.sent += part.texts;
            day.delivered += part.delivered;
            day.failed += part.failed;
        }
    }
    found
}

fn costs_of_texts(days: &[TextDay]) -> Vec<CostOfDay> {
    let mut costs: Vec<CostOfDay> = vec![];
    for part in days.iter().filter(|part| part.price_micros > 0) {
        match costs.iter_mut().find(|cost| cost.day == part.day && cost.mode == part.mode) {
            Some(cost) => cost.amount_micros += part.price_micros,
            None => costs.push(CostOfDay {
                day: part.day,
                mode: part.mode,
                kind: "texts".to_owned(),
                amount_micros: part.price_micros,
            }),
        }
    }
    costs
}

fn ending(own: &[&PhoneNumber], now: Timestamp) -> Vec<EndingNumber> {
    let mut ending: Vec<_> = own
        .iter()
        .filter(|number| number.state == NumberState::Owned)
        .filter_map(|number| {
            let paid_until = number.paid_until.filter(|until| *until <= now.plus(SOON))?;
            Some(EndingNumber {
                id: number.id,
                number: number.number.clone(),
                label: number.label.clone(),
                mode: number.mode,
                monthly_micros: number.monthly_micros,
                paid_until,
                auto_renew: number.auto_renew,
                cancelled: number.cancelled_at.is_some(),
            })
        })
        .collect();
    ending.sort_by_key(|number| number.paid_until);
    ending
}

/// They renew themselves in the order in which they end, each from what those before it leave in the wallet.
fn warnings_of_numbers(own: &[&PhoneNumber], ending: &[EndingNumber], wallets: &[Wallet]) -> Vec<Warning> {
    let unpaid = own.iter().filter(|number| number.state == NumberState::Owned).filter_map(|number| {
        let (id, number, grace_until) = (number.id, number.number.clone(), number.grace_until?);
        Some(Warning::NumberUnpaid { id, number, grace_until })
    });
    let mut warnings: Vec<_> = unpaid.collect();
    let spendable = |mode| {
        let wallet = wallets.iter().find(|wallet| wallet.mode == mode);
        wallet.map_or(0, |wallet| wallet.balance_micros + wallet.credit_limit_micros)
    };
    let mut left = [(Mode::Test, spendable(Mode::Test)), (Mode::Live, spendable(Mode::Live))];
    for EndingNumber { id, number, mode, monthly_micros, paid_until, auto_renew, cancelled, .. } in ending {
        let (id, number, paid_until, mode) = (*id, number.clone(), *paid_until, *mode);
        let is_unpaid =
            warnings.iter().any(|told| matches!(told, Warning::NumberUnpaid { id: told, .. } if *told == id));
        if *cancelled || is_unpaid {
            continue;
        }
        if !auto_renew {
            warnings.push(Warning::NumberEnds { id, number, paid_until });
        } else if let Some((_, left)) = left.iter_mut().find(|(of, _)| *of == mode) {
            *left -= monthly_micros;
            if *left < 0 {
                warnings.push(Warning::NumberLacksMoney { id, number, paid_until, mode, missing_micros: -*left });
            }
        }
    }
    warnings
}

fn warnings_of_account(wallets: &[Wallet], texts: &[TextsOfDay], today: i64) -> Vec<Warning> {
    let overdrawn = wallets.iter().filter(|wallet| wallet.balance_micros < 0).map(|wallet| Warning::WalletOverdrawn {
        mode: wallet.mode,
        balance_micros: wallet.balance_micros,
        credit_limit_micros: wallet.credit_limit_micros,
    });
    let mut warnings: Vec<_> = overdrawn.collect();
    let week = texts.iter().filter(|day| day.day > today - 7);
    let (sent, failed) = week.fold((0, 0), |(sent, failed), day| (sent + day.sent, failed + day.failed));
    if sent >= MANY_SENT && failed * 100 >= sent * MANY_FAILED_PERCENT {
        warnings.push(Warning::ManyFailed { failed, sent });
    }
    warnings
}

fn limits(owned: usize, wallets: &[Wallet]) -> Vec<Limit> {
    let mut limits = vec![Limit { name: "numbers", used: i64::try_from(owned).unwrap_or(i64::MAX), max: MAX_OWNED }];
    limits.extend(wallets.iter().filter(|wallet| wallet.credit_limit_micros > 0).map(|wallet| Limit {
        name: "credit",
        used: (-wallet.balance_micros).max(0),
        max: wallet.credit_limit_micros,
    }));
    limits
}

impl Place {
    /// Before everything.
    pub fn end() -> Self {
        Self { micros: i64::MAX, id: Uuid::max() }
    }
}

/// What happened in an account before that place, newest first.
pub async fn activity(app: &App, user_id: UserId, before: Place, limit: usize) -> Result<Vec<Activity>> {
    let now = app.clock.now();
    let mut db = app.db.snapshot().await?;
    let days = usage::access::of_owner(&mut db, user_id, now).await?;
    activity_with(&mut db, user_id, before, limit, &days, now).await
}

async fn activity_with(
    db: &mut Conn,
    user_id: UserId,
    before: Place,
    limit: usize,
    days: &[TextDay],
    now: Timestamp,
) -> Result<Vec<Activity>> {
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut all: Vec<_> =
        store::list_moved(db, user_id, before, rows).await?.into_iter().map(Activity::of_money).collect();
    for (id, at, browser) in store::list_sign_ins(db, user_id, before, rows).await? {
        all.push(Activity { about: Some(browser), ..Activity::new(ActivityKind::SignedIn, at, id) });
    }
    for (id, at, number) in store::list_shared(db, user_id, before, rows).await? {
        all.push(Activity { number: Some(number), ..Activity::new(ActivityKind::NumberShared, at, id) });
    }
    for (id, at, number, party) in store::list_opted_out(db, user_id, before, rows).await? {
        let told = Activity::new(ActivityKind::OptedOut, at, id);
        all.push(Activity { number: Some(number), about: Some(party), ..told });
    }
    all.extend(failed_texts(days, now).into_iter().filter(|told| told.place < before));
    all.sort_by_key(|told| std::cmp::Reverse(told.place));
    all.truncate(limit);
    Ok(all)
}

/// One line for each day, at its end; for today, now.
fn failed_texts(days: &[TextDay], now: Timestamp) -> Vec<Activity> {
    let failed = texts_of(days).into_iter().filter(|day| day.failed > 0);
    failed
        .map(|day| {
            let end = Timestamp::from_micros(start_of(day.day + 1).micros() - 1).min(now);
            Activity { count: Some(day.failed), ..Activity::new(ActivityKind::TextsFailed, end, Uuid::nil()) }
        })
        .collect()
}

impl Activity {
    fn of_money(moved: store::Moved) -> Self {
        let (kind, sign) = match (&*moved.from_account, &*moved.to_account) {
            ("payments", _) => (ActivityKind::ToppedUp, 1),
            ("administrators", _) => (ActivityKind::Adjusted, 1),
            (_, "administrators") => (ActivityKind::Adjusted, -1),
            ("held", "numbers") => (ActivityKind::NumberBought, 1),
            (_, "numbers") => (ActivityKind::NumberRenewed, 1),
            (_, "wallet") => (ActivityKind::Spent, -1),
            _ => (ActivityKind::Spent, 1),
        };
        let is_number = matches!(kind, ActivityKind::NumberBought | ActivityKind::NumberRenewed);
        let about = Some(moved.about).filter(|about| !about.is_empty());
        let (number, about) = if is_number { (about, None) } else { (None, about) };
        Self {
            mode: Some(moved.mode),
            amount_micros: Some(sign * moved.amount_micros),
            number,
            about,
            ..Self::new(kind, moved.created_at, moved.id)
        }
    }
}

/// How this node and what all nodes share are doing.
pub async fn health(app: &App) -> Result<SystemHealth> {
    let now = app.clock.now();
    let process = process::look().await;
    let mut db = app.db.read();
    let asked = Instant::now();
    store::ping(&mut db).await?;
    let database_answer_micros = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
    let carriers = carriers(app, &mut db, now).await?;
    let jobs = store::list_queues(&mut db).await?;
    let late = jobs.iter().filter_map(|queue| queue.due_at).map(|due| now.since(due).as_secs()).max();
    Ok(SystemHealth {
        version: env!("CARGO_PKG_VERSION"),
        database: if app.db.is_postgres() { "postgresql" } else { "sqlite" },
        database_answer_micros,
        bus: app.bus.is_connected(),
        process,
        sockets: app.hub.sockets(),
        carriers,
        late_secs: late.unwrap_or(0),
        jobs,
    })
}

/// Those that this installation has.
async fn carriers(app: &App, db: &mut Conn, now: Timestamp) -> Result<Vec<CarrierHealth>> {
    let outbox = store::list_outbox(db).await?;
    let mut carriers: Vec<_> = app
        .carriers
        .all()
        .into_iter()
        .map(|provider| {
            let count = |wanted: &str| {
                let row = outbox.iter().find(|(carrier, state, ..)| *carrier == provider.name && state == wanted);
                row.map_or((0, None), |(.., count, oldest)| (*count, *oldest))
            };
            let (queued, oldest) = count("queued");
            let link = provider.link();
            CarrierHealth {
                mode: provider.mode(),
                enabled: provider.is_on(),
                linked_by: link.node.filter(|_| link.is_up),
                queued,
                waiting_since: oldest.filter(|due| *due <= now),
                on_the_wire: count("submitting").0,
                unknown: count("unknown").0,
                name: provider.name.clone(),
            }
        })
        .collect();
    carriers.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(carriers)
}
