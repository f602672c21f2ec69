//! Submits, receipts, texts that arrive, and the stream in which all that is told.

use std::time::Duration;

use convo_carriers::{
    Event, Failure, Outcome, Submission,
    simulator::{
        OpenError, Rates, Settings, Simulator,
        magic::{Magic, TABLE},
    },
};
use convo_phone::Party;
use uuid::Uuid;

use crate::{both_engines, everywhere, stage::*};

const DELIVERED: Outcome = Outcome::Delivered;

everywhere!(
    async fn a_text_to_anybody_is_accepted_then_delivered_after_its_latency(stage) {
        let part = part_to(number("+447700900123"));
        assert_eq!(stage.submits(&part).await, accepted(&part));
        stage.hears_nothing().await;
        stage.advance(LATENCY);
        let receipt = stage.receipt().await;
        assert_eq!((receipt.ids, receipt.outcome), (vec![format!("sim-{}", part.id.simple())], DELIVERED));
        assert_eq!((receipt.from, receipt.to, receipt.at), (Some(part.from), Some(part.to), stage.now()));
    }
);

everywhere!(
    async fn every_magic_number_ends_as_its_table_says(stage) {
        for (_, does) in TABLE {
            let part = part_to(magic(does));
            let expected = match does {
                Magic::Refuses(failure) => {
                    let Submission::Refused { failure: said, .. } = stage.submits(&part).await else { panic!("{does:?}") };
                    assert_eq!(said, failure);
                    continue;
                }
                Magic::Lost | Magic::Early | Magic::ThrottledThrice | Magic::Late | Magic::Echo | Magic::Stop => continue,
                Magic::Fails(failure) => vec![Outcome::Undelivered { failure }],
                Magic::Delivered => vec![DELIVERED],
                Magic::Twice => vec![DELIVERED, DELIVERED],
            };
            stage.accepts(&[part]).await;
            stage.advance(LATENCY);
            assert_eq!(outcomes(&stage.takes(expected.len()).await), expected, "{does:?}");
        }
    }
);

everywhere!(
    async fn a_throttled_text_is_accepted_when_it_comes_the_fourth_time(stage) {
        let part = part_to(magic(Magic::ThrottledThrice));
        for _ in 0..3 {
            assert_eq!(stage.submits(&part).await, Submission::Throttled { retry_after_ms: 1_000 });
        }
        stage.accepts(&[part]).await;
        stage.advance(LATENCY);
        assert_eq!(stage.receipt().await.outcome, DELIVERED);
    }
);

everywhere!(
    async fn a_receipt_may_be_lost_or_late_or_there_before_the_answer(stage) {
        let (lost, late) = (part_to(magic(Magic::Lost)), part_to(magic(Magic::Late)));
        stage.accepts(&[lost, late]).await;
        stage.advance(LATENCY + Duration::from_secs(29));
        stage.hears_nothing().await;
        stage.advance(Duration::from_secs(1));
        assert_eq!(stage.receipt().await.outcome, DELIVERED);

        let early = part_to(magic(Magic::Early));
        let answer = stage.submits(&early);
        tokio::pin!(answer);
        let heard = tokio::select! {
            biased;
            _ = &mut answer => panic!("the answer came before the receipt"),
            heard = stage.takes(1) => heard,
        };
        assert_eq!(outcomes(&heard), [DELIVERED]);
        assert_eq!(answer.await, accepted(&early));
    }
);

everywhere!(
    async fn a_text_comes_back_from_the_echo_and_stop_from_who_says_so(stage) {
        let me = number("+447700900001");
        let long = "All of it, and more. ".repeat(12);
        let sent = parts(me, magic(Magic::Echo), &long);
        assert!(sent.len() > 1);
        stage.accepts(&sent).await;
        stage.accepts(&parts(me, magic(Magic::Stop), "Buy now!")).await;
        stage.advance(LATENCY * 2);
        let events = stage.takes(2 * sent.len() + 2).await;
        let came = inbound(&events);
        assert_eq!(text(&came[..sent.len()]), long);
        assert_eq!((text(&came[sent.len()..]).as_str(), &came[sent.len()].from), ("STOP", &Party::Number(magic(Magic::Stop))));
        let mut ids: Vec<_> = came.iter().map(|inbound| inbound.id.clone().unwrap()).collect();
        ids.dedup();
        assert_eq!(ids.len(), came.len(), "every part has an id of its own");
    }
);

