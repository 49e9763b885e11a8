"""Everything the editor listens to, answers and leans on."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from common.bus.runner import serves
from common.contracts.editing import AssembleTimeline, RenderCut
from common.contracts.exporting import ExportCut
from common.service.serve import Platform, Wiring

from editor import handlers
from editor.cache import prune
from editor.remotion.choosing import studio_of
from editor.settings import Settings

_TIDY_SECONDS = 600.0


def wire(settings: Settings, platform: Platform) -> Wiring:
    """Three capabilities: laying a film out, rendering it, and making other files of it."""
    data = Path(settings.data_dir)
    scratch, segments = platform.scratch.path, data / "segments"
    studio = studio_of(settings)

    async def tidy() -> None:
        """Keep the cache of rendered pieces within its bounds, for ever."""
        while True:
            await asyncio.sleep(_TIDY_SECONDS)
            await asyncio.to_thread(prune, segments, max_bytes=settings.segment_cache_bytes)
            if studio:
                await asyncio.to_thread(studio.prune)

    render = partial(handlers.render_cut, scratch=scratch, segments=segments, studio=studio)
    return Wiring(
        service="editor",
        serves=[
            serves(AssembleTimeline, handlers.assemble_timeline, slots=8),
            serves(RenderCut, render, slots=settings.renders_at_once),
            serves(ExportCut, partial(handlers.export_cut, scratch=scratch), slots=2),
        ],
        loops=[tidy, *([studio.worker.watch] if studio else [])],
        closes=[studio.worker.close] if studio else [],
    )
