-- Accounts and conversations. Times are microseconds since 1970 in UTC; sorted by C collation like SQLite's.
-- Unique keys are named <table>_<columns>.

create table signing_keys (
    kid text collate "C" not null primary key,
    slot text collate "C" constraint signing_keys_slot unique, -- 'active' for the one key that signs; null once retired
    seed bytea not null,
    created_at bigint not null
);

create table setup (
    id bigint not null primary key check (id = 1),
    token_hash bytea not null,
    created_at bigint not null,
    used_at bigint
);

create table users (
    id uuid not null primary key,
    username text collate "C" not null,
    username_key text collate "C" not null constraint users_username_key unique,
    email text collate "C" not null,
    email_key text collate "C" not null constraint users_email_key unique,
    email_verified_at bigint,
    full_name text collate "C" not null,
    name_key text collate "C" not null,
    about text collate "C" not null,
    phone text collate "C",
    time_zone text collate "C" not null,
    language text collate "C" not null,
    password_hash text collate "C" not null,
    role text collate "C" not null check (role in ('user', 'admin')),
    picture_id uuid,
    suspended_at bigint,
    user_version bigint not null default 0,
    created_at bigint not null
);
create index users_name on users (name_key);
create index users_admins on users (role) where role = 'admin';
create index users_phone on users (phone) where phone is not null;

create table registrations (
    id uuid not null primary key,
    username text collate "C" not null,
    username_key text collate "C" not null constraint registrations_username_key unique,
    email text collate "C" not null,
    email_key text collate "C" not null,
    full_name text collate "C" not null,
    password_hash text collate "C" not null,
    language text collate "C" not null,
    invitation_id uuid,
    token_hash bytea not null constraint registrations_token_hash unique,
    created_at bigint not null,
    expires_at bigint not null
);
create index registrations_email on registrations (email_key);

