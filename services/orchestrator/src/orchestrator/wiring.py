"""Everything the orchestrator listens to, answers and leans on."""

from __future__ import annotations

from pathlib import Path

from common import http
from common.service.auth import Authenticator
from common.service.serve import Platform, Wiring

from orchestrator.announcer import Announcer
from orchestrator.api import artifacts, limits, runs, socket
from orchestrator.arrivals import Arrivals
from orchestrator.control import Control
from orchestrator.dispatcher import Dispatcher
from orchestrator.library import Library
from orchestrator.settings import Settings
from orchestrator.starting import Starter
from orchestrator.stream import Hub
from orchestrator.timekeeper import Timekeeper
from orchestrator.transitions import Transitions


def wire(settings: Settings, platform: Platform) -> Wiring:
    """The engine: arrivals, dispatcher and timers around pure transitions; and the doors to look at it."""
    work, bus, clock = platform.work, platform.bus, platform.clock
    library = Library(Path(settings.workflows_dir), work)
    transitions = Transitions(library, clock=clock)
    announcer = Announcer(bus)
    arrivals = Arrivals(work, bus, transitions, announcer, clock=clock)
    dispatcher = Dispatcher(work, bus, announcer, clock=clock, poll_ms=settings.poll_ms)
    timekeeper = Timekeeper(work, transitions, announcer, clock=clock, poll_ms=settings.poll_ms)
    hub = Hub(work, bus)
    starter = Starter(work, library, transitions, announcer, clock=clock)
    control = Control(work, transitions, announcer, clock=clock)
    compliance = http.client(base_url=settings.compliance_url)
    identity = http.client(base_url=settings.identity_url)
    return Wiring(
        service="orchestrator",
        routers=[
            runs.router(work=work, library=library, starter=starter, control=control, compliance=compliance),
            artifacts.router(work=work, artifacts=platform.artifacts),
            limits.router(work=work, clock=clock),
            socket.router(hub=hub, redis=platform.redis, authenticator=Authenticator(identity)),
        ],
        # The socket verifies a ticket itself when a browser cannot send a header.
        open_paths=["/ws"],
        starts=[library.load, dispatcher.listen, hub.listen],
        loops=[arrivals.answers, arrivals.signals, dispatcher.run, timekeeper.run, hub.catch_up],
        closes=[compliance.aclose, identity.aclose],
    )
