-- What a tenant's agents may do beyond talking, and every time one of them did.

create table tools (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    -- What the audit trail calls it.
    id uuid not null default gen_random_uuid(),
    name text not null check (name ~ '^[a-z][a-z0-9_]{0,31}$'),
    kind text not null check (kind in ('http', 'mcp')),
    -- What the model reads about it.
    description text not null check (char_length(description) between 1 and 2000),
    url text not null check (char_length(url) between 8 and 1000),
    -- Of HTTP: method, parameters, headers, body; of an MCP server: the names of its tools that may be called.
    definition jsonb not null check (jsonb_typeof(definition) = 'object'),
    -- Headers and the signing key, sealed for this row by the key ring; null where there are none.
    sealed_secrets bytea,
    -- The names of the headers in there, by which people know what they gave.
    secret_headers text[] not null default '{}',
    is_signed boolean not null default false,
    timeout_s double precision not null check (timeout_s > 0 and timeout_s <= 60),
    -- Whether running it twice does no more than running it once.
    is_repeatable boolean not null,
    audience text not null check (audience in ('room', 'members', 'admins')),
    updated_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, name),
    foreign key (tenant_id, updated_by) references memberships (tenant_id, user_id)
        on delete set null (updated_by)
);
create index tools_of_member on tools (tenant_id, updated_by);

-- A tenant's ways into its own systems: used by its own conversations only.
alter table tools enable row level security;
alter table tools force row level security;
create policy tools_select on tools for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tools_insert on tools for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tools_update on tools for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tools_delete on tools for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on tools to parley_app;

-- By name, as the prompt speaks of them: a tool that was deleted is one that the version cannot use any more.
alter table agent_versions add column tools text[] not null default '{}' check (cardinality(tools) <= 32);

create table tool_calls (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    id uuid not null default gen_random_uuid(),
    -- What the tool's server gets as Idempotency-Key: of conversation, turn, function, arguments and place.
    key text not null check (key ~ '^[0-9a-f]{64}$'),
    -- The job that claimed it; one whose epoch is over will not tell how it ended.
    epoch integer not null check (epoch >= 0),
    -- The claim that holds it, so that one which was sent twice is one.
    claim text not null check (char_length(claim) between 1 and 64),
    attempts integer not null default 1 check (attempts >= 1),
    -- No reference: the turn may not be stored yet.
    turn_client_id text not null check (char_length(turn_client_id) between 1 and 64),
    tool text not null check (char_length(tool) <= 32),
    -- What the model called: the tool, or one of an MCP server's.
    function text not null check (char_length(function) <= 64),
    -- Which of the same calls in a turn.
    place integer not null check (place >= 0),
    speaker_identity text not null check (char_length(speaker_identity) <= 256),
    arguments_hash bytea not null,
    -- Canonical JSON, for people who ask what was done; null once the speaker was erased.
    arguments text check (char_length(arguments) <= 8000),
    is_repeatable boolean not null,
    -- failed: it was certainly not done. unknown: it may have been done, and is never done again by itself.
    state text not null check (state in ('claimed', 'done', 'failed', 'unknown')),
    -- HTTP's, where there was an answer.
    status integer check (status between 100 and 599),
    latency_ms integer check (latency_ms >= 0),
    bytes integer check (bytes >= 0),
    error text check (char_length(error) <= 500),
    -- What the model reads, so that it can be read again in place of a second run.
    result text check (char_length(result) <= 16000),
    -- When an answer with it was given to the end: until then the same call of another turn is this one.
    told_at timestamptz,
    claimed_at timestamptz not null default now(),
    settled_at timestamptz,
    primary key (tenant_id, conversation_id, key),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create index tool_calls_newest_first on tool_calls (tenant_id, conversation_id, claimed_at desc, id desc);

-- What was done in people's names, and with which words.
alter table tool_calls enable row level security;
alter table tool_calls force row level security;
create policy tool_calls_select on tool_calls for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tool_calls_insert on tool_calls for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tool_calls_update on tool_calls for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy tool_calls_delete on tool_calls for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on tool_calls to parley_app;
