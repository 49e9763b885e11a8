"""Hearing that a person is to be forgotten, doing it, and answering with an audit entry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.erasing import ERASED_ACTION, ErasureOrdered
from common.db.work import Transaction, Work
from common.service.hearing import hear

Forget = Callable[[Transaction, ErasureOrdered], Awaitable[Mapping[str, int]]]
"""Blanks what a service keeps about a person, in the given transaction. → how much of what."""


def answer(tx: Transaction, erasure_id: UUID, counted: Mapping[str, int], *, service: str, at: datetime) -> None:
    """Tell how much of what was blanked for an order, if `tx` commits. Who answers again tells what more it was."""
    tx.audit(
        AuditEntry(
            actor=f"service:{service}",
            action=ERASED_ACTION,
            resource=f"erasure:{erasure_id}",
            detail=dict(counted),
            at=at,
        )
    )


class Forgetting:
    """Reads the durable `<service>-erasures`. A message that comes twice changes nothing the second time."""

    def __init__(self, work: Work, bus: Bus, *, forget: Forget, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._forget = forget
        self._clock = clock

    async def run(self) -> None:
        """Listen for ever."""
        await hear(self._work, self._bus, ErasureOrdered, durable="erasures", note=self._note)

    async def _note(self, tx: Transaction, order: ErasureOrdered) -> None:
        counted = await self._forget(tx, order)
        answer(tx, order.erasure_id, counted, service=self._work.service, at=self._clock())
