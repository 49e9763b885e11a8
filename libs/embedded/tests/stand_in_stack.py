"""The real supervisor with stand-ins for the migrations and the apps; takes the same arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embedded.environment import Site, migration_environment, service_environment
from embedded.programs import Layout, Program
from embedded.settings import inherited_environment
from embedded.supervisor import main

_APP = str(Path(__file__).with_name("stand_in_app.py"))
_MIGRATION = str(Path(__file__).with_name("stand_in_migration.py"))


def stand_in_apps(site: Site, layout: Layout) -> Sequence[Program]:
    """One process for all ports, or one for each."""
    ports = {name: url.rpartition(":")[2] for name, url in site.services.items()}
    ready = tuple(f"{url}/ready" for url in site.services.values())
    if layout == "one":
        return (Program("apps", (_APP, *ports.values(), "--litter"), ready=ready),)
    return tuple(
        Program(name, (_APP, port), service_environment(name, site), (f"{site.services[name]}/ready",))
        for name, port in ports.items()
    )


def stand_in_migration(site: Site) -> Program:
    """Counts the starts."""
    return Program("migrate", (_MIGRATION,), migration_environment(site))


if __name__ == "__main__":
    preload = None if "STAND_IN_WITHOUT_FORKS" in inherited_environment() else ()
    raise SystemExit(main(apps=stand_in_apps, migration=stand_in_migration, preload=lambda: preload))
