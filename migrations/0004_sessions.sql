-- Sessions: of a person, who is a member of the tenant, or of a guest, who came by an invitation.

create table sessions (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants (id) on delete cascade,
    user_id uuid,
    invitation_id uuid,
    guest_name text check (char_length(guest_name) between 1 and 200),
    token_hash bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    -- Who leaves the tenant, or loses the invitation, is signed out.
    foreign key (tenant_id, user_id) references memberships (tenant_id, user_id) on delete cascade,
    foreign key (tenant_id, invitation_id) references invitations (tenant_id, id) on delete cascade,
    constraint sessions_person_or_guest check (
        (user_id is not null and invitation_id is null and guest_name is null)
        or (user_id is null and invitation_id is not null and guest_name is not null)
    )
);
-- Across tenants, because a request brings a token before anything else is known; a digest of 256 random bits.
create unique index sessions_by_token on sessions (token_hash);
create index sessions_of_member on sessions (tenant_id, user_id);
create index sessions_of_invitation on sessions (tenant_id, invitation_id);

-- A person's sessions are their own, in whichever tenant; a guest's belong to the tenant that invited them.
alter table sessions enable row level security;
alter table sessions force row level security;
create policy sessions_select on sessions for select to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy sessions_insert on sessions for insert to parley_app
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy sessions_update on sessions for update to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy sessions_delete on sessions for delete to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid
        or (user_id is null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert, update, delete on sessions to parley_app;
-- A request brings a token before anything else is known; signing in and out happens outside any context.
create policy sessions_lookup_select on sessions for select to parley_lookup using (true);
create policy sessions_lookup_insert on sessions for insert to parley_lookup with check (true);
create policy sessions_lookup_update on sessions for update to parley_lookup using (true) with check (true);
grant select, insert, update (revoked_at) on sessions to parley_lookup;
