//! People and things that are there when the questions begin, so that made-up requests reach something real.
//! Never what a request may not remove: for that there are things that nobody else needs.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use convo_client::{Api, PASSWORD, text};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Who;
use crate::server::Server;

/// Of each kind that stays, and of each that requests may remove.
const KEPT: usize = 2;
const SPENT: usize = 3;
const MONEY_MICROS: i64 = 1_000_000_000;
/// The longest that a text may wait.
const MAX_DUE_MS: u32 = 3_600_000;

/// What `hooks.py` reads.
#[derive(Serialize)]
pub struct Stage {
    base: String,
    /// Nobody has none.
    login: Option<String>,
    password: &'static str,
    /// Who may not be shut out.
    administrators: Vec<String>,
    kept: Things,
    spent: Things,
}

/// By the prefix of their ids, or by the name of the input in which they stand.
type Things = BTreeMap<&'static str, Vec<Value>>;

/// Nobody asks first, and the administrator last, because they can change most.
pub async fn set(server: &Server) -> Result<Vec<(Who, Stage)>> {
    let mut administrator = Api::set_up(&server.base, &server.setup_secret()?, "administrator").await?;
    let second = Api::register(&server.base, "second").await?;
    let role = format!("/api/admin/users/{}/role", second.user_id);
    call(&mut administrator, Method::PUT, &role, Some(json!({"role": "admin"}))).await?;
    let mut member = Api::register(&server.base, "member").await?;
    let mut others = vec![];
    for name in ["other1", "other2", "other3", "other4", "other5", "other6"] {
        others.push(Api::register(&server.base, name).await?.user_id);
    }
    let mut stages = vec![];
    for (who, name) in [(Who::Nobody, ""), (Who::Member, "member"), (Who::Administrator, "administrator")] {
        let api = if who == Who::Administrator { &mut administrator } else { &mut member };
        pay(api, "/api/wallets/test/top-ups", json!({"amount_micros": MONEY_MICROS})).await?;
        let (kept, spent) = others.split_at(others.len() / 2);
        let mut kept = things(api, KEPT, kept).await?;
        let mut spent = things(api, SPENT, spent).await?;
        for things in [&mut kept, &mut spent] {
            let invitation = post(&mut administrator, "/api/invitations", json!({})).await?;
            things.insert("inv", vec![invitation["id"].clone()]);
        }
        stages.push((
            who,
            Stage {
                base: server.base.clone(),
                login: (who != Who::Nobody).then(|| format!("{name}@example.com")),
                password: PASSWORD,
                administrators: vec![administrator.user_id.clone(), second.user_id.clone()],
                kept,
                spent,
            },
        ));
    }
    Ok(stages)
}

/// Numbers, handsets, threads between them and groups, with a few messages each.
async fn things(api: &mut Api, count: usize, people: &[String]) -> Result<Things> {
    let offers = call(api, Method::GET, "/api/numbers/available/US?limit=50", None).await?;
    let offers: Vec<Value> = offers["numbers"].as_array().into_iter().flatten().map(|o| o["number"].clone()).collect();
    let (mut numbers, mut handsets, mut conversations, mut phones) = (vec![], vec![], vec![], vec![]);
    for offer in offers.iter().take(count) {
        let number = pay(api, "/api/numbers/purchase", json!({"number": offer})).await?;
        let handset = post(api, "/api/handsets", json!({"country": "US"})).await?;
        let thread = json!({"kind": "sms", "number_id": number["id"], "to": handset["number"]});
        let group =
            json!({"kind": "group", "title": "A group", "participant_ids": people, "client_id": Uuid::new_v4()});
        for wish in [thread, group] {
            let begun = post(api, "/api/conversations", wish).await?;
            let id = text(&begun["conversation"], "id");
            // In a thread the last one waits, so that it can be taken back.
            for body in ["one", "two", "three"] {
                let waits = if conversations.len() % 2 == 0 && body == "three" { MAX_DUE_MS } else { 0 };
                let message = json!({"client_id": Uuid::new_v4(), "body": body, "due_in_ms": waits});
                post(api, &format!("/api/conversations/{id}/messages"), message).await?;
            }
            conversations.push(json!(id));
        }
        phones.extend([handset["number"].clone(), number["number"].clone()]);
        numbers.push(number["id"].clone());
        handsets.push(handset["id"].clone());
    }
    Ok(BTreeMap::from([
        ("usr", people.iter().map(|id| json!(id)).collect()),
        ("num", numbers),
        ("hs", handsets),
        ("conv", conversations),
        ("to", phones),
        ("number", offers.into_iter().skip(count).collect()),
        ("country", vec![json!("US"), json!("DE")]),
        ("carrier", vec![json!("simulator")]),
        ("mode", vec![json!("test"), json!("live")]),
        ("emoji", vec![json!("👍"), json!("🎉")]),
        ("seq", vec![json!(1), json!(2), json!(3)]),
        ("current_password", vec![json!(PASSWORD)]),
    ]))
}

async fn pay(api: &mut Api, path: &str, body: Value) -> Result<Value> {
    let done = api.pay(&Uuid::new_v4().to_string(), path, body.clone()).await;
    done.map_err(|trouble| anyhow!("POST {path} {body}: {trouble:?}"))
}

async fn post(api: &mut Api, path: &str, body: Value) -> Result<Value> {
    call(api, Method::POST, path, Some(body)).await
}

async fn call(api: &mut Api, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
    let done = api.call(method.clone(), path, body.clone()).await;
    done.map_err(|trouble| anyhow!("{method} {path} {body:?}: {trouble:?}"))
}
