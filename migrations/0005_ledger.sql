-- The ledger: every call to a model, with what it cost beside what always-large would have cost.
-- Money is in millionths of a US dollar; null is an unknown price, never a free call.

create table model_calls (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    client_id text not null check (char_length(client_id) between 1 and 64),
    -- No reference: the call is often settled before its turn is stored, and a dropped speculation has none.
    turn_client_id text check (char_length(turn_client_id) <= 64),
    epoch integer not null check (epoch >= 0),
    kind text not null check (kind in ('talk', 'see', 'stt', 'tts')),
    tier text check (tier in ('small', 'large')),
    provider text not null,
    model text not null,
    outcome text not null,
    reason text not null,
    started_at timestamptz not null,
    first_token_ms integer check (first_token_ms >= 0),
    total_ms integer not null check (total_ms >= 0),
    input_tokens bigint not null check (input_tokens >= 0),
    cached_tokens bigint not null check (cached_tokens >= 0),
    output_tokens bigint not null check (output_tokens >= 0),
    audio_ms bigint not null check (audio_ms >= 0),
    characters bigint not null check (characters >= 0),
    price_date text,
    cost_usd_micros bigint check (cost_usd_micros >= 0),
    baseline_usd_micros bigint check (baseline_usd_micros >= 0),
    created_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, client_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create index model_calls_in_order on model_calls (tenant_id, conversation_id, started_at, client_id);

-- What a tenant spends, and on what, is its own business.
alter table model_calls enable row level security;
alter table model_calls force row level security;
create policy model_calls_select on model_calls for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy model_calls_insert on model_calls for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy model_calls_update on model_calls for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy model_calls_delete on model_calls for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on model_calls to parley_app;