everywhere!(
    async fn the_same_part_again_gives_the_first_answer_and_happens_once(stage) {
        let part = part_to(number("+447700900123"));
        let refused = part_to(magic(Magic::Refuses(Failure::SenderRefused)));
        let answers = [stage.submits(&part).await, stage.submits(&refused).await];
        let (one, other) = tokio::join!(stage.submits(&part), stage.submits(&part));
        assert_eq!([one, other], [accepted(&part), accepted(&part)]);
        stage.restart().await;
        assert_eq!([stage.submits(&part).await, stage.submits(&refused).await], answers);
        assert_eq!(stage.network.recall(vec![part.id, refused.id]).await.unwrap(), answers);
        stage.advance(LATENCY);
        stage.takes(1).await;
        stage.hears_nothing().await;
    }
);

everywhere!(
    async fn what_nobody_heard_of_is_recalled_as_unreachable_and_can_be_sent_again(stage) {
        let part = part_to(number("+447700900123"));
        assert_eq!(stage.network.recall(vec![part.id, part.id]).await.unwrap(), [Submission::Unreachable, Submission::Unreachable]);
        stage.accepts(&[part]).await;
    }
);

both_engines!(
    Settings::default(),
    async fn a_submit_that_was_on_its_way_during_a_recall_comes_too_late(stage) {
        stage.stop().await;
        let simulator = Simulator::open(Settings::default(), &stage.database, stage.clock()).await.unwrap();
        let (part, before) = (part_to(number("+447700900123")), simulator.era());
        let recalled = convo_carriers::Carrier::recall(&simulator, vec![part.id]).await.unwrap();
        assert_eq!(recalled, [Submission::Unreachable]);
        assert_eq!(simulator.submit_all(vec![part.clone()], before).await, [Submission::Unreachable]);
        simulator.stop().await;

        let simulator = Simulator::open(Settings::default(), &stage.database, stage.clock()).await.unwrap();
        assert!(simulator.era() > before, "also after a restart");
        assert_eq!(simulator.submit_all(vec![part.clone()], before).await, [Submission::Unreachable]);
        assert_eq!(simulator.submit_all(vec![part.clone()], simulator.era()).await, [accepted(&part)]);
        assert_eq!(simulator.submit_all(vec![part.clone()], before).await, [accepted(&part)]);
        simulator.stop().await;
        stage.restart().await;
    }
);

everywhere!(
    async fn events_come_in_order_again_and_again_until_they_are_acknowledged(stage) {
        let sent: Vec<_> = (0..30).map(|index| part_to(number(&format!("+4477009001{index:02}")))).collect();
        for part in &sent {
            stage.accepts(std::slice::from_ref(part)).await;
            stage.advance(Duration::from_millis(1));
        }
        stage.advance(LATENCY);
        let heard = stage.hears(30).await;
        assert!(heard.is_sorted_by(|one, next| one.place < next.place));
        let ids = heard.iter().map(|heard| if let Event::Receipt(receipt) = &heard.event { receipt.ids[0].clone() } else { String::new() });
        assert!(ids.eq(sent.iter().map(|part| format!("sim-{}", part.id.simple()))));
        assert_eq!(stage.hears(30).await, heard);
        assert_eq!(stage.network.events(4, Duration::ZERO).await.unwrap(), heard[..4]);

        stage.network.acknowledge(heard[9].place).await.unwrap();
        stage.restart().await;
        assert_eq!(stage.hears(20).await, heard[10..]);
        stage.network.acknowledge(heard[3].place).await.unwrap();
        assert_eq!(stage.hears(20).await, heard[10..], "what is acknowledged stays so");
        stage.network.acknowledge(u64::MAX).await.unwrap();
        stage.hears_nothing().await;
        stage.accepts(&[part_to(magic(Magic::Delivered))]).await;
        stage.advance(LATENCY);
        assert!(stage.hears(1).await[0].place > heard[29].place, "what had not happened was not acknowledged");
    }
);

everywhere!(
    async fn a_receipt_that_is_to_come_survives_a_restart(stage) {
        stage.accepts(&[part_to(magic(Magic::Late))]).await;
        stage.restart().await;
        stage.advance(LATENCY + Duration::from_secs(29));
        stage.hears_nothing().await;
        stage.advance(Duration::from_secs(1));
        assert_eq!(stage.receipt().await.outcome, DELIVERED);
    }
);

