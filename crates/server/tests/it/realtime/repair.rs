//! Losing an event is always repairable, and every committed change is told.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use convo_client::{Api, Client};
use serde_json::json;
use sqlx::{Connection, Executor, postgres::PgConnectOptions};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{Engine, Setup, TestUser, client_id, run};

async fn client_of(person: &TestUser) -> Client {
    let api = Api::signed_in(&person.t.url, &person.id, &person.access_token, &person.refresh_token).unwrap();
    let mut client = Client::new(api);
    client.connect().await.unwrap();
    client
}

async fn is_faithful(client: &mut Client, id: &str) -> bool {
    let fresh = convo_client::fetch(&mut client.api.clone(), id).await.unwrap();
    let copy = &client.model.conversations[id];
    (copy.version, copy.last_seq, &copy.messages) == (fresh.version, fresh.last_seq, &fresh.messages)
}

/// Listens, but never asks for heads.
async fn becomes_faithful(client: &mut Client, id: &str) {
    let started = Instant::now();
    loop {
        client.listen(Duration::from_millis(100)).await.unwrap();
        if is_faithful(client, id).await {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "what was told was not enough");
    }
}

both_dbs!(
    async fn the_very_last_event_is_found_by_asking_for_heads(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = client_of(&ben).await;
        ana.sends(&group, "lost").await;
        bens.loses("message.created").await.unwrap();
        bens.listen(Duration::from_millis(300)).await.unwrap();
        assert!(!is_faithful(&mut bens, &group).await, "nothing followed, so nothing showed the gap");
        bens.sync().await.unwrap();
        assert!(is_faithful(&mut bens, &group).await);
        assert_eq!((bens.figures.gaps, bens.figures.differences), (0, 2), "one after the first load, one now");
    }
);

both_dbs!(
    async fn a_gap_is_closed_by_the_difference(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        let mut bens = client_of(&ben).await;
        ana.sends(&group, "lost").await;
        bens.loses("message.created").await.unwrap();
        ana.sends(&group, "heard").await;
        becomes_faithful(&mut bens, &group).await;
        assert_eq!(bens.figures.gaps, 1);
    }
);

#[test]
fn a_resume_during_a_late_commit_skips_nothing() {
    run(Engine::Postgres, Setup::new(|_| {}), |t| async move {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "one").await;
        let url = t.app.config.database.url.as_ref().unwrap().expose().parse::<PgConnectOptions>().unwrap();
        let mut holder = sqlx::PgConnection::connect_with(&url).await.unwrap();
        holder.execute("begin").await.unwrap();
        holder.execute("select 1 from conversations for update").await.unwrap();

        // Both want the next version; neither can take it while somebody holds the row.
        let edits = ana.edits(&group, 2, "one!");
        let reacts = ben.reacts(&group, 2, "👍");
        let resumes = async {
            t.until_locked_out(2).await;
            let bens = client_of(&ben).await;
            assert_eq!(bens.model.position(&group), Some((2, 2, 0)), "what is not committed is not there");
            holder.execute("commit").await.unwrap();
            bens
        };
        let (edited, reacted, mut bens) = tokio::join!(edits, reacts, resumes);
        let mut versions = [edited.ok()["version"].as_i64().unwrap(), reacted.ok()["version"].as_i64().unwrap()];
        versions.sort_unstable();
        assert_eq!(versions, [3, 4]);
        becomes_faithful(&mut bens, &group).await;
        assert_eq!((bens.figures.gaps, bens.model.position(&group)), (0, Some((4, 2, 0))));
    });
}

both_dbs!(
    async fn what_a_client_asked_for_and_hung_up_on_is_told_all_the_same(t: TestApp) {
        let [ana, ben] = t.users(["ana", "ben"]).await;
        let group = ana.creates_group("Team", &[&ben]).await;
        ana.sends(&group, "one").await;
        let mut bens = ben.connects().await;
        let path = format!("/api/conversations/{group}");
        for round in 0..120_u64 {
            let (method, path, body) = match round % 6 {
                0 | 1 => {
                    ("POST", format!("{path}/messages"), json!({"client_id": client_id(), "body": round.to_string()}))
                }
                2 => ("PATCH", format!("{path}/messages/2"), json!({"body": round.to_string()})),
                3 => ("PUT", format!("{path}/messages/2/reactions/%F0%9F%91%8D"), json!({})),
                4 => ("DELETE", format!("{path}/messages/2/reactions/%F0%9F%91%8D"), json!({})),
                _ => ("PATCH", path.clone(), json!({"title": round.to_string()})),
            };
            hangs_up(&ana, method, &path, &body.to_string(), Duration::from_micros(round * 97 % 4_000)).await;
        }
        let mut heard = BTreeSet::new();
        let mut version = 0;
        // Until nothing is on its way any more.
        while ana.view(&group).await["version"] != version {
            version = ana.view(&group).await["version"].as_i64().unwrap();
            while !heard.contains(&version) || heard.len() < usize::try_from(version - 2).unwrap() {
                let event = bens.hears_where("the version of a change", |event| event["version"].is_i64()).await;
                assert!(heard.insert(event["version"].as_i64().unwrap()), "told twice: {event}");
            }
        }
        assert!(version > 20, "only {version} changes were made");
        assert_eq!(heard, (3..=version).collect(), "each version is told by exactly one event");
    }
);

/// Writes a request, waits a little, and is gone.
async fn hangs_up(who: &TestUser, method: &str, path: &str, body: &str, after: Duration) {
    let host = who.t.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        who.access_token,
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(after).await;
}
