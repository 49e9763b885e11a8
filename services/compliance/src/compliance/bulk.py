"""Deciding many items in one request: each for itself, and each with an answer of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.errors import GreenlightError
from common.service.principal import Principal

from compliance.airlock import Airlock, Decided, DecisionOrder


@dataclass(frozen=True)
class BulkOutcome:
    """What became of one item: decided, or why not."""

    item_id: UUID
    decided: Decided | None = None
    error: GreenlightError | None = None


async def decide_each(
    airlock: Airlock, orders: Sequence[tuple[UUID, DecisionOrder]], *, principal: Principal, key: str | None
) -> list[BulkOutcome]:
    """Every item in the given order, in a transaction of its own: one that is refused changes nothing for the others.

    With an idempotency `key`, a repeat after a crash decides only what was not decided yet.
    """
    outcomes: list[BulkOutcome] = []
    for item_id, order in orders:
        try:
            decided = await airlock.decide(item_id, order, principal=principal, key=key)
        except GreenlightError as error:
            outcomes.append(BulkOutcome(item_id, error=error))
        else:
            outcomes.append(BulkOutcome(item_id, decided))
    return outcomes
