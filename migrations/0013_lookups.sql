-- What must look across tenants or persons, continued from 0007, under the same rules: a function of
-- parley_lookup, which may do just what the policies named *_lookup_* allow, with a pinned search_path and
-- qualified names, executable by parley_app only. The ones that name nobody read the context themselves.

do $$
begin
    grant parley_lookup to current_user;
exception
    when insufficient_privilege then null;
end
$$;
grant create on schema public to parley_lookup;

drop function find_user(text);
drop function find_session(bytea);
drop function find_api_key(bytea);
drop function create_tenant(text, text, text, text);
-- Whoever signs in or out is known by then, so their own contexts do for it.
drop function create_session(bytea, uuid, uuid, timestamptz);
drop function create_guest_session(bytea, bytea, text, timestamptz);
drop function end_session(bytea);
drop policy sessions_lookup_insert on sessions;
revoke insert, update (revoked_at) on sessions from parley_lookup;

-- The tenant is the one joined first, or null for somebody who is in none.
create function find_user(p_email text)
    returns table (
        user_id uuid, name text, email text, password_hash text, tenant_id uuid, role text, factors text[]
    )
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select u.id, u.name, u.email, u.password_hash, m.tenant_id, m.role,
        array(
            select distinct f.kind from public.mfa_factors f
            where f.user_id = u.id and f.confirmed_at is not null order by f.kind
        )
    from public.users u
    left join public.memberships m on m.user_id = u.id
    where u.email = lower(p_email)
    order by m.created_at, m.tenant_id
    limit 1
$$;

