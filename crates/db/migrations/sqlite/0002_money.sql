-- Wallets and what moved between them and the rest of the world. Amounts are millionths of the installation's currency.

create table wallets (
    user_id blob not null references users (id),
    mode text not null check (mode in ('test', 'live')),
    balance_micros bigint not null default 0,
    held_micros bigint not null default 0 check (held_micros >= 0),
    credit_limit_micros bigint not null default 0 check (credit_limit_micros >= 0),
    version bigint not null default 0,
    primary key (user_id, mode),
    check (balance_micros >= -credit_limit_micros)
) without rowid;

-- From one account to another, so that every transaction balances by its shape. `wallet` and `held` are those of the
-- wallet that the row names; every other account lies outside, and its balance is the sum of its rows.
create table transfers (
    id blob not null primary key,
    key text not null unique,                -- what happens once
    user_id blob not null,
    mode text not null,
    from_account text not null,
    to_account text not null,
    amount_micros bigint not null check (amount_micros > 0),
    balance_micros bigint not null,          -- of the wallet, afterwards
    about text not null,
    made_by blob,                            -- the administrator who moved it by hand
    created_at bigint not null,
    foreign key (user_id, mode) references wallets (user_id, mode),
    check (from_account <> to_account)
) without rowid;
create index transfers_wallet on transfers (user_id, mode, id);

-- Money that moved stays moved: what was wrong is put right by another transfer.
create trigger transfers_are_not_changed before update on transfers begin
    select raise(abort, 'transfers are only ever added');
end;
create trigger transfers_are_not_deleted before delete on transfers begin
    select raise(abort, 'transfers are only ever added');
end;

-- What a request that costs money made, so that its repetition makes nothing.
create table idempotency_keys (
    user_id blob not null references users (id),
    key text not null,
    fingerprint blob not null,               -- of what was asked
    made blob not null,
    created_at bigint not null,
    primary key (user_id, key)
) without rowid;
