"""`python -m embedded.host`: the app process. Hosts all services and the edge, or with `--service` one of them.

This module imports next to nothing: every worker of the compute pool imports it again before its first task.
"""

from __future__ import annotations

import argparse

from common.contracts.catalogue import SERVICES

from embedded.environment import EDGE


def main() -> None:
    """Read what to host from the environment, and host it."""
    from embedded.hosting import host
    from embedded.settings import HostSettings, inherited_environment

    parser = argparse.ArgumentParser(prog="embedded.host", description="Host the services in this process.")
    parser.add_argument("--service", choices=(*SERVICES, EDGE), help="host only this one, from plain variables")
    only: str | None = parser.parse_args().service
    settings = HostSettings()
    environments = {only: inherited_environment()} if only else settings.service_environments
    host(environments, log_level=settings.log_level)


if __name__ == "__main__":
    main()
