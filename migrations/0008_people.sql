-- What a person proves themselves by, how they are reached, and how they come into a tenant.
-- A person's own tables go by user_id and app.user_id: they may be in several tenants, or in none.

alter table users
    -- The address was proved: by a letter that arrived there, or by an identity provider that vouches for it.
    add column email_verified_at timestamptz,
    add column updated_at timestamptz not null default now();
-- Until now accounts were made by operators, who knew whose address it was.
alter table users no force row level security;
update users set email_verified_at = created_at;
alter table users force row level security;

alter table tenants
    -- Days after its end for which a conversation is kept; null keeps it until somebody deletes it.
    add column retention_days integer check (retention_days between 1 and 3650);

-- Nobody is made a member behind their back: the person's own context takes part, and a membership is not
-- handed on. Otherwise a tenant could enter anybody whose id it has seen, and read their name and address.
drop policy memberships_insert on memberships;
create policy memberships_insert on memberships for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
        and user_id = nullif(current_setting('app.user_id', true), '')::uuid);
revoke update on memberships from parley_app;
grant update (role) on memberships to parley_app;

create table identities (
    user_id uuid not null default nullif(current_setting('app.user_id', true), '')::uuid
        references users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    -- As the provider's tokens have it; a provider without issuers (GitHub) goes by its address.
    issuer text not null check (char_length(issuer) between 1 and 500),
    subject text not null check (char_length(subject) between 1 and 255),
    email text check (char_length(email) <= 320),
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    primary key (user_id, id),
    -- Across persons, because signing in brings it before the person is known; the provider says who has it.
    constraint identities_subject_key unique (issuer, subject)
);

-- Which providers a person signs in by is their own affair.
alter table identities enable row level security;
alter table identities force row level security;
create policy identities_select on identities for select to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy identities_insert on identities for insert to parley_app
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy identities_update on identities for update to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy identities_delete on identities for delete to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
grant select, insert, update, delete on identities to parley_app;
-- A provider's answer comes before the person is known.
create policy identities_lookup_select on identities for select to parley_lookup
    using (true);
create policy identities_lookup_update on identities for update to parley_lookup
    using (true) with check (true);
grant select, update (last_used_at) on identities to parley_lookup;

create table mfa_factors (
    user_id uuid not null default nullif(current_setting('app.user_id', true), '')::uuid
        references users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    kind text not null check (kind in ('totp', 'passkey')),
    name text not null check (char_length(name) between 1 and 200),
    -- TOTP: the seed, sealed for this row, the last time step that was accepted, and the wrong codes since.
    sealed_seed bytea,
    last_step bigint,
    failures integer not null default 0 check (failures >= 0),
    -- Passkey: what the authenticator gave when it was registered.
    credential_id bytea check (octet_length(credential_id) <= 1023),
    public_key bytea,
    sign_count bigint check (sign_count >= 0),
    transports text[] not null default '{}',
    created_at timestamptz not null default now(),
    -- Null until its first use proved that the person has it.
    confirmed_at timestamptz,
    last_used_at timestamptz,
    primary key (user_id, id),
    -- Across persons, because a passkey can say who is signing in. It is the authenticator's random name.
    constraint mfa_factors_credential_key unique (credential_id),
    constraint mfa_factors_by_kind check (
        (kind = 'totp' and sealed_seed is not null and credential_id is null and public_key is null)
        or (kind = 'passkey' and sealed_seed is null and credential_id is not null and public_key is not null)
    )
);

-- Second factors are the person's own, in whichever tenant.
alter table mfa_factors enable row level security;
alter table mfa_factors force row level security;
create policy mfa_factors_select on mfa_factors for select to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy mfa_factors_insert on mfa_factors for insert to parley_app
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy mfa_factors_update on mfa_factors for update to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy mfa_factors_delete on mfa_factors for delete to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
grant select, insert, update, delete on mfa_factors to parley_app;
-- A password is not enough where there is a factor, and a passkey says whose it is.
create policy mfa_factors_lookup_select on mfa_factors for select to parley_lookup
    using (true);
grant select on mfa_factors to parley_lookup;

