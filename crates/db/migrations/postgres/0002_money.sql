-- Wallets and what moved between them and the rest of the world. Amounts are millionths of the installation's currency.

create table wallets (
    user_id uuid not null references users (id),
    mode text collate "C" not null check (mode in ('test', 'live')),
    balance_micros bigint not null default 0,
    held_micros bigint not null default 0 check (held_micros >= 0),
    credit_limit_micros bigint not null default 0 check (credit_limit_micros >= 0),
    version bigint not null default 0,
    primary key (user_id, mode),
    check (balance_micros >= -credit_limit_micros)
) with (fillfactor = 50); -- updated by every charge: room for heap-only updates

-- From one account to another, so that every transaction balances by its shape. `wallet` and `held` are those of the
-- wallet that the row names; every other account lies outside, and its balance is the sum of its rows.
create table transfers (
    id uuid not null primary key,
    key text collate "C" not null constraint transfers_key unique, -- what happens once
    user_id uuid not null,
    mode text collate "C" not null,
    from_account text collate "C" not null,
    to_account text collate "C" not null,
    amount_micros bigint not null check (amount_micros > 0),
    balance_micros bigint not null, -- of the wallet, afterwards
    about text collate "C" not null,
    made_by uuid, -- the administrator who moved it by hand
    created_at bigint not null,
    foreign key (user_id, mode) references wallets (user_id, mode),
    check (from_account <> to_account)
);
create index transfers_wallet on transfers (user_id, mode, id);

-- Money that moved stays moved: what was wrong is put right by another transfer.
create function refuse_changes() returns trigger language plpgsql as $$
begin
    raise exception 'transfers are only ever added';
end $$;
create trigger transfers_are_not_changed before update or delete on transfers for each row execute function refuse_changes();

-- What a request that costs money made, so that its repetition makes nothing.
create table idempotency_keys (
    user_id uuid not null references users (id),
    key text collate "C" not null,
    fingerprint bytea not null, -- of what was asked
    made uuid not null,
    created_at bigint not null,
    primary key (user_id, key)
);
