"""Everything ideation listens to, answers and leans on."""

from __future__ import annotations

from functools import partial

from common.bus.runner import serves
from common.contracts.ideation import ProposeIdeas
from common.service.serve import Platform, Wiring
from vendors.text_model.offline import OfflineTextModel

from ideation import api, handlers
from ideation.settings import Settings


def wire(settings: Settings, platform: Platform) -> Wiring:
    """One capability, and one writer behind it."""
    writer = OfflineTextModel()
    return Wiring(
        service="ideation",
        routers=[api.router(writer=writer)],
        serves=[serves(ProposeIdeas, partial(handlers.propose_ideas, writer=writer), slots=8)],
    )
