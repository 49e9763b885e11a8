"""`python -m common.service.run ideation`: one service as a process of its own, as containers run it."""

from __future__ import annotations

import argparse
import importlib

import uvicorn
from starlette.types import ASGIApp

from common.contracts.catalogue import SERVICES
from common.observability.logging import configure_logging
from common.service.settings import ServiceSettings

_GRACE_SECONDS = 8


def run(service: str, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT, on the address of the settings, with JSON logs on standard error."""
    configure_logging(settings.log_level)
    app: ASGIApp = importlib.import_module(f"{service}.main").app(settings)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws_max_size=1 << 20,
    )


def main() -> None:
    """Read which service from the command line, and how from the environment."""
    parser = argparse.ArgumentParser(prog="common.service.run", description="Serve one service.")
    parser.add_argument("service", choices=SERVICES)
    service: str = parser.parse_args().service
    run(service, importlib.import_module(f"{service}.settings").Settings.model_validate({}))


if __name__ == "__main__":
    main()
