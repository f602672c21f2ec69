-- Accounts and conversations. Times are microseconds since 1970 in UTC; UUIDs are blobs of 16 bytes.
-- Unique keys are named <table>_<columns> on PostgreSQL; here their columns say the same.

create table signing_keys (
    kid text not null primary key,
    slot text unique,                        -- 'active' for the one key that signs; null once retired
    seed blob not null,
    created_at bigint not null
) without rowid;

create table setup (
    id bigint not null primary key check (id = 1),
    token_hash blob not null,
    created_at bigint not null,
    used_at bigint
);

create table users (
    id blob not null primary key,
    username text not null,
    username_key text not null unique,
    email text not null,
    email_key text not null unique,
    email_verified_at bigint,
    full_name text not null,
    name_key text not null,
    about text not null,
    phone text,
    time_zone text not null,
    language text not null,
    password_hash text not null,
    role text not null check (role in ('user', 'admin')),
    picture_id blob,
    suspended_at bigint,
    user_version bigint not null default 0,
    created_at bigint not null
);
create index users_name on users (name_key);
create index users_admins on users (role) where role = 'admin';
create index users_phone on users (phone) where phone is not null;

create table registrations (
    id blob not null primary key,
    username text not null,
    username_key text not null unique,
    email text not null,
    email_key text not null,
    full_name text not null,
    password_hash text not null,
    language text not null,
    invitation_id blob,
    token_hash blob not null unique,
    created_at bigint not null,
    expires_at bigint not null
);
create index registrations_email on registrations (email_key);

create table email_tokens (
    token_hash blob not null primary key,
    kind text not null check (kind in ('verify', 'reset')),
    user_id blob not null references users (id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index email_tokens_user on email_tokens (user_id);

create table invitations (
    id blob not null primary key,
    token_hash blob not null unique,
    created_by blob not null references users (id),
    max_uses bigint not null,
    uses bigint not null default 0,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);

create table sessions (
    id blob not null primary key,
    user_id blob not null references users (id),
    refresh_secret blob not null,
    generation bigint not null,
    rotated_at bigint not null,
    user_agent text not null,
    ip text not null,
    created_at bigint not null,
    last_used_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    end_reason text
);
create index sessions_user on sessions (user_id);
create index sessions_ended on sessions (ended_at) where ended_at is not null;

-- Of an account at an address; of an account from everywhere, with no address; of an address, with no account.
create table login_failures (
    account text not null,
    address text not null,
    failures bigint not null,
    last_failed_at bigint not null,
    primary key (account, address)
) without rowid;

create table pictures (
    id blob not null primary key,
    content_type text not null,
    bytes blob not null,
    created_at bigint not null
);

create table mails (
    id blob not null primary key,
    to_address text not null,
    subject text not null,
    body text not null,
    created_at bigint not null
);

create table jobs (
    id blob not null primary key,
    queue text not null,
    payload text not null,
    run_at bigint not null,
    attempts bigint not null default 0,
    lease_owner blob,
    lease_number bigint not null default 0,
    unique_key text unique,
    last_error text,
    parked_at bigint,
    created_at bigint not null
) without rowid;
create index jobs_due on jobs (queue, run_at) where parked_at is null;

create table conversations (
    id blob not null primary key,
    kind text not null check (kind in ('direct', 'group')),
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
    unique (created_by, client_id)
) without rowid;

create table members (
    conversation_id blob not null references conversations (id),
    user_id blob not null references users (id),
    role text not null check (role in ('owner', 'admin', 'member')),
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
create index members_user on members (user_id);

-- Every time that somebody was a member; the open one has no end.
create table member_spans (
    conversation_id blob not null,
    user_id blob not null,
    from_seq bigint not null,
    to_seq bigint,
    primary key (conversation_id, user_id, from_seq)
) without rowid;

create table messages (
    id integer primary key,                  -- for the search index; nobody else uses it
    conversation_id blob not null references conversations (id),
    seq bigint not null,
    version bigint not null,
    changed boolean not null default false,  -- after it was sent
    kind text not null check (kind in ('text', 'system')),
    sender_id blob,
    client_id blob,
    body text not null,
    system text,
    reply_to_seq bigint,
    created_at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    unique (conversation_id, seq),
    unique (conversation_id, sender_id, client_id)
);
create index messages_changed on messages (conversation_id, version) where changed;

create table message_edits (
    conversation_id blob not null,
    seq bigint not null,
    version bigint not null,                 -- of the change that replaced this body
    body text not null,
    replaced_at bigint not null,
    primary key (conversation_id, seq, version)
) without rowid;

create table reactions (
    conversation_id blob not null,
    seq bigint not null,
    emoji text not null,
    user_id blob not null,
    created_at bigint not null,
    primary key (conversation_id, seq, emoji, user_id)
) without rowid;

create table hidden_messages (
    conversation_id blob not null,
    user_id blob not null,
    seq bigint not null,
    primary key (conversation_id, user_id, seq)
) without rowid;

-- When a watermark reached a seq; one row a flush, so that "read at" can be told without a row per message.
create table receipts (
    conversation_id blob not null,
    user_id blob not null,
    kind text not null check (kind in ('delivered', 'read')),
    seq bigint not null,
    at bigint not null,
    primary key (conversation_id, user_id, kind, seq)
) without rowid;

-- A message with its reactions as a JSON list of [emoji, user id], in the order in which they were made.
create view messages_with_reactions as
select m.conversation_id, m.seq, m.version, m.changed, m.kind, m.sender_id, m.client_id, m.body, m.system, m.reply_to_seq,
       m.created_at, m.edited_at, m.deleted_at,
       (select json_group_array(json_array(r.emoji, lower(hex(r.user_id))) order by r.created_at, r.user_id)
          from reactions r where r.conversation_id = m.conversation_id and r.seq = m.seq) as reactions
  from messages m;
