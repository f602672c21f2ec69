//! Receipts and texts on their way in, and when the carrier hears that we have them.

use std::time::Duration;

use convo_carriers::smpp::Smpp;
use convo_carriers::{Carrier, Event, Heard, Inbound, Outcome, Receipt, Submission};
use convo_phone::sms::{encode_ucs2, join, split};
use serde_json::{Value, json};

use crate::smpp_peer::{Peer, bound, hear, part, until_bound};

fn hex(octets: &[u8]) -> Value {
    json!({ "hex": octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>() })
}

/// A text to one of our numbers.
fn text(more: Value) -> Value {
    let mut pdu = json!({
        "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": "447400123456",
        "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": "447700900461",
    });
    for (name, value) in more.as_object().expect("fields by name") {
        pdu[name] = value.clone();
    }
    pdu
}

async fn deliver(peer: &mut Peer, pdus: &[Value]) {
    peer.tell("deliver", json!({ "pdus": pdus })).await;
}

fn inbound(heard: &Heard) -> &Inbound {
    let Event::Inbound(inbound) = &heard.event else { panic!("a text, not {heard:?}") };
    inbound
}

fn receipt(heard: &Heard) -> &Receipt {
    let Event::Receipt(receipt) = &heard.event else { panic!("a receipt, not {heard:?}") };
    receipt
}

