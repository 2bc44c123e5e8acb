#!/bin/sh
# Makes Parley's roles and database on the first start of PostgreSQL's container: the owner migrates, the
# application's role is neither owner nor superuser, so that row level security binds it.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$PARLEY_OWNER_PASSWORD" --set app_password="$PARLEY_APP_PASSWORD" <<'SQL'
create role parley_owner login nosuperuser createrole nobypassrls password :'owner_password';
create role parley_app login nosuperuser nocreaterole nocreatedb nobypassrls password :'app_password';
create database parley owner parley_owner;
\connect parley
alter schema public owner to parley_owner;
SQL
