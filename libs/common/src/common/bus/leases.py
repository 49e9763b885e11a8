"""Whose an attempt is: claimed before it is worked on, held while it is, closed with its answer.

Claims and plain answers of all steps that are at that point together are one transaction each (see `Group`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID

from common.bus.step import LEASE, Step
from common.contracts.message import Capability, Finished
from common.db.connection import of_service
from common.db.group import Group
from common.db.work import Transaction, Work
from common.errors import LeaseLost

_CLAIM: LiteralString = """
    with asked as (
        select * from unnest(%(messages)s::uuid[], %(steps)s::uuid[], %(tenants)s::text[], %(attempts)s::int[],
            %(owners)s::uuid[]) as a(message_id, step_id, tenant_id, attempt, owner)
    ), handled as (
        select i.message_id, i.answer_id from {inbox} i join asked using (message_id)
    ), claimed as (
        insert into {attempts} as a (step_id, tenant_id, attempt, owner, lease_until, claims)
        select step_id, tenant_id, attempt, owner, now() + %(lease)s, 1 from asked
        where message_id not in (select message_id from handled)
        on conflict (step_id) do update set attempt = excluded.attempt, owner = excluded.owner,
            lease_until = excluded.lease_until,
            claims = case when a.attempt = excluded.attempt then a.claims + 1 else 1 end
        where a.attempt < excluded.attempt or (a.attempt = excluded.attempt and a.lease_until < now())
        returning step_id, claims
    )
    select message_id, answer_id, null::uuid as step_id, null::int as claims from handled
    union all select null, null, step_id, claims from claimed
"""
"""Those handled before, with their answers, and those that are ours now, with how often they were claimed."""
_SEND_AGAIN: LiteralString = "update {outbox} set sent_at = null, sends = sends + 1 where id = any(%(answers)s)"
_LEFT: LiteralString = (
    "select step_id, attempt, greatest(extract(epoch from lease_until - now()), 0.05) as free_in"
    " from {attempts} where step_id = any(%(steps)s)"
)
_HOLD: LiteralString = (
    "update {attempts} a set lease_until = now() + %(lease)s"
    " from unnest(%(steps)s::uuid[], %(attempts)s::int[], %(owners)s::uuid[]) as h(step_id, attempt, owner)"
    " where a.step_id = h.step_id and a.attempt = h.attempt and a.owner = h.owner returning a.step_id"
)
_NOTE_HANDLED: LiteralString = (
    "insert into {inbox} (message_id, tenant_id, answer_id)"
    " select * from unnest(%(messages)s::uuid[], %(tenants)s::text[], %(answers)s::uuid[])"
)


@dataclass(frozen=True)
class Claim:
    """Whose an attempt is: `ours`, `leased` to somebody else now, `handled` before, or `stale`."""

    state: Literal["ours", "leased", "handled", "stale"]
    times: int = 0
    free_in_seconds: float = 0.0


@dataclass(frozen=True)
class Closing:
    """An attempt that has ended, and its answer."""

    step: Step
    finished: Finished


class Leases:
    """Claims and closes attempts of one capability."""

    def __init__(self, work: Work, capability: Capability[Any, Any]) -> None:
        self._work = work
        self._capability = capability
        self._claims: Group[Step, Claim] = Group(self._claim)
        self._closings: Group[Closing, bool] = Group(self._close)

    async def claim(self, step: Step) -> Claim:
        """Lease the attempt, if it is free and the newest; the answer of one that was handled is sent again."""
        return await self._claims.ask(step)

    async def close(self, step: Step, finished: Finished) -> None:
        """Record the answer of an attempt that saves nothing else. Raises `LeaseLost` when it is not ours any more."""
        if not await self._closings.ask(Closing(step, finished)):
            raise LeaseLost(f"attempt {step.attempt} of step {step.id} belongs to another worker now")

    async def _claim(self, steps: Sequence[Step]) -> list[Claim]:
        first = {step.id: step for step in reversed(steps)}
        asked = sorted(first.values(), key=lambda step: str(step.id))
        # A claim that a crash of the server undoes is one that nobody has: who worked under it may record nothing.
        async with self._work.system(lasting=False) as tx:
            found = await tx.conclude(
                of_service(_CLAIM, self._work.service),
                {
                    "messages": [step.header.id for step in asked],
                    "steps": [step.id for step in asked],
                    "tenants": [step.tenant for step in asked],
                    "attempts": [step.attempt for step in asked],
                    "owners": [step.owner for step in asked],
                    "lease": LEASE,
                },
            )
        handled = {row["message_id"]: row["answer_id"] for row in found if row["claims"] is None}
        ours = {row["step_id"]: Claim("ours", times=row["claims"]) for row in found if row["claims"] is not None}
        others = [step for step in asked if step.id not in ours and step.header.id not in handled]
        claims = ours | await self._others(others)
        await self._send_again([answer for answer in handled.values() if answer])
        again = Claim("leased", free_in_seconds=0.05)
        return [
            Claim("handled") if step.header.id in handled else claims[step.id] if first[step.id] is step else again
            for step in steps
        ]

    async def _send_again(self, answers: Sequence[UUID]) -> None:
        if answers:
            async with self._work.system() as tx:
                await tx.run(of_service(_SEND_AGAIN, self._work.service), {"answers": answers})

    async def _others(self, steps: Sequence[Step]) -> dict[UUID, Claim]:
        """What stands against those that could not be claimed."""
        if not steps:
            return {}
        async with self._work.system(lasting=False) as tx:
            found = await tx.conclude(of_service(_LEFT, self._work.service), {"steps": [step.id for step in steps]})
        current = {row["step_id"]: row for row in found}
        return {
            step.id: Claim("leased", free_in_seconds=float(current[step.id]["free_in"]))
            if current[step.id]["attempt"] == step.attempt
            else Claim("stale")
            for step in steps
        }

    async def _close(self, closings: Sequence[Closing]) -> list[bool]:
        async with self._work.system() as tx:
            ended = sorted(closings, key=lambda one: str(one.step.id))
            held = await tx.run(
                of_service(_HOLD, self._work.service),
                {
                    "steps": [one.step.id for one in ended],
                    "attempts": [one.step.attempt for one in ended],
                    "owners": [one.step.owner for one in ended],
                    "lease": LEASE,
                },
            )
            ours = {row["step_id"] for row in held}
            kept = [one.step for one in ended if one.step.id in ours]
            tx.run_last(
                of_service(_NOTE_HANDLED, self._work.service),
                {
                    "messages": [step.header.id for step in kept],
                    "tenants": [step.tenant for step in kept],
                    "answers": [step.answer_id() for step in kept],
                },
            )
            for one in ended:
                if one.step.id in ours:
                    send_answer(tx, one.step, one.finished, self._capability)
        return [one.step.id in ours for one in closings]


def send_answer(tx: Transaction, step: Step, finished: Finished, capability: Capability[Any, Any]) -> None:
    """Put the answer of an attempt into the outbox."""
    header = step.header
    tx.send(
        capability.finished_subject,
        finished,
        message_id=step.answer_id(),
        tenant=step.tenant,
        run=header.run,
        step=header.step,
        attempt=header.attempt,
        cause=header.id,
    )
