"""How each target is struck."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from common.bus.step import LEASE
from embedded.supervisor import FORK_SERVER

from cli.drill.plan import Target
from cli.drill.points import POINTS
from cli.drill.processes import Victim, held, stopped
from cli.drill.second import second_orchestrator
from cli.drill.site import OwnSite, Site
from cli.drill.watch import Watch

WORKERS = ("ideation", "compliance", "publisher", "knowledge")
ORCHESTRATOR = "orchestrator"
_OVERLAP_SECONDS = LEASE.total_seconds() + 2.0
_REACHED_SECONDS = 12.0


@dataclass(frozen=True)
class Blow:
    """What was done, when the last of it was (`time.monotonic()`), and which runs should have moved in that moment."""

    what: str
    at: float
    owed: dict[UUID, int]


class NothingToHit(Exception):
    """The place that was armed was not reached, so nothing was struck there."""


class Striker:
    """Strikes a stack."""

    def __init__(
        self,
        site: Site,
        watch: Watch,
        chance: random.Random,
        *,
        stir: Callable[[], Awaitable[None]],
        delete_jetstream: bool,
        with_supervisor: bool,
        past_lease_seconds: float,
    ) -> None:
        """`stir` sets runs on the move, before the last blow of a strike that takes long; a pause lasts
        a lease and `past_lease_seconds`."""
        self._site = site
        self._watch = watch
        self._stir = stir
        self._chance = chance
        self._delete_jetstream = delete_jetstream
        self._stop_seconds = LEASE.total_seconds() + past_lease_seconds
        self._with_supervisor = with_supervisor and site.own
        self._ways: Mapping[Target, Callable[[], Awaitable[Blow]]] = {
            Target.ORCHESTRATOR: lambda: self._kill(ORCHESTRATOR),
            Target.WORKER: lambda: self._kill(self._chance.choice(WORKERS)),
            Target.NATS: self._nats,
            Target.POSTGRES: lambda: self._kill("postgres"),
            Target.REDIS: lambda: self._kill("redis"),
            Target.RELAY: self._relay,
            Target.RECOVERER: self._recoverer,
            Target.OVERLAP: self._overlap,
            Target.PAUSE: self._pause,
        }

    async def strike(self, target: Target) -> Blow:
        """Strike it once. Raises `NothingToHit`, and `TimeoutError` when what is to be struck does not come back."""
        return await self._ways[target]()

    def _blow(self, what: str, at: float) -> Blow:
        return Blow(what, at, self._watch.owed())

    async def _end(self, victim: Victim, what: str) -> Blow:
        """Look at the runs, and kill at once: what moves between the two is too little to count."""
        await self._watch.look()
        return self._blow(what, await victim.kill())

    async def _kill(self, name: str) -> Blow:
        with held(await self._site.pid(name)) as victim:
            return await self._end(victim, f"{name} killed")

    async def _nats(self) -> Blow:
        if not self._delete_jetstream:
            return await self._kill("nats")
        # Stopped first: it can neither write the store while it goes nor read it again before it is gone.
        with held(await self._site.pid("nats")) as victim, stopped(victim):
            await asyncio.to_thread(shutil.rmtree, self._site.data / "nats" / "jetstream", ignore_errors=True)
            return await self._end(victim, "nats killed, its store deleted")

    async def _relay(self) -> Blow:
        """Kill a service, and its next life exactly between a commit and its publish."""
        point = POINTS.choose(self._chance)
        POINTS.arm(self._site.data, point)
        try:
            with held(await self._site.pid(point.service)) as first:
                await first.kill()
                pid = await self._site.next_pid(point.service, after=first.pid)
            try:
                with held(pid) as victim:
                    at = await victim.gone(within_seconds=_REACHED_SECONDS)
            except ProcessLookupError:
                at = time.monotonic()
            except TimeoutError:
                raise NothingToHit(point.name) from None
        finally:
            POINTS.disarm(self._site.data, point)
        return self._blow(f"{point.service} killed at {point.moment}", at)

    async def _recoverer(self) -> Blow:
        ways = [self._twice, self._database_during_recovery]
        if FORK_SERVER in self._site.state.processes:
            ways.append(self._everybody)
        if self._with_supervisor:
            ways.append(self._supervisor)
        return await self._chance.choice(ways)()

    async def _twice(self) -> Blow:
        """Kill the orchestrator, and the one that recovers."""
        pid = await self._kill_and_wait_for_next()
        with held(pid) as victim:
            return await self._end(victim, "orchestrator killed, and again while it recovered")

    async def _database_during_recovery(self) -> Blow:
        await self._kill_and_wait_for_next()
        blow = await self._kill("postgres")
        return replace(blow, what="orchestrator killed, and postgres while it recovered")

    async def _kill_and_wait_for_next(self) -> int:
        with held(await self._site.pid(ORCHESTRATOR)) as victim:
            await victim.kill()
            pid = await self._site.next_pid(ORCHESTRATOR, after=victim.pid)
        await asyncio.sleep(self._chance.uniform(0.1, 1.0))
        return pid

    async def _everybody(self) -> Blow:
        """Kill the process that all services are forked from: they die in the same moment, and the servers go on."""
        blow = await self._kill(FORK_SERVER)
        return replace(blow, what="all services killed at once")

    async def _supervisor(self) -> Blow:
        """Kill the supervisor, which takes everything with it, and start another."""
        site = self._site
        if not isinstance(site, OwnSite):
            raise NothingToHit("supervisor")
        with held(site.state.supervisor_pid) as victim:
            blow = await self._end(victim, "supervisor killed with all it runs, and started again")
        await site.wait_for_end()
        await site.start()
        return blow

    async def _overlap(self) -> Blow:
        """Hold the orchestrator for longer than a lease, let another work in its place, and then both."""
        with held(await self._site.pid(ORCHESTRATOR)) as old, stopped(old):
            began = time.monotonic()
            async with second_orchestrator(self._site) as second:
                await asyncio.sleep(max(0.0, _OVERLAP_SECONDS - (time.monotonic() - began)))
                old.send(signal.SIGCONT)
                await asyncio.sleep(self._chance.uniform(1.0, 3.0))
                await self._stir()
                if self._chance.random() < 0.5:
                    return await self._end(second, "two orchestrators at once, then the new one killed")
                blow = await self._end(old, "two orchestrators at once, then the old one killed")
                # The new one goes on for as long as the supervisor needs to put another beside it.
                with suppress(TimeoutError):
                    await self._site.pid(ORCHESTRATOR)
                return blow

    async def _pause(self) -> Blow:
        name = self._chance.choice((ORCHESTRATOR, *WORKERS))
        with held(await self._site.pid(name)) as victim:
            with stopped(victim):
                await asyncio.sleep(self._stop_seconds)
                await self._watch.look()
            return self._blow(f"{name} stopped for {self._stop_seconds:.0f} s", time.monotonic())
