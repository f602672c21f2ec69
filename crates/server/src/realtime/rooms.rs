//! What a node knows of who may hear what: people with sockets here, and the members of their conversations.
//! Pure state under one lock; it never waits.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;

use super::{hub::RoomMembers, wire::Wire};
use crate::{
    events::{Audience, Event},
    ids::{ConversationId, SessionId, UserId},
};

#[derive(Default)]
pub struct Rooms {
    pub people: HashMap<UserId, Person>,
    rooms: HashMap<ConversationId, Room>,
}

#[derive(Default)]
pub struct Person {
    pub sockets: Vec<Arc<Wire>>,
    conversations: HashSet<ConversationId>,
}

/// One conversation that somebody here listens to.
struct Room {
    /// How many people here.
    listeners: usize,
    members: Members,
    /// A list of members older than this version must not be used.
    needs: i64,
}

enum Members {
    Unknown,
    /// Being loaded; what comes meanwhile waits in order.
    Loading(Vec<(Audience, Bytes)>),
    Known(RoomMembers),
}

/// In larger groups nobody is seen typing.
const MAX_SEEN_TYPING: usize = 100;
/// Frames of a room that wait while its members are loaded; more, and everyone is told to `sync`.
const MAX_PENDING: usize = 1_024;

/// What the hub has to do after a delivery.
pub enum Then {
    Nothing,
    Load(ConversationId),
    Sync,
}

impl Rooms {
    /// Notes these conversations of a person; returns those that nobody here listened to before.
    pub fn listen(&mut self, user_id: UserId, ids: &[ConversationId]) -> Vec<ConversationId> {
        let Some(person) = self.people.get_mut(&user_id) else { return vec![] };
        let mut fresh = vec![];
        for id in ids {
            if !person.conversations.insert(*id) {
                continue;
            }
            let room = self.rooms.entry(*id).or_insert_with(|| {
                fresh.push(*id);
                Room { listeners: 0, members: Members::Unknown, needs: 0 }
            });
            room.listeners += 1;
        }
        fresh
    }

    /// Forgets a socket; returns the conversations that nobody here listens to any more, and whether the person is gone.
    pub fn leave(&mut self, wire: &Arc<Wire>) -> (Vec<ConversationId>, bool) {
        let Some(person) = self.people.get_mut(&wire.user_id) else { return (vec![], false) };
        person.sockets.retain(|other| !Arc::ptr_eq(other, wire));
        if !person.sockets.is_empty() {
            return (vec![], false);
        }
        let Some(person) = self.people.remove(&wire.user_id) else { return (vec![], false) };
        let empty = person.conversations.into_iter().filter(|id| self.leave_room(*id)).collect();
        (empty, true)
    }

    /// A person who is not in this conversation any more; says whether nobody here listens to it now.
    pub fn unlisten(&mut self, user_id: UserId, id: ConversationId) -> bool {
        let listened = self.people.get_mut(&user_id).is_some_and(|person| person.conversations.remove(&id));
        listened && self.leave_room(id)
    }

    pub fn listens(&self, user_id: UserId, id: ConversationId) -> bool {
        self.people.get(&user_id).is_some_and(|person| person.conversations.contains(&id))
    }

    fn leave_room(&mut self, id: ConversationId) -> bool {
        let Some(room) = self.rooms.get_mut(&id) else { return false };
        room.listeners -= 1;
        let is_empty = room.listeners == 0;
        if is_empty {
            self.rooms.remove(&id);
        }
        is_empty
    }

