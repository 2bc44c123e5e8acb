-- What keeps conversations going and the world outside informed.

create table leases (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    epoch integer not null check (epoch >= 1),
    worker text not null check (char_length(worker) between 1 and 200),
    renewed_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, conversation_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);

-- Who serves a conversation right now, and until when.
alter table leases enable row level security;
alter table leases force row level security;
create policy leases_select on leases for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy leases_insert on leases for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy leases_update on leases for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy leases_delete on leases for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on leases to parley_app;

create table frames (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    id uuid not null default gen_random_uuid(),
    -- No reference: a frame is often looked at before its turn is stored.
    turn_client_id text check (char_length(turn_client_id) <= 64),
    speaker_identity text not null check (char_length(speaker_identity) <= 256),
    at timestamptz not null,
    width_px integer not null check (width_px > 0),
    height_px integer not null check (height_px > 0),
    -- Of what was sent, after cropping.
    sent_px bigint not null check (sent_px >= 0),
    sent_tokens bigint check (sent_tokens >= 0),
    reason text not null check (char_length(reason) <= 200),
    primary key (tenant_id, conversation_id, id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create index frames_in_order on frames (tenant_id, conversation_id, at, id);

-- Facts about a frame of a shared screen, never its pixels.
alter table frames enable row level security;
alter table frames force row level security;
create policy frames_select on frames for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy frames_insert on frames for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy frames_update on frames for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy frames_delete on frames for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on frames to parley_app;

create table budgets (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    scope text not null check (scope in ('tenant', 'user', 'conversation', 'turn')),
    period text not null check (period in ('once', 'day', 'month')),
    cap_usd_micros bigint not null check (cap_usd_micros >= 0),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint budgets_scope_key unique (tenant_id, scope, period)
);

-- What was spent since the month began is read from the index alone.
create index model_calls_by_time on model_calls (tenant_id, started_at) include (cost_usd_micros);

-- What a tenant lets itself spend, in millionths of a US dollar.
alter table budgets enable row level security;
alter table budgets force row level security;
create policy budgets_select on budgets for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budgets_insert on budgets for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budgets_update on budgets for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budgets_delete on budgets for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on budgets to parley_app;

create table widgets (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null check (char_length(name) between 1 and 200),
    agent_id uuid,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint widgets_name_key unique (tenant_id, name),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete set null (agent_id)
);
create index widgets_of_agent on widgets (tenant_id, agent_id);

-- A tenant's own widgets.
alter table widgets enable row level security;
alter table widgets force row level security;
create policy widgets_select on widgets for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy widgets_insert on widgets for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy widgets_update on widgets for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy widgets_delete on widgets for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on widgets to parley_app;

create table webhook_endpoints (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    url text not null check (url ~ '^https?://' and char_length(url) <= 2000),
    -- Sealed for this row by the key ring: it signs what is sent.
    sealed_secret bytea not null,
    events text[] not null,
    created_at timestamptz not null default now(),
    disabled_at timestamptz,
    primary key (tenant_id, id)
);

-- Where a tenant wants to be told what happens, and with which signature.
alter table webhook_endpoints enable row level security;
alter table webhook_endpoints force row level security;
create policy webhook_endpoints_select on webhook_endpoints for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy webhook_endpoints_insert on webhook_endpoints for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy webhook_endpoints_update on webhook_endpoints for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy webhook_endpoints_delete on webhook_endpoints for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on webhook_endpoints to parley_app;

create table webhook_deliveries (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    endpoint_id uuid not null,
    event text not null check (char_length(event) <= 100),
    state text not null check (state in ('waiting', 'delivered', 'failed')),
    attempts integer not null default 0 check (attempts >= 0),
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade
);
create index webhook_deliveries_newest_first
    on webhook_deliveries (tenant_id, endpoint_id, created_at desc, id desc);

-- What was told to whom.
alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy webhook_deliveries_select on webhook_deliveries for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy webhook_deliveries_insert on webhook_deliveries for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy webhook_deliveries_update on webhook_deliveries for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy webhook_deliveries_delete on webhook_deliveries for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on webhook_deliveries to parley_app;

create table idempotency_keys (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    -- The caller's own word for the request, so that sending it again does nothing again.
    principal text not null check (char_length(principal) <= 100),
    key text not null check (char_length(key) between 1 and 255),
    -- A digest of method, path and body: the same key for another request is refused.
    request_hash bytea not null,
    -- Null while the first request is under way.
    status integer,
    answer bytea,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, principal, key)
);
create index idempotency_keys_expired on idempotency_keys (expires_at);

-- An answer that was given once is for the same caller only.
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy idempotency_keys_select on idempotency_keys for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy idempotency_keys_insert on idempotency_keys for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy idempotency_keys_update on idempotency_keys for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy idempotency_keys_delete on idempotency_keys for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on idempotency_keys to parley_app;
-- The sweep deletes what has expired, and erasing a person what they were answered.
create policy idempotency_keys_lookup_select on idempotency_keys for select to parley_lookup
    using (true);
create policy idempotency_keys_lookup_delete on idempotency_keys for delete to parley_lookup
    using (true);
grant select (principal, expires_at), delete on idempotency_keys to parley_lookup;

create table removals (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    -- Null: from all rooms of the tenant.
    room_id uuid,
    -- The person's own identity, without the suffix of a tab.
    identity text not null check (char_length(identity) between 1 and 256),
    removed_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, room_id) references rooms (tenant_id, id) on delete cascade,
    foreign key (tenant_id, removed_by) references memberships (tenant_id, user_id)
        on delete set null (removed_by)
);
create index removals_of_identity on removals (tenant_id, identity, expires_at);
create index removals_of_room on removals (tenant_id, room_id);
create index removals_of_member on removals (tenant_id, removed_by);

