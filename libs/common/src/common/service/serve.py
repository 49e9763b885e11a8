"""From a service's wiring to a running app."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from fastapi import APIRouter, FastAPI
from nats.aio.msg import Msg
from opentelemetry import trace
from redis.asyncio import Redis
from sqlalchemy import MetaData
from starlette.middleware.gzip import GZipMiddleware

from common import http, testing_points
from common.artifacts import Artifacts
from common.bus.connection import Bus
from common.bus.dead import prune_letters
from common.bus.relay import Relay
from common.bus.runner import Runner, Served
from common.bus.stops import listen_for_stops
from common.clock import Clock, utc_now
from common.compute import ComputePool, pool_of
from common.contracts.services import Heartbeat
from common.db.pool import Pool
from common.db.table import runtime_tables
from common.db.work import Work
from common.ending import end_tasks
from common.ids import new_id
from common.observability.logging import get_logger
from common.observability.masking import mask_with
from common.observability.tracing import SpanExport, otlp_headers, tracer_for
from common.scratch import Scratch
from common.service.auth import Authenticator, ServiceIdentity
from common.service.generations import Generations
from common.service.health import Check, Health, Notice, health_router
from common.service.limiter import Limiter
from common.service.middleware import Gatekeeper, RequestContext
from common.service.problems import add_problem_handlers
from common.service.recording import Append, Recorded, Recorder, tell
from common.service.settings import ServiceSettings
from common.service.shielding import Exemptions, Shielding
from common.shield import Guard, TextShield

log = get_logger(__name__)
Loop = Callable[[], Awaitable[None]]
S = TypeVar("S", bound=ServiceSettings)
BODY_LIMIT = 1 << 20
GZIP_LEVEL = 3
"""A list of fifty items is a tenth larger than at the highest level, and packed in a third of the time."""
ANNOUNCE_SECONDS = 1.0
HEALTH_SECONDS = 5.0
PRUNE_SECONDS = 3600.0
FIRST_PRUNE_SECONDS = 300.0
"""After weeks without us, what is delivered again has to be known before that it was handled is forgotten."""


@dataclass(frozen=True)
class Platform:
    """What `serve` gives to a service's wiring to build on."""

    work: Work
    bus: Bus
    artifacts: Artifacts
    compute: ComputePool
    identity: ServiceIdentity
    redis: Redis
    clock: Clock
    scratch: Scratch
    """Where work under way is kept."""
    guard: Guard
    """The way through the shield, for what is said to somebody without a run."""

    def closes(self) -> Sequence[Loop]:
        """How each of it is ended, the last one first."""
        return (self.scratch.close, self.work.close, self.bus.close, self.redis.aclose, self.identity.close)


@dataclass(frozen=True)
class Wiring:
    """Everything a service listens to, answers, and leans on. Read a service's `wiring.py` first."""

    service: str
    routers: Sequence[APIRouter] = ()
    serves: Sequence[Served] = ()
    loops: Sequence[Loop] = ()
    """Background work that runs for as long as the service does; one that raises is started again."""
    open_paths: Sequence[str] = ()
    signed_paths: Sequence[str] = ()
    """Of the open paths, those that verify a signature themselves: only what they refuse counts against an address."""
    unshielded: Mapping[str, str] = field(default_factory=dict)
    """Writes that do not pass the shield, such as `POST /v1/policies/test`, and why: those that judge text."""
    files_at: Mapping[str, int] = field(default_factory=dict)
    """Paths that take files, and how many bytes at most. Of a request there the shield sees all but the body, which is
    no text: its handler decodes it."""
    ready: Mapping[str, Check] = field(default_factory=dict)
    notices: Mapping[str, Notice] = field(default_factory=dict)
    """What `/health` and `/ready` tell besides, while it is so."""
    append: Append = tell
    """How entries about requests are put on record; only compliance, which keeps the record, has another way."""
    starts: Sequence[Loop] = ()
    closes: Sequence[Loop] = ()


Wire = Callable[[S, Platform], Wiring]


