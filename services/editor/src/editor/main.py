"""The process: settings in, app out."""

from __future__ import annotations

from common.service.serve import serve
from fastapi import FastAPI
from safety.shield import shield_for

from editor.models import metadata
from editor.settings import Settings
from editor.wiring import wire


def app(settings: Settings | None = None) -> FastAPI:
    """The service's app; settings come from the environment unless given (the embedded host gives them)."""
    chosen = settings or Settings.model_validate({})
    return serve(wire, chosen, metadata=metadata, shield=shield_for(chosen))
