//! Connections: bound, lost, refused, closed.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use convo_carriers::smpp::LinkState;
use convo_carriers::{Carrier, Event, Submission, World};
use serde_json::{Value, json};

use crate::smpp_peer::{Peer, bound, hear, part, settings, start, until_bound, until_links};

#[tokio::test]
async fn it_binds_with_what_the_carrier_gave_us() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({ "system_type": "sms" })).await;
    let bind = peer.event("bind").await;
    assert_eq!(
        (&bind["command"], &bind["system_id"], &bind["password"], &bind["system_type"], &bind["interface_version"]),
        (&json!("bind_transceiver"), &json!("convo"), &json!("secret"), &json!("sms"), &json!(0x34))
    );
    assert_eq!(smpp.room(), 10);
    assert_eq!(smpp.capabilities().world, World::Simulated);
    smpp.close().await;
    peer.event("unbind").await;
    assert_eq!(*smpp.links().borrow(), [LinkState::Closed]);
    assert_eq!(smpp.submit(part(1, "too late")).await, Submission::Unreachable);
    assert!(smpp.events(1, Duration::ZERO).await.is_err());
}

#[tokio::test]
async fn a_pair_sends_on_one_connection_and_hears_on_the_other() {
    let mut peer = Peer::start().await;
    peer.behave(json!({ "receipts": "after" })).await;
    let smpp = bound(&peer, json!({ "bind": "pair" })).await;
    let mut binds = [peer.event("bind").await, peer.event("bind").await].map(|bind| bind["command"].to_string());
    binds.sort();
    assert_eq!(binds, [r#""bind_receiver""#, r#""bind_transmitter""#]);
    assert!(matches!(smpp.submit(part(1, "hello")).await, Submission::Accepted { .. }));
    assert!(matches!(hear(&smpp, 1).await[0].event, Event::Receipt(_)));
    smpp.close().await;
    peer.until("both said good-bye", |stats| stats["unbinds"] == 2).await;
}

#[tokio::test]
async fn wrong_credentials_are_not_tried_again_for_minutes() {
    let mut peer = Peer::start().await;
    peer.behave(json!({ "bind_status": 0x0E })).await;
    let smpp = start(settings(&peer, json!({})));
    let links = until_links(&smpp, |links| matches!(links[0], LinkState::Refused { .. })).await;
    let LinkState::Refused { status, retry_in } = &links[0] else { unreachable!() };
    assert_eq!(status, "ESME_RINVPASWD (0x0000000E)");
    assert!(*retry_in >= Duration::from_secs(120), "{retry_in:?}");
    assert_eq!(smpp.room(), 0);
    assert_eq!(smpp.submit(part(1, "hello")).await, Submission::Unreachable);
    smpp.close().await;
}

#[tokio::test]
async fn a_carrier_that_goes_away_is_bound_again_when_it_is_back() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    peer.restart().await;
    until_links(&smpp, |links| links[0] != LinkState::Bound).await;
    until_bound(&smpp).await;
    assert!(matches!(smpp.submit(part(1, "hello again")).await, Submission::Accepted { .. }));
    assert_eq!(peer.stats().await["binds"], 2);
}

#[tokio::test]
async fn a_carrier_that_says_good_bye_gets_its_answer_after_what_is_in_flight() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    peer.behave(json!({ "hold": true })).await;
    let submission = smpp.submit(part(1, "held"));
    let good_bye = async {
        peer.until("it is in flight", |stats| stats["in_flight"] == 1).await;
        peer.tell("unbind", json!({})).await;
        peer.tell("release", json!({})).await;
        peer.event("unbind_resp").await;
    };
    let (submission, ()) = tokio::join!(submission, good_bye);
    assert!(matches!(submission, Submission::Accepted { .. }), "{submission:?}");
    until_links(&smpp, |links| links[0] != LinkState::Bound).await;
    until_bound(&smpp).await;
}

