"""People: how they get an account, prove who they are, stay signed in, and belong to tenants."""