create table email_tokens (
    token_hash bytea not null primary key,
    kind text collate "C" not null check (kind in ('verify', 'reset')),
    user_id uuid not null references users (id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index email_tokens_user on email_tokens (user_id);

create table invitations (
    id uuid not null primary key,
    token_hash bytea not null constraint invitations_token_hash unique,
    created_by uuid not null references users (id),
    max_uses bigint not null,
    uses bigint not null default 0,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);

create table sessions (
    id uuid not null primary key,
    user_id uuid not null references users (id),
    refresh_secret bytea not null,
    generation bigint not null,
    rotated_at bigint not null,
    user_agent text collate "C" not null,
    ip text collate "C" not null,
    created_at bigint not null,
    last_used_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    end_reason text collate "C"
);
create index sessions_user on sessions (user_id);
create index sessions_ended on sessions (ended_at) where ended_at is not null;

-- Of an account at an address; of an account from everywhere, with no address; of an address, with no account.
create table login_failures (
    account text collate "C" not null,
    address text collate "C" not null,
    failures bigint not null,
    last_failed_at bigint not null,
    primary key (account, address)
);

create table pictures (
    id uuid not null primary key,
    content_type text collate "C" not null,
    bytes bytea not null,
    created_at bigint not null
);

create table mails (
    id uuid not null primary key,
    to_address text collate "C" not null,
    subject text collate "C" not null,
    body text collate "C" not null,
    created_at bigint not null
);

create table jobs (
    id uuid not null primary key,
    queue text collate "C" not null,
    payload text collate "C" not null,
    run_at bigint not null,
    attempts bigint not null default 0,
    lease_owner uuid,
    lease_number bigint not null default 0,
    unique_key text unique,
    last_error text collate "C",
    parked_at bigint,
    created_at bigint not null
);
create index jobs_due on jobs (queue, run_at) where parked_at is null;

create table conversations (
    id uuid not null primary key,
    kind text collate "C" not null check (kind in ('direct', 'group')),
    title text collate "C",
    description text collate "C" not null,
    picture_id uuid,
    show_past boolean not null,
    direct_key text collate "C" constraint conversations_direct_key unique, -- the two people, smaller id first
    created_by uuid not null,
    client_id uuid,
    last_seq bigint not null default 0,
    version bigint not null default 0,
    members_version bigint not null default 0, -- the version of the last membership change
    member_count bigint not null default 0,
    created_at bigint not null,
    active_at bigint not null, -- of the last message; has no index, because every send moves it
    constraint conversations_created_by_client_id unique (created_by, client_id)
) with (fillfactor = 70); -- updated by every send or receipt: room for heap-only updates

create table members (
    conversation_id uuid not null references conversations (id),
    user_id uuid not null references users (id),
    role text collate "C" not null check (role in ('owner', 'admin', 'member')),
    active boolean not null,
    joined_at bigint not null,
    joined_version bigint not null,          -- the conversation's version when this membership began
    ended_at bigint,                         -- when this membership ended; null while it lasts
    visible_from bigint not null, -- the first seq of the current span
    version bigint not null, -- the conversation's version when this row last changed for others
    delivered_seq bigint not null,
    read_seq bigint not null,
    mine_version bigint not null default 0,
    muted_until bigint,
    archived_at bigint,
    pinned_at bigint,
    marked_unread boolean not null default false,
    primary key (conversation_id, user_id)
) with (fillfactor = 70); -- updated by every send or receipt: room for heap-only updates
create index members_user on members (user_id);

-- Every time that somebody was a member; the open one has no end.
create table member_spans (
    conversation_id uuid not null,
    user_id uuid not null,
    from_seq bigint not null,
    to_seq bigint,
    primary key (conversation_id, user_id, from_seq)
);

create table messages (
    id bigint generated always as identity, -- for the search index; nobody else uses it
    conversation_id uuid not null references conversations (id),
    seq bigint not null,
    version bigint not null,
    changed boolean not null default false, -- after it was sent
    kind text collate "C" not null check (kind in ('text', 'system')),
    sender_id uuid,
    client_id uuid,
    body text collate "C" not null,
    system text collate "C",
    reply_to_seq bigint,
    created_at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    constraint messages_conversation_id_seq unique (conversation_id, seq),
    constraint messages_conversation_id_sender_id_client_id unique (conversation_id, sender_id, client_id)
);
create index messages_changed on messages (conversation_id, version) where changed;

create table message_edits (
    conversation_id uuid not null,
    seq bigint not null,
    version bigint not null, -- of the change that replaced this body
    body text collate "C" not null,
    replaced_at bigint not null,
    primary key (conversation_id, seq, version)
);

create table reactions (
    conversation_id uuid not null,
    seq bigint not null,
    emoji text collate "C" not null,
    user_id uuid not null,
    created_at bigint not null,
    primary key (conversation_id, seq, emoji, user_id)
);

create table hidden_messages (
    conversation_id uuid not null,
    user_id uuid not null,
    seq bigint not null,
    primary key (conversation_id, user_id, seq)
);

-- When a watermark reached a seq; one row a flush, so that "read at" can be told without a row per message.
create table receipts (
    conversation_id uuid not null,
    user_id uuid not null,
    kind text collate "C" not null check (kind in ('delivered', 'read')),
    seq bigint not null,
    at bigint not null,
    primary key (conversation_id, user_id, kind, seq)
);

-- A message with its reactions as a JSON list of [emoji, user id], in the order in which they were made.
create view messages_with_reactions as
select m.conversation_id, m.seq, m.version, m.changed, m.kind, m.sender_id, m.client_id, m.body, m.system, m.reply_to_seq,
       m.created_at, m.edited_at, m.deleted_at,
       (select cast(json_agg(json_build_array(r.emoji, r.user_id) order by r.created_at, r.user_id) as text)
          from reactions r where r.conversation_id = m.conversation_id and r.seq = m.seq) as reactions
  from messages m;
