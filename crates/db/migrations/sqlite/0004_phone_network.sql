-- The phone network: numbers that people own, texts on their way out, and what arrived.

drop view messages_with_reactions;

create table conversations_anew (
    id blob not null primary key,
    kind text not null check (kind in ('direct', 'group', 'sms')),
    title text,
    description text not null,
    picture_id blob,
    show_past boolean not null,
    direct_key text unique,                  -- the two people, smaller id first
    created_by blob not null,
    client_id blob,
    last_seq bigint not null default 0,
    version bigint not null default 0,
    members_version bigint not null default 0, -- the version of the last membership change
    member_count bigint not null default 0,
    created_at bigint not null,
    active_at bigint not null,               -- of the last message; has no index, because every send moves it
    number_id blob,                          -- of the ownership of a number whose thread this is
    number text,                             -- its digits, which never change
    party text,                              -- who is on the other side
    opted_out_at bigint,                     -- they said STOP
    unique (created_by, client_id),
    unique (number_id, party),
    check ((kind = 'sms') = (number_id is not null)),
    check ((number_id is null) = (number is null) and (number_id is null) = (party is null))
) without rowid;
insert into conversations_anew (id, kind, title, description, picture_id, show_past, direct_key, created_by, client_id, last_seq, version, members_version, member_count, created_at, active_at)
select id, kind, title, description, picture_id, show_past, direct_key, created_by, client_id, last_seq, version, members_version, member_count, created_at, active_at from conversations;
drop table conversations;
alter table conversations_anew rename to conversations;

create table members_anew (
    conversation_id blob not null references conversations (id),
    user_id blob not null references users (id),
    role text not null check (role in ('owner', 'admin', 'member', 'reader')),
    active boolean not null,
    joined_at bigint not null,
    joined_version bigint not null,          -- the conversation's version when this membership began
    ended_at bigint,                         -- when this membership ended; null while it lasts
    visible_from bigint not null,            -- the first seq of the current span
    version bigint not null,                 -- the conversation's version when this row last changed for others
    delivered_seq bigint not null,
    read_seq bigint not null,
    mine_version bigint not null default 0,
    muted_until bigint,
    archived_at bigint,
    pinned_at bigint,
    marked_unread boolean not null default false,
    primary key (conversation_id, user_id)
) without rowid;
insert into members_anew (conversation_id, user_id, role, active, joined_at, joined_version, ended_at, visible_from, version, delivered_seq, read_seq, mine_version, muted_until, archived_at, pinned_at, marked_unread)
select conversation_id, user_id, role, active, joined_at, joined_version, ended_at, visible_from, version, delivered_seq, read_seq, mine_version, muted_until, archived_at, pinned_at, marked_unread from members;
drop table members;
alter table members_anew rename to members;
create index members_user on members (user_id);

create table messages_anew (
    id integer primary key,                  -- for the search index; nobody else uses it
    conversation_id blob not null references conversations (id),
    seq bigint not null,
    version bigint not null,
    changed boolean not null default false,  -- after it was sent
    kind text not null check (kind in ('text', 'note', 'system')),
    sender_id blob,
    client_id blob,
    body text not null,
    system text,
    reply_to_seq bigint,
    created_at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    delivery text check (delivery in ('received', 'queued', 'submitted', 'delivered', 'unknown', 'failed', 'cancelled')),
    failure bigint,                          -- why it failed, as a code
    segments bigint,
    price_micros bigint,
    due_at bigint,                           -- it does not leave before
    unique (conversation_id, seq),
    unique (conversation_id, sender_id, client_id)
);
insert into messages_anew (id, conversation_id, seq, version, changed, kind, sender_id, client_id, body, system, reply_to_seq, created_at, edited_at, deleted_at)
select id, conversation_id, seq, version, changed, kind, sender_id, client_id, body, system, reply_to_seq, created_at, edited_at, deleted_at from messages;
drop table messages;
alter table messages_anew rename to messages;
create index messages_changed on messages (conversation_id, version) where changed;

create view messages_with_reactions as
select m.conversation_id, m.seq, m.version, m.changed, m.kind, m.sender_id, m.client_id, m.body, m.system, m.reply_to_seq,
       m.created_at, m.edited_at, m.deleted_at, m.delivery, m.failure, m.segments, m.price_micros, m.due_at,
       (select json_group_array(json_array(r.emoji, lower(hex(r.user_id))) order by r.created_at, r.user_id, r.emoji)
          from reactions r where r.conversation_id = m.conversation_id and r.seq = m.seq) as reactions
  from messages m;

