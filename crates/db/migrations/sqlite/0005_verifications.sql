-- Verifications: somebody waits for the code of a service, on a number of their own or on one that is lent to them.

-- Numbers of the installation, lent to one verification at a time. The id is also the key of their order.
create table temporary_numbers (
    id blob not null primary key,
    number text not null,
    carrier text not null,
    mode text not null check (mode in ('test', 'live')),
    country text not null,
    state text not null check (state in ('ordering', 'owned', 'releasing', 'released')),
    verification_id blob,                    -- which has it, or for which it was ordered; null while it is free
    free_at bigint not null,                 -- not lent before: texts for the one before may still come
    created_at bigint not null,
    ended_at bigint
) without rowid;
create unique index temporary_numbers_number on temporary_numbers (number) where state <> 'released';
create unique index temporary_numbers_verification_id on temporary_numbers (verification_id) where verification_id is not null;
create index temporary_numbers_free on temporary_numbers (carrier, country, free_at) where state = 'owned' and verification_id is null;
create index temporary_numbers_releasing on temporary_numbers (id) where state = 'releasing';

create table verifications (
    id blob not null primary key,
    user_id blob not null references users (id), -- who waits, and alone may see it
    service text not null,                   -- the id of a known one, or a name of its own, folded
    service_name text not null,
    number_id blob,                          -- of the ownership, or:
    temporary_id blob,                       -- of what was lent; null while it is ordered
    number text,
    carrier text not null,
    mode text not null check (mode in ('test', 'live')), -- which wallet pays
    country text not null,
    price_micros bigint not null,
    status text not null check (status in ('ordering', 'waiting', 'completed', 'expired', 'cancelled', 'failed')),
    code text,
    words text not null,                     -- folded: what a search finds
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    version bigint not null default 0,
    check ((status in ('ordering', 'waiting')) = (ended_at is null)),
    check ((status = 'completed') = (code is not null))
) without rowid;
create index verifications_user on verifications (user_id, id);
create unique index verifications_number_id_service on verifications (number_id, service) where status = 'waiting' and number_id is not null;
create index verifications_of_number on verifications (number_id, created_at) where number_id is not null;
create index verifications_of_temporary on verifications (temporary_id, created_at) where temporary_id is not null;
create index verifications_served on verifications (number, service);
create index verifications_due on verifications (expires_at) where status in ('ordering', 'waiting');

-- What arrived for them. The id is that of the text's first part: none is taken in twice.
create table verification_texts (
    id blob not null primary key,
    verification_id blob not null references verifications (id),
    from_party text not null,
    body text not null,
    code text,
    late boolean not null,                   -- it came when the verification had ended
    received_at bigint not null
) without rowid;
create index verification_texts_verification on verification_texts (verification_id, id);
