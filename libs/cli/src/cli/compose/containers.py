"""What is checked of the containers themselves: ready, without root, and a database that migrations leave alone."""

from __future__ import annotations

from common.contracts.catalogue import SERVICES

from cli.compose.engine import Composition
from cli.compose.site import broken, until

_STANDS_ON = ("postgres", "nats", "redis", "edge", "prometheus")
_WITHOUT_ROOT = (*SERVICES, "edge", "redis")
_READY_SECONDS = 240
_MOST_RESTARTS = 3
# Everything a migration could change: tables, columns, constraints, policies and rights.
_SHAPE = """
with ours as (select oid from pg_namespace where nspname in ({schemas})),
  tables as (select * from pg_class where relnamespace in (select oid from ours))
select md5(string_agg(line, chr(10) order by line)) from (
  select format('%s %s %s %s', oid, relname, relfilenode, relacl) line from tables
  union all select format('%s %s %s %s', attrelid, attname, atttypid, attnotnull)
    from pg_attribute where attrelid in (select oid from tables)
  union all select format('%s %s', oid, pg_get_constraintdef(oid))
    from pg_constraint where connamespace in (select oid from ours)
  union all select format('%s %s %s', oid, polname, pg_get_expr(polqual, polrelid)) from pg_policy
  union all select format('%s %s', rolname, rolconfig) from pg_roles where rolname !~ '^pg_'
) shape
"""


def wait_until_healthy(composition: Composition) -> str:
    """Until every container says it is well, with `migrate` ended well. → how many there are."""
    waiting = {service: composition.container(service) for service in (*SERVICES, *_STANDS_ON)}

    def look() -> str | None:
        for service, container in list(waiting.items()):
            state, restarts = _state(composition, container)
            if state == "healthy":
                del waiting[service]
            elif state in {"exited", "dead"} or restarts > _MOST_RESTARTS:
                raise broken(f"{service} does not stay up:\n{_last_words(composition, container)}")
        return None if waiting else "ready"

    until(look, seconds=_READY_SECONDS, what="all containers to be healthy", missing=lambda: ", ".join(waiting))
    code = composition.inspect(composition.container("migrate"), "{{.State.ExitCode}}")
    if code != "0":
        raise broken(f"migrate ended with {code}:\n{_last_words(composition, composition.container('migrate'))}")
    return f"{len(SERVICES) + len(_STANDS_ON)} containers healthy"


def check_migrations(composition: Composition) -> str:
    """Run them again: the same tables, constraints, policies and rights, and the same versions."""
    before = _shape(composition)
    composition.compose("run", "--rm", "-T", "migrate")
    if _shape(composition) != before:
        raise broken("Migrations changed the database when they ran a second time.")
    return f"shape {before[:12]}"


def check_containers(composition: Composition) -> str:
    """No root inside, nothing writable that was not named, no way to more rights."""
    for service in _WITHOUT_ROOT:
        for container in composition.containers(service):
            if composition.inside(container, "id", "-u").strip() == "0":
                raise broken(f"{service} runs as root")
    for service in (*SERVICES, *_STANDS_ON):
        container = composition.container(service)
        read_only = composition.inspect(container, "{{.HostConfig.ReadonlyRootfs}}")
        options = composition.inspect(container, "{{.HostConfig.SecurityOpt}}")
        if read_only != "true" or "no-new-privileges" not in options:
            raise broken(f"{service}: read-only is {read_only}, security options are {options}")
    written = composition.inside(
        composition.container("producer"), "sh", "-c", "touch /app/x 2>/dev/null; ls /app/x; true"
    )
    if written.strip():
        raise broken("a service could write to its own program")
    return f"{len(_WITHOUT_ROOT)} without root"


def _state(composition: Composition, container: str) -> tuple[str, int]:
    """What the engine says about a container, and how often it started it again."""
    template = "{{.RestartCount}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}"
    restarts, status, *health = composition.inspect(container, template).split()
    return (health[0] if status == "running" and health else status), int(restarts)


def _last_words(composition: Composition, container: str) -> str:
    return composition.docker("logs", "--tail", "12", container, both=True)


def _shape(composition: Composition) -> str:
    """A digest of everything in the catalogue that belongs to us, and of the versions."""
    shape = _ask(composition, _SHAPE.format(schemas=", ".join(f"'{service}'" for service in SERVICES)))
    versions = [_ask(composition, f"select version_num from {service}.alembic_version") for service in SERVICES]  # noqa: S608
    return " ".join([shape, *versions])


def _ask(composition: Composition, query: str) -> str:
    postgres = composition.container("postgres")
    return composition.inside(
        postgres, "psql", "-U", "greenlight", "-d", "greenlight", "-v", "ON_ERROR_STOP=1", "-Atc", query
    ).strip()
