"""The runs of a drill: started in waves, and decided about at their gates."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from http import HTTPStatus
from typing import Any
from uuid import UUID

from cli.drill.film import Inputs
from cli.drill.people import Crew
from cli.drill.watch import Watch
from cli.exits import ExitCode
from cli.trouble import Trouble

WORKFLOW = "drill"
_BRIEFS = (
    "How tides work: the Moon pulls the oceans, and the sea rises twice a day.",
    "Why bees dance: a bee shows the way to flowers by its angle to the sun.",
    "How bread rises: yeast eats sugar and its gas lifts the dough.",
    "Why leaves turn red: the green goes first and other colours stay.",
)
_AT_ONCE = 8
_LONGEST_HOLD_SECONDS = 8.0
_TICK_SECONDS = 0.1


class Crowd:
    """Starts runs and decides about them, whatever happens to the stack meanwhile."""

    def __init__(self, crew: Crew, watch: Watch, film: Inputs, chance: random.Random) -> None:
        self._crew = crew
        self._watch = watch
        self._film = film
        self._chance = chance
        self._decide_at: dict[UUID, float] = {}
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._asked = 0
        self.started: list[UUID] = []
        self.refused: Counter[str] = Counter()
        """What the airlock's door said instead of taking a decision, and how often."""

    async def start(self, count: int) -> None:
        """Start so many runs. Each is asked for with a key of its own until an answer comes."""
        first, self._asked = self._asked, self._asked + count
        self.started += await asyncio.gather(*(self._start(number) for number in range(first, first + count)))

    def hurry(self) -> None:
        """Decide about all open gates now: a strike is coming, and should find runs on the move."""
        self._decide_at = dict.fromkeys(self._decide_at, 0.0)

    async def decide_for_ever(self) -> None:
        """Approve each run's gate as the reviewer, up to eight seconds after it opened."""
        while True:
            await self._decide_due()
            await asyncio.sleep(_TICK_SECONDS)

    async def _start(self, number: int) -> UUID:
        values: dict[str, Any] = {"brief": _BRIEFS[number % len(_BRIEFS)], **self._film}
        headers = {"idempotency-key": f"drill-{number}"}
        body = {"workflow": WORKFLOW, "input": values}
        async with self._at_once:
            answer = await self._crew.author.ask("POST", "/v1/runs", json=body, headers=headers)
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise Trouble(
                f"A run was refused: {answer.status_code} {answer.text[:300]}",
                exit_code=ExitCode.REFUSED,
                code="drill_refused",
            )
        return UUID(answer.json()["run_id"])

    async def _decide_due(self) -> None:
        now = time.monotonic()
        waiting = self._watch.open_items()
        for item in waiting:
            self._decide_at.setdefault(item, now + self._chance.uniform(0, _LONGEST_HOLD_SECONDS))
        due = [(item, run_id) for item, run_id in waiting.items() if self._decide_at[item] <= now]
        await asyncio.gather(*(self._decide(item, run_id) for item, run_id in due))

    async def _decide(self, item: UUID, run_id: UUID) -> None:
        """One try; a gate that is still open afterwards is tried again a little later.

        A strike may have made the run fall back to something: that is accepted, as a reviewer must who approves it.
        """
        url = f"/v1/runs/{run_id}"
        async with self._at_once:
            answer = await self._crew.reviewer.try_once("GET", url)
            if answer is not None and answer.is_success:
                accepted = sorted({downgrade["code"] for downgrade in answer.json()["downgrades"]})
                decision = {"approved": True, "interrupt_id": str(item), "accepts_downgrades": accepted}
                answer = await self._crew.reviewer.try_once("POST", f"{url}/approve", json=decision)
        if answer is not None and answer.is_error:
            self.refused[f"{answer.status_code} {answer.json().get('error')}"] += 1
        self._decide_at[item] = time.monotonic() + 0.5
