-- What the cascade writes into the ledger, and what a tenant lets itself spend, counted and held.

-- The backfills below read and write all tenants' rows; the fence comes back in this same transaction.
alter table model_calls no force row level security;
alter table turns no force row level security;
alter table conversations no force row level security;
alter table agents no force row level security;
alter table budgets no force row level security;

alter table model_calls
    add column cache_write_tokens bigint not null default 0 check (cache_write_tokens >= 0),
    add column single_usd_micros bigint check (single_usd_micros >= 0),
    add column uncached_usd_micros bigint check (uncached_usd_micros >= 0),
    add column purpose text not null default 'answer' check (
        purpose in ('answer', 'fallback', 'escalation', 'probe', 'shadow', 'judge', 'speech')
    ),
    add column answered boolean not null default false,
    add column speaker_identity text check (char_length(speaker_identity) <= 256),
    add column score double precision check (score between 0 and 1),
    add column threshold double precision check (threshold >= 0),
    add column decision jsonb not null default '{}' check (jsonb_typeof(decision) = 'object'),
    add column checks jsonb not null default '{}' check (jsonb_typeof(checks) = 'object'),
    -- The agent that served when the call was stored, by the name it had then: what was spent stays true when
    -- it is renamed or deleted. Null: the deployment's own.
    add column agent_name text check (char_length(agent_name) <= 64),
    add column agent_version integer,
    add constraint model_calls_outcome_check check (
        outcome in ('ok', 'cancelled', 'timeout', 'rate_limited', 'authentication', 'server_error',
            'connection', 'invalid', 'quota', 'filtered', 'cut', 'empty')
    );

-- A turn's baseline stood on each of its calls; from here on it stands on the one that answered, so that a sum
-- over rows counts each turn once. A call of speech costs the same whichever model answers.
update model_calls m
set purpose = case
        when m.kind in ('stt', 'tts') then 'speech'
        when m.reason like 'fallback after %' then 'fallback'
        else 'answer'
    end,
    answered = m.outcome = 'ok' and m.kind in ('talk', 'see'),
    baseline_usd_micros = case
        when m.kind in ('stt', 'tts') or m.outcome = 'ok' or m.baseline_usd_micros is null
            then m.baseline_usd_micros
        else 0
    end,
    single_usd_micros = case
        when m.kind in ('talk', 'see') and m.outcome <> 'ok' and m.baseline_usd_micros is not null then 0
    end;
update model_calls m
set speaker_identity = t.speaker_identity
from turns t
where t.tenant_id = m.tenant_id and t.conversation_id = m.conversation_id and t.client_id = m.turn_client_id
    and t.role = 'user';
-- Of an earlier job nobody knows which agent it was.
update model_calls m
set agent_name = a.name, agent_version = c.agent_version
from conversations c
join agents a on a.tenant_id = c.tenant_id and a.id = c.agent_id
where c.tenant_id = m.tenant_id and c.id = m.conversation_id and c.epoch = m.epoch;

-- A cap is for every turn, every conversation, every person and day, or the tenant and month.
alter table budgets
    -- From this share of the cap on only the small tier answers.
    add column thrift_percent integer not null default 80 check (thrift_percent between 1 and 100);
-- None of these ever stood against anything.
delete from budgets
where (scope, period) not in (
    ('tenant', 'month'), ('user', 'day'), ('conversation', 'once'), ('turn', 'once')
);
alter table budgets add constraint budgets_scope_and_period check (
    (scope, period) in (('tenant', 'month'), ('user', 'day'), ('conversation', 'once'), ('turn', 'once'))
);

create table budget_counters (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    scope text not null check (scope in ('tenant', 'user', 'conversation')),
    -- The person's identity without the suffix of a tab, the conversation's id; empty for the tenant.
    subject text not null check (char_length(subject) <= 256),
    -- The first day of the month, the day, or 1970-01-01 for what has no period. By UTC.
    period_start date not null,
    conversation_id uuid,
    spent_usd_micros bigint not null default 0 check (spent_usd_micros >= 0),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, scope, subject, period_start),
    constraint budget_counters_conversation check ((scope = 'conversation') = (conversation_id is not null)),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
insert into budget_counters (tenant_id, scope, subject, period_start, conversation_id, spent_usd_micros)
select tenant_id, 'tenant', '', date_trunc('month', started_at at time zone 'utc')::date, null,
    sum(cost_usd_micros)
from model_calls where cost_usd_micros > 0
group by 1, 2, 3, 4
union all
select tenant_id, 'conversation', conversation_id::text, date '1970-01-01', conversation_id,
    sum(cost_usd_micros)
