-- Tenants, the people in them, and their API keys.
--
-- Each tenant table here and in the files that follow is fenced in the same way. FORCE binds the owner too.
-- The default of tenant_id is the context, so that a write needs to name no tenant, and the policies hold
-- for one that does. nullif: after one set_config(…, true) a pooled connection reports '' instead of null.
-- Keys start with tenant_id and references carry it along: PostgreSQL checks a foreign key without row level
-- security, so a reference by id alone could reach into another tenant.

create table tenants (
    id uuid primary key default gen_random_uuid(),
    name text not null check (char_length(name) between 1 and 200),
    created_at timestamptz not null default now()
);

-- A tenant sees its own row.
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenants_select on tenants for select to parley_app
    using (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenants_insert on tenants for insert to parley_app
    with check (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenants_update on tenants for update to parley_app
    using (id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tenants_delete on tenants for delete to parley_app
    using (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on tenants to parley_app;
-- Signing in says which tenant one is in; create_tenant adds one.
create policy tenants_lookup_select on tenants for select to parley_lookup using (true);
create policy tenants_lookup_insert on tenants for insert to parley_lookup with check (true);
grant select, insert on tenants to parley_lookup;

create table users (
    id uuid primary key default gen_random_uuid(),
    email text not null check (email = lower(email) and char_length(email) between 3 and 320),
    name text not null check (char_length(name) between 1 and 200),
    password_hash text,
    created_at timestamptz not null default now(),
    -- One person, one account, in however many tenants.
    constraint users_email_key unique (email)
);

-- A person can be in several tenants, so the row is their own, not a tenant's.
alter table users enable row level security;
alter table users force row level security;
create policy users_select on users for select to parley_app
    using (id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy users_insert on users for insert to parley_app
    with check (id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy users_update on users for update to parley_app
    using (id = nullif(current_setting('app.user_id', true), '')::uuid)
    with check (id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy users_delete on users for delete to parley_app
    using (id = nullif(current_setting('app.user_id', true), '')::uuid);
grant select, insert, update, delete on users to parley_app;
-- Signing in finds a person by e-mail before anything is known about them; create_tenant adds its owner.
create policy users_lookup_select on users for select to parley_lookup using (true);
create policy users_lookup_insert on users for insert to parley_lookup with check (true);
grant select, insert on users to parley_lookup;

create table memberships (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    role text not null check (role in ('owner', 'admin', 'member')),
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id)
);
create index memberships_of_person on memberships (user_id, created_at);

-- A tenant sees who belongs to it.
alter table memberships enable row level security;
alter table memberships force row level security;
create policy memberships_select on memberships for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy memberships_insert on memberships for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy memberships_update on memberships for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy memberships_delete on memberships for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on memberships to parley_app;
-- Signing in asks for the tenant of a person; create_tenant enters its owner.
create policy memberships_lookup_select on memberships for select to parley_lookup using (true);
create policy memberships_lookup_insert on memberships for insert to parley_lookup with check (true);
grant select, insert on memberships to parley_lookup;

create table api_keys (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null check (char_length(name) between 1 and 200),
    key_hash bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id)
);
-- Across tenants, because a request brings a key before its tenant is known. It is a digest of 256 random
-- bits, so a clash would tell nobody anything.
create unique index api_keys_by_hash on api_keys (key_hash);

-- A tenant manages its own keys.
alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy api_keys_select on api_keys for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy api_keys_insert on api_keys for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy api_keys_update on api_keys for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy api_keys_delete on api_keys for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on api_keys to parley_app;
-- A request brings a key before its tenant is known.
create policy api_keys_lookup_select on api_keys for select to parley_lookup using (true);
grant select on api_keys to parley_lookup;
