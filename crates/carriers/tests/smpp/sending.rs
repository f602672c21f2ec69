//! Submissions: what the wire answers, and what is known of a part then.

use convo_carriers::smpp::LinkState;
use convo_carriers::{Carrier, Failure, Submission};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::smpp_peer::run::{Plan, run};
use crate::smpp_peer::{Peer, bound, part, parts, until_bound, until_links};

async fn submitted(peer: &mut Peer) -> Vec<Value> {
    peer.tell("submitted", json!({})).await["submitted"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn the_window_is_never_exceeded() {
    let mut peer = Peer::start().await;
    peer.behave(json!({ "delay_ms": 10 })).await;
    let smpp = bound(&peer, json!({ "window": 7, "segments_per_second": 5000 })).await;
    let all = join_all((0..200).map(|index| smpp.submit(part(index, "one of many")))).await;
    assert!(all.iter().all(|submission| matches!(submission, Submission::Accepted { .. })));
    let stats = peer.stats().await;
    assert_eq!((&stats["max_in_flight"], &stats["accepted"]), (&json!(7), &json!(200)));
}

#[tokio::test]
async fn a_throttled_text_comes_back_and_the_rate_falls() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({ "segments_per_second": 100 })).await;
    peer.behave(json!({ "statuses": [0x58] })).await;
    assert_eq!(smpp.submit(part(1, "slow down")).await, Submission::Throttled { retry_after_ms: 1000 });
    assert_eq!(smpp.room(), 0);
    // Who asks all the same is told to wait, or waits.
    let again = smpp.submit(part(1, "slow down")).await;
    assert!(matches!(again, Submission::Throttled { .. } | Submission::Accepted { .. }), "{again:?}");
    assert_eq!(peer.stats().await["throttled"], 1);
}

#[tokio::test]
async fn answers_with_an_error_are_told_apart() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    peer.behave(json!({ "statuses": [0x14, 0x08, 0x0B, 0x0A, 0x45, 0x0400] })).await;
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(smpp.submit(part(1, "hello")).await);
    }
    let refused = |failure, detail: &str| Submission::Refused { failure, detail: detail.to_owned() };
    assert_eq!(
        answers,
        [
            Submission::Throttled { retry_after_ms: 180_000 },
            Submission::Throttled { retry_after_ms: 30_000 },
            refused(Failure::UnknownHandset, "ESME_RINVDSTADR (0x0000000B)"),
            refused(Failure::SenderRefused, "ESME_RINVSRCADR (0x0000000A)"),
            refused(Failure::Unspecified, "ESME_RSUBMITFAIL (0x00000045)"),
            refused(Failure::Unspecified, "unknown status (0x00000400)"),
        ]
    );
}

#[tokio::test]
async fn a_link_that_breaks_before_the_answer_leaves_the_text_in_doubt() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    peer.behave(json!({ "drop_after": 1 })).await;
    let submission = smpp.submit(part(1, "did it arrive?")).await;
    assert!(matches!(submission, Submission::Unknown { .. }), "{submission:?}");
    until_links(&smpp, |links| links[0] != LinkState::Bound).await;
    assert_eq!(smpp.submit(part(2, "no link")).await, Submission::Unreachable);
    until_bound(&smpp).await;
    let stats = peer.stats().await;
    assert_eq!((&stats["accepted"], &stats["doubled"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn texts_read_the_same_at_the_other_end_in_every_form() {
    let mut peer = Peer::start().await;
    for (alphabet, long_messages) in
        [("unpacked", "header"), ("unpacked", "sar"), ("unpacked", "message_payload"), ("latin1", "header")]
    {
        let smpp =
            bound(&peer, json!({ "text": { "default_alphabet": alphabet, "long_messages": long_messages } })).await;
        peer.tell("alphabet", json!({ "name": if alphabet == "latin1" { "LATIN1" } else { "ASCII" } })).await;
        for text in ["Grüße: ñ & @", "Привет 👋", &"long é ".repeat(40), &"Привет, мир! 👩‍🚀 ".repeat(27)]
        {
            for part in parts(1, text) {
                let submission = smpp.submit(part).await;
                assert!(matches!(submission, Submission::Accepted { .. }), "{submission:?}");
            }
            let read: String =
                submitted(&mut peer).await.iter().map(|part| part["text"].as_str().unwrap().to_owned()).collect();
            assert_eq!(read, text, "{alphabet}, {long_messages}");
        }
        smpp.close().await;
    }
}

#[tokio::test]
async fn the_wire_has_what_carriers_expect() {
    let mut peer = Peer::start().await;
    let text = json!({ "default_alphabet": "packed", "validity_secs": 3600 });
    let smpp = bound(&peer, json!({ "text": text })).await;
    let mut named = part(1, "hellohello");
    named.from = "Acme".parse().unwrap();
    smpp.submit(named).await;
    let mut short = part(1, "день");
    short.from = "short:GB:60300".parse().unwrap();
    smpp.submit(short).await;
    for part in parts(2, &"a".repeat(161)) {
        smpp.submit(part).await;
    }
    let all = submitted(&mut peer).await;
    // 3GPP TS 23.038 packs "hellohello" so.
    assert_eq!((&all[0]["octets"], &all[0]["data_coding"]), (&json!("e8329bfd4697d9ec37"), &json!(0)));
    assert_eq!((&all[0]["from"], &all[0]["ton"]), (&json!("Acme"), &json!([5, 0, 1, 1])));
    assert_eq!((&all[1]["from"], &all[1]["ton"]), (&json!("60300"), &json!([3, 0, 1, 1])));
    assert_eq!((&all[1]["octets"], &all[1]["data_coding"]), (&json!("04340435043d044c"), &json!(8)));
    assert_eq!((&all[2]["esm_class"], &all[2]["registered_delivery"]), (&json!(0x40), &json!(1)));
    assert!(all[2]["octets"].as_str().unwrap().starts_with("050003070201"));
}

/// Stopped and started twice while 2,000 texts leave: each has one end, and none leaves twice.
#[tokio::test]
async fn two_thousand_texts_survive_a_carrier_that_comes_and_goes() {
    let mut peer = Peer::start().await;
    peer.behave(json!({ "receipts": "after", "ids": "hex_submission", "delay_ms": 10, "keeps_lost": true })).await;
    let smpp = bound(&peer, json!({ "segments_per_second": 600, "window": 20 })).await;
    let figures = run(&smpp, &mut peer, Plan { texts: 2000, stops_at: vec![600, 1300] }).await;
    let count = |name: &str| figures[name].as_u64().unwrap();
    assert_eq!(count("accepted") + count("unknown"), 2000, "{figures}");
    assert!((1..=40).contains(&count("unknown")), "{figures}");
    assert_eq!(count("peer_accepted"), count("accepted") + count("unknown_with_receipt"), "{figures}");
    assert_eq!((count("refused"), count("peer_doubled"), count("receipts_of_another_text")), (0, 0, 0), "{figures}");
    assert_eq!(count("delivered"), count("peer_accepted"), "{figures}");
    assert_eq!(count("receipts_without_text"), 0, "{figures}");
    assert!(count("peer_max_in_flight") <= 20, "{figures}");
    assert_eq!(count("peer_binds"), 3, "{figures}");
}
