//! Which members there are, for those who deliver, synchronise or decide.
//! It never changes a membership.

use std::sync::Arc;

use convo_db::{Conn, Db};

use super::store;
use crate::{
    app::Tx,
    chat::conversations::MemberRow,
    error::Result,
    ids::{ConversationId, UserId},
    realtime::hub::{Audiences, Listener, RoomMembers},
};

/// How the hub learns who may hear what.
pub fn audiences(db: &Db) -> Audiences {
    let (db, db_) = (db.clone(), db.clone());
    Audiences {
        members: Arc::new(move |id| {
            let db = db.clone();
            Box::pin(async move {
                // The version first: members that are newer than it do no harm, older ones would.
                let mut db = db.snapshot().await?;
                let members_version = store::members_version(&mut db, id).await?.map_or(0, |(version,)| version);
                let mut listeners: Vec<Listener> = vec![];
                for (user_id, from, to) in store::list_audience(&mut db, id).await? {
                    match listeners.last_mut() {
                        Some(last) if last.user_id == user_id => last.spans.push((from, to)),
                        _ => listeners.push(Listener { user_id, spans: vec![(from, to)] }),
                    }
                }
                Ok(RoomMembers { members_version, listeners })
            })
        }),
        conversations: Arc::new(move |user_id| {
            let db = db_.clone();
            Box::pin(async move {
                Ok(store::list_conversations_of(&mut db.read(), user_id).await?.into_iter().map(|(id,)| id).collect())
            })
        }),
    }
}

/// Whether this person was a member when that message was sent.
pub async fn sees(db: &mut Conn, id: ConversationId, user_id: UserId, seq: i64) -> Result<bool> {
    Ok(store::is_visible(db, id, user_id, seq).await?)
}

/// Members that changed after `version`, for the difference.
pub async fn list_changed(db: &mut Conn, id: ConversationId, version: i64, limit: i64) -> Result<Vec<MemberRow>> {
    Ok(store::list_changed(db, id, version, limit).await?)
}

/// Whatever changes a right to send takes the locks of the conversations it touches; a suspension touches all.
pub async fn lock_conversations_of(tx: &mut Tx, user_id: UserId) -> Result<()> {
    Ok(store::lock_conversations_of(tx, user_id).await?)
}
