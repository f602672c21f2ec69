-- The phone network: numbers that people own, texts on their way out, and what arrived.

drop view messages_with_reactions;

alter table conversations drop constraint conversations_kind_check;
alter table conversations
    add constraint conversations_kind_check check (kind in ('direct', 'group', 'sms')),
    add column number_id uuid,            -- of the ownership of a number whose thread this is
    add column number text collate "C",   -- its digits, which never change
    add column party text collate "C",    -- who is on the other side
    add column opted_out_at bigint,       -- they said STOP
    add constraint conversations_number_id_party unique (number_id, party),
    add check ((kind = 'sms') = (number_id is not null)),
    add check ((number_id is null) = (number is null) and (number_id is null) = (party is null));

alter table members drop constraint members_role_check;
alter table members add constraint members_role_check check (role in ('owner', 'admin', 'member', 'reader'));

alter table messages drop constraint messages_kind_check;
alter table messages
    add constraint messages_kind_check check (kind in ('text', 'note', 'system')),
    add column delivery text collate "C" check (delivery in ('received', 'queued', 'submitted', 'delivered', 'unknown', 'failed', 'cancelled')),
    add column failure bigint,            -- why it failed, as a code
    add column segments bigint,
    add column price_micros bigint,
    add column due_at bigint;             -- it does not leave before

create view messages_with_reactions as
select m.conversation_id, m.seq, m.version, m.changed, m.kind, m.sender_id, m.client_id, m.body, m.system, m.reply_to_seq,
       m.created_at, m.edited_at, m.deleted_at, m.delivery, m.failure, m.segments, m.price_micros, m.due_at,
       (select cast(json_agg(json_build_array(r.emoji, r.user_id) order by r.created_at, r.user_id, r.emoji) as text)
          from reactions r where r.conversation_id = m.conversation_id and r.seq = m.seq) as reactions
  from messages m;

-- The ownership of a phone number, from its purchase to its end. A resold number is another row, and its threads start empty.
create table numbers (
    id uuid not null primary key,
    number text collate "C" not null,
    user_id uuid not null references users (id),
    carrier text collate "C" not null,
    mode text collate "C" not null check (mode in ('test', 'live')), -- which wallet pays, and which world it texts
    country text collate "C" not null,
    kind text collate "C" not null,
    area_code text collate "C" not null,
    place text collate "C",
    operator text collate "C",
    sms boolean not null,
    mms boolean not null,
    voice boolean not null,
    monthly_micros bigint not null,
    state text collate "C" not null check (state in ('held', 'ordering', 'owned', 'released')),
    label text collate "C" not null default '',
    auto_renew boolean not null default true,
    paid_until bigint, -- null until it is owned
    reminded_at bigint,
    cancelled_at bigint, -- it ends when what is paid for has passed
    created_at bigint not null,
    ended_at bigint,
    version bigint not null default 0
);
create unique index numbers_number on numbers (number) where state <> 'released';
create index numbers_user on numbers (user_id);
create index numbers_paid_until on numbers (paid_until) where state = 'owned';

-- Whom the owner lets answer or read.
create table number_shares (
    number_id uuid not null references numbers (id),
    user_id uuid not null references users (id),
    role text collate "C" not null check (role in ('answer', 'read')),
    created_at bigint not null,
    primary key (number_id, user_id)
);
create index number_shares_user on number_shares (user_id);

-- Whom nobody of this installation texts, whatever they said to whom.
create table suppressions (
    party text collate "C" not null primary key,
    reason text collate "C" not null,
    made_by uuid not null references users (id),
    created_at bigint not null
);

-- What only one node at a time may hold. Whoever holds an old number is refused.
create table leases (
    name text collate "C" not null primary key,
    owner text collate "C" not null, -- a node, the same after its restart
    number bigint not null,
    until bigint not null
);

-- The outbox: one row for each segment of a text, from its acceptance to its end.
create table parts (
    id uuid not null primary key,
    conversation_id uuid not null,
    seq bigint not null,
    number_id uuid not null,
    carrier text collate "C" not null,
    from_party text collate "C" not null,
    to_party text collate "C" not null,
    reference bigint not null, -- the same for all parts of a text
    part bigint not null, -- counted from one
    parts bigint not null,
    encoding text collate "C" not null check (encoding in ('gsm7', 'ucs2')),
    text text collate "C" not null,
    price_micros bigint not null,
    exempt boolean not null default false, -- the confirmation of a STOP
    state text collate "C" not null check (state in ('queued', 'submitting', 'submitted', 'delivered', 'undelivered', 'rejected', 'suppressed', 'cancelled', 'unknown', 'closed')),
    due_at bigint not null,
    lease_number bigint not null default 0, -- of whoever put it on the wire
    attempts bigint not null default 0,
    carrier_id text collate "C",
    failure bigint,
    detail text collate "C",
    created_at bigint not null,
    changed_at bigint not null
) with (fillfactor = 60) -- its state changes often: room for heap-only updates
;
create index parts_due on parts (carrier, due_at, id) where state = 'queued';
create index parts_on_the_wire on parts (carrier, id) where state = 'submitting';
create index parts_message on parts (conversation_id, seq, part);
create unique index parts_carrier_id on parts (carrier, carrier_id) where carrier_id is not null;

-- Receipts that came before the answer that would have told their id.
create table early_receipts (
    id uuid not null primary key,
    carrier text collate "C" not null,
    carrier_id text collate "C" not null, -- in one of the forms that it may have
    receipt text collate "C" not null,
    heard_at bigint not null
);
create index early_receipts_carrier_id on early_receipts (carrier, carrier_id);
create index early_receipts_heard on early_receipts (heard_at);

-- What arrived, part by part, until its text is whole.
create table inbound_parts (
    id uuid not null primary key,
    carrier text collate "C" not null,
    carrier_id text collate "C",
    from_party text collate "C" not null,
    to_party text collate "C" not null,
    reference text collate "C" not null, -- empty if it is alone
    part bigint not null,
    parts bigint not null,
    encoding text collate "C" not null check (encoding in ('gsm7', 'ucs2')),
    body bytea not null,
    sent_at bigint not null,
    heard_at bigint not null,
    outcome text collate "C" check (outcome in ('appended', 'no_number', 'refused')) -- null while others are waited for
);
create unique index inbound_parts_carrier_id on inbound_parts (carrier, carrier_id) where carrier_id is not null;
create index inbound_parts_waiting on inbound_parts (carrier, from_party, to_party, reference) where outcome is null;
create index inbound_parts_heard on inbound_parts (heard_at) where outcome is null;
