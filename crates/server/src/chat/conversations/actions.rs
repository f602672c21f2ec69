//! What people do with conversations: begin one, name it, keep it in their own way.
//! Whatever others see takes the conversation's lock, one version and one event.

use std::time::Duration;

use axum::body::Bytes;
use convo_db::Timestamp;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ConversationKind, ConversationRow, ConversationView, Line, MAX_DESCRIPTION_CHARS, MAX_MEMBERS, MAX_TITLE_CHARS,
    MINE_A_MINUTE, MemberRole, MemberRow,
    access::{self, Manager},
    store, view,
};
use crate::{
    accounts::{pictures, users},
    app::{App, Tx},
    caller::Caller,
    chat::{
        members,
        messages::{SystemEvent, SystemLine, actions::append_system},
    },
    error::{Error, Result},
    events::{Audience, Event},
    ids::{ConversationId, NumberId, UserId},
    sms::numbers,
    text,
};

#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateConversation {
    pub kind: ConversationKind,
    /// For groups.
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// One for a direct conversation (oneself is allowed), up to 999 others for a group.
    #[serde(default)]
    pub participant_ids: Vec<UserId>,
    /// Required for a group: the same again gives the first.
    #[serde(default)]
    pub client_id: Option<Uuid>,
    /// For `sms`: a number that one owns or may answer from.
    #[serde(default)]
    pub number_id: Option<NumberId>,
    /// For `sms`: whom to write to, as people write numbers; without a country's code it is one of the number's country.
    #[serde(default)]
    pub to: Option<String>,
}

/// Says whether it is new.
pub async fn create(app: &App, caller: &Caller, wanted: CreateConversation) -> Result<(ConversationView, bool)> {
    access::limit_changes(app, caller)?;
    let (me, app_) = (caller.user_id, app.clone());
    let (id, is_new) = app
        .act(async move {
            match wanted.kind {
                ConversationKind::Direct => create_direct(&app_, me, &wanted).await,
                ConversationKind::Group => create_group(&app_, me, &wanted).await,
                ConversationKind::Sms => create_line(&app_, me, &wanted).await,
            }
        })
        .await?;
    Ok((get_view(app, caller.user_id, id).await?, is_new))
}

pub async fn get_view(app: &App, user_id: UserId, id: ConversationId) -> Result<ConversationView> {
    let mut db = app.db.snapshot().await?;
    let reader = access::to_read(&mut db, user_id, id).await?;
    view(&mut db, &reader).await
}

/// One per pair of people, whoever begins it and however often.
async fn create_direct(app: &App, me: UserId, wanted: &CreateConversation) -> Result<(ConversationId, bool)> {
    let [other] = wanted.participant_ids[..] else {
        return Err(Error::invalid(
            "participant_ids",
            "one_participant",
            "A direct conversation has exactly one other person.",
        ));
    };
    let key = format!("{}:{}", me.min(other).0.simple(), me.max(other).0.simple());
    let mut tx = app.begin().await?;
    if let Some((id,)) = store::find_direct(&mut tx, &key).await? {
        return Ok((id, false));
    }
    users::access::check_can_be_added(&mut tx, &[other]).await?;
    let people = if me == other { vec![me] } else { vec![me, other] };
    let row = new_row(ConversationKind::Direct, me, people.len(), app.clock.now());
    if !store::insert(&mut tx, &row, Some(&key), None).await? {
        let (id,) = store::find_direct(&mut tx, &key).await?.ok_or_else(|| Error::not_found("conversation"))?;
        return Ok((id, false));
    }
    members::actions::begin(&mut tx, &row, &people, app.clock.now()).await?;
    tx.commit().await?;
    Ok((row.id, true))
}

