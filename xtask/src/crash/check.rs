//! What must be true after all kills: nothing acknowledged is lost or doubled, and every copy is faithful.
//! Never repairs anything: what it finds is told.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, anyhow};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::money;
use super::person::{Person, Sent};
use super::trunk::WINDOW;
use convo_client::{Conversation, fetch, text};

/// Until the last receipts were merged and told.
const QUIET: Duration = Duration::from_millis(1_500);
/// More would hide the first.
const MAX_PROBLEMS: usize = 50;

pub async fn all(mut people: Vec<Person>, kills: u32) -> Result<Value> {
    let mut problems = Vec::new();
    let (mut found_by_heads, mut unknown) = (0, 0);
    let mut messages = BTreeMap::new();
    try_join_all(people.iter_mut().map(listen)).await?;
    for person in &mut people {
        let heard = person.client.figures.differences;
        person.client.sync().await.map_err(|trouble| anyhow!("the last sync: {trouble:?}"))?;
        found_by_heads += person.client.figures.differences - heard;
        let me = person.client.api.user_id.clone();
        problems.append(&mut person.problems);
        problems.append(&mut person.client.model.broken_rules);
        for (id, copy) in person.client.model.conversations.clone() {
            let fresh = fetch(&mut person.client.api, &id).await.map_err(|trouble| anyhow!("GET {id}: {trouble:?}"))?;
            problems.extend(log_is_dense(&id, &fresh));
            problems.extend(copy_is_faithful(&me, &id, &copy, &fresh));
            let mine = person.sent.iter().filter(|sent| sent.conversation == id);
            problems.extend(mine.filter_map(|sent| acknowledged_is_there(&me, sent, &fresh)));
            messages.insert(id, fresh.messages.len());
        }
    }
    let mut apis: Vec<_> = people.iter().map(|person| person.client.api.clone()).collect();
    let purses: Vec<_> = people.iter().map(|person| &person.purse).collect();
    problems.extend(money::check(&mut apis, &purses).await.map_err(|trouble| anyhow!("wallets: {trouble:?}"))?);
    for person in &people {
        let mut api = person.client.api.clone();
        let (found, in_doubt) = person.phone.check(&mut api).await?;
        problems.extend(found);
        unknown += in_doubt;
    }
    let most = WINDOW * kills as usize;
    if unknown > most {
        problems.push(format!("{unknown} texts over SMPP are unknown after {kills} kills: at most {most} could be"));
    }
    let phones = people.iter().map(|person| person.phone.figures());
    let add = |all: [usize; 5], one: [usize; 5]| std::array::from_fn(|index| all[index] + one[index]);
    let [texts, answers, numbers, over_smpp, brought] = phones.fold([0; 5], add);
    let sum = |of: fn(&Person) -> u64| people.iter().map(of).sum::<u64>();
    let found = problems.len();
    problems.truncate(MAX_PROBLEMS);
    Ok(json!({
        "conversations": messages.len(), "messages": messages.values().sum::<usize>(),
        "sends_acknowledged": sum(|p| p.deeds.sent), "sends_repeated_after_silence": sum(|p| p.deeds.resent),
        "repeats_asked": sum(|p| p.deeds.repeats_asked), "edits": sum(|p| p.deeds.edits),
        "reactions": sum(|p| p.deeds.reactions), "receipts": sum(|p| p.deeds.receipts), "deletions": sum(|p| p.deeds.deletions),
        "payments": sum(|p| p.purse.paid()), "payments_repeated_after_silence": sum(|p| p.purse.repeated), "payments_refused": sum(|p| p.purse.refused),
        "texts": texts, "texts_from_handsets": answers, "numbers_bought": numbers,
        "texts_over_smpp": over_smpp, "texts_brought_over_smpp": brought, "unknown_over_smpp": unknown, "phone_requests_repeated": sum(|p| p.phone.repeated),
        "connections_lost": sum(|p| p.deeds.lost), "connects": sum(|p| p.client.figures.connects),
        "events": sum(|p| p.client.figures.events), "differences": sum(|p| p.client.figures.differences),
        "gaps": sum(|p| p.client.figures.gaps), "loads": sum(|p| p.client.figures.loads),
        "resets": sum(|p| p.client.figures.resets), "found_only_by_the_last_heads": found_by_heads,
        "problems_found": found, "problems": problems,
    }))
}

