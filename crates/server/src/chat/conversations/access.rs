//! Who may see and who may change a conversation: proofs, not bools.
//! What the caller may not see does not exist for them.

use std::time::Duration;

use convo_db::{Conn, Tx};

use super::{CHANGES_A_MINUTE, ConversationKind, ConversationRow, MemberRole, MemberRow, store};
use crate::{
    app::App,
    caller::Caller,
    error::{Error, Result},
    ids::{ConversationId, NumberId, UserId},
};

/// Each of these changes is told to many, so nobody may make too many of them.
pub fn limit_changes(app: &App, caller: &Caller) -> Result<()> {
    app.limit_person("conversation_changes", caller.user_id, CHANGES_A_MINUTE, Duration::from_secs(60))
}

/// Proof of being a member when it was looked up. Enough to read.
#[derive(Debug, Clone)]
pub struct Reader {
    conversation: ConversationRow,
    member: MemberRow,
}

/// Proof of being a member while holding the conversation's lock. Enough to change what members may.
#[derive(Debug)]
pub struct Participant {
    pub conversation: ConversationRow,
    pub member: MemberRow,
}

/// Proof of being an administrator or the owner of a group, under its lock.
#[derive(Debug)]
pub struct Manager {
    pub conversation: ConversationRow,
    pub member: MemberRow,
}

impl Reader {
    pub fn conversation(&self) -> &ConversationRow {
        &self.conversation
    }

    pub fn member(&self) -> &MemberRow {
        &self.member
    }
}

/// Both reads should see one state: pass a snapshot where that matters.
pub async fn to_read(db: &mut Conn, user_id: UserId, id: ConversationId) -> Result<Reader> {
    let member = store::find_active_member(db, id, user_id).await?.ok_or_else(|| Error::not_found("conversation"))?;
    let conversation = store::find(db, id).await?.ok_or_else(|| Error::not_found("conversation"))?;
    Ok(Reader { conversation, member })
}

pub async fn to_take_part(tx: &mut Tx, user_id: UserId, id: ConversationId) -> Result<Participant> {
    let conversation = lock(tx, &[id]).await?.pop().ok_or_else(|| Error::not_found("conversation"))?;
    let member = store::find_active_member(tx, id, user_id).await?.ok_or_else(|| Error::not_found("conversation"))?;
    Ok(Participant { conversation, member })
}

/// The rows of these conversations and their locks; whoever takes them decides for each member what they may.
pub async fn lock(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    Ok(store::lock(tx, ids).await?)
}

pub async fn to_manage(tx: &mut Tx, user_id: UserId, id: ConversationId) -> Result<Manager> {
    let Participant { conversation, member } = to_take_part(tx, user_id, id).await?;
    match conversation.kind {
        ConversationKind::Group => {}
        ConversationKind::Direct => {
            return Err(Error::conflict(
                "direct_conversation",
                "A direct conversation has no name and no other members. Create a group instead.",
            ));
        }
        ConversationKind::Sms => {
            return Err(Error::conflict(
                "phone_conversation",
                "Whoever the number is shared with takes part. Share the number instead, or stop sharing it.",
            ));
        }
    }
    if member.role < MemberRole::Admin {
        return Err(Error::forbidden(
            "group_admins_only",
            "Only an administrator of this group may do that. Ask one of them.",
        ));
    }
    Ok(Manager { conversation, member })
}

/// All threads of a number, under their locks: whatever changes who may write from it passes here.
pub async fn lock_of_number(tx: &mut Tx, number_id: NumberId) -> Result<Vec<ConversationRow>> {
    Ok(store::lock_of_number(tx, number_id).await?)
}

/// How many threads a number has; under the number's lock there are no new ones.
pub async fn count_of_number(db: &mut Conn, number_id: NumberId) -> Result<i64> {
    Ok(store::count_of_number(db, number_id).await?)
}

/// The lowest watermarks of a large group.
pub async fn lowest(db: &mut Conn, id: ConversationId) -> Result<super::Lowest> {
    Ok(store::lowest(db, id).await?)
}

/// What a member's badge and marks show: unread messages, the lowest watermarks of all, and what they keep for themselves.
pub async fn counts(db: &mut Conn, reader: &Reader) -> Result<(i64, super::Lowest, super::Mine)> {
    let (id, user_id) = (reader.conversation.id, reader.member.user_id);
    let unread = store::count_unread(db, user_id, &[id]).await?.pop().map_or(0, |(_, count)| count);
    let hidden = store::list_hidden(db, id, user_id).await?;
    Ok((unread, store::lowest(db, id).await?, reader.member.mine(hidden)))
}
