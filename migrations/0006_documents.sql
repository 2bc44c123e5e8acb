-- Documents, and the pieces of them that are searched and quoted.
-- There is no index for the search on purpose: @@ is not leakproof, so under row level security an index
-- could not be used before the policy, and a tenant's own pieces are few enough to be ranked exactly.

create table documents (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    title text not null check (char_length(title) between 1 and 200),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint documents_title_key unique (tenant_id, title)
);

-- A tenant's documents answer that tenant's people only.
alter table documents enable row level security;
alter table documents force row level security;
create policy documents_select on documents for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy documents_insert on documents for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy documents_update on documents for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy documents_delete on documents for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on documents to parley_app;

create table chunks (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    document_id uuid not null,
    position integer not null check (position >= 0),
    heading text not null,
    text text not null,
    search tsvector not null generated always as (
        setweight(to_tsvector('english', heading), 'A') || setweight(to_tsvector('english', text), 'B')
    ) stored,
    primary key (tenant_id, document_id, position),
    foreign key (tenant_id, document_id) references documents (tenant_id, id) on delete cascade
);

-- The same words as the documents, so the same fence.
alter table chunks enable row level security;
alter table chunks force row level security;
create policy chunks_select on chunks for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy chunks_insert on chunks for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy chunks_update on chunks for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy chunks_delete on chunks for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on chunks to parley_app;