-- By a provider's own name for the person.
create function find_identity(p_issuer text, p_subject text)
    returns table (user_id uuid, identity_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    update public.identities i set last_used_at = now()
    where i.issuer = p_issuer and i.subject = p_subject
    returning i.user_id, i.id
$$;

create function find_passkey(p_credential_id bytea)
    returns table (user_id uuid, factor_id uuid, public_key bytea, sign_count bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select f.user_id, f.id, f.public_key, f.sign_count
    from public.mfa_factors f
    where f.credential_id = p_credential_id and f.confirmed_at is not null
$$;

-- Ends by itself after its time, and after so long without a request; being asked for is a request, which is
-- noted once a minute at most, so that reading a session hardly ever writes.
create function find_session(p_token_hash bytea)
    returns table (
        session_id uuid, user_id uuid, tenant_id uuid, tenant_name text, name text, email text, role text,
        room_name text, methods text[], authenticated_at timestamptz, created_at timestamptz,
        expires_at timestamptz
    )
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update public.sessions s set last_seen_at = now()
    where s.token_hash = p_token_hash and s.revoked_at is null and s.expires_at > now()
        and s.last_seen_at < now() - interval '1 minute'
        and s.last_seen_at > now() - make_interval(secs => s.idle_s);
    return query
    select s.id, s.user_id, s.tenant_id, t.name, coalesce(s.guest_name, u.name), u.email, m.role,
        r.name, s.methods, s.authenticated_at, s.created_at, s.expires_at
    from public.sessions s
    join public.tenants t on t.id = s.tenant_id
    left join public.users u on u.id = s.user_id
    left join public.memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    left join public.invitations i on i.tenant_id = s.tenant_id and i.id = s.invitation_id
    left join public.rooms r on r.tenant_id = i.tenant_id and r.id = i.room_id
    where s.token_hash = p_token_hash and s.revoked_at is null and s.expires_at > now()
        and s.last_seen_at > now() - make_interval(secs => s.idle_s);
end
$$;

-- One digest for each pepper that is still in use, the current one first; a key that comes is kept under that
-- from then on. Its use is noted once a minute at most.
create function find_api_key(p_key_hashes bytea[])
    returns table (api_key_id uuid, tenant_id uuid, name text, scopes text[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update public.api_keys k set last_used_at = now(), key_hash = p_key_hashes[1]
    where k.key_hash = any (p_key_hashes) and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > now())
        and (
            k.last_used_at is null or k.last_used_at < now() - interval '1 minute'
            or k.key_hash <> p_key_hashes[1]
        );
    return query
    select k.id, k.tenant_id, k.name, k.scopes
    from public.api_keys k
    where k.key_hash = any (p_key_hashes) and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > now());
end
$$;

-- A tenant with the account of its owner, whose address was proved.
create function create_tenant(p_name text, p_owner_email text, p_owner_name text, p_password_hash text)
    returns table (tenant_id uuid, user_id uuid)
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with tenant as (
        insert into public.tenants (name) values (p_name) returning id
    ), owner as (
        insert into public.users (email, name, password_hash, email_verified_at)
        values (lower(p_owner_email), p_owner_name, p_password_hash, now())
        returning id
    )
    insert into public.memberships (tenant_id, user_id, role)
    select tenant.id, owner.id, 'owner' from tenant cross join owner
    returning memberships.tenant_id, memberships.user_id
$$;

-- One more tenant of the person of the context.
create function found_tenant(p_name text)
    returns uuid
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with tenant as (
        insert into public.tenants (name) values (p_name) returning id
    )
    insert into public.memberships (tenant_id, user_id, role)
    select tenant.id, nullif(current_setting('app.user_id', true), '')::uuid, 'owner' from tenant
    returning memberships.tenant_id
$$;

-- The tenants of the person of the context.
create function own_memberships()
    returns table (tenant_id uuid, tenant_name text, role text, created_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select m.tenant_id, t.name, m.role, m.created_at
    from public.memberships m
    join public.tenants t on t.id = m.tenant_id
    where m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
    order by m.created_at, m.tenant_id
$$;

-- The people of the tenant of the context.
create function tenant_members()
    returns table (
        user_id uuid, name text, email text, role text, has_second_factor boolean, created_at timestamptz
    )
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select m.user_id, u.name, u.email, m.role,
        exists (
            select from public.mfa_factors f where f.user_id = m.user_id and f.confirmed_at is not null
        ),
        m.created_at
    from public.memberships m
    join public.users u on u.id = m.user_id
    where m.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    order by m.created_at, m.user_id
$$;

create function find_member_invitation(p_code_hash bytea)
    returns table (tenant_id uuid, tenant_name text, email text, role text, expires_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select i.tenant_id, t.name, i.email, i.role, i.expires_at
    from public.member_invitations i
    join public.tenants t on t.id = i.tenant_id
    where i.code_hash = p_code_hash and i.expires_at > now() and i.accepted_at is null
$$;

-- The person of the context joins; nothing when the invitation is unknown, expired or was used. Somebody who
-- is a member already keeps their role.
create function accept_member_invitation(p_code_hash bytea)
    returns table (tenant_id uuid, role text)
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with invitation as (
        update public.member_invitations i set accepted_at = now()
        where i.code_hash = p_code_hash and i.expires_at > now() and i.accepted_at is null
        returning i.tenant_id, i.role
    ), joined as (
        insert into public.memberships (tenant_id, user_id, role)
        select invitation.tenant_id, nullif(current_setting('app.user_id', true), '')::uuid, invitation.role
        from invitation
        on conflict do nothing
    )
    select invitation.tenant_id, invitation.role from invitation
$$;

-- Whose link that is: a link in a letter comes before the person is known. It is used up in their context.
create function find_email_token(p_token_hash bytea, p_purpose text)
    returns table (user_id uuid, email text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select e.user_id, e.email
    from public.email_tokens e
    where e.token_hash = p_token_hash and e.purpose = p_purpose and e.used_at is null and e.expires_at > now()
$$;

-- Whether any tenant lets that page call; whose credentials it may use is decided when they come.
create function is_allowed_origin(p_origin text)
    returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (select from public.allowed_origins o where o.origin = p_origin)
$$;

-- A letter to somebody who is no person yet.
create function put_letter(p_payload bytea)
    returns uuid
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into public.outbox (kind, payload) values ('letter', p_payload) returning id
$$;

-- What is due, for whoever asked: not due again for p_lease_s seconds, after which another may try.
create function take_outbox(p_kind text, p_limit integer, p_lease_s integer)
    returns table (
        id uuid, tenant_id uuid, user_id uuid, payload bytea, attempts integer, created_at timestamptz
    )
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    with due as (
        select o.id from public.outbox o
        where o.kind = p_kind and o.due_at <= now()
        order by o.due_at, o.created_at
        limit p_limit
        for update skip locked
    )
    update public.outbox o
    set attempts = o.attempts + 1, due_at = now() + make_interval(secs => p_lease_s)
    from due
    where o.id = due.id
    returning o.id, o.tenant_id, o.user_id, o.payload, o.attempts, o.created_at
$$;

create function settle_outbox(p_id uuid)
    returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    delete from public.outbox where id = p_id
$$;

create function postpone_outbox(p_id uuid, p_due_at timestamptz, p_error text)
    returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    update public.outbox set due_at = p_due_at, last_error = p_error where id = p_id
$$;

-- For the operator's commands and the sweep: which tenants there are, and how long they keep conversations.
create function list_tenants()
    returns table (tenant_id uuid, name text, retention_days integer)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select t.id, t.name, t.retention_days from public.tenants t order by t.created_at, t.id
$$;

-- The tenants in which a person of that identity spoke or was there, the ones they left included. A tab of
-- theirs is the identity, '-' and a suffix; '.' is the character after '-'. As comparisons rather than by
-- like, whose pattern would have to be known when the plan is made for an index to be used.
create function tenants_with_traces(p_identity text)
    returns table (tenant_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select p.tenant_id from public.participants p
    where p.identity = p_identity
        or (p.identity ~>=~ (p_identity || '-') and p.identity ~<~ (p_identity || '.'))
    union
    select t.tenant_id from public.turns t
    where t.speaker_identity = p_identity
        or (t.speaker_identity ~>=~ (p_identity || '-') and t.speaker_identity ~<~ (p_identity || '.'))
$$;

-- What is left of the person of the context in tenants that they never joined, or left: that they were asked to
-- join, shown out, or answered. For their erasure.
create function delete_own_leftovers()
    returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    self uuid := nullif(current_setting('app.user_id', true), '')::uuid;
    digits text := replace(self::text, '-', '');
begin
    delete from public.member_invitations i using public.users u where u.id = self and i.email = u.email;
    delete from public.removals r where r.identity = 'user_' || digits;
    delete from public.idempotency_keys k where position(digits in k.principal) > 0;
end
$$;

-- What has expired is of no use to anybody a month later. The number of rows that went.
create function sweep_expired()
    returns bigint
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    gone bigint := 0;
    more bigint;
begin
    delete from public.sessions s
    where s.expires_at < now() - interval '30 days' or s.revoked_at < now() - interval '30 days';
    get diagnostics more = row_count;
    gone := gone + more;
    delete from public.email_tokens e where e.expires_at < now() - interval '30 days';
    get diagnostics more = row_count;
    gone := gone + more;
    delete from public.member_invitations i where i.expires_at < now() - interval '30 days';
    get diagnostics more = row_count;
    gone := gone + more;
    delete from public.idempotency_keys k where k.expires_at < now();
    get diagnostics more = row_count;
    gone := gone + more;
    delete from public.removals r where r.expires_at < now();
    get diagnostics more = row_count;
    return gone + more;
end
$$;

do $$
declare
    signature regprocedure;
begin
    for signature in
        select p.oid::regprocedure from pg_proc p
        where p.prosecdef and p.pronamespace = 'public'::regnamespace and p.proowner <> 'parley_lookup'::regrole
    loop
        execute format('revoke execute on function %s from public', signature);
        execute format('grant execute on function %s to parley_app', signature);
        execute format('alter function %s owner to parley_lookup', signature);
    end loop;
end
$$;

revoke create on schema public from parley_lookup;
do $$
begin
    revoke parley_lookup from current_user;
exception
    when insufficient_privilege then null;
end
$$;
