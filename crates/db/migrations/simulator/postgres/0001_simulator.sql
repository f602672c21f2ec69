-- A phone network on a laptop. Times are microseconds since 1970 in UTC; numbers are the digits of E.164.

-- Who writes, and the counters that only rise. A writer whose epoch is not this one has been replaced and writes nothing.
create table state (
    id bigint not null primary key check (id = 1),
    epoch bigint not null,
    era bigint not null,                     -- rises with each recall that gave up a part; older submits of that part come too late
    next_place bigint not null,
    next_id bigint not null,
    acknowledged bigint not null
);
insert into state (id, epoch, era, next_place, next_id, acknowledged) values (1, 0, 1, 1, 1, 0);

create table parts (
    id uuid not null primary key,
    state text not null check (state in ('given_up', 'throttled', 'accepted', 'refused')),
    failure bigint,
    attempts bigint not null,
    barrier bigint not null,                 -- the era up to which a submit comes too late
    created_at bigint not null
);
create index parts_created on parts (created_at);

-- What nobody has acknowledged yet, in the order in which it became known.
create table events (
    place bigint not null primary key,
    at bigint not null,
    body text not null
);

-- What will become known, and when.
create table scheduled (
    due_at bigint not null,
    id bigint not null,
    body text not null,
    primary key (due_at, id)
);

-- Parts on their way to a handset. One that waits for the end of airplane mode is due when it expires.
create table deliveries (
    id bigint not null primary key,
    handset_id uuid not null,
    due_at bigint not null,
    waits boolean not null,
    expires_at bigint not null,
    part text not null
);
create index deliveries_due on deliveries (due_at);
create index deliveries_handset on deliveries (handset_id, id);

create table numbers (
    number bigint not null primary key,
    accounts text not null,
    bought_at bigint not null
);

create table orders (
    key uuid not null primary key,
    number bigint,
    state text not null check (state in ('bought', 'gone', 'given_up')),
    created_at bigint not null
);

create table handsets (
    id uuid not null primary key,
    account text not null,
    number bigint not null constraint handsets_number unique,
    label text not null,
    airplane boolean not null,
    latency_ms bigint not null,
    loss_percent bigint not null,
    created_at bigint not null
);

create table handset_messages (
    handset_id uuid not null,
    place bigint not null,
    id uuid not null,
    client_key uuid,
    direction text not null check (direction in ('sent', 'received')),
    peer text not null,
    text text not null,
    joining text,                            -- which parts belong to it, while some are missing
    parts text not null,
    missing_parts bigint not null,
    outcome text not null check (outcome in ('received', 'sent', 'lost')),
    at bigint not null,
    change bigint not null constraint handset_messages_change unique,
    primary key (handset_id, place),
    constraint handset_messages_handset_id_client_key unique (handset_id, client_key)
);