async fn accepted(smpp: &Smpp, index: usize) -> String {
    match smpp.submit(part(index, "hello")).await {
        Submission::Accepted { carrier_id } => carrier_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_receipt_names_its_text_whatever_form_its_id_has() {
    for ids in ["decimal", "hex_submission", "hex_receipt"] {
        for form in ["text", "parameters"] {
            let mut peer = Peer::start().await;
            peer.behave(json!({ "receipts": "after", "ids": ids, "receipt_form": form })).await;
            let smpp = bound(&peer, json!({})).await;
            for index in 0..25 {
                let id = accepted(&smpp, index).await;
                let heard = hear(&smpp, 1).await;
                let receipt = receipt(&heard[0]);
                assert_eq!(receipt.ids, [id], "{ids}, {form}");
                assert_eq!(receipt.outcome, Outcome::Delivered);
                assert_eq!(receipt.to, Some(part(index, "").to));
                smpp.acknowledge(heard[0].place).await.unwrap();
            }
            // What is learned holds for receipts whose text we do not know.
            deliver(
                &mut peer,
                &[text(json!({ "esm_class": 4, "short_message": "id:0000041394 stat:UNDELIV err:001" }))],
            )
            .await;
            let heard = hear(&smpp, 1).await;
            let expected = if ids == "hex_submission" {
                "a1b2"
            } else if ids == "decimal" {
                "41394"
            } else {
                "267156"
            };
            assert_eq!(receipt(&heard[0]).ids, [expected], "{ids}, {form}");
        }
    }
}

#[tokio::test]
async fn a_receipt_may_come_before_the_answer_to_its_submission() {
    let mut peer = Peer::start().await;
    peer.behave(json!({ "receipts": "before", "ids": "hex_receipt" })).await;
    let smpp = bound(&peer, json!({})).await;
    let id = accepted(&smpp, 1).await;
    let heard = hear(&smpp, 1).await;
    assert!(receipt(&heard[0]).ids.contains(&id), "{id} is in {:?}", receipt(&heard[0]).ids);
}

#[tokio::test]
async fn the_carrier_hears_that_we_have_it_only_once_we_do() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    deliver(&mut peer, &[text(json!({ "short_message": "first" })), text(json!({ "short_message": "second" }))]).await;
    let heard = hear(&smpp, 2).await;
    assert!(heard[0].place < heard[1].place);
    // Unacknowledged, they come again.
    assert_eq!(hear(&smpp, 2).await, heard);

    smpp.acknowledge(heard[0].place).await.unwrap();
    let answer = peer.event("answer").await;
    assert_eq!((&answer["index"], &answer["status"]), (&json!(0), &json!(0)));
    assert_eq!(hear(&smpp, 1).await, heard[1..]);

    // The link breaks: the second is forgotten here, and the carrier brings it again.
    peer.tell("drop", json!({})).await;
    peer.until("a new bind", |stats| stats["binds"] == 2).await;
    until_bound(&smpp).await;
    assert_eq!(smpp.events(10, Duration::ZERO).await.unwrap(), []);
    deliver(&mut peer, &[text(json!({ "short_message": "second" }))]).await;
    let again = hear(&smpp, 1).await;
    assert_eq!(inbound(&again[0]).payload.text(), "second");
    assert!(again[0].place > heard[1].place);
    smpp.acknowledge(again[0].place).await.unwrap();
    assert_eq!(peer.event("answer").await["index"], 0);
}

#[tokio::test]
async fn a_full_inbox_sends_the_carrier_away_until_later() {
    const MOST: usize = 2_000;
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    let one = text(json!({ "short_message": "one of many" }));
    deliver(&mut peer, &vec![one.clone(); MOST + 1]).await;
    let answer = peer.event("answer").await;
    assert_eq!((&answer["index"], &answer["status"]), (&json!(MOST), &json!(0x14)));
    let heard = hear(&smpp, MOST).await;
    smpp.acknowledge(heard[MOST - 1].place).await.unwrap();
    for _ in 0..MOST {
        assert_eq!(peer.event("answer").await["status"], 0);
    }
    deliver(&mut peer, &[one]).await;
    hear(&smpp, 1).await;
}

#[tokio::test]
async fn a_long_text_is_whole_again_in_whatever_order_its_parts_come() {
    let long = "Привет, мир! 👩‍🚀 ".repeat(27);
    let payloads = split(&long).payloads(77).unwrap();
    assert_eq!(payloads.len(), 8);
    let in_header = |payload: &convo_phone::sms::Payload| json!({ "esm_class": 0x40, "data_coding": 8, "short_message": hex(&payload.unpacked()) });
    let in_payload = |payload: &convo_phone::sms::Payload| json!({ "esm_class": 0x40, "data_coding": 8, "message_payload": hex(&payload.unpacked()) });
    let in_parameters = |payload: &convo_phone::sms::Payload| {
        let part = payload.part.unwrap();
        json!({ "data_coding": 8, "short_message": hex(&payload.body), "sar_msg_ref_num": 999,
            "sar_total_segments": part.total, "sar_segment_seqnum": part.number })
    };
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    let forms: [&dyn Fn(&convo_phone::sms::Payload) -> Value; 3] = [&in_header, &in_payload, &in_parameters];
    for form in forms {
        let pdus: Vec<Value> = [5, 0, 7, 2, 6, 1, 4, 3].map(|index| text(form(&payloads[index]))).into();
        deliver(&mut peer, &pdus).await;
        let heard = hear(&smpp, 8).await;
        let parts: Vec<_> = heard.iter().map(|heard| inbound(heard).payload.clone()).collect();
        assert_eq!(join(&parts).unwrap(), long);
        smpp.acknowledge(heard[7].place).await.unwrap();
    }
}

#[tokio::test]
async fn texts_of_every_coding_and_sender_are_read() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({})).await;
    let pdus = [
        text(json!({ "data_coding": 0, "short_message": hex(b"\x00 hello \x1B\x65") })),
        text(json!({ "data_coding": 1, "short_message": hex(b"plain [ascii]") })),
        text(json!({ "data_coding": 3, "short_message": hex(b"caf\xE9 \xFE") })),
        text(
            json!({ "data_coding": 8, "short_message": hex(&encode_ucs2("день")), "source_addr": "Acme", "source_addr_ton": 5, "source_addr_npi": 0 }),
        ),
        text(
            json!({ "short_message": "STOP", "source_addr": "07400123456", "source_addr_ton": 0, "destination_addr": "60300", "dest_addr_ton": 3 }),
        ),
    ];
    deliver(&mut peer, &pdus).await;
    let heard = hear(&smpp, pdus.len()).await;
    let read: Vec<_> = heard
        .iter()
        .map(inbound)
        .map(|inbound| (inbound.from.to_string(), inbound.to.to_string(), inbound.payload.text()))
        .collect();
    let ours = "+447700900461";
    let expected = [
        ("+447400123456", ours, "@ hello €"),
        ("+447400123456", ours, "plain [ascii]"),
        ("+447400123456", ours, "café þ"),
        ("Acme", ours, "день"),
        ("+447400123456", "short:GB:60300", "STOP"),
    ];
    assert_eq!(read, expected.map(|(from, to, text)| (from.to_owned(), to.to_owned(), text.to_owned())));
    assert!(heard.iter().all(|heard| inbound(heard).id.is_none()));

    // What can never be read is refused aloud; `data_sm` is a text as well.
    deliver(&mut peer, &[text(json!({ "source_addr": "", "short_message": "from nobody" }))]).await;
    assert_eq!(peer.event("answer").await["status"], 0x65);
    smpp.acknowledge(heard[4].place).await.unwrap();
    let data = text(json!({ "data_coding": 0, "message_payload": hex(b"as data") }));
    peer.tell("deliver", json!({ "command": "data_sm", "pdus": [data] })).await;
    assert_eq!(inbound(&hear(&smpp, 1).await[0]).payload.text(), "as data");
}

#[tokio::test]
async fn packed_septets_are_read_where_the_carrier_packs() {
    let mut peer = Peer::start().await;
    let smpp = bound(&peer, json!({ "text": { "default_alphabet": "packed" } })).await;
    let long = "one two three ".repeat(20);
    let payloads = split(&long).payloads(3).unwrap();
    // 3GPP TS 23.038 packs "hellohello" so.
    let mut pdus = vec![text(json!({ "short_message": { "hex": "e8329bfd4697d9ec37" } }))];
    pdus.extend(
        payloads
            .iter()
            .map(|payload| text(json!({ "esm_class": 0x40, "short_message": hex(&payload.packed().octets) }))),
    );
    deliver(&mut peer, &pdus).await;
    let heard = hear(&smpp, 3).await;
    assert_eq!(inbound(&heard[0]).payload.text(), "hellohello");
    let parts: Vec<_> = heard[1..].iter().map(|heard| inbound(heard).payload.clone()).collect();
    assert_eq!(join(&parts).unwrap(), long);
}