async fn create_group(app: &App, me: UserId, wanted: &CreateConversation) -> Result<(ConversationId, bool)> {
    let title = check_title(wanted.title.as_deref().unwrap_or_default())?;
    let description = check_description(wanted.description.as_deref().unwrap_or_default())?;
    let client_id = wanted.client_id.ok_or_else(|| {
        Error::invalid(
            "client_id",
            "client_id_missing",
            "Send a UUID of your own, so that a retry makes no second group.",
        )
    })?;
    let mut people = vec![me];
    for id in &wanted.participant_ids {
        if !people.contains(id) {
            people.push(*id);
        }
        if i64::try_from(people.len()).unwrap_or(i64::MAX) > MAX_MEMBERS {
            return Err(Error::invalid("participant_ids", "too_many_members", "A group has up to 1000 members."));
        }
    }
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    if let Some((id,)) = store::find_created(&mut tx, me, client_id).await? {
        return Ok((id, false));
    }
    users::access::check_can_be_added(&mut tx, &people).await?;
    let mut row = ConversationRow {
        title: Some(title.clone()),
        description,
        ..new_row(ConversationKind::Group, me, people.len(), now)
    };
    if !store::insert(&mut tx, &row, None, Some(client_id)).await? {
        let (id,) =
            store::find_created(&mut tx, me, client_id).await?.ok_or_else(|| Error::not_found("conversation"))?;
        return Ok((id, false));
    }
    members::actions::begin(&mut tx, &row, &people, now).await?;
    append_system(
        &mut tx,
        &mut row,
        SystemLine { event: SystemEvent::GroupCreated, actor_id: Some(me), user_ids: vec![], text: Some(title) },
        now,
    )
    .await?;
    store::save(&mut tx, &row).await?;
    tx.commit().await?;
    Ok((row.id, true))
}

/// One per number and phone, whoever begins it and however often.
async fn create_line(app: &App, me: UserId, wanted: &CreateConversation) -> Result<(ConversationId, bool)> {
    let (Some(number_id), Some(to)) = (wanted.number_id, wanted.to.as_deref()) else {
        return Err(Error::invalid(
            "to",
            "line_incomplete",
            "Say from which of your numbers (`number_id`), and to whom (`to`).",
        ));
    };
    let mut tx = app.begin().await?;
    let begun = numbers::actions::begin_thread(&mut tx, me, number_id, to, app.clock.now()).await?;
    tx.commit().await?;
    Ok(begun)
}

fn new_row(kind: ConversationKind, created_by: UserId, people: usize, now: Timestamp) -> ConversationRow {
    ConversationRow {
        id: ConversationId::new(),
        kind,
        title: None,
        description: String::new(),
        picture_id: None,
        show_past: false,
        created_by,
        last_seq: 0,
        version: 0,
        members_version: 0,
        member_count: i64::try_from(people).unwrap_or(i64::MAX),
        created_at: now,
        active_at: now,
        number_id: None,
        number: None,
        party: None,
        opted_out_at: None,
    }
}

/// The thread of a number with somebody on the phone network, if there is one; not locked.
pub async fn find_line(tx: &mut Tx, number_id: NumberId, party: &str) -> Result<Option<ConversationId>> {
    Ok(store::find_line(tx, number_id, party).await?.map(|(id,)| id))
}

/// The last thread between these digits and somebody, whoever had the number then; not locked.
pub async fn find_last_line(tx: &mut Tx, number: &str, party: &str) -> Result<Option<(ConversationId, NumberId)>> {
    Ok(store::find_last_line(tx, number, party).await?.map(|(id, number_id, _)| (id, number_id)))
}

/// Begins it, still without anybody in it; `None` if somebody else did so at this moment.
/// The caller locks the number then, and only then says who its people are: conversations come before numbers.
pub async fn insert_line(tx: &mut Tx, line: &Line, owner: UserId, now: Timestamp) -> Result<Option<ConversationRow>> {
    // Who said STOP to these digits said it to whoever has them.
    let earlier = store::find_last_line(tx, &line.number, &line.party).await?;
    let row = ConversationRow {
        number_id: Some(line.number_id),
        number: Some(line.number.clone()),
        party: Some(line.party.clone()),
        opted_out_at: earlier.and_then(|(.., opted_out_at)| opted_out_at),
        ..new_row(ConversationKind::Sms, owner, 0, now)
    };
    Ok(store::insert(tx, &row, None, None).await?.then_some(row))
}