-- The ownership of a phone number, from its purchase to its end. A resold number is another row, and its threads start empty.
create table numbers (
    id blob not null primary key,
    number text not null,
    user_id blob not null references users (id),
    carrier text not null,
    mode text not null check (mode in ('test', 'live')), -- which wallet pays, and which world it texts
    country text not null,
    kind text not null,
    area_code text not null,
    place text,
    operator text,
    sms boolean not null,
    mms boolean not null,
    voice boolean not null,
    monthly_micros bigint not null,
    state text not null check (state in ('held', 'ordering', 'owned', 'released')),
    label text not null default '',
    auto_renew boolean not null default true,
    paid_until bigint, -- null until it is owned
    reminded_at bigint,
    cancelled_at bigint, -- it ends when what is paid for has passed
    created_at bigint not null,
    ended_at bigint,
    version bigint not null default 0
) without rowid;
create unique index numbers_number on numbers (number) where state <> 'released';
create index numbers_user on numbers (user_id);
create index numbers_paid_until on numbers (paid_until) where state = 'owned';

-- Whom the owner lets answer or read.
create table number_shares (
    number_id blob not null references numbers (id),
    user_id blob not null references users (id),
    role text not null check (role in ('answer', 'read')),
    created_at bigint not null,
    primary key (number_id, user_id)
) without rowid;
create index number_shares_user on number_shares (user_id);

-- Whom nobody of this installation texts, whatever they said to whom.
create table suppressions (
    party text not null primary key,
    reason text not null,
    made_by blob not null references users (id),
    created_at bigint not null
) without rowid;

-- What only one node at a time may hold. Whoever holds an old number is refused.
create table leases (
    name text not null primary key,
    owner text not null,                     -- a node, the same after its restart
    number bigint not null,
    until bigint not null
) without rowid;

-- The outbox: one row for each segment of a text, from its acceptance to its end.
create table parts (
    id blob not null primary key,
    conversation_id blob not null,
    seq bigint not null,
    number_id blob not null,
    carrier text not null,
    from_party text not null,
    to_party text not null,
    reference bigint not null, -- the same for all parts of a text
    part bigint not null, -- counted from one
    parts bigint not null,
    encoding text not null check (encoding in ('gsm7', 'ucs2')),
    text text not null,
    price_micros bigint not null,
    exempt boolean not null default false, -- the confirmation of a STOP
    state text not null check (state in ('queued', 'submitting', 'submitted', 'delivered', 'undelivered', 'rejected', 'suppressed', 'cancelled', 'unknown', 'closed')),
    due_at bigint not null,
    lease_number bigint not null default 0, -- of whoever put it on the wire
    attempts bigint not null default 0,
    carrier_id text,
    failure bigint,
    detail text,
    created_at bigint not null,
    changed_at bigint not null
) without rowid;
create index parts_due on parts (carrier, due_at, id) where state = 'queued';
create index parts_on_the_wire on parts (carrier, id) where state = 'submitting';
create index parts_message on parts (conversation_id, seq, part);
create unique index parts_carrier_id on parts (carrier, carrier_id) where carrier_id is not null;

-- Receipts that came before the answer that would have told their id.
create table early_receipts (
    id blob not null primary key,
    carrier text not null,
    carrier_id text not null, -- in one of the forms that it may have
    receipt text not null,
    heard_at bigint not null
) without rowid;
create index early_receipts_carrier_id on early_receipts (carrier, carrier_id);
create index early_receipts_heard on early_receipts (heard_at);

-- What arrived, part by part, until its text is whole.
create table inbound_parts (
    id blob not null primary key,
    carrier text not null,
    carrier_id text,
    from_party text not null,
    to_party text not null,
    reference text not null, -- empty if it is alone
    part bigint not null,
    parts bigint not null,
    encoding text not null check (encoding in ('gsm7', 'ucs2')),
    body blob not null,
    sent_at bigint not null,
    heard_at bigint not null,
    outcome text check (outcome in ('appended', 'no_number', 'refused')) -- null while others are waited for
) without rowid;
create unique index inbound_parts_carrier_id on inbound_parts (carrier, carrier_id) where carrier_id is not null;
create index inbound_parts_waiting on inbound_parts (carrier, from_party, to_party, reference) where outcome is null;
create index inbound_parts_heard on inbound_parts (heard_at) where outcome is null;
