//! The bare parts below the server, measured beside it: a batched append loop through the data layer,
//! and a WebSocket broadcast of the same bytes. No accounts, no permissions, no history: what is left out is what they are compared with.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes},
    },
    routing::get,
};
use convo_db::{Db, Settings, hex, json_list};
use futures_util::future::try_join_all;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

use crate::{
    Options,
    measure::{Latencies, per_sec},
    sends::{spawn, spawn_joined},
    server::{Engine, database, folder},
    socket::Socket,
};

const SENDERS: usize = 50;

struct Append {
    conversation: Uuid,
    client_id: Uuid,
    done: oneshot::Sender<()>,
}

/// 50 tasks, one in flight each; one writer that takes what arrived while the last commit ran.
pub async fn appends(options: &Options, engine: Engine) -> Result<Value> {
    let folder = folder()?;
    let url = database(engine, &folder).await?;
    let db = Db::open(&Settings { url: url.clone(), max_connections: 4 }).await?;
    let conversations = conversations(&db).await?;
    let (queue, mut waiting) = mpsc::channel::<Append>(1024);
    let writer_db = db.clone();
    let writer = spawn_joined(async move {
        let mut batch = vec![];
        while waiting.recv_many(&mut batch, 256).await > 0 {
            append_all(&writer_db, &batch).await?;
            for append in batch.drain(..) {
                let _ = append.done.send(());
            }
        }
        Ok::<_, anyhow::Error>(())
    });
    let end = Instant::now() + options.duration();
    let senders = conversations.into_iter().map(|conversation| {
        let queue = queue.clone();
        spawn_joined(async move {
            let mut latencies = Latencies::new();
            while Instant::now() < end {
                let started = Instant::now();
                let (done, finished) = oneshot::channel();
                queue
                    .send(Append { conversation, client_id: Uuid::now_v7(), done })
                    .await
                    .ok()
                    .context("the writer ended")?;
                finished.await?;
                latencies.note(started.elapsed());
            }
            Ok::<_, anyhow::Error>(latencies)
        })
    });
    let mut all = Latencies::new();
    for latencies in try_join_all(senders).await? {
        all.add(&latencies?);
    }
    drop(queue);
    writer.await??;
    db.close().await;
    let _ = std::fs::remove_dir_all(folder);
    if engine == Engine::Postgres {
        convo_db::testing::drop_postgres(&url).await?;
    }
    Ok(all.figures(options.duration()))
}

async fn conversations(db: &Db) -> Result<Vec<Uuid>> {
    let ids: Vec<_> = (0..SENDERS).map(|_| Uuid::now_v7()).collect();
    let mut tx = db.begin().await?;
    for id in &ids {
        tx.sql("insert into conversations (id, kind, description, show_past, created_by, created_at, active_at) values ($1, 'group', '', false, $1, 0, 0)")
            .bind(*id)
            .run()
            .await?;
    }
    tx.commit().await?;
    Ok(ids)
}

