"""The process: settings in, app out."""

from __future__ import annotations

from common.service.serve import serve
from fastapi import FastAPI

from compliance.models import metadata
from compliance.settings import Settings
from compliance.wiring import wire


def app(settings: Settings | None = None) -> FastAPI:
    """The service's app; settings come from the environment unless given (the embedded host gives them)."""
    return serve(wire, settings or Settings.model_validate({}), metadata=metadata)
