-- Carriers that administrators enter, who holds their links, and texts that come again because nobody answered them.

create table carriers (
    name text collate "C" not null primary key,          -- never changes: numbers and parts say it
    settings text collate "C" not null,                  -- JSON, without the password
    password text collate "C" not null,
    version bigint not null,                 -- counts changes, so that every node sees them
    made_by uuid not null references users (id),
    created_at bigint not null,
    changed_at bigint not null
);

alter table leases add column health text collate "C" not null default 'down'; -- as its holder told when it last renewed: up, down, resting
alter table leases add column detail text collate "C" not null default '';

alter table inbound_parts add column session uuid; -- the connection that brought it, where it has no id
alter table inbound_parts add column answered boolean not null default true;
create index inbound_parts_unanswered on inbound_parts (carrier, heard_at) where not answered;
create index numbers_carrier on numbers (carrier) where state <> 'released';
create index parts_unknown_between on parts (carrier, from_party, to_party) where state = 'unknown';
create index conversations_number_party on conversations (number, party, id) where number is not null;