def serve(wire: Wire[S], settings: S, *, metadata: MetaData, shield: TextShield) -> FastAPI:
    """The service's app: its routes behind authentication, with health, metrics, errors, bus, runner and relay.

    `metadata` is that of the service's schema, whose name is the service's. Every write, and every input and output of
    a capability, passes `shield`, which also says what may not be read in logs, spans and audit entries.
    """
    service = str(metadata.schema)
    testing_points.arm_from_setting(settings.testing_points, markers=Path(settings.data_dir))
    mask_with(shield.mask)
    tracer = tracer_for(service)
    platform = _platform(settings, service, metadata, shield=shield, tracer=tracer)
    guard = platform.guard
    wiring = wire(settings, platform)
    guard.record_by(wiring.append)
    generations = Generations(platform.redis)
    authenticator = Authenticator(http.client(base_url=settings.identity_url), generations=generations)
    limiter = Limiter(settings.redis_url.get_secret_value(), service=service, per_minute=settings.rate_limit_per_minute)
    recorder = Recorder(platform.work, clock=platform.clock, append=wiring.append)
    runners = [
        Runner(served, work=platform.work, bus=platform.bus, artifacts=platform.artifacts, tracer=tracer, guard=guard)
        for served in wiring.serves
    ]

    checks: dict[str, Check] = {
        "database": platform.work.ping,
        "bus": platform.bus.ping,
        "cache": lambda: _ping(platform.redis),
        **shield.ready,
        **wiring.ready,
    }
    health = Health(service, checks, notices=wiring.notices)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            own = (authenticator.close, limiter.close, recorder.close, shield.close)
            for close in (*platform.closes(), *own, *wiring.closes):
                stack.push_async_callback(_quietly, close)
            for close in _span_exports(service, settings):
                stack.push_async_callback(_quietly, close)
            stack.enter_context(platform.compute.held())
            await platform.bus.connect()
            await guard.verify()
            for start in wiring.starts:
                await start()
            relay = Relay(platform.work, platform.bus)
            loops = [relay.run, recorder.run, *[runner.run for runner in runners], *wiring.loops]
            loops.append(_every(PRUNE_SECONDS, relay.prune, first=FIRST_PRUNE_SECONDS))
            loops.append(_every(PRUNE_SECONDS, partial(prune_letters, platform.work)))
            announcement = Announcement(platform.bus, runners, relay, health)
            announce = announcement.say
            await _listen_for_control(platform.bus, runners, announce)
            loops += [_every(ANNOUNCE_SECONDS, announce), _every(HEALTH_SECONDS, health.look)]
            tasks = [asyncio.create_task(_forever(loop), name=f"{service}:{loop}") for loop in loops]
            # What start-up made stays: a full collection that looks at all of it stalled the loop for 0.2 s.
            gc.freeze()
            log.info("service.started", service=service)
            yield
            await end_tasks(tasks)
            await announce(leaves=True)
            await asyncio.gather(*(runner.stop() for runner in runners), return_exceptions=True)

    app = FastAPI(
        title=f"Greenlight {service}",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    add_problem_handlers(app)
    for router in (health_router(health), *wiring.routers):
        # As they are: to include a router is to work every route of it out once more, at the first request.
        app.router.routes.extend(router.routes)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=GZIP_LEVEL)
    exemptions = Exemptions(wiring.unshielded, signed_paths=wiring.signed_paths)
    app.add_middleware(Shielding, guard=guard, exemptions=exemptions, files_at=frozenset(wiring.files_at))
    app.add_middleware(
        Gatekeeper,
        authenticator=authenticator,
        limiter=limiter,
        open_paths=wiring.open_paths,
        signed_paths=wiring.signed_paths,
        body_limit=BODY_LIMIT,
        files_at=wiring.files_at,
    )
    app.add_middleware(Recorded, recorder=recorder, service=service, clock=platform.clock)
    app.add_middleware(RequestContext, service=service, tracer=tracer)
    app.state.wiring = wiring
    return app


def _platform(
    settings: ServiceSettings, service: str, metadata: MetaData, *, shield: TextShield, tracer: trace.Tracer
) -> Platform:
    url = settings.database_url.get_secret_value()
    pool = Pool(url, service=service, size=settings.pool_size)
    loops = Pool(url, service=service, size=settings.loop_pool_size)
    work = Work(pool, service=service, tables=runtime_tables(metadata), loops=loops)
    compute = pool_of(service)
    return Platform(
        work=work,
        bus=Bus(settings.nats_url.get_secret_value(), service=service),
        artifacts=Artifacts(settings.artifacts_url),
        compute=compute,
        identity=ServiceIdentity(
            http.client(base_url=settings.identity_url), key=settings.service_key.get_secret_value()
        ),
        redis=Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=2, socket_connect_timeout=2),
        clock=utc_now,
        scratch=Scratch(Path(settings.data_dir) / "scratch"),
        guard=Guard(shield, work=work, compute=compute, tracer=tracer, clock=utc_now),
    )


def _span_exports(service: str, settings: ServiceSettings) -> Iterator[Loop]:
    """Begin to send the service's spans, if they are to go anywhere. → how to send the last ones and end it."""
    if settings.otlp_endpoint:
        headers = otlp_headers(settings.otlp_headers.get_secret_value())
        yield SpanExport(service, endpoint=settings.otlp_endpoint, headers=headers).close


class Announcement:
    """Tells the orchestrator that this process is here, how much it can take, and how it is."""

    def __init__(self, bus: Bus, runners: Sequence[Runner], relay: Relay, health: Health) -> None:
        self._bus = bus
        self._relay = relay
        self._health = health
        self._worker = str(new_id())
        self._slots = {runner.served.capability.name: runner.served.slots for runner in runners}
        self._version = version(f"greenlight-{bus.service}")

    async def say(self, *, leaves: bool = False) -> None:
        """Say it once; `leaves` says goodbye."""
        heartbeat = Heartbeat(
            worker=self._worker,
            slots=self._slots,
            leaves=leaves,
            version=self._version,
            unsent=self._relay.unsent.rows,
            unsent_since=self._relay.unsent.since,
            unwell=self._health.unwell(),
        )
        await self._bus.say(f"ctl.worker.{self._bus.service}", heartbeat.model_dump_json().encode())


async def _listen_for_control(bus: Bus, runners: Sequence[Runner], announce: Loop) -> None:
    async def asked(_message: Msg) -> None:
        await announce()

    await listen_for_stops(bus, runners)
    await bus.hear("ctl.ask", asked)


def _every(seconds: float, act: Callable[[], Awaitable[None]], *, first: float = 0.0) -> Loop:
    async def loop() -> None:
        await asyncio.sleep(first)
        while True:
            await act()
            await asyncio.sleep(seconds)

    return loop


async def _forever(loop: Loop) -> None:
    """A loop that breaks is logged and begun again: one bad moment must not stop a service for good."""
    while True:
        try:
            await loop()
            return
        except Exception as error:
            log.exception("loop.broke", error=repr(error))
            await asyncio.sleep(1)


async def _quietly(close: Callable[[], Awaitable[None]]) -> None:
    with suppress(Exception):
        await close()


async def _ping(redis: Redis) -> None:
    await redis.ping()