#[tokio::test]
async fn closing_waits_for_what_is_in_flight() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    peer.behave(json!({ "hold": true })).await;
    let close = async {
        peer.until("it is in flight", |stats| stats["in_flight"] == 1).await;
        let close = smpp.close();
        peer.tell("release", json!({})).await;
        close.await;
    };
    let (submission, ()) = tokio::join!(smpp.submit(part(1, "held")), close);
    assert!(matches!(submission, Submission::Accepted { .. }), "{submission:?}");
    peer.event("unbind").await;
}

#[tokio::test]
async fn a_mute_carrier_is_noticed_and_its_texts_are_in_doubt() {
    let mut peer = Peer::start().await;
    let timing =
        json!({ "enquire_link_secs": 1, "response_timeout_secs": 2, "bind_timeout_secs": 5, "inactivity_secs": 60 });
    let smpp = bound(&peer, json!({ "timing": timing })).await;
    peer.until("we asked whether it is there", |stats| stats["enquiries"].as_u64() >= Some(1)).await;
    peer.behave(json!({ "mute": true })).await;
    let submission = smpp.submit(part(1, "is anybody there?")).await;
    assert!(matches!(submission, Submission::Unknown { .. }), "{submission:?}");
    let links = until_links(&smpp, |links| links[0] != LinkState::Bound).await;
    assert!(matches!(&links[0], LinkState::Down { reason, .. } if reason == "the carrier does not answer"));
    peer.behave(json!({ "mute": false })).await;
    until_bound(&smpp).await;
}

#[tokio::test]
async fn a_link_on_which_nothing_comes_is_opened_anew() {
    let peer = Peer::start().await;
    let timing = json!({ "enquire_link_secs": 0, "inactivity_secs": 1 });
    let smpp = bound(&peer, json!({ "timing": timing })).await;
    until_links(&smpp, |links| links[0] != LinkState::Bound).await;
    until_bound(&smpp).await;
}

#[tokio::test]
async fn what_is_no_frame_ends_the_link_and_what_is_no_command_does_not() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    peer.tell("raw", json!({ "hex": "00000010000033330000000000000009" })).await;
    let nack = peer.event("generic_nack").await;
    assert_eq!((&nack["status"], &nack["sequence"]), (&json!(3), &json!(9)));
    assert_eq!(smpp.links().borrow()[0], LinkState::Bound);
    peer.tell("raw", json!({ "hex": "FFFFFFFF000000150000000000000001" })).await;
    until_links(&smpp, |links| matches!(&links[0], LinkState::Down { reason, .. } if reason.contains("4294967295")))
        .await;
    until_bound(&smpp).await;
}

/// An authority, and a certificate that it gave to `localhost`.
fn certificates(folder: &Path) -> Value {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").expect("a file");
    for command in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Test",
        "req -newkey rsa:2048 -nodes -keyout peer.key -out peer.csr -subj /CN=localhost",
        "x509 -req -in peer.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out peer.pem -days 2 -extfile names",
    ] {
        let output = Command::new("openssl")
            .args(command.split(' '))
            .current_dir(folder)
            .output()
            .expect("tests of TLS need openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    json!({ "tls": { "key": folder.join("peer.key"), "cert": folder.join("peer.pem") } })
}

#[tokio::test]
async fn tls_is_spoken_only_with_whom_an_authority_vouches_for() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("smpp_tls");
    let peer = Peer::start_with(certificates(&folder)).await;
    let root = std::fs::read_to_string(folder.join("ca.pem")).unwrap();

    let trusted = json!({ "server_name": "localhost", "extra_roots_pem": root });
    let smpp = bound(&peer, json!({ "tls": trusted })).await;
    assert!(matches!(smpp.submit(part(1, "hello")).await, Submission::Accepted { .. }));
    smpp.close().await;

    for tls in
        [json!({ "server_name": "localhost" }), json!({ "server_name": "smsc.example", "extra_roots_pem": root })]
    {
        let smpp = start(settings(&peer, json!({ "tls": tls })));
        let links = until_links(&smpp, |links| matches!(links[0], LinkState::Down { .. })).await;
        assert!(format!("{links:?}").contains("certificate"), "{links:?}");
        smpp.close().await;
    }
}
