"""Everything the orchestrator listens to, answers and leans on."""

from __future__ import annotations

from pathlib import Path

from common import http
from common.service.auth import Authenticator
from common.service.erasing import Forgetting
from common.service.generations import Generations
from common.service.holding import HeldRuns
from common.service.serve import Platform, Wiring
from common.service.webhooks import WebhookDoor, webhook_routes

from orchestrator.announcer import Announcer
from orchestrator.api import artifacts, drills, limits, orders, runs, services, socket, v2, video_content
from orchestrator.api import chat as chat_api
from orchestrator.api import control as control_api
from orchestrator.api import dead_letters as dead_letters_api
from orchestrator.api import estimates as estimates_api
from orchestrator.api import evidence as evidence_api
from orchestrator.api import insights as insights_api
from orchestrator.api import schedules as schedules_api
from orchestrator.api import shares as shares_api
from orchestrator.api import tasks as tasks_api
from orchestrator.api import webhooks as signals_api
from orchestrator.arrivals import Arrivals
from orchestrator.bulk import Bulk
from orchestrator.control import Control
from orchestrator.dead_letters import DeadLetters
from orchestrator.deciding import Decider
from orchestrator.dispatcher import Dispatcher
from orchestrator.evidence import Evidence
from orchestrator.express import Express
from orchestrator.forgetting import Forgetter
from orchestrator.forking import Forker
from orchestrator.library import Library
from orchestrator.migrating import Migrator
from orchestrator.models import legal_holds, webhook_deliveries
from orchestrator.noticing import Notices
from orchestrator.redriving import Redriver
from orchestrator.registry import Registry
from orchestrator.resuming import Resumer
from orchestrator.returns import Returns
from orchestrator.scheduler import Scheduler
from orchestrator.schedules import Schedules
from orchestrator.settings import Settings
from orchestrator.sharing import Sharing
from orchestrator.starting import Starter
from orchestrator.stream import Hub
from orchestrator.tasks import Tasks
from orchestrator.timekeeper import Timekeeper
from orchestrator.transitions import Transitions
from orchestrator.unwanted import Unwanted
from orchestrator.webhooks import Signals, waiting_runs

PACKING_SECONDS = 55.0
"""How long a pack may take until its first byte; the edge gives up after a minute."""


def wire(settings: Settings, platform: Platform) -> Wiring:
    """The engine: arrivals, dispatcher and timers around pure transitions; and the doors to look at it."""
    work, bus, clock = platform.work, platform.bus, platform.clock
    library = Library(Path(settings.workflows_dir), work)
    express = Express()
    transitions = Transitions(library, express, clock=clock)
    announcer = Announcer(bus)
    arrivals = Arrivals(work, bus, transitions, announcer, clock=clock)
    dispatcher = Dispatcher(work, bus, announcer, express, clock=clock, poll_ms=settings.poll_ms)
    registry = Registry(work, dispatcher.slots, clock=clock, platform_tenant=settings.platform_tenant)
    timekeeper = Timekeeper(work, transitions, announcer, clock=clock, poll_ms=settings.poll_ms)
    unwanted = Unwanted(work, bus, announcer, dispatcher.slots, clock=clock)
    returns = Returns(work, bus, announcer, clock=clock)
    notices = Notices(work, bus, announcer, clock=clock)
    hub = Hub(work, bus)
    starter = Starter(work, library, transitions, announcer, clock=clock)
    control = Control(work, transitions, announcer, clock=clock)
    forker = Forker(work, library, transitions, announcer, clock=clock)
    migrator = Migrator(work, library, transitions, announcer, clock=clock)
    bulk = Bulk(work, control, forker, migrator, library)
    tasks = Tasks(work, transitions, announcer, control, clock=clock)
    letters = DeadLetters(work, bus, announcer, clock=clock)
    redriver = Redriver(work, transitions, announcer, clock=clock, platform_tenant=settings.platform_tenant)
    schedules = Schedules(work, library, clock=clock)
    scheduler = Scheduler(work, library, transitions, announcer, clock=clock, poll_ms=settings.poll_ms)
    signals = Signals(work, transitions, announcer, clock=clock)
    vendors = settings.webhook_secrets
    door = WebhookDoor(work, webhook_deliveries, waiting_runs(), vendors, clock=clock, poll_ms=settings.poll_ms)
    holds = HeldRuns(work, bus, table=legal_holds)
    forgetter = Forgetter(work, clock=clock)
    forgetting = Forgetting(work, bus, forget=forgetter.forget, clock=clock)
    compliance = http.client(base_url=settings.compliance_url)
    decider = Decider(work, library, door=compliance)
    packer = http.client(base_url=settings.compliance_url, timeout_seconds=PACKING_SECONDS)
    evidence = Evidence(work, platform.artifacts, door=packer, identity=platform.identity)
    identity = http.client(base_url=settings.identity_url)
    authenticator = Authenticator(identity, generations=Generations(platform.redis))
    return Wiring(
        service="orchestrator",
        routers=[
            runs.router(
                work=work,
                library=library,
                starter=starter,
                decider=decider,
                holds=holds,
                trace_url=settings.trace_url,
            ),
            orders.router(work=work),
            shares_api.router(sharing=Sharing(work, announcer, clock=clock)),
            control_api.router(control=control, forker=forker, migrator=migrator, bulk=bulk),
            v2.router(
                work=work,
                library=library,
                starter=starter,
                decider=decider,
                resumer=Resumer(work, library, decider, control, signals, forker=forker),
            ),
            chat_api.router(work=work, airlock=compliance, clock=clock),
            artifacts.router(work=work, artifacts=platform.artifacts),
            evidence_api.router(evidence=evidence),
            limits.router(work=work, clock=clock),
            estimates_api.router(work=work, library=library),
            insights_api.router(work=work, library=library, clock=clock),
            tasks_api.router(work=work, tasks=tasks, library=library),
            video_content.router(work=work, library=library, starter=starter),
            dead_letters_api.router(work=work, redriver=redriver),
            schedules_api.router(work=work, schedules=schedules, scheduler=scheduler, clock=clock),
            signals_api.router(signals=signals),
            services.router(work=work, bus=bus),
            drills.router(work=work, clock=clock),
            webhook_routes(door),
            socket.router(hub=hub, redis=platform.redis, authenticator=authenticator),
        ],
        # The socket verifies a ticket itself when a browser cannot send a header; a webhook says who it is by signing.
        open_paths=["/ws", "/v1/webhooks/"],
        signed_paths=["/v1/webhooks/"],
        starts=[library.load, tasks.load, dispatcher.listen, returns.listen, hub.listen],
        loops=[
            *(
                arrivals.answers,
                arrivals.signals,
                dispatcher.run,
                unwanted.run,
                timekeeper.run,
                returns.run,
                hub.catch_up,
            ),
            *(letters.listen, letters.count, letters.prune, scheduler.run, door.run, registry.watch, library.watch),
            *(forgetting.run, forgetter.run, holds.run, notices.run),
        ],
        closes=[compliance.aclose, packer.aclose, identity.aclose],
    )
