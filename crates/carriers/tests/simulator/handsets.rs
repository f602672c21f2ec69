//! Handsets: what they show, whom they talk with, and what happens on the way.

use std::time::Duration;

use convo_carriers::{
    Failure, Outcome,
    simulator::{
        Direction, Handset, HandsetChange, HandsetMessage, HandsetOutcome, HandsetText, NewHandset, Settings,
        SimulationError,
    },
};
use convo_phone::{Number, Party, sms};
use futures_util::future::join_all;
use uuid::Uuid;

use crate::{both_engines, everywhere, stage::*};

/// Longer than a handset's own latency.
const A_WHILE: Duration = Duration::from_secs(1);
const A_DAY: Duration = Duration::from_secs(24 * 3_600);

impl Stage {
    async fn makes_handset(&self, account: &str) -> Handset {
        self.network.create_handset(a_handset(account, "GB")).await.unwrap()
    }

    async fn changes(&self, handset: &Handset, change: HandsetChange) -> Handset {
        self.network.update_handset(handset.id, change).await.unwrap()
    }

    async fn writes(&self, handset: &Handset, to: Number, text: &str) -> Result<HandsetMessage, SimulationError> {
        self.network.send_from_handset(written(handset, to, text)).await
    }

    async fn shows(&self, handset: &Handset) -> Vec<HandsetMessage> {
        self.network.list_handset_messages(handset.id, None, 100).await.unwrap()
    }
}

fn a_handset(account: &str, of: &str) -> NewHandset {
    let (account, label) = (account.to_owned(), "Ana's phone".to_owned());
    NewHandset { id: Uuid::now_v7(), account, country: country(of), label }
}

fn written(handset: &Handset, to: Number, text: &str) -> HandsetText {
    HandsetText { handset_id: handset.id, client_key: Uuid::now_v7(), to, text: text.to_owned() }
}