-- Who was shown out. A token cannot be taken back, so the list is asked at each arrival.
alter table removals enable row level security;
alter table removals force row level security;
create policy removals_select on removals for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy removals_insert on removals for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy removals_update on removals for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy removals_delete on removals for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on removals to parley_app;
-- The sweep deletes what has expired, and erasing a person where they were shown out.
create policy removals_lookup_select on removals for select to parley_lookup
    using (true);
create policy removals_lookup_delete on removals for delete to parley_lookup
    using (true);
grant select (identity, expires_at), delete on removals to parley_lookup;

create table outbox (
    id uuid primary key default gen_random_uuid(),
    -- Of a tenant, of a person, or of neither: a letter to somebody who has no account yet.
    -- That a tenant was deleted is sent too.
    tenant_id uuid references tenants (id) on delete set null,
    user_id uuid references users (id) on delete cascade,
    kind text not null check (kind in ('letter', 'audit')),
    -- A letter is sealed: it carries a way in. An audit event is the line as it will be sent.
    payload bytea not null check (octet_length(payload) <= 65536),
    attempts integer not null default 0 check (attempts >= 0),
    due_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    last_error text check (char_length(last_error) <= 200),
    constraint outbox_owner check (tenant_id is null or user_id is null)
);
create index outbox_due on outbox (kind, due_at);
create index outbox_of_tenant on outbox (tenant_id);
create index outbox_of_person on outbox (user_id);

-- What waits to be sent. It is written in the transaction of what it tells of, so neither is without the other.
alter table outbox enable row level security;
alter table outbox force row level security;
create policy outbox_select on outbox for select to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy outbox_insert on outbox for insert to parley_app
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy outbox_update on outbox for update to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy outbox_delete on outbox for delete to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert, update, delete on outbox to parley_app;
-- The courier takes what is due, of all tenants; a letter to a stranger belongs to nobody.
create policy outbox_lookup_select on outbox for select to parley_lookup
    using (true);
create policy outbox_lookup_insert on outbox for insert to parley_lookup
    with check (true);
create policy outbox_lookup_update on outbox for update to parley_lookup
    using (true) with check (true);
create policy outbox_lookup_delete on outbox for delete to parley_lookup
    using (true);
grant select, insert, update (attempts, due_at, last_error), delete on outbox to parley_lookup;

-- Where a person took part, in whichever tenant: erasing them begins with it.
-- text_pattern_ops: also by the beginning of an identity, in whatever language the database sorts.
create index participants_by_identity on participants (identity text_pattern_ops);
create index turns_by_speaker on turns (speaker_identity text_pattern_ops);
-- The words of a turn whose speaker was erased are gone; its seq stays.
alter table turns add column erased_at timestamptz;
-- Erasing a person looks for their traces in every tenant.
create policy participants_lookup_select on participants for select to parley_lookup
    using (true);
grant select (tenant_id, identity) on participants to parley_lookup;
-- The same.
create policy turns_lookup_select on turns for select to parley_lookup
    using (true);
grant select (tenant_id, speaker_identity) on turns to parley_lookup;