async fn listen(person: &mut Person) -> Result<()> {
    person.client.listen(QUIET).await.map_err(|trouble| anyhow!("listening after the last restart: {trouble:?}"))
}

/// Places are 1, 2, 3 … up to `last_seq`, and no `client_id` of a sender stands there twice.
fn log_is_dense(id: &str, fresh: &Conversation) -> Vec<String> {
    let mut problems = Vec::new();
    // The line that tells of the group's making may stand before the joining of those it was made with.
    let first = fresh.messages.keys().next().map_or(1, |&seq| seq.min(2));
    if !fresh.messages.keys().copied().eq(first..=fresh.last_seq) {
        problems.push(format!("{id}: {} messages, but last_seq is {}", fresh.messages.len(), fresh.last_seq));
    }
    let mut seen = BTreeMap::new();
    for (seq, message) in fresh.messages.iter().filter(|(_, message)| message["client_id"].is_string()) {
        let key = (text(message, "sender_id"), text(message, "client_id"));
        if let Some(first) = seen.insert(key, seq) {
            problems.push(format!("{id}: seq {first} and {seq} have the same client_id"));
        }
    }
    problems
}

fn acknowledged_is_there(me: &str, sent: &Sent, fresh: &Conversation) -> Option<String> {
    let place = format!("{} seq {} ({})", sent.conversation, sent.seq, sent.client_id);
    let Some(message) = fresh.messages.get(&sent.seq) else {
        return Some(format!("{place}: acknowledged, but not there"));
    };
    if message["sender_id"] != me {
        return Some(format!("{place}: acknowledged, but somebody else's is there"));
    }
    let deleted = !message["deleted_at"].is_null();
    if deleted {
        return (!sent.deletion_asked).then(|| format!("{place}: deleted, but nobody asked"));
    }
    if sent.deletion_acknowledged {
        return Some(format!("{place}: its deletion was acknowledged, but it is there"));
    }
    if text(message, "client_id") != sent.client_id.to_string() {
        return Some(format!("{place}: acknowledged, but another is in its place"));
    }
    let body = text(message, "body");
    (!sent.bodies.contains(&body)).then(|| format!("{place}: says `{body}`, but should say one of {:?}", sent.bodies))
}

/// What resuming and events made is exactly what a fresh fetch gives.
fn copy_is_faithful(me: &str, id: &str, copy: &Conversation, fresh: &Conversation) -> Vec<String> {
    let mut problems = Vec::new();
    let mut compare = |what: String, copied: &Value, fetched: &Value| {
        if copied != fetched {
            problems.push(format!("{me} {id}: {what} is {copied} in the copy, {fetched} on the server"));
        }
    };
    compare("version".into(), &json!(copy.version), &json!(fresh.version));
    compare("last_seq".into(), &json!(copy.last_seq), &json!(fresh.last_seq));
    compare("what all see".into(), &copy.shared, &fresh.shared);
    compare("mine".into(), &copy.mine, &fresh.mine);
    compare("unread".into(), &json!(copy.unread(me)), &json!(fresh.told_unread));
    for seq in 1..=fresh.last_seq.max(copy.last_seq) {
        let of = |conversation: &Conversation| conversation.messages.get(&seq).cloned().unwrap_or_default();
        compare(format!("message {seq}"), &of(copy), &of(fresh));
    }
    let present = |conversation: &Conversation| -> Value {
        conversation
            .members
            .iter()
            .filter(|(_, member)| member["active"] != false)
            .map(|(id, member)| (id.clone(), member.clone()))
            .collect()
    };
    compare("members".into(), &present(copy), &present(fresh));
    problems
}
