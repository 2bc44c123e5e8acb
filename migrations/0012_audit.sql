-- The audit trail: what was done by whom, one chain per tenant, which nobody can change unnoticed.

create table audit_subjects (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    -- What the trail calls a person. Erasing the person deletes this row, and with it who was meant.
    pseudonym uuid not null default gen_random_uuid(),
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id),
    constraint audit_subjects_pseudonym_key unique (tenant_id, pseudonym)
);
create index audit_subjects_of_person on audit_subjects (user_id);

-- The key from a pseudonym to a person.
alter table audit_subjects enable row level security;
alter table audit_subjects force row level security;
create policy audit_subjects_select on audit_subjects for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy audit_subjects_insert on audit_subjects for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy audit_subjects_update on audit_subjects for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy audit_subjects_delete on audit_subjects for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on audit_subjects to parley_app;

create table audit_events (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    seq bigint not null check (seq >= 1),
    id uuid not null,
    at timestamptz not null,
    action text not null check (char_length(action) between 1 and 64),
    -- The event as one JSON line in OCSF's terms, byte for byte as it was hashed and sent.
    line text not null check (char_length(line) <= 16000),
    previous_hash bytea not null check (octet_length(previous_hash) = 32),
    -- SHA-256 of the line without this hash itself; it names its place, its tenant and the event before it.
    hash bytea not null check (octet_length(hash) = 32),
    primary key (tenant_id, seq)
);
create index audit_events_of_action on audit_events (tenant_id, action, seq desc);

-- Written once: there is no right to change or delete, and a policy that allows it to nobody.
alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy audit_events_select on audit_events for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy audit_events_insert on audit_events for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy audit_events_update on audit_events for update to parley_app using (false) with check (false);
create policy audit_events_delete on audit_events for delete to parley_app using (false);
grant select, insert on audit_events to parley_app;
