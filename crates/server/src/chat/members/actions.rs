//! Joining, leaving, removing, and roles.
//! Each is one transaction under the conversation's lock; who is removed hears nothing that comes after.

use std::collections::HashSet;

use convo_db::Timestamp;

use super::{MAX_ADDED, store, store::Joining};
use crate::{
    accounts::users,
    app::{App, Tx},
    caller::Caller,
    chat::{
        conversations::{
            ConversationKind, ConversationRow, MAX_MEMBERS, MemberRole,
            access::{Manager, Participant, limit_changes, to_manage, to_take_part},
            actions::{emit_updated, save, save_members_versions},
        },
        messages::{SystemEvent, SystemLine, actions::append_system},
    },
    error::{Error, Result},
    events::{Audience, Event},
    ids::{ConversationId, UserId},
};

/// The first members of a new conversation; the first of them owns a group.
pub async fn begin(tx: &mut Tx, row: &ConversationRow, people: &[UserId], now: Timestamp) -> Result<()> {
    let first = if row.kind == ConversationKind::Group { MemberRole::Owner } else { MemberRole::Member };
    let people: Vec<_> =
        people.iter().enumerate().map(|(i, id)| (*id, if i == 0 { first } else { MemberRole::Member })).collect();
    begin_as(tx, row, &people, now).await
}

/// The same, each in a role.
pub async fn begin_as(
    tx: &mut Tx,
    row: &ConversationRow,
    people: &[(UserId, MemberRole)],
    now: Timestamp,
) -> Result<()> {
    store::join(
        tx,
        &Joining {
            conversation_id: row.id,
            people: people.to_vec(),
            from_seq: 1,
            last_seq: 0,
            version: row.version,
            now,
        },
    )
    .await?;
    for (user_id, _) in people {
        emit_joined(tx, row, *user_id);
    }
    Ok(())
}

/// Lets somebody into all of these conversations at once, or gives them another role there: a number is shared with them.
/// The caller holds the locks.
pub async fn join_all(
    tx: &mut Tx,
    mut rows: Vec<ConversationRow>,
    user_id: UserId,
    role: MemberRole,
    now: Timestamp,
) -> Result<()> {
    let present: HashSet<_> = store::list_of_person(tx, user_id, &rows)
        .await?
        .into_iter()
        .filter(|member| member.active)
        .map(|member| member.conversation_id)
        .collect();
    for row in &mut rows {
        row.version += 1;
        row.members_version = row.version;
        row.member_count += i64::from(!present.contains(&row.id));
    }
    store::join_all(tx, &rows, user_id, role, now).await?;
    for row in rows.iter().filter(|row| !present.contains(&row.id)) {
        emit_joined(tx, row, user_id);
    }
    tell_all(tx, rows, user_id).await
}

/// Ends somebody's membership in all of these conversations at once. The caller holds the locks.
pub async fn end_all(tx: &mut Tx, mut rows: Vec<ConversationRow>, user_id: UserId, now: Timestamp) -> Result<()> {
    for row in &mut rows {
        row.version += 1;
        row.members_version = row.version;
        row.member_count -= 1;
    }
    store::end_all(tx, &rows, user_id, now).await?;
    for row in &rows {
        let removal = Audience::Removal { user_id, conversation_id: row.id, members_version: row.members_version };
        tx.emit(removal, Event::ConversationRemoved { conversation_id: row.id });
    }
    tell_all(tx, rows, user_id).await
}

async fn tell_all(tx: &mut Tx, rows: Vec<ConversationRow>, user_id: UserId) -> Result<()> {
    let users = users::access::public_profiles(tx, &[user_id]).await?;
    let members = store::list_of_person(tx, user_id, &rows).await?;
    let members: std::collections::HashMap<_, _> =
        members.iter().map(|member| (member.conversation_id, member.member())).collect();
    for row in &rows {
        tx.emit(
            row.audience(None),
            Event::ConversationUpdated {
                conversation_id: row.id,
                version: row.version,
                conversation: row.summary(),
                members: members.get(&row.id).cloned().into_iter().collect(),
                users: users.clone(),
            },
        );
    }
    save_members_versions(tx, &rows).await
}

/// Who is a member already stays as they are.
pub async fn add(app: &App, caller: &Caller, id: ConversationId, user_ids: Vec<UserId>) -> Result<()> {
    limit_changes(app, caller)?;
    if user_ids.is_empty() || user_ids.len() > MAX_ADDED {
        return Err(Error::invalid("user_ids", "too_many_members", "Add 1 to 100 people at once."));
    }
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Manager { conversation: mut row, .. } = to_manage(&mut tx, me, id).await?;
        let present: HashSet<_> = store::list_by_users(&mut tx, id, &user_ids)
            .await?
            .into_iter()
            .filter(|member| member.active)
            .map(|member| member.user_id)
            .collect();
        let mut fresh: Vec<_> = user_ids
            .into_iter()
            .collect::<HashSet<_>>()
            .into_iter()
            .filter(|user_id| !present.contains(user_id))
            .collect();
        fresh.sort();
        if fresh.is_empty() {
            return Ok(());
        }
        users::access::check_can_be_added(&mut tx, &fresh).await?;
        row.member_count += i64::try_from(fresh.len()).unwrap_or(i64::MAX);
        if row.member_count > MAX_MEMBERS {
            return Err(Error::conflict("too_many_members", "A group has up to 1000 members."));
        }
        let from_seq = if row.show_past { 1 } else { row.last_seq + 1 };
        let version = row.version + 1;
        store::join(
            &mut tx,
            &Joining {
                conversation_id: id,
                people: fresh.iter().map(|id| (*id, MemberRole::Member)).collect(),
                from_seq,
                last_seq: row.last_seq,
                version,
                now,
            },
        )
        .await?;
        row.members_version = version;
        let members = store::list_by_users(&mut tx, id, &fresh).await?;
        for user_id in &fresh {
            emit_joined(&mut tx, &row, *user_id);
        }
        emit_updated(&mut tx, &mut row, members).await?;
        append_system(
            &mut tx,
            &mut row,
            SystemLine { event: SystemEvent::MemberAdded, actor_id: Some(me), user_ids: fresh, text: None },
            now,
        )
        .await?;
        save(&mut tx, &row).await?;
        tx.commit().await
    })
    .await
}

