-- Rooms, who was invited, what was said in them and by whom.

create table rooms (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint rooms_name_key unique (tenant_id, name)
);
create index rooms_newest_first on rooms (tenant_id, created_at desc, id desc);

-- A room belongs to one tenant.
alter table rooms enable row level security;
alter table rooms force row level security;
create policy rooms_select on rooms for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy rooms_insert on rooms for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy rooms_update on rooms for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy rooms_delete on rooms for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on rooms to parley_app;
-- An invitation and a guest's session name their room.
create policy rooms_lookup_select on rooms for select to parley_lookup using (true);
grant select on rooms to parley_lookup;

create table invitations (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    room_id uuid not null,
    code_hash bytea not null,
    created_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, room_id) references rooms (tenant_id, id) on delete cascade,
    foreign key (tenant_id, created_by) references memberships (tenant_id, user_id)
        on delete set null (created_by)
);
-- Across tenants, because a guest brings a code before the tenant is known; a digest of 256 random bits.
create unique index invitations_by_code on invitations (code_hash);
create index invitations_of_room on invitations (tenant_id, room_id);
create index invitations_of_member on invitations (tenant_id, created_by);

-- A tenant manages whom it invites.
alter table invitations enable row level security;
alter table invitations force row level security;
create policy invitations_select on invitations for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy invitations_insert on invitations for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy invitations_update on invitations for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy invitations_delete on invitations for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on invitations to parley_app;
-- A guest brings a code before the tenant is known.
create policy invitations_lookup_select on invitations for select to parley_lookup using (true);
grant select on invitations to parley_lookup;

create table conversations (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    room_id uuid not null,
    -- Counts the agents' jobs: a write of an earlier one is refused.
    epoch integer not null default 0 check (epoch >= 0),
    -- The seq of the newest turn. Taking the next one locks this row, which is what leaves no gaps.
    last_seq integer not null default 0 check (last_seq >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    dispatched_at timestamptz,
    closed_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, room_id) references rooms (tenant_id, id) on delete cascade
);
create unique index conversations_open_in_room on conversations (tenant_id, room_id) where closed_at is null;
create index conversations_newest_first on conversations (tenant_id, created_at desc, id desc);
create index conversations_of_room_newest_first
    on conversations (tenant_id, room_id, created_at desc, id desc);

-- What was said in a tenant's rooms is that tenant's.
alter table conversations enable row level security;
alter table conversations force row level security;
create policy conversations_select on conversations for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy conversations_insert on conversations for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy conversations_update on conversations for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy conversations_delete on conversations for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on conversations to parley_app;

create table participants (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    identity text not null check (char_length(identity) between 1 and 256),
    name text not null check (char_length(name) <= 200),
    kind text not null check (kind in ('human', 'guest', 'agent')),
    joined_at timestamptz not null default now(),
    left_at timestamptz,
    primary key (tenant_id, conversation_id, identity),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);

-- Who met whom is as private as what they said.
alter table participants enable row level security;
alter table participants force row level security;
create policy participants_select on participants for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy participants_insert on participants for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy participants_update on participants for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy participants_delete on participants for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on participants to parley_app;

create table turns (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    conversation_id uuid not null,
    seq integer not null check (seq >= 1),
    -- The writer's own name for the turn: writing it again updates the row and keeps its seq.
    client_id text not null check (char_length(client_id) between 1 and 64),
    epoch integer not null check (epoch >= 0),
    role text not null check (role in ('user', 'agent')),
    channel text not null check (channel in ('voice', 'text', 'screen', 'chat', 'widget')),
    speaker_identity text not null check (char_length(speaker_identity) <= 256),
    speaker_name text not null check (char_length(speaker_name) <= 200),
    text text not null check (char_length(text) <= 32000),
    state text not null check (state in ('streaming', 'complete', 'interrupted', 'failed')),
    metrics jsonb not null default '{}' check (jsonb_typeof(metrics) = 'object'),
    at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, seq),
    constraint turns_client_id_key unique (tenant_id, conversation_id, client_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);

-- The words themselves: the most private rows there are.
alter table turns enable row level security;
alter table turns force row level security;
create policy turns_select on turns for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy turns_insert on turns for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy turns_update on turns for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy turns_delete on turns for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on turns to parley_app;
