//! What the server costs while nothing happens: start-up, memory, binary, idle sockets.
//! Memory is the resident set of its process.

use anyhow::Result;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use crate::{
    Options,
    server::{Engine, Server},
    socket::Socket,
};

pub async fn start(options: &Options, engine: Engine) -> Result<Value> {
    let server = Server::fresh(options, engine).await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let figures = json!({
        "ready_ms": server.ready_in.as_millis(),
        "idle_mib": server.memory_bytes()? / 1024 / 1024,
        "binary_mib": std::fs::metadata(&options.binary)?.len() / 1024 / 1024,
    });
    server.stop().await?;
    Ok(figures)
}

/// Two thousand people with one socket each, then with four.
pub async fn sockets(options: &Options, engine: Engine) -> Result<Value> {
    const PEOPLE: usize = 2_000;
    let mut server = Server::fresh(options, engine).await?;
    let people = server.people(PEOPLE).await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let before = server.memory_bytes()?;
    let mut open = vec![];
    let mut figures = json!({});
    for rounds in [1, 3] {
        for _ in 0..rounds {
            for some in people.chunks(50) {
                open.extend(
                    try_join_all(some.iter().map(|person| Socket::connect(&server.address, &person.token))).await?,
                );
            }
        }
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let each = (server.memory_bytes()?.saturating_sub(before)) / open.len() as u64;
        figures[format!("bytes_each_of_{}", open.len())] = json!(each);
    }
    drop(open);
    server.stop().await?;
    Ok(figures)
}
