"""One drill from its tenant to its verdict."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cli.drill.crowd import Crowd
from cli.drill.evidence import Evidence, gather
from cli.drill.film import put_film
from cli.drill.ledger import Ledger
from cli.drill.people import Crew, join
from cli.drill.plan import DrillPlan, Target
from cli.drill.site import Site
from cli.drill.strikes import NothingToHit, Striker
from cli.drill.watch import StandStill, Strike, Watch

Tell = Callable[[str], None]
_ACTIVE_SECONDS = 10.0
_TRIES = 4


@dataclass
class Outcome:
    """What a drill found."""

    plan: DrillPlan
    tenant: str
    started: int
    strikes: list[Strike]
    stuck: list[StandStill]
    evidence: Evidence
    seconds: float
    not_reached: int = 0
    """Places between commit and publish that were armed and not reached in time; each was tried again."""
    not_now: dict[str, int] = field(default_factory=dict)
    """What people got instead of answers, and how often; they asked again."""


class Drill:
    """A plan, carried out on a stack."""

    def __init__(self, plan: DrillPlan, site: Site, *, tell: Tell) -> None:
        self.plan = plan
        self._site = site
        self._tell = tell
        self._chance = random.Random(plan.seed)
        self._strikes: list[Strike] = []
        self._not_reached = 0

    async def run(self) -> Outcome:
        """Carry it out. Raises `Trouble` when the stack cannot be used at all."""
        began = time.monotonic()
        tenant = f"drill-{uuid4().hex[:10]}"
        async with join(self._site, tenant=tenant) as crew:
            film = await put_film(self._site.data, tenant=tenant)
            ledger = Ledger(lambda: self._site.database_url, tenant=tenant)
            watch = Watch(ledger, is_well=self._site.is_well, stuck_after_seconds=self.plan.stuck_after_seconds)
            crowd = Crowd(crew, watch, film, self._chance)
            try:
                with _plainly():
                    async with _going_on(watch.follow, crowd.decide_for_ever):
                        await self._strike_all(watch, crowd)
                        await self._wait_for_ends(watch, crowd)
                await watch.look()
                evidence = await gather(crew, ledger, started=crowd.started, runs=watch.runs)
            finally:
                await ledger.close()
        return Outcome(
            plan=self.plan,
            tenant=tenant,
            started=len(crowd.started),
            strikes=self._strikes,
            stuck=list(watch.stuck.values()),
            evidence=evidence,
            seconds=time.monotonic() - began,
            not_reached=self._not_reached,
            not_now=_not_now(crew, crowd),
        )

    async def _strike_all(self, watch: Watch, crowd: Crowd) -> None:
        striker = Striker(
            self._site,
            watch,
            self._chance,
            stir=lambda: self._let_them_get_busy(watch, crowd),
            delete_jetstream=self.plan.delete_jetstream,
            with_supervisor=self.plan.with_supervisor,
            past_lease_seconds=self.plan.past_lease_seconds,
        )
        waves = self.plan.waves()
        async with asyncio.TaskGroup() as starting:
            for number, target in enumerate(self.plan.strikes, start=1):
                # Not waited for: while the orchestrator is down nobody gets an answer, and the next strike may come.
                starting.create_task(crowd.start(waves[number - 1]))
                await self._strike_one(striker, target, number, watch=watch, crowd=crowd)
            if not self.plan.strikes:
                starting.create_task(crowd.start(self.plan.runs))

    async def _strike_one(self, striker: Striker, target: Target, number: int, *, watch: Watch, crowd: Crowd) -> None:
        await self._let_them_get_busy(watch, crowd)
        strike = await self._strike(striker, target, number)
        self._strikes.append(strike)
        watch.add(strike)
        await watch.until(lambda: strike.recovery_seconds is not None, within_seconds=self.plan.overlap_after_seconds)
        recovery = strike.recovery_seconds
        after = f"advancing after {recovery:.1f} s" if recovery is not None else "not all advancing yet"
        over = sum(run.is_over for run in watch.runs.values())
        self._tell(f"{number}/{len(self.plan.strikes)} {strike.what}: {len(strike.owed)} runs, {after}; {over} over")
        if number < len(self.plan.strikes):
            await asyncio.sleep(self._chance.uniform(0, self.plan.pause_seconds))

    async def _let_them_get_busy(self, watch: Watch, crowd: Crowd) -> None:
        """A random moment in which runs are on the move: some just started, others just let go at their gate."""
        await asyncio.sleep(self._chance.uniform(0.05, 0.8))
        crowd.hurry()
        await watch.until(lambda: bool(watch.owed()), within_seconds=_ACTIVE_SECONDS)
        await asyncio.sleep(self._chance.uniform(0, 0.1))

    async def _strike(self, striker: Striker, target: Target, number: int) -> Strike:
        for tries in range(1, _TRIES + 1):
            try:
                blow = await striker.strike(target)
            except (NothingToHit, ProcessLookupError):
                self._not_reached += 1
                if tries == _TRIES:
                    break
            else:
                return Strike(number, target, blow.what, blow.at, blow.owed)
        blow = await striker.strike(Target.ORCHESTRATOR)
        return Strike(number, Target.ORCHESTRATOR, f"{blow.what} instead of {target.value}", blow.at, blow.owed)

    async def _wait_for_ends(self, watch: Watch, crowd: Crowd) -> None:
        """Until every run is over, or nothing has moved for as long as we have patience."""

        def ended() -> bool:
            return len(watch.runs) >= len(crowd.started) and all(run.is_over for run in watch.runs.values())

        self._tell("waiting for the ends of all runs")
        watch.moved_at = time.monotonic()
        while not ended() and time.monotonic() - watch.moved_at < self.plan.patience_seconds:
            await watch.until(ended, within_seconds=1.0)


@asynccontextmanager
async def _going_on(*loops: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """The loops run for as long as the block; one that breaks breaks the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop()) for loop in loops]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


@contextmanager
def _plainly() -> Iterator[None]:
    """What went wrong first, without the groups that tasks put around it."""
    try:
        yield
    except ExceptionGroup as group:
        error: Exception = group
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        raise error from group


def _not_now(crew: Crew, crowd: Crowd) -> dict[str, int]:
    return dict((crew.author.not_now + crew.reviewer.not_now + crowd.refused).most_common(12))