both_engines!(
    Settings::default(),
    async fn many_at_once_are_all_answered_and_all_heard_of(stage) {
        let sent: Vec<_> = (0..500).map(|_| part_to(number("+447700900123"))).collect();
        let answers = futures_util::future::join_all(sent.iter().map(|part| stage.submits(part))).await;
        assert!(answers.iter().zip(&sent).all(|(answer, part)| *answer == accepted(part)));
        stage.advance(LATENCY);
        assert_eq!(outcomes(&stage.takes(500).await), [DELIVERED; 500]);
    }
);

fn rates() -> Settings {
    let rates = Rates { fail_percent: 20.0, delay_percent: 10.0, lose_percent: 10.0, throttle_percent: 30.0 };
    Settings { seed: 42, rates, ..Settings::default() }
}

both_engines!(
    rates(),
    async fn by_rates_the_same_seed_gives_the_same_parts_the_same_fates(stage) {
        let sent: Vec<_> = (1..=400)
            .map(|id| convo_carriers::Part { id: Uuid::from_u128(id), ..part_to(number("+447700900123")) })
            .collect();
        let first = futures_util::future::join_all(sent.iter().map(|part| stage.submits(part))).await;
        let throttled = first.iter().filter(|answer| matches!(answer, Submission::Throttled { .. })).count();
        assert_eq!(throttled, 111);
        let second = futures_util::future::join_all(sent.iter().map(|part| stage.submits(part))).await;
        assert!(second.iter().zip(&sent).all(|(answer, part)| *answer == accepted(part)));
        stage.advance(LATENCY);
        let at_once = outcomes(&stage.takes(319).await);
        let failed = at_once.iter().filter(|outcome| matches!(outcome, Outcome::Undelivered { .. })).count();
        assert_eq!(failed, 81);
        stage.advance(Duration::from_secs(30));
        assert_eq!(outcomes(&stage.takes(38).await), [DELIVERED; 38]);
    }
);

both_engines!(
    Settings { parts_per_second: Some(10), ..Settings::default() },
    async fn more_than_the_rate_is_throttled_until_there_is_room(stage) {
        let sent: Vec<_> = (0..12).map(|_| part_to(number("+447700900123"))).collect();
        stage.accepts(&sent[..10]).await;
        assert_eq!(stage.submits(&sent[10]).await, Submission::Throttled { retry_after_ms: 100 });
        stage.accepts(&sent[..10]).await;
        stage.advance(Duration::from_millis(100));
        stage.accepts(&sent[10..11]).await;
        assert_eq!(stage.submits(&sent[11]).await, Submission::Throttled { retry_after_ms: 100 });
    }
);

both_engines!(
    Settings { retention_hours: 1, ..Settings::default() },
    async fn what_nobody_fetches_is_forgotten_after_a_while(stage) {
        let part = part_to(magic(Magic::Delivered));
        stage.accepts(std::slice::from_ref(&part)).await;
        stage.advance(LATENCY);
        stage.hears(1).await;
        stage.advance(Duration::from_secs(2 * 3_600));
        stage.accepts(&[part_to(magic(Magic::Lost))]).await;
        let started = std::time::Instant::now();
        while !stage.network.events(10, Duration::ZERO).await.unwrap().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
);

both_engines!(
    Settings::default(),
    async fn two_cannot_have_one_store(stage) {
        let second = Simulator::open(Settings::default(), &stage.database, stage.clock()).await;
        assert!(matches!(second, Err(OpenError::Busy(_))));
        stage.accepts(&[part_to(magic(Magic::Delivered))]).await;
    }
);

#[test]
fn settings_that_cannot_be_are_refused_with_what_must_be() {
    let bad =
        Settings { rates: Rates { fail_percent: 60.0, lose_percent: 50.0, ..Rates::default() }, ..Settings::default() };
    assert_eq!(
        bad.check().unwrap_err().to_string(),
        "rates may not fail, delay and lose more than 100 percent together"
    );
    let bad = Settings { parts_per_second: Some(0), ..Settings::default() };
    assert_eq!(bad.check().unwrap_err().name, "parts_per_second");
    let bad = Settings { gone_percent: f64::NAN, ..Settings::default() };
    assert_eq!(bad.check().unwrap_err().name, "gone_percent");
    assert!(serde_json::from_str::<Settings>(r#"{"sed": 1}"#).is_err());
    assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
}