/// Removes somebody, or leaves. Repeating it changes nothing.
pub async fn remove(app: &App, caller: &Caller, id: ConversationId, user_id: UserId) -> Result<()> {
    limit_changes(app, caller)?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let mut row = if me == user_id {
            to_leave(&mut tx, me, id).await?
        } else {
            to_manage(&mut tx, me, id).await?.conversation
        };
        let Some(member) = store::list_by_users(&mut tx, id, &[user_id]).await?.pop() else {
            return Err(Error::not_found("member"));
        };
        if !member.active {
            return Ok(());
        }
        if member.role == MemberRole::Owner {
            return Err(Error::conflict(
                "last_owner",
                "The owner cannot leave or be removed. Make somebody else the owner first.",
            ));
        }
        row.members_version = row.version + 1;
        row.member_count -= 1;
        store::end(&mut tx, &row, user_id, now).await?;
        let members = store::list_by_users(&mut tx, id, &[user_id]).await?;
        let removal = Audience::Removal { user_id, conversation_id: id, members_version: row.members_version };
        tx.emit(removal, Event::ConversationRemoved { conversation_id: id });
        emit_updated(&mut tx, &mut row, members).await?;
        let event = if me == user_id { SystemEvent::MemberLeft } else { SystemEvent::MemberRemoved };
        append_system(
            &mut tx,
            &mut row,
            SystemLine { event, actor_id: Some(me), user_ids: vec![user_id], text: None },
            now,
        )
        .await?;
        save(&mut tx, &row).await?;
        tx.commit().await
    })
    .await
}

async fn to_leave(tx: &mut Tx, me: UserId, id: ConversationId) -> Result<ConversationRow> {
    let Participant { conversation, .. } = to_take_part(tx, me, id).await?;
    match conversation.kind {
        ConversationKind::Group => Ok(conversation),
        ConversationKind::Direct => {
            Err(Error::conflict("direct_conversation", "A direct conversation cannot be left. Archive it instead."))
        }
        ConversationKind::Sms => Err(Error::conflict(
            "phone_conversation",
            "It belongs to a number that is shared with you. Leave the number, or archive the conversation.",
        )),
    }
}

/// Administrators make administrators; only the owner gives the group away, and then is an administrator.
pub async fn set_role(app: &App, caller: &Caller, id: ConversationId, user_id: UserId, role: MemberRole) -> Result<()> {
    limit_changes(app, caller)?;
    let (me, app_) = (caller.user_id, app.clone());
    app.act(async move {
        let now = app_.clock.now();
        let mut tx = app_.begin().await?;
        let Manager { conversation: mut row, member: manager } = to_manage(&mut tx, me, id).await?;
        let member = store::list_by_users(&mut tx, id, &[user_id])
            .await?
            .pop()
            .filter(|member| member.active)
            .ok_or_else(|| Error::not_found("member"))?;
        if member.role == role {
            return Ok(());
        }
        if role == MemberRole::Reader {
            return Err(Error::invalid("role", "role_invalid", "In a group everybody may write."));
        }
        if member.role == MemberRole::Owner {
            return Err(Error::conflict("last_owner", "A group has one owner. Make somebody else the owner instead."));
        }
        if role == MemberRole::Owner && manager.role != MemberRole::Owner {
            return Err(Error::forbidden("owner_only", "Only the owner can make somebody else the owner."));
        }
        row.members_version = row.version + 1;
        store::set_role(&mut tx, id, user_id, role, row.members_version).await?;
        let mut changed = vec![user_id];
        if role == MemberRole::Owner {
            store::set_role(&mut tx, id, me, MemberRole::Admin, row.members_version).await?;
            changed.push(me);
        }
        let members = store::list_by_users(&mut tx, id, &changed).await?;
        emit_updated(&mut tx, &mut row, members).await?;
        let (event, text) = match role {
            MemberRole::Owner => (SystemEvent::OwnerChanged, None),
            MemberRole::Admin => (SystemEvent::RoleChanged, Some("admin".to_owned())),
            MemberRole::Member | MemberRole::Reader => (SystemEvent::RoleChanged, Some("member".to_owned())),
        };
        append_system(&mut tx, &mut row, SystemLine { event, actor_id: Some(me), user_ids: vec![user_id], text }, now)
            .await?;
        save(&mut tx, &row).await?;
        tx.commit().await
    })
    .await
}

fn emit_joined(tx: &mut Tx, row: &ConversationRow, user_id: UserId) {
    let joining = Audience::Joining { user_id, conversation_id: row.id, members_version: row.members_version };
    tx.emit(joining, Event::ConversationCreated { conversation_id: row.id, version: row.version });
}
