-- A tenant's agents: who they are and how they speak. A version is never changed, only followed by another.

create table agents (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    -- The version that is in use.
    version integer not null default 1 check (version >= 1),
    is_default boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint agents_name_key unique (tenant_id, name)
);
create unique index agents_default on agents (tenant_id) where is_default;
create index agents_newest_first on agents (tenant_id, created_at desc, id desc);

-- A tenant's agents are its own.
alter table agents enable row level security;
alter table agents force row level security;
create policy agents_select on agents for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agents_insert on agents for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agents_update on agents for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agents_delete on agents for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on agents to parley_app;

create table agent_versions (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    agent_id uuid not null,
    version integer not null check (version >= 1),
    -- What it is called in the room.
    display_name text not null check (char_length(display_name) between 1 and 64),
    prompt text not null check (char_length(prompt) <= 16000),
    greeting text not null check (char_length(greeting) <= 1000),
    -- A voice of the speech engine; null takes the engine's own.
    voice text check (char_length(voice) between 1 and 100),
    -- BCP 47.
    language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    -- Preset, models and the like; what is not in it follows the deployment.
    model_policy jsonb not null default '{}' check (jsonb_typeof(model_policy) = 'object'),
    -- Whether it may quote every document of the tenant or only those that agent_documents names.
    all_documents boolean not null default true,
    created_by uuid,
    created_at timestamptz not null default now(),
    primary key (tenant_id, agent_id, version),
    foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
    foreign key (tenant_id, created_by) references memberships (tenant_id, user_id)
        on delete set null (created_by)
);
create index agent_versions_of_member on agent_versions (tenant_id, created_by);

-- The prompts are as much a tenant's own as its documents.
alter table agent_versions enable row level security;
alter table agent_versions force row level security;
create policy agent_versions_select on agent_versions for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agent_versions_insert on agent_versions for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agent_versions_update on agent_versions for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agent_versions_delete on agent_versions for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on agent_versions to parley_app;

create table agent_documents (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    agent_id uuid not null,
    version integer not null,
    document_id uuid not null,
    primary key (tenant_id, agent_id, version, document_id),
    foreign key (tenant_id, agent_id, version)
        references agent_versions (tenant_id, agent_id, version) on delete cascade,
    foreign key (tenant_id, document_id) references documents (tenant_id, id) on delete cascade
);
create index agent_documents_of_document on agent_documents (tenant_id, document_id);

-- Which document an agent may quote.
alter table agent_documents enable row level security;
alter table agent_documents force row level security;
create policy agent_documents_select on agent_documents for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agent_documents_insert on agent_documents for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agent_documents_update on agent_documents for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy agent_documents_delete on agent_documents for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on agent_documents to parley_app;

-- Null means the tenant's default agent, and where there is none, the deployment's own.
alter table rooms
    add column agent_id uuid,
    add constraint rooms_agent foreign key (tenant_id, agent_id)
        references agents (tenant_id, id) on delete set null (agent_id);
create index rooms_of_agent on rooms (tenant_id, agent_id);

-- The agent and version of the newest job.
alter table conversations
    add column agent_id uuid,
    add column agent_version integer,
    add constraint conversations_agent foreign key (tenant_id, agent_id, agent_version)
        references agent_versions (tenant_id, agent_id, version) on delete set null (agent_id, agent_version);
create index conversations_of_agent on conversations (tenant_id, agent_id, agent_version);