fn code(result: Result<impl std::fmt::Debug, SimulationError>) -> String {
    match result.unwrap_err() {
        SimulationError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

fn airplane(airplane: bool) -> HandsetChange {
    HandsetChange { airplane: Some(airplane), ..HandsetChange::default() }
}

everywhere!(
    async fn a_handset_shows_what_a_number_of_its_account_was_sent_and_answers(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        stage.accepts(&parts(line, phone.number, "Lunch?")).await;
        assert_eq!(stage.shows(&phone).await, []);
        stage.advance(A_WHILE);
        assert_eq!(stage.receipt().await.outcome, Outcome::Delivered);
        let answer = stage.writes(&phone, line, "Yes, at 12").await.unwrap();
        assert_eq!((answer.direction, answer.outcome), (Direction::Sent, HandsetOutcome::Sent));
        stage.advance(A_WHILE);
        let came = inbound(&stage.takes(1).await);
        assert_eq!((text(&came).as_str(), &came[0].from), ("Yes, at 12", &Party::Number(phone.number)));

        let shown = stage.shows(&phone).await;
        let texts: Vec<_> = shown.iter().map(|message| (message.direction, message.text.as_str())).collect();
        assert_eq!(texts, [(Direction::Sent, "Yes, at 12"), (Direction::Received, "Lunch?")]);
        assert!(shown.iter().all(|message| message.peer == Party::Number(line)));
        let page = stage.network.list_handset_messages(phone.id, Some(shown[0].place), 1).await.unwrap();
        assert_eq!(page, shown[1..]);
        stage.restart().await;
        assert_eq!(stage.shows(&phone).await, shown);
    }
);

everywhere!(
    async fn a_long_text_travels_in_parts_and_is_read_whole_in_both_directions(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        let long = "Ein langer Text mit Ümläuten und 🎉. ".repeat(9);
        let sent = parts(line, phone.number, &long);
        assert!(sent.len() >= 3);
        stage.accepts(&sent[1..]).await;
        stage.advance(A_WHILE);
        stage.takes(sent.len() - 1).await;
        assert_eq!(stage.shows(&phone).await[0].missing_parts, 1);
        stage.accepts(&sent[..1]).await;
        stage.advance(A_WHILE);
        stage.takes(1).await;
        let shown = stage.shows(&phone).await;
        assert_eq!((shown.len(), shown[0].missing_parts, shown[0].text.as_str()), (1, 0, long.as_str()));

        stage.writes(&phone, line, &long).await.unwrap();
        stage.advance(A_WHILE);
        let came = inbound(&stage.takes(sms::split(&long).segments.len()).await);
        assert!(came.iter().all(|inbound| inbound.payload.part.is_some()));
        assert_eq!(text(&came), long);
    }
);

everywhere!(
    async fn strangers_are_blocked_in_both_directions_until_the_number_is_shared(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ben").await);
        stage.accepts(&parts(line, phone.number, "hello")).await;
        stage.advance(A_WHILE);
        assert_eq!(stage.receipt().await.outcome, Outcome::Undelivered { failure: Failure::Blocked });
        assert_eq!(code(stage.writes(&phone, line, "hello").await), "not_acquainted");
        assert_eq!(code(stage.writes(&phone, number("+447700900555"), "hello").await), "not_acquainted");
        assert_eq!(stage.shows(&phone).await, []);

        stage.network.set_accounts(line, vec!["ana".to_owned(), "ben".to_owned()]).await.unwrap();
        stage.restart().await;
        stage.writes(&phone, line, "hello").await.unwrap();
        stage.advance(A_WHILE);
        stage.takes(1).await;
        stage.network.set_accounts(line, vec![]).await.unwrap();
        assert_eq!(code(stage.writes(&phone, line, "hello").await), "not_acquainted");
        let not_ours = stage.network.set_accounts(number("+447700900555"), vec![]).await;
        assert_eq!(not_ours, Err(SimulationError::NotFound));
    }
);

everywhere!(
    async fn airplane_mode_holds_texts_back_until_it_ends_or_they_expire(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        stage.changes(&phone, airplane(true)).await;
        assert_eq!(code(stage.writes(&phone, line, "hello").await), "airplane_mode");
        stage.accepts(&parts(line, phone.number, "in time")).await;
        stage.advance(A_WHILE);
        stage.hears_nothing().await;
        stage.restart().await;
        stage.advance(A_DAY / 2);
        stage.hears_nothing().await;
        stage.changes(&phone, airplane(false)).await;
        assert_eq!(stage.receipt().await.outcome, Outcome::Delivered);
        assert_eq!(stage.shows(&phone).await[0].text, "in time");

        stage.changes(&phone, airplane(true)).await;
        stage.accepts(&parts(line, phone.number, "too late")).await;
        stage.advance(A_WHILE);
        stage.hears_nothing().await;
        stage.advance(A_DAY);
        assert_eq!(stage.receipt().await.outcome, Outcome::Undelivered { failure: Failure::Expired });
        stage.changes(&phone, airplane(false)).await;
        assert_eq!(stage.shows(&phone).await.len(), 1);
    }
);

everywhere!(
    async fn what_is_lost_never_arrives_and_is_never_heard_of(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        stage.changes(&phone, HandsetChange { loss_percent: Some(100), ..HandsetChange::default() }).await;
        stage.accepts(&parts(line, phone.number, "hello")).await;
        assert_eq!(stage.writes(&phone, line, "hello").await.unwrap().outcome, HandsetOutcome::Lost);
        stage.advance(A_DAY);
        stage.hears_nothing().await;
        assert_eq!(stage.shows(&phone).await.len(), 1);
    }
);

everywhere!(
    async fn the_same_text_again_is_sent_once(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        let hello = written(&phone, line, "hello");
        let first = stage.network.send_from_handset(hello.clone()).await.unwrap();
        let (one, other) =
            tokio::join!(stage.network.send_from_handset(hello.clone()), stage.network.send_from_handset(hello.clone()));
        assert_eq!((one.unwrap(), other.unwrap()), (first.clone(), first.clone()));
        stage.restart().await;
        assert_eq!(stage.network.send_from_handset(hello).await.unwrap(), first);
        stage.advance(A_WHILE);
        stage.takes(1).await;
        stage.hears_nothing().await;
    }
);

everywhere!(
    async fn changes_of_handsets_are_told_in_order_as_soon_as_there_are_any(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        let start = stage.network.last_handset_change().await.unwrap();
        let waiting = stage.network.handset_changes(start, 10, Duration::from_secs(10));
        let (changes, sent) = tokio::join!(waiting, stage.writes(&phone, line, "hello"));
        assert_eq!(changes.unwrap(), [sent.unwrap()]);
        let last = stage.shows(&phone).await[0].change;
        assert_eq!(stage.network.handset_changes(last, 10, Duration::ZERO).await.unwrap(), []);
        let sent = parts(line, phone.number, &"long ".repeat(50));
        stage.accepts(&sent).await;
        stage.advance(A_WHILE);
        stage.hears(sent.len() + 1).await;
        let changes = stage.network.handset_changes(last, 10, Duration::ZERO).await.unwrap();
        assert_eq!(changes, stage.shows(&phone).await[..1], "a message that changed twice is told as it is now");
    }
);

everywhere!(
    async fn an_account_has_its_own_handsets_and_no_more_than_ten(stage) {
        let mut phones = vec![];
        for _ in 0..10 {
            phones.push(stage.makes_handset("ana").await);
        }
        let new = a_handset("ana", "GB");
        assert_eq!(code(stage.network.create_handset(new.clone()).await), "too_many_handsets");
        let mut listed = stage.network.list_handsets("ana".to_owned()).await.unwrap();
        listed.sort_by_key(|phone| phone.id);
        phones.sort_by_key(|phone| phone.id);
        assert_eq!(listed, phones);
        assert_eq!(stage.network.list_handsets("ben".to_owned()).await.unwrap(), []);

        let phone = &phones[0];
        assert_eq!(stage.network.find(phone.number).await.unwrap(), None, "its number is not for sale");
        assert_eq!(stage.network.find_handset(phone.id).await.unwrap(), *phone);
        stage.network.delete_handset(phone.id).await.unwrap();
        stage.network.delete_handset(phone.id).await.unwrap();
        assert!(stage.network.find(phone.number).await.unwrap().is_some(), "now it is");
        assert_eq!(stage.network.find_handset(phone.id).await, Err(SimulationError::NotFound));
        assert_eq!(stage.network.list_handset_messages(phone.id, None, 10).await, Err(SimulationError::NotFound));
        let made = stage.network.create_handset(new.clone()).await.unwrap();
        assert_eq!(made.id, new.id);

        assert_eq!(stage.network.create_handset(new.clone()).await.unwrap(), made, "the same again");
        let bens = NewHandset { account: "ben".to_owned(), ..new };
        assert_eq!(stage.network.create_handset(bens).await, Err(SimulationError::NotFound));
    }
);

everywhere!(
    async fn what_is_on_its_way_to_a_handset_that_is_deleted_ends_undelivered(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        stage.accepts(&parts(line, phone.number, "hello")).await;
        stage.network.delete_handset(phone.id).await.unwrap();
        assert_eq!(stage.receipt().await.outcome, Outcome::Undelivered { failure: Failure::UnknownHandset });
    }
);

everywhere!(
    async fn what_cannot_be_is_refused_and_says_why(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        assert_eq!(code(stage.writes(&phone, line, "").await), "no_text");
        assert_eq!(code(stage.writes(&phone, line, &"x".repeat(1_601)).await), "text_too_long");
        let change = HandsetChange { loss_percent: Some(101), ..HandsetChange::default() };
        assert_eq!(code(stage.network.update_handset(phone.id, change).await), "loss_too_high");
        let change = HandsetChange { label: Some(" ".to_owned()), ..HandsetChange::default() };
        assert_eq!(code(stage.network.update_handset(phone.id, change).await), "bad_label");
        assert_eq!(code(stage.network.create_handset(a_handset("ana", "VA")).await), "no_numbers");
        let nobody = stage.network.update_handset(Uuid::now_v7(), HandsetChange::default()).await;
        assert_eq!(nobody, Err(SimulationError::NotFound));
    }
);

both_engines!(
    Settings::default(),
    async fn a_handset_keeps_its_thousand_newest_messages(stage) {
        let (line, phone) = (stage.buys("GB", "ana").await, stage.makes_handset("ana").await);
        let sent: Vec<_> = (0..1_003).map(|index| parts(line, phone.number, &format!("text {index}")).remove(0)).collect();
        for batch in sent.chunks(200) {
            join_all(batch.iter().map(|part| stage.submits(part))).await;
            stage.advance(A_WHILE);
            stage.takes(batch.len()).await;
        }
        let mut shown = vec![];
        loop {
            let before = shown.last().map(|message: &HandsetMessage| message.place);
            let page = stage.network.list_handset_messages(phone.id, before, 200).await.unwrap();
            if page.is_empty() {
                break;
            }
            shown.extend(page);
        }
        assert_eq!((shown.len(), shown[0].text.as_str()), (1_000, "text 1002"));
        assert_eq!(shown[999].text, "text 3");
    }
);