/// Lock, find repeats, count, insert: the least that an append which may be repeated has to do.
async fn append_all(db: &Db, batch: &[Append]) -> Result<()> {
    #[derive(Serialize)]
    struct Row {
        c: String,
        k: String,
        q: i64,
    }
    let mut tx = db.begin().await?;
    if tx.is_postgres() {
        tx.sql("select 1 from conversations where id = any($1) order by id for update")
            .bind_ids(batch.iter().map(|append| append.conversation))
            .run()
            .await?;
    }
    let mut rows: Vec<Row> =
        batch.iter().map(|append| Row { c: hex(append.conversation), k: hex(append.client_id), q: 0 }).collect();
    let repeats: Vec<(i64,)> = tx
        .sql((
            "select m.seq from jsonb_each($1) i cross join messages m on m.conversation_id = unhex(i.value ->> 'c') and m.sender_id = unhex(i.value ->> 'c') and m.client_id = unhex(i.value ->> 'k')",
            "select m.seq from jsonb_to_recordset($1) as i(c uuid, k uuid)
              cross join lateral (select seq from messages where conversation_id = i.c and sender_id = i.c and client_id = i.k limit 1) m",
        ))
        .bind(json_list(&rows))
        .all()
        .await?;
    ensure!(repeats.is_empty(), "nobody repeats");
    let ends: Vec<(Uuid, i64)> = tx
        .sql((
            "update conversations set last_seq = last_seq + 1, version = version + 1
               from jsonb_each($1) i where conversations.id = unhex(i.value ->> 'c') returning conversations.id, last_seq",
            "update conversations set last_seq = last_seq + 1, version = version + 1
               from jsonb_to_recordset($1) as i(c uuid) where conversations.id = i.c returning conversations.id, last_seq",
        ))
        .bind(json_list(&rows))
        .all()
        .await?;
    let ends: HashMap<_, _> = ends.into_iter().map(|(id, seq)| (hex(id), seq)).collect();
    for row in &mut rows {
        row.q = ends[&row.c];
    }
    tx.sql((
        "insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, created_at)
         select unhex(value ->> 'c'), value ->> 'q', value ->> 'q', 'text', unhex(value ->> 'c'), unhex(value ->> 'k'),
                'The quick brown fox jumps over the lazy dog, twice on Sundays.', 0 from jsonb_each($1)",
        "insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, created_at)
         select i.c, i.q, i.q, 'text', i.c, i.k, 'The quick brown fox jumps over the lazy dog, twice on Sundays.', 0
           from jsonb_to_recordset($1) as i(c uuid, k uuid, q bigint)",
    ))
    .bind(json_list(&rows))
    .run()
    .await?;
    Ok(tx.commit().await?)
}

/// Everything that is sent goes to everybody, over axum's sockets, with nothing in between.
pub async fn broadcast(options: &Options, listeners: usize) -> Result<Value> {
    let (sender, _) = broadcast::channel::<Utf8Bytes>(4096);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let router = Router::new().route("/", get(listen)).with_state(sender.clone());
    spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    let heard = Arc::new(AtomicU64::new(0));
    for _ in 0..listeners {
        let mut socket = Socket::bare(&address, "/").await?;
        let heard = heard.clone();
        spawn(async move {
            while socket.receive().await.is_ok() {
                heard.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let bytes: Utf8Bytes = event().into();
    let (begin, started) = (heard.load(Ordering::Relaxed), Instant::now());
    let mut sent = 0;
    while started.elapsed() < options.duration() {
        if sent > heard.load(Ordering::Relaxed) / listeners as u64 + 64 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            continue;
        }
        sender.send(bytes.clone()).ok().context("nobody listens")?;
        sent += 1;
    }
    let per_sec = per_sec(heard.load(Ordering::Relaxed) - begin, started.elapsed());
    Ok(json!({"per_sec": per_sec}))
}

async fn listen(
    State(sender): State<broadcast::Sender<Utf8Bytes>>,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    let mut events = sender.subscribe();
    upgrade.on_upgrade(move |mut socket| async move {
        while let Ok(event) = events.recv().await {
            if socket.send(Message::Text(event)).await.is_err() {
                return;
            }
        }
    })
}

/// As long as a `message.created`.
fn event() -> String {
    let id = "conv_01kae6p8e2f9ns3m1h3w5c7x9z";
    json!({"type": "message.created", "conversation_id": id, "version": 1234, "message": {"conversation_id": id, "seq": 1234, "version": 1234,
        "kind": "text", "sender_id": "usr_01kae6p8e2f9ns3m1h3w5c7x9z", "client_id": Uuid::now_v7(), "body": "Something for everybody in this group.",
        "system": null, "reply_to_seq": null, "reactions": [], "created_at": "2026-01-01T00:00:00.000000Z", "edited_at": null, "deleted_at": null}})
    .to_string()
}
