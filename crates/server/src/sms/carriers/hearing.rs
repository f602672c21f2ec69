//! What a carrier tells on its link: receipts and texts, stored before they are acknowledged; what its handsets received.
//! It puts nothing on the wire.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use convo_carriers::{Event, Heard, Inbound};
use convo_db::Timestamp;
use tokio::sync::mpsc;
use tracing::{error, warn};

use super::{
    SIMULATOR,
    link::{ATTEMPTS, Link, TRY_AGAIN, Told},
};
use crate::sms::{
    handsets, inbound,
    outbound::{self, actions::Report},
};

const EVENTS: usize = 256;
const WAIT_FOR_EVENTS: Duration = Duration::from_secs(20);
/// An answer that was written has arrived after so long, if the connection still stands.
const ANSWERS_ARRIVE: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(30);

pub async fn hear(link: &Link, reports: mpsc::Sender<Told>) {
    let acknowledged = AtomicI64::new(0);
    tokio::join!(
        listen(link, reports, &acknowledged),
        mark_answered(link, &acknowledged),
        tidy(link),
        tell_handsets(link)
    );
}

/// Stores what the carrier tells, then says so; what could not be stored comes again.
async fn listen(link: &Link, reports: mpsc::Sender<Told>, acknowledged: &AtomicI64) {
    loop {
        let heard = match link.carrier.events(EVENTS, WAIT_FOR_EVENTS).await {
            Ok(heard) => heard,
            Err(error) => {
                warn!(%error, carrier = %link.provider.name, "A carrier's events could not be read");
                tokio::time::sleep(TRY_AGAIN).await;
                continue;
            }
        };
        let Some(through) = heard.last().map(|heard| heard.place) else { continue };
        take_in(link, heard, &reports).await;
        while let Err(error) = link.carrier.acknowledge(through).await {
            warn!(%error, carrier = %link.provider.name, "A carrier's events could not be acknowledged");
            tokio::time::sleep(TRY_AGAIN).await;
        }
        acknowledged.store(link.app.clock.now().micros(), Ordering::Relaxed);
    }
}

/// A text without an id that was answered, and whose connection lives on, will not come again: an equal one is another text.
/// Stored a while later, because an answer may be lost with a connection that breaks right behind it.
async fn mark_answered(link: &Link, acknowledged: &AtomicI64) {
    if link.carrier.capabilities().names_inbound {
        return std::future::pending().await;
    }
    let (mut before, mut marked) = (0, 0);
    loop {
        tokio::time::sleep(ANSWERS_ARRIVE).await;
        let through = std::mem::replace(&mut before, acknowledged.load(Ordering::Relaxed));
        if through == marked {
            continue;
        }
        let (name, sessions) = (&link.provider.name, link.carrier.sessions());
        match inbound::actions::mark_answered(&link.app, name, &sessions, Timestamp::from_micros(through)).await {
            Ok(()) => marked = through,
            Err(error) => warn!(%error, cause = ?error.cause(), carrier = %name, "Answered texts could not be marked"),
        }
    }
}

async fn take_in(link: &Link, heard: Vec<Heard>, reports: &mpsc::Sender<Told>) {
    let (mut receipts, mut texts) = (vec![], vec![]);
    for heard in heard {
        match heard.event {
            Event::Receipt(receipt) => receipts.push(Report::Receipt(receipt)),
            Event::Inbound(inbound) => texts.push(inbound),
        }
    }
    if !receipts.is_empty() {
        Told::store(receipts, reports).await;
    }
    accept(link, &texts).await;
}

/// With the simulator's link comes what its handsets received.
async fn tell_handsets(link: &Link) {
    match link.app.carriers.simulation() {
        Ok(simulation) if link.provider.name == SIMULATOR => handsets::jobs::tell(&link.app, &*simulation).await,
        _ => std::future::pending().await,
    }
}

/// Until it is stored. If the whole fails, its halves are tried; what fails alone again and again is kept for people to look at,
/// because it must not keep out everything that comes after it.
async fn accept(link: &Link, texts: &[Inbound]) {
    for attempt in 1.. {
        let Err(error) = inbound::actions::accept(&link.app, &link.provider.name, texts).await else { return };
        warn!(%error, cause = ?error.cause(), carrier = %link.provider.name, attempt, "What arrived could not be stored; trying again");
        if texts.len() > 1 {
            for half in texts.chunks(texts.len().div_ceil(2)) {
                Box::pin(accept(link, half)).await;
            }
            return;
        }
        if attempt >= ATTEMPTS && inbound::actions::keep_refused(&link.app, &link.provider.name, texts).await.is_ok() {
            error!(carrier = %link.provider.name, "A text that arrived is kept, but could not be put into its thread");
            return;
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

async fn tidy(link: &Link) {
    loop {
        tokio::time::sleep(TIDY_EVERY).await;
        if let Err(error) = inbound::actions::give_up_waiting(&link.app, &link.provider.name).await {
            warn!(%error, cause = ?error.cause(), "Texts that lack parts could not be shown");
        }
        if let Err(error) = outbound::actions::forget_early(&link.app).await {
            warn!(%error, cause = ?error.cause(), "Old receipts could not be deleted");
        }
    }
}
