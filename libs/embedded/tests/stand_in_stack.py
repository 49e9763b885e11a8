"""The real supervisor with stand-ins for the migrations and the apps; takes the same arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from embedded.environment import Site, migration_environment, service_environment
from embedded.programs import Layout, Program
from embedded.supervisor import main

_APP = str(Path(__file__).with_name("stand_in_app.py"))
_MIGRATE = """
import os, psycopg
url = os.environ["GREENLIGHT_ADMIN_DATABASE_URL"].replace("+psycopg", "")
with psycopg.connect(url) as connection:
    connection.execute("create extension if not exists vector")
    connection.execute("create table if not exists starts (at timestamptz default now())")
    connection.execute("insert into starts default values")
"""


def stand_in_apps(site: Site, layout: Layout) -> Sequence[Program]:
    """One process for all ports, or one for each."""
    ports = {name: url.rpartition(":")[2] for name, url in site.services.items()}
    ready = tuple(f"{url}/ready" for url in site.services.values())
    if layout == "one":
        return (Program("apps", (sys.executable, _APP, *ports.values(), "--litter"), ready=ready),)
    return tuple(
        Program(name, (sys.executable, _APP, port), service_environment(name, site), (f"{site.services[name]}/ready",))
        for name, port in ports.items()
    )


def stand_in_migration(site: Site) -> Program:
    """Counts the starts in a table of its own, so a test can see the data survive."""
    return Program("migrate", (sys.executable, "-c", _MIGRATE), migration_environment(site))


if __name__ == "__main__":
    raise SystemExit(main(apps=stand_in_apps, migration=stand_in_migration))
