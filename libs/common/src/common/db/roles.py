"""Database roles: who owns, who serves, who looks across tenants; and the policies that keep tenants apart.

For each service: `<svc>_owner` owns the schema and runs migrations, `<svc>_app` sees one tenant, `<svc>_system` sees
the transport tables of all. Nobody logs in as these: the login role `<svc>` inherits nothing and takes one of the last
two for the length of a transaction, so a statement outside of `Work` has no rights at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import AsyncConnection, sql

TENANT_SETTING = "greenlight.tenant"


async def ensure_roles(connection: AsyncConnection, service: str, *, password: str) -> None:
    """Make the service's schema and roles, or bring them up to date. Needs a role that may create roles."""
    names = {
        "svc": sql.Identifier(service),
        "owner": sql.Identifier(f"{service}_owner"),
        "app": sql.Identifier(f"{service}_app"),
        "system": sql.Identifier(f"{service}_system"),
    }
    for role in (f"{service}_owner", f"{service}_app", f"{service}_system", service):
        known = await connection.execute("select 1 from pg_roles where rolname = %s", (role,))
        if await known.fetchone() is None:
            await connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    await connection.execute(
        sql.SQL("alter role {svc} login noinherit password {password}").format(password=sql.Literal(password), **names)
    )
    for statement in (
        "grant {app}, {system} to {svc}",
        "grant {owner} to current_user",
        "create schema if not exists {svc} authorization {owner}",
        "grant usage on schema {svc} to {app}, {system}",
    ):
        await connection.execute(sql.SQL(statement).format(**names))


def protect(service: str, table: str, *, system: bool = False, append_only: bool = False) -> Iterable[str]:
    """The statements a migration runs after creating a table with `tenant_id`.

    `system`: the service's own loops may see all tenants' rows. `append_only`: nobody may change or delete a row.
    """
    name = f'"{service}"."{table}"'
    rights = "select, insert" if append_only else "select, insert, update, delete"
    yield f"alter table {name} enable row level security"
    yield f"alter table {name} force row level security"
    yield f"alter table {name} add constraint ck_{table}_tenant check (tenant_id <> '')"
    tenant = f"tenant_id = (select current_setting('{TENANT_SETTING}', true))"
    yield f"create policy tenant on {name} to {service}_app using ({tenant}) with check ({tenant})"
    yield f"grant {rights} on {name} to {service}_app"
    if system:
        yield f"create policy system on {name} to {service}_system using (true) with check (true)"
        yield f"grant {rights} on {name} to {service}_system"


def protect_system(service: str, table: str) -> Iterable[str]:
    """For a table without tenants (keys, definitions): only the service's own code in named modules reaches it."""
    name = f'"{service}"."{table}"'
    yield f"grant select, insert, update, delete on {name} to {service}_system"
    yield f"grant select on {name} to {service}_app"
