-- What a tenant's own routing is learnt from, what was learnt, and where its agents draw the line.

create table labels (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    client_id text not null check (char_length(client_id) between 1 and 64),
    -- No reference: a label often arrives before its turn is stored.
    turn_client_id text check (char_length(turn_client_id) <= 64),
    lane text not null check (lane in ('talk', 'see')),
    -- Of the scorer that computed the features: fits take one version only.
    features_version text not null check (char_length(features_version) <= 64),
    features_before double precision[] not null check (cardinality(features_before) <= 512),
    -- Empty where the small model's answer was not scored.
    features_after double precision[] not null check (cardinality(features_after) <= 512),
    quality_small double precision not null check (quality_small between 0 and 1),
    quality_large double precision not null check (quality_large between 0 and 1),
    at timestamptz not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, client_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create index labels_to_learn_from on labels (tenant_id, features_version, at desc);

-- Numbers about what somebody asked, never the words; a tenant's own all the same.
alter table labels enable row level security;
alter table labels force row level security;
create policy labels_select on labels for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy labels_insert on labels for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy labels_update on labels for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy labels_delete on labels for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on labels to parley_app;

create table routers (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    -- 0 is the scorer as it ships, put down here when somebody goes back to it.
    version integer not null check (version >= 0),
    features_version text not null check (char_length(features_version) <= 64),
    -- Named lists of numbers, as the scorer takes them.
    weights jsonb not null check (jsonb_typeof(weights) = 'object'),
    -- What the labelled turns scored by these weights: rising, by "before" and "after".
    quantiles jsonb not null default '{}' check (jsonb_typeof(quantiles) = 'object'),
    labels integer not null check (labels >= 0),
    -- Performance gap recovered on held-out labels, its 95 % interval, and the shipped scorer's on the same.
    apgr double precision,
    apgr_low double precision,
    apgr_high double precision,
    base_apgr double precision,
    created_at timestamptz not null default now(),
    activated_at timestamptz,
    is_active boolean not null default false,
    -- Somebody chose it over a newer one: later fits are kept, and not taken.
    is_held boolean not null default false,
    primary key (tenant_id, version)
);
create unique index routers_active on routers (tenant_id) where is_active;

-- What was learnt from a tenant's turns serves that tenant alone.
alter table routers enable row level security;
alter table routers force row level security;
create policy routers_select on routers for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy routers_insert on routers for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy routers_update on routers for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy routers_delete on routers for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on routers to parley_app;

create table thresholds (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    agent_id uuid not null,
    -- The scores that these are of.
    router_version integer not null check (router_version >= 0),
    features_version text not null check (char_length(features_version) <= 64),
    -- What they are to hold: a share of turns, or millionths of a US dollar a turn.
    target text not null check (target in ('share', 'spend')),
    target_value double precision not null check (target_value >= 0),
    voice double precision not null,
    text double precision not null,
    after double precision not null,
    -- How many answered turns they were computed from.
    turns integer not null check (turns >= 0),
    -- What was seen since the last time they were computed, and whether it strays from the target.
    observed jsonb not null default '{}' check (jsonb_typeof(observed) = 'object'),
    computed_at timestamptz not null default now(),
    primary key (tenant_id, agent_id),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);

-- How dear a tenant's agents may be is its own business.
alter table thresholds enable row level security;
alter table thresholds force row level security;
create policy thresholds_select on thresholds for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy thresholds_insert on thresholds for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy thresholds_update on thresholds for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy thresholds_delete on thresholds for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on thresholds to parley_app;
