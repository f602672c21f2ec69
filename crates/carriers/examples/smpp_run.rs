//! 10,000 texts through a message centre that throttles, and is stopped and started five times in between.
//! Prints what became of them as JSON: `cargo run --release -p convo-carriers --example smpp_run`. Needs node and npm.

#[expect(dead_code, reason = "tests use more of it")]
#[path = "../tests/smpp_peer/mod.rs"]
mod smpp_peer;

use serde_json::json;
use smpp_peer::run::{Plan, run};
use smpp_peer::{Peer, bound};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
async fn main() {
    let mut peer = Peer::start().await;
    peer.behave(json!({ "receipts": "after", "ids": "hex_receipt", "delay_ms": 10, "rate": 600, "keeps_lost": true }))
        .await;
    let smpp = bound(&peer, json!({ "segments_per_second": 690, "window": 50 })).await;
    let plan = Plan { texts: 10_000, stops_at: vec![1_500, 3_000, 4_500, 6_000, 7_500] };
    let figures = run(&smpp, &mut peer, plan).await;
    println!("{figures:#}");
}