from model_calls where cost_usd_micros > 0
group by 1, 2, 3, 4, 5
union all
select tenant_id, 'user',
    regexp_replace(speaker_identity, '^((user|guest)_[0-9a-f]{32})-[a-z0-9]{1,16}$', '\1'),
    (started_at at time zone 'utc')::date, null, sum(cost_usd_micros)
from model_calls
where cost_usd_micros > 0 and speaker_identity <> 'erased' and started_at > now() - interval '2 days'
group by 1, 2, 3, 4;

create index budget_counters_of_conversation on budget_counters (tenant_id, conversation_id);
create index budget_counters_of_past_days on budget_counters (period_start) where scope = 'user';

-- What was spent, exactly: each row of the ledger is counted in the statement that stores it. A sum over the
-- ledger would forget what was spent in conversations that were deleted.
alter table budget_counters enable row level security;
alter table budget_counters force row level security;
create policy budget_counters_select on budget_counters for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budget_counters_insert on budget_counters for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budget_counters_update on budget_counters for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budget_counters_delete on budget_counters for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on budget_counters to parley_app;
create policy budget_counters_lookup_select on budget_counters for select to parley_lookup using (true);
create policy budget_counters_lookup_delete on budget_counters for delete to parley_lookup using (true);
grant select (scope, period_start), delete on budget_counters to parley_lookup;

create table budget_holds (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    -- The job that may spend it.
    conversation_id uuid not null,
    epoch integer not null check (epoch >= 0),
    scope text not null check (scope in ('tenant', 'user', 'conversation')),
    -- As the job names the person; empty elsewhere. `subject` names the counter.
    speaker text not null check (char_length(speaker) <= 256),
    subject text not null check (char_length(subject) <= 256),
    period_start date not null,
    -- All that the job was ever allowed here; what the ledger has of it; what calls of unknown cost are taken
    -- for, which is in the counter already; what the job says its settled calls cost; what it gave back.
    granted_usd_micros bigint not null default 0 check (granted_usd_micros >= 0),
    recorded_usd_micros bigint not null default 0 check (recorded_usd_micros >= 0),
    kept_usd_micros bigint not null default 0 check (kept_usd_micros >= 0),
    settled_usd_micros bigint not null default 0 check (settled_usd_micros >= 0),
    returned_usd_micros bigint not null default 0 check (returned_usd_micros >= 0),
    is_closed boolean not null default false,
    expires_at timestamptz not null,
    primary key (tenant_id, conversation_id, epoch, scope, speaker, period_start),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create index budget_holds_of_counter on budget_holds (tenant_id, scope, subject, period_start);
create index budget_holds_expired on budget_holds (expires_at);

-- What running jobs may still spend: nobody else can until they give it back, or die and it expires.
alter table budget_holds enable row level security;
alter table budget_holds force row level security;
create policy budget_holds_select on budget_holds for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budget_holds_insert on budget_holds for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budget_holds_update on budget_holds for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy budget_holds_delete on budget_holds for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on budget_holds to parley_app;
create policy budget_holds_lookup_select on budget_holds for select to parley_lookup using (true);
create policy budget_holds_lookup_delete on budget_holds for delete to parley_lookup using (true);
grant select (expires_at), delete on budget_holds to parley_lookup;

alter table model_calls force row level security;
alter table turns force row level security;
alter table conversations force row level security;
alter table agents force row level security;
alter table budgets force row level security;

-- A function of parley_lookup, as in 0013: for the sweep, which serves all tenants.
do $$
begin
    grant parley_lookup to current_user;
exception
    when insufficient_privilege then null;
end
$$;
grant create on schema public to parley_lookup;

-- What somebody spent on a day is nobody's business once the day is over; an allowance that expired yesterday
-- is nobody's any more.
create function sweep_budgets()
    returns bigint
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    gone bigint := 0;
    more bigint;
begin
    delete from public.budget_counters c
    where c.scope = 'user' and c.period_start < (now() at time zone 'utc')::date - 2;
    get diagnostics more = row_count;
    gone := gone + more;
    delete from public.budget_holds h where h.expires_at < now() - interval '1 day';
    get diagnostics more = row_count;
    return gone + more;
end
$$;
revoke execute on function sweep_budgets() from public;
grant execute on function sweep_budgets() to parley_app;
alter function sweep_budgets() owner to parley_lookup;

revoke create on schema public from parley_lookup;
do $$
begin
    revoke parley_lookup from current_user;
exception
    when insufficient_privilege then null;
end
$$;