create table recovery_codes (
    user_id uuid not null default nullif(current_setting('app.user_id', true), '')::uuid
        references users (id) on delete cascade,
    code_hash bytea not null,
    created_at timestamptz not null default now(),
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- A way around the second factor, so as private as that.
alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy recovery_codes_select on recovery_codes for select to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy recovery_codes_insert on recovery_codes for insert to parley_app
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy recovery_codes_update on recovery_codes for update to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy recovery_codes_delete on recovery_codes for delete to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
grant select, insert, update, delete on recovery_codes to parley_app;

create table email_tokens (
    user_id uuid not null default nullif(current_setting('app.user_id', true), '')::uuid
        references users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    purpose text not null check (purpose in ('reset_password', 'change_email')),
    -- Where the letter went.
    email text not null check (email = lower(email) and char_length(email) between 3 and 320),
    token_hash bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (user_id, id)
);
-- Across persons, because the link is all that comes; a digest of 256 random bits.
create unique index email_tokens_by_token on email_tokens (token_hash);

-- What was sent to a person's address.
alter table email_tokens enable row level security;
alter table email_tokens force row level security;
create policy email_tokens_select on email_tokens for select to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy email_tokens_insert on email_tokens for insert to parley_app
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy email_tokens_update on email_tokens for update to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
    with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
create policy email_tokens_delete on email_tokens for delete to parley_app
    using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
grant select, insert, update, delete on email_tokens to parley_app;
-- The link in a letter comes before the person is known; the sweep deletes what has expired.
create policy email_tokens_lookup_select on email_tokens for select to parley_lookup
    using (true);
create policy email_tokens_lookup_delete on email_tokens for delete to parley_lookup
    using (true);
grant select, delete on email_tokens to parley_lookup;

create table member_invitations (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid
        references tenants (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    email text not null check (email = lower(email) and char_length(email) between 3 and 320),
    role text not null check (role in ('owner', 'admin', 'member')),
    code_hash bytea not null,
    created_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    primary key (tenant_id, id),
    -- Asking again replaces the invitation.
    constraint member_invitations_email_key unique (tenant_id, email),
    foreign key (tenant_id, created_by) references memberships (tenant_id, user_id)
        on delete set null (created_by)
);
-- Across tenants, because the link is all that comes; a digest of 256 random bits.
create unique index member_invitations_by_code on member_invitations (code_hash);
create index member_invitations_of_member on member_invitations (tenant_id, created_by);
create index member_invitations_newest_first on member_invitations (tenant_id, created_at desc, id desc);

-- A tenant manages whom it asks to join.
alter table member_invitations enable row level security;
alter table member_invitations force row level security;
create policy member_invitations_select on member_invitations for select to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy member_invitations_insert on member_invitations for insert to parley_app
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy member_invitations_update on member_invitations for update to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy member_invitations_delete on member_invitations for delete to parley_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on member_invitations to parley_app;
-- A link comes before the tenant is known; the sweep deletes what has expired.
create policy member_invitations_lookup_select on member_invitations for select to parley_lookup
    using (true);
create policy member_invitations_lookup_update on member_invitations for update to parley_lookup
    using (true) with check (true);
create policy member_invitations_lookup_delete on member_invitations for delete to parley_lookup
    using (true);
grant select, update (accepted_at), delete on member_invitations to parley_lookup;

alter table sessions
    add column last_seen_at timestamptz not null default now(),
    -- Without a request for so long it ends.
    add column idle_s integer not null default 43200 check (idle_s > 0),
    -- What was proved at sign-in: password, totp, recovery_code, passkey, oidc, invitation.
    add column methods text[] not null default '{}',
    -- The last time that the person proved themselves; what is delicate asks for it to be recent.
    add column authenticated_at timestamptz not null default now(),
    -- For the list in which a person recognises their devices.
    add column user_agent text check (char_length(user_agent) <= 400),
    add column address text check (char_length(address) <= 64);
create index sessions_of_person_newest_first on sessions (user_id, created_at desc, id desc);
grant update (last_seen_at), delete on sessions to parley_lookup;
create policy sessions_lookup_delete on sessions for delete to parley_lookup using (true);
