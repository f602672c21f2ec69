//! Puts together what one member sees of conversations, a page at a time.
//! A handful of queries for any number of conversations, never one each.

use std::collections::{HashMap, HashSet};

use convo_db::Conn;

use super::{Conversation, ConversationRow, ConversationView, Lowest, MemberRow, access::Reader, store};
use crate::{
    accounts::users::{self, User},
    chat::messages::{self, Message},
    error::{Error, Result},
    ids::{ConversationId, UserId},
};

/// One conversation, for somebody who may read it.
pub async fn view(db: &mut Conn, reader: &Reader) -> Result<ConversationView> {
    let (mut conversations, users) = list_view(db, reader.member().user_id, &[reader.conversation().id]).await?;
    let conversation = conversations.pop().ok_or_else(|| Error::not_found("conversation"))?;
    Ok(ConversationView { conversation, users })
}

/// These conversations in this order, without those that the person is not a member of, and everyone who is named in them.
pub async fn list_view(
    db: &mut Conn,
    user_id: UserId,
    ids: &[ConversationId],
) -> Result<(Vec<Conversation>, Vec<User>)> {
    if ids.is_empty() {
        return Ok((vec![], vec![]));
    }
    let mine: HashMap<_, _> =
        store::list_memberships(db, user_id, ids).await?.into_iter().map(|row| (row.conversation_id, row)).collect();
    let rows: HashMap<_, _> = store::list_by_ids(db, ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let unread: HashMap<_, _> = store::count_unread(db, user_id, ids).await?.into_iter().collect();
    let mut hidden = HashMap::<_, Vec<i64>>::new();
    for (id, seq) in store::list_hidden_of(db, user_id, ids).await? {
        hidden.entry(id).or_default().push(seq);
    }
    let detailed: Vec<_> =
        rows.values().filter(|row| row.is_detailed() && mine.contains_key(&row.id)).map(|row| row.id).collect();
    let mut members = HashMap::<_, Vec<MemberRow>>::new();
    for member in store::list_members_of(db, &detailed).await? {
        members.entry(member.conversation_id).or_default().push(member);
    }
    let mut last = last_messages(db, &rows, &mine, &hidden).await?;

    let mut conversations = vec![];
    let mut named = HashSet::new();
    for id in ids {
        let (Some(row), Some(me)) = (rows.get(id), mine.get(id)) else { continue };
        let members = members.remove(id);
        let lowest = match &members {
            Some(members) => lowest_of(members),
            None => store::lowest(db, *id).await?,
        };
        let last_message = last.remove(id);
        named.extend(members.iter().flatten().map(|member| member.user_id));
        named.extend(last_message.iter().filter_map(|message| message.sender_id));
        conversations.push(Conversation {
            summary: row.summary(),
            created_at: row.created_at,
            version: row.version,
            my_role: me.role,
            members: members.map(|members| members.iter().map(MemberRow::member).collect()),
            lowest,
            unread_count: unread.get(id).copied().unwrap_or(0),
            last_message,
            mine: me.mine(hidden.remove(id).unwrap_or_default()),
        });
    }
    let users = users::access::public_profiles(db, &named.into_iter().collect::<Vec<_>>()).await?;
    Ok((conversations, users))
}

fn lowest_of(members: &[MemberRow]) -> Lowest {
    Lowest {
        delivered_seq: members.iter().map(|member| member.delivered_seq).min().unwrap_or(0),
        read_seq: members.iter().map(|member| member.read_seq).min().unwrap_or(0),
    }
}

/// The newest message of each, if this member may see it and did not hide it.
async fn last_messages(
    db: &mut Conn,
    rows: &HashMap<ConversationId, ConversationRow>,
    mine: &HashMap<ConversationId, MemberRow>,
    hidden: &HashMap<ConversationId, Vec<i64>>,
) -> Result<HashMap<ConversationId, Message>> {
    let places: Vec<_> = rows
        .values()
        .filter(|row| mine.get(&row.id).is_some_and(|me| row.last_seq >= me.visible_from))
        .filter(|row| row.last_seq > 0 && !hidden.get(&row.id).is_some_and(|seqs| seqs.contains(&row.last_seq)))
        .map(|row| (row.id, row.last_seq))
        .collect();
    let messages = messages::access::list_at(db, &places).await?;
    Ok(messages.into_iter().map(|message| (message.conversation_id, message)).collect())
}
