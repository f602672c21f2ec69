//! History: 64 readers page through one long conversation, 50 messages at a time.
//! Each reads a page that follows from the one before.

use std::time::Instant;

use anyhow::Result;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Options,
    http::Http,
    measure::Latencies,
    sends::{number_after, spawn_joined},
    server::{Engine, Server},
};

const MESSAGES: usize = 10_000;
const READERS: usize = 64;

pub async fn pages(options: &Options, engine: Engine) -> Result<Value> {
    let mut server = Server::fresh(options, engine).await?;
    let people = server.people(2).await?;
    let conversation = server.direct(&people[0], &people[1]).await?;
    let path = format!("/api/conversations/{conversation}/messages");
    let fillers = (0..32).map(|_| {
        let (address, token, path) = (server.address.clone(), people[0].token.clone(), path.clone());
        spawn_joined(async move {
            let mut http = Http::connect(&address).await?;
            for n in 0..MESSAGES / 32 {
                http.post(
                    &path,
                    &token,
                    &json!({"client_id": Uuid::now_v7(), "body": format!("Message {n} of a long and winding story")}),
                )
                .await?;
            }
            Ok::<_, anyhow::Error>(())
        })
    });
    for filler in try_join_all(fillers).await? {
        filler?;
    }
    let end = Instant::now() + options.duration();
    let readers = (0..READERS).map(|n| {
        let (address, token, path) = (server.address.clone(), people[n % 2].token.clone(), path.clone());
        spawn_joined(async move {
            let mut http = Http::connect(&address).await?;
            let mut latencies = Latencies::new();
            let mut before = (MESSAGES - n * 100) as u64;
            while Instant::now() < end {
                let started = Instant::now();
                let answer = http.get(&format!("{path}?limit=50&before={before}"), &token).await?;
                latencies.note(started.elapsed());
                let first = number_after(&String::from_utf8_lossy(&answer.body), r#""seq":"#).unwrap_or(1);
                before = if first <= 1 { MESSAGES as u64 } else { first };
            }
            Ok::<_, anyhow::Error>(latencies)
        })
    });
    let mut all = Latencies::new();
    for latencies in try_join_all(readers).await? {
        all.add(&latencies?);
    }
    server.stop().await?;
    Ok(all.figures(options.duration()))
}
