"""The app: every vendor under a prefix of its own, behind one door."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from sandbox import canva, descript, models, openai_videos, openrouter_videos, stock, voices
from sandbox.kit import control
from sandbox.kit.door import Door
from sandbox.kit.site import Site
from sandbox.settings import Settings

VENDORS = (canva, descript, models, openai_videos, openrouter_videos, stock, voices)
"""Modules with `router(site)`; a new vendor is one more here."""


def app(settings: Settings | None = None) -> FastAPI:
    """A sandbox; settings come from the environment unless given. `app.state.site` is what a test may look at."""
    chosen = settings or Settings()
    folder = tempfile.TemporaryDirectory(prefix="greenlight-sandbox-")
    site = Site.open(
        Path(folder.name), key=chosen.key.get_secret_value(), speed=chosen.speed, job_seconds=chosen.job_seconds
    )
    site.listeners.update(chosen.listeners)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for close in (site.callbacks.close, *site.closes):
                await close()
            folder.cleanup()

    built = FastAPI(title="Greenlight's sandbox of vendors", lifespan=lifespan)
    built.state.site = site
    built.include_router(control.router(site))
    for vendor in VENDORS:
        built.include_router(vendor.router(site))

    @built.get("/ready")
    async def ready() -> dict[str, Any]:
        return {"status": "ready"}

    built.add_middleware(Door, clock=site.clock, faults=site.faults, ledger=site.ledger)
    return built
