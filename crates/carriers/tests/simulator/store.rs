//! The store under it: one writer, the same tables on both engines, and nothing skipped while many write and one reads.

use std::{collections::BTreeSet, time::Duration};

use convo_carriers::{Carrier, Event, Submission, simulator::Settings};
use convo_db::{Db, Schema};
use futures_util::future::join_all;

use crate::{both_engines, stage::*};

both_engines!(
    Settings::default(),
    async fn who_was_replaced_writes_nothing_any_more(stage) {
        let part = part_to(number("+447700900123"));
        let db = Db::open_schema(&stage.database, Schema::Simulator).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.sql("update state set epoch = epoch + 1").run().await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(stage.submits(&part).await, Submission::Unknown { .. }));
        assert!(matches!(stage.submits(&part).await, Submission::Unknown { .. }));
        assert!(stage.network.recall(vec![part.id]).await.is_err());
        db.close().await;
        stage.restart().await;
        assert_eq!(stage.network.recall(vec![part.id]).await.unwrap(), [Submission::Unreachable]);
    }
);

both_engines!(
    Settings { latency_ms: 0, ..Settings::default() },
    async fn nothing_is_skipped_or_told_twice_while_it_is_read_and_acknowledged(stage) {
        let sent: Vec<_> = (0..3_000).map(|_| part_to(number("+447700900123"))).collect();
        let submitting = join_all(sent.iter().map(|part| stage.submits(part)));
        let hearing = async {
            let mut told = vec![];
            while told.len() < sent.len() {
                let heard = stage.network.events(100, Duration::from_secs(10)).await.unwrap();
                let last = heard.last().expect("every receipt comes").place;
                told.extend(heard.into_iter().filter_map(|heard| match heard.event {
                    Event::Receipt(receipt) => Some(receipt.ids[0].clone()),
                    Event::Inbound(_) => None,
                }));
                stage.network.acknowledge(last).await.unwrap();
            }
            told
        };
        let (_, told) = tokio::join!(submitting, hearing);
        let once: BTreeSet<_> = told.iter().cloned().collect();
        assert_eq!((told.len(), once.len()), (sent.len(), sent.len()));
        assert!(sent.iter().all(|part| once.contains(&format!("sim-{}", part.id.simple()))));
    }
);

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let mut found = vec![];
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let stage = Stage::open(engine, Place::Here, Settings::default()).await;
        let db = Db::open_schema(&stage.database, Schema::Simulator).await.unwrap();
        let columns: Vec<(String, String)> = db
            .read()
            .sql((
                "select t.name, c.name from sqlite_master t, pragma_table_info(t.name) c
                  where t.type = 'table' and t.name not like '\\_sqlx%' escape '\\'",
                "select table_name::text, column_name::text from information_schema.columns
                  where table_schema = 'simulator' and table_name not like '\\_sqlx%'",
            ))
            .all()
            .await
            .unwrap();
        found.push(columns.into_iter().collect::<BTreeSet<_>>());
        db.close().await;
        stage.end().await;
    }
    assert_eq!(found[0], found[1]);
    assert!(found[0].contains(&("handset_messages".to_owned(), "missing_parts".to_owned())));
}

#[tokio::test]
async fn a_good_bye_waits_for_what_is_in_flight_and_the_simulator_goes_on() {
    let stage = Stage::open(Engine::Sqlite, Place::Here, Settings::default()).await;
    let simulator: &dyn Carrier = &*stage.network;
    let part = part_to(number("+447700900123"));
    let (submission, ()) = tokio::join!(simulator.submit(part.clone()), simulator.close());
    assert_eq!(submission, accepted(&part));
    stage.accepts(&[part_to(number("+447700900124"))]).await;
    stage.end().await;
}
