-- What programs come in by, what a tenant pays its own providers with, and which pages may call for it.

alter table api_keys
    -- What it may be used for; a key from before scopes may do what all keys could.
    add column scopes text[] not null
        default '{rooms:read,rooms:write,rooms:join,conversations:read,agents:read,documents:read}',
    -- The first characters, by which people tell their keys apart.
    add column hint text not null default '' check (char_length(hint) <= 24),
    add column created_by uuid,
    add column last_used_at timestamptz,
    -- The key that takes over from this one, which still holds until it expires.
    add column replaced_by uuid,
    add constraint api_keys_creator foreign key (tenant_id, created_by)
        references memberships (tenant_id, user_id) on delete set null (created_by),
    add constraint api_keys_successor foreign key (tenant_id, replaced_by)
        references api_keys (tenant_id, id) on delete set null (replaced_by);
alter table api_keys alter column scopes drop default;
-- A key from before has no checksum and was digested under another key: no request can bring it any more.
alter table api_keys no force row level security;
update api_keys set revoked_at = now() where revoked_at is null;
alter table api_keys force row level security;
create index api_keys_of_member on api_keys (tenant_id, created_by);
create index api_keys_of_successor on api_keys (tenant_id, replaced_by);
create index api_keys_newest_first on api_keys (tenant_id, created_at desc, id desc);
grant update (last_used_at, key_hash) on api_keys to parley_lookup;
create policy api_keys_lookup_update on api_keys for update to parley_lookup using (true) with check (true);

create table provider_keys (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    provider text not null check (provider in ('openai', 'google', 'anthropic')),
    -- Sealed for this row by the key ring. Null where only an address was given.
    sealed_key bytea,
    -- The last characters, by which people recognise the key.
    hint text not null default '' check (char_length(hint) <= 8),
    base_url text check (char_length(base_url) between 8 and 500),
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (tenant_id, provider),
    constraint provider_keys_not_empty check (sealed_key is not null or base_url is not null),
    foreign key (tenant_id, updated_by) references memberships (tenant_id, user_id)
        on delete set null (updated_by)
);
create index provider_keys_of_member on provider_keys (tenant_id, updated_by);

-- A tenant's money: used by its own conversations only, and never shown again.
alter table provider_keys enable row level security;
alter table provider_keys force row level security;
create policy provider_keys_select on provider_keys for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy provider_keys_insert on provider_keys for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy provider_keys_update on provider_keys for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy provider_keys_delete on provider_keys for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on provider_keys to parley_app;

create table allowed_origins (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    origin text not null check (origin ~ '^https?://[a-z0-9.:\[\]-]{1,255}$'),
    created_at timestamptz not null default now(),
    primary key (tenant_id, origin)
);
create index allowed_origins_by_origin on allowed_origins (origin);

-- Which other pages may call the API with a tenant's credentials.
alter table allowed_origins enable row level security;
alter table allowed_origins force row level security;
create policy allowed_origins_select on allowed_origins for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy allowed_origins_insert on allowed_origins for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy allowed_origins_update on allowed_origins for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy allowed_origins_delete on allowed_origins for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on allowed_origins to parley_app;
-- A browser asks before it sends a credential, so before the tenant is known.
create policy allowed_origins_lookup_select on allowed_origins for select to parley_lookup
    using (true);
grant select on allowed_origins to parley_lookup;