/// Lets the number's people into its new thread.
pub async fn begin_line(
    tx: &mut Tx,
    mut row: ConversationRow,
    people: &[(UserId, MemberRole)],
    now: Timestamp,
) -> Result<()> {
    row.member_count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    members::actions::begin_as(tx, &row, people, now).await?;
    Ok(store::save(tx, &row).await?)
}

/// After a change of members in many conversations at once, under their locks.
pub async fn save_members_versions(tx: &mut Tx, rows: &[ConversationRow]) -> Result<()> {
    Ok(store::save_members_versions(tx, rows).await?)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct UpdateConversation {
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// Whether people who join from now on see what was said before.
    #[serde(default)]
    pub show_past: Option<bool>,
}

/// Each thing that really changes is one line in the conversation.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    wanted: UpdateConversation,
) -> Result<ConversationView> {
    access::limit_changes(app, caller)?;
    let title = wanted.title.as_deref().map(check_title).transpose()?;
    let description = wanted.description.as_deref().map(check_description).transpose()?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Manager { conversation: mut row, .. } = access::to_manage(&mut tx, me, id).await?;
        let mut lines = vec![];
        if let Some(title) = title.filter(|title| row.title.as_ref() != Some(title)) {
            row.title = Some(title.clone());
            lines.push((SystemEvent::TitleChanged, Some(title)));
        }
        if let Some(description) = description.filter(|description| row.description != *description) {
            row.description = description;
            lines.push((SystemEvent::DescriptionChanged, None));
        }
        if let Some(show_past) = wanted.show_past.filter(|show_past| row.show_past != *show_past) {
            row.show_past = show_past;
            lines.push((if show_past { SystemEvent::PastShown } else { SystemEvent::PastHidden }, None));
        }
        tell_changes(tx, row, me, lines, now).await
    })
    .await?;
    get_view(app, caller.user_id, id).await
}

/// `None` removes the picture.
pub async fn set_picture(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    picture: Option<Bytes>,
) -> Result<ConversationView> {
    access::limit_changes(app, caller)?;
    // Before anything is decoded: who may not do it costs us no work.
    access::to_manage(&mut *app.begin().await?, caller.user_id, id).await?;
    let picture = match picture {
        Some(bytes) => Some(pictures::actions::cut_square(app, bytes).await?),
        None => None,
    };
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Manager { conversation: mut row, .. } = access::to_manage(&mut tx, me, id).await?;
        let before = row.picture_id;
        pictures::actions::forget(&mut tx, before).await?;
        row.picture_id = match picture {
            Some(picture) => Some(pictures::actions::store(&mut tx, &picture, now).await?),
            None => None,
        };
        let lines = if before == row.picture_id { vec![] } else { vec![(SystemEvent::PictureChanged, None)] };
        tell_changes(tx, row, me, lines, now).await
    })
    .await?;
    get_view(app, caller.user_id, id).await
}

async fn tell_changes(
    mut tx: Tx,
    mut row: ConversationRow,
    actor_id: UserId,
    lines: Vec<(SystemEvent, Option<String>)>,
    now: Timestamp,
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    emit_updated(&mut tx, &mut row, vec![]).await?;
    for (event, text) in lines {
        append_system(&mut tx, &mut row, SystemLine { event, actor_id: Some(actor_id), user_ids: vec![], text }, now)
            .await?;
    }
    store::save(&mut tx, &row).await?;
    tx.commit().await
}

/// Counts one version and tells what everyone sees of the conversation and of these members.
pub async fn emit_updated(tx: &mut Tx, row: &mut ConversationRow, members: Vec<MemberRow>) -> Result<()> {
    row.version += 1;
    let ids: Vec<_> = members.iter().map(|member| member.user_id).collect();
    let users = users::access::public_profiles(tx, &ids).await?;
    let members = members.iter().map(MemberRow::member).collect();
    tx.emit(
        row.audience(None),
        Event::ConversationUpdated {
            conversation_id: row.id,
            version: row.version,
            conversation: row.summary(),
            members,
            users,
        },
    );
    Ok(())
}

