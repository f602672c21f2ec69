-- What people see at a glance: texts by day, money by what it was for, and texts that nobody tells of.

-- Texts of an ownership on one day in UTC, counted once that day is past; what is younger is counted where it stands.
create table text_days (
    number_id blob not null references numbers (id),
    day bigint not null, -- since 1970
    received boolean not null,
    texts bigint not null,
    segments bigint not null,
    price_micros bigint not null,
    delivered bigint not null,
    failed bigint not null,
    primary key (number_id, day, received)
) without rowid;

-- One row: the first day that is not counted yet.
create table text_days_counted (
    id bigint not null primary key check (id = 1),
    until_day bigint not null
);

-- Everything that happened to an account's money but texts, which are far more.
create index transfers_without_texts on transfers (user_id, created_at) where from_account <> 'texts' and to_account <> 'texts';

create index conversations_opted_out on conversations (number_id, opted_out_at) where opted_out_at is not null;

create index parts_unknown on parts (id) where state = 'unknown';
