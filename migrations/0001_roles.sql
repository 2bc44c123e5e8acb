-- Roles. `parley_app` is what the programs connect as: it owns nothing and row level security binds it.
-- `parley_lookup` cannot log in; it owns the few functions that must look across tenants (see 0007).
-- Roles belong to the whole cluster, so another database, or an administrator, may have made them already.
-- Another database's migration may be making them at this very moment, hence the exceptions.

do $$
begin
    if not exists (select from pg_roles where rolname = 'parley_app') then
        create role parley_app login nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    end if;
exception
    when duplicate_object or unique_violation then null;
end
$$;

do $$
begin
    if not exists (select from pg_roles where rolname = 'parley_lookup') then
        create role parley_lookup nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    end if;
exception
    when duplicate_object or unique_violation then null;
end
$$;

grant usage on schema public to parley_app, parley_lookup;