/// For actions of other parts of `chat` that hold the lock.
pub async fn save(tx: &mut Tx, row: &ConversationRow) -> Result<()> {
    Ok(store::save(tx, row).await?)
}

/// The same for many, as far as messages change them.
pub async fn save_all(tx: &mut Tx, rows: impl Iterator<Item = &ConversationRow>) -> Result<()> {
    Ok(store::save_all(tx, rows).await?)
}

/// Absent: unchanged. Null: no more.
#[expect(clippy::option_option, reason = "absent and null mean different things here")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Timestamp>>, D::Error> {
    Option::<Timestamp>::deserialize(deserializer).map(Some)
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct UpdateMine {
    /// Until when it is muted; null: not any more.
    #[serde(default, deserialize_with = "present")]
    pub muted_until: Option<Option<Timestamp>>,
    #[serde(default)]
    pub archived: Option<bool>,
    #[serde(default)]
    pub pinned: Option<bool>,
    #[serde(default)]
    pub marked_unread: Option<bool>,
}

/// Nobody else learns of it, and nobody else pays for it.
pub async fn update_mine(app: &App, caller: &Caller, id: ConversationId, wanted: UpdateMine) -> Result<super::Mine> {
    app.limit_person("mine", caller.user_id, MINE_A_MINUTE, Duration::from_secs(60))?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let mut member = access::to_take_part(&mut tx, me, id).await?.member;
        let before = (member.muted_until, member.archived_at, member.pinned_at, member.marked_unread);
        if let Some(muted_until) = wanted.muted_until {
            member.muted_until = muted_until;
        }
        if let Some(archived) = wanted.archived {
            member.archived_at = archived.then(|| member.archived_at.unwrap_or(now));
        }
        if let Some(pinned) = wanted.pinned {
            member.pinned_at = pinned.then(|| member.pinned_at.unwrap_or(now));
        }
        if let Some(marked_unread) = wanted.marked_unread {
            member.marked_unread = marked_unread;
        }
        if before == (member.muted_until, member.archived_at, member.pinned_at, member.marked_unread) {
            return Ok(member.mine(store::list_hidden(&mut tx, id, me).await?));
        }
        let mine = emit_mine(&mut tx, &mut member).await?;
        tx.commit().await?;
        Ok(mine)
    })
    .await
}

/// Saves and tells the member's own state, under the conversation's lock.
pub async fn emit_mine(tx: &mut Tx, member: &mut MemberRow) -> Result<super::Mine> {
    member.mine_version += 1;
    store::save_mine(tx, member).await?;
    let hidden = store::list_hidden(tx, member.conversation_id, member.user_id).await?;
    let mine = member.mine(hidden);
    tx.emit(Audience::Person(member.user_id), Event::MineUpdated { mine: mine.clone() });
    Ok(mine)
}

fn check_title(title: &str) -> Result<String> {
    let title = check_text("title", title, text::line(title), MAX_TITLE_CHARS)?;
    if title.is_empty() { Err(Error::invalid("title", "title_empty", "Give the group a name.")) } else { Ok(title) }
}

fn check_description(description: &str) -> Result<String> {
    check_text("description", description, text::lines(description), MAX_DESCRIPTION_CHARS)
}

fn check_text(field: &'static str, sent: &str, seen: String, max_chars: usize) -> Result<String> {
    if seen.chars().nth(max_chars).is_some() {
        return Err(Error::invalid(field, "too_long", format!("Use up to {max_chars} characters.")));
    }
    if sent.contains('\0') {
        return Err(Error::invalid(field, "has_nul", "The text contains a NUL character. Remove it."));
    }
    Ok(seen)
}

/// What this member deleted for themselves, the newest 500.
pub async fn hidden_of(tx: &mut Tx, member: &MemberRow) -> Result<Vec<i64>> {
    Ok(store::list_hidden(tx, member.conversation_id, member.user_id).await?)
}
