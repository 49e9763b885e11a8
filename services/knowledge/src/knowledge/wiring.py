"""What knowledge serves: the library, filled by `ArchiveFilm`. Read this first."""

from __future__ import annotations

from functools import partial

from common.bus.runner import serves
from common.contracts.knowledge import ArchiveFilm, RecallFilms
from common.service.holding import HeldRuns
from common.service.serve import Platform, Wiring
from common.service.sharing import SharedRuns

from knowledge import api, handlers
from knowledge.models import legal_holds, run_shares
from knowledge.settings import Settings


def wire(settings: Settings, platform: Platform) -> Wiring:
    """`ArchiveFilm` in, `RecallFilms` and `/v1/library` out."""
    holds = HeldRuns(platform.work, platform.bus, table=legal_holds)
    forgotten = handlers.ForgettingRuns(platform.work, platform.bus, holds=holds, clock=platform.clock)
    return Wiring(
        service="knowledge",
        routers=[api.router(platform.work, holds=holds, clock=platform.clock)],
        serves=[
            serves(ArchiveFilm, handlers.archive_film),
            serves(RecallFilms, partial(handlers.recall_films, edge_url=settings.edge_url)),
        ],
        loops=[holds.run, SharedRuns(platform.work, platform.bus, table=run_shares).run, forgotten.run],
    )