    /// The members that we know may be old.
    pub fn needs(&mut self, id: ConversationId, members_version: i64) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.needs = room.needs.max(members_version);
        }
    }

    /// After something may have been missed: all members are looked at again before they are used.
    pub fn forget_members(&mut self) {
        for room in self.rooms.values_mut() {
            if matches!(room.members, Members::Known(_)) {
                room.members = Members::Unknown;
            }
        }
    }

    pub fn deliver(&mut self, audience: Audience, payload: Bytes) -> Then {
        let (id, members_version) = match &audience {
            Audience::Members { conversation_id, members_version, .. } => (*conversation_id, *members_version),
            Audience::Typing { conversation_id, .. } => (*conversation_id, 0),
            Audience::Person(user_id) | Audience::Joining { user_id, .. } | Audience::Removal { user_id, .. } => {
                self.send_to(*user_id, &payload);
                return Then::Nothing;
            }
            Audience::Session { user_id, session_id } => {
                self.end_session(*user_id, *session_id, &payload);
                return Then::Nothing;
            }
        };
        let Some(room) = self.rooms.get_mut(&id) else { return Then::Nothing };
        room.needs = room.needs.max(members_version);
        match &mut room.members {
            Members::Known(members) if members.members_version >= room.needs => {
                Self::send(&self.people, members, &audience, &payload);
                Then::Nothing
            }
            Members::Loading(pending) if pending.len() < MAX_PENDING => {
                pending.push((audience, payload));
                Then::Nothing
            }
            Members::Loading(pending) => {
                pending.clear();
                Then::Sync
            }
            Members::Unknown | Members::Known(_) => {
                room.members = Members::Loading(vec![(audience, payload)]);
                Then::Load(id)
            }
        }
    }

    /// What waited for this list goes out now; `Load` again if the list is already too old.
    pub fn loaded(&mut self, id: ConversationId, members: RoomMembers) -> Then {
        let Some(room) = self.rooms.get_mut(&id) else { return Then::Nothing };
        if members.members_version < room.needs {
            return Then::Load(id);
        }
        let Members::Loading(pending) = std::mem::replace(&mut room.members, Members::Unknown) else {
            return Then::Nothing;
        };
        for (audience, payload) in &pending {
            Self::send(&self.people, &members, audience, payload);
        }
        room.members = Members::Known(members);
        Then::Nothing
    }

    /// The list could not be had: those who wait look for themselves.
    pub fn not_loaded(&mut self, id: ConversationId) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.members = Members::Unknown;
        }
    }

    fn send(people: &HashMap<UserId, Person>, members: &RoomMembers, audience: &Audience, payload: &Bytes) {
        let Ok(text) = Utf8Bytes::try_from(payload.clone()) else { return };
        let mut version_only = None;
        for listener in &members.listeners {
            let Some(person) = people.get(&listener.user_id) else { continue };
            match audience {
                Audience::Members { conversation_id, version, seq: Some(seq), .. } if !listener.sees(*seq) => {
                    let hidden = version_only.get_or_insert_with(|| {
                        encode(&Event::ConversationVersion { conversation_id: *conversation_id, version: *version })
                    });
                    person.sockets.iter().for_each(|socket| socket.send(hidden));
                }
                Audience::Typing { user_id, .. } => {
                    if *user_id != listener.user_id && members.listeners.len() <= MAX_SEEN_TYPING {
                        person.sockets.iter().for_each(|socket| socket.send_if_idle(&text));
                    }
                }
                _ => person.sockets.iter().for_each(|socket| socket.send(&text)),
            }
        }
    }

    pub fn send_to(&self, user_id: UserId, payload: &Bytes) {
        let Some(person) = self.people.get(&user_id) else { return };
        let Ok(text) = Utf8Bytes::try_from(payload.clone()) else { return };
        person.sockets.iter().for_each(|socket| socket.send(&text));
    }

    fn end_session(&self, user_id: UserId, session_id: SessionId, payload: &Bytes) {
        let Some(person) = self.people.get(&user_id) else { return };
        let Ok(text) = Utf8Bytes::try_from(payload.clone()) else { return };
        for socket in person.sockets.iter().filter(|socket| socket.session_id == session_id) {
            socket.end(&text);
        }
    }
}

pub fn encode(event: &Event) -> Utf8Bytes {
    serde_json::to_string(event).expect("events are plain data").into()
}
