//! Deliveries: one group, everybody connected, as many messages as go through.
//! Receipts are left out here, as in the bare broadcast beside it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::Result;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Options,
    http::Http,
    measure::per_sec,
    sends::{number_after, spawn, spawn_joined},
    server::{Engine, Server},
    socket::Socket,
};

/// Sends that may be under way: enough to keep everybody busy, few enough that no queue of 256 overflows.
const IN_FLIGHT: u64 = 64;

pub async fn group(options: &Options, engine: Engine, members: usize) -> Result<Value> {
    let mut server = Server::fresh(options, engine).await?;
    let people = server.people(members).await?;
    let group = server.group(&people[0], &people[1..]).await?;
    let (heard, slowest) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let fallen = Arc::new(AtomicU64::new(0));
    for (n, person) in people.iter().enumerate() {
        let mut socket = Socket::connect(&server.address, &person.token).await?;
        let (heard, slowest, fallen) = (heard.clone(), slowest.clone(), fallen.clone());
        spawn(async move {
            while let Ok(text) = socket.receive().await {
                if text.starts_with(r#"{"type":"message.created""#) {
                    heard.fetch_add(1, Ordering::Relaxed);
                    // The last to be written to sets the pace.
                    if n + 1 == members
                        && let Some(seq) = number_after(&text, r#""seq":"#)
                    {
                        slowest.store(seq, Ordering::Relaxed);
                    }
                }
            }
            fallen.fetch_add(1, Ordering::Relaxed);
        });
    }
    let stop = Arc::new(AtomicBool::new(false));
    let sent = Arc::new(AtomicU64::new(0));
    let senders: Vec<_> = (0..8)
        .map(|n| {
            let (address, token, path) =
                (server.address.clone(), people[n].token.clone(), format!("/api/conversations/{group}/messages"));
            let (stop, sent, slowest) = (stop.clone(), sent.clone(), slowest.clone());
            spawn_joined(async move {
                let mut http = Http::connect(&address).await?;
                while !stop.load(Ordering::Relaxed) {
                    if sent.load(Ordering::Relaxed) > slowest.load(Ordering::Relaxed) + IN_FLIGHT {
                        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                        continue;
                    }
                    sent.fetch_add(1, Ordering::Relaxed);
                    http.post(
                        &path,
                        &token,
                        &json!({"client_id": Uuid::now_v7(), "body": "Something for everybody in this group."}),
                    )
                    .await?;
                }
                Ok::<_, anyhow::Error>(())
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let (before, started) = (heard.load(Ordering::Relaxed), Instant::now());
    tokio::time::sleep(options.duration()).await;
    let delivered = heard.load(Ordering::Relaxed) - before;
    let over = started.elapsed();
    let closed = fallen.load(Ordering::Relaxed);
    stop.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.await??;
    }
    server.stop().await?;
    Ok(
        json!({"per_sec": per_sec(delivered, over), "messages_per_sec": per_sec(delivered / members as u64, over), "closed_as_slow": closed}),
    )
}
