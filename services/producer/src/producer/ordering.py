"""An order that a vendor must not get twice: placed once for a step, by whichever of its attempts comes so far."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Generic, TypeVar

from common.bus.step import Save, Step
from common.contracts.values import Value
from common.errors import (
    GreenlightError,
    OutcomeUnknown,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from vendors.wire import VendorOff

_NO = (VendorRefused, VendorAuthFailed, VendorRateLimited, VendorUnavailable, VendorOff)
"""By these a vendor says that it did not take the order."""
_DETAIL_LIMIT = 500
Job = TypeVar("Job", bound=Value)


class Ordered(Value, Generic[Job]):
    """How an order ended: with a job, or with what the vendor said instead."""

    job: Job | None = None
    refusal: str = ""

    @property
    def taken(self) -> Job:
        """The job. Raises `LookupError` for an order that the vendor did not take."""
        if self.job is None:
            raise LookupError(self.refusal)
        return self.job


How = TypeVar("How", bound=Ordered[Any])


async def order_once(
    vendor: str,
    begin: Callable[[int], Awaitable[How]],
    step: Step,
    *,
    returns: type[How],
    refused: Callable[[str], How],
    request: Value,
    usd_micros: int,
    ask_leave: Callable[[], Awaitable[None]],
    repeatable: bool = False,
    save: Callable[[How], Save | None] | None = None,
    find: Callable[[int, OutcomeUnknown], Awaitable[How]] | None = None,
) -> How:
    """An order with a job: of this attempt or an earlier one. `begin` is told which turn it is, from 1.

    A vendor's no is recorded as such and raised, so that the next attempt may ask again. An order that nobody knows the
    end of is made again only if it is `repeatable`; else `find` looks for it, and where there is none, `OutcomeUnknown`
    is raised. What `save` gives for an answer runs in the transaction that records it.
    Each order asks for leave just before it: what `ask_leave` raises ends it before the vendor or any money is touched.
    """
    for turn in count(1):
        said: list[GreenlightError] = []
        if not await step.knows(f"order:{turn}"):
            await ask_leave()

        async def order(turn: int = turn, said: list[GreenlightError] = said) -> How:
            try:
                return await begin(turn)
            except _NO as error:
                said.append(error)
                return refused(error.detail[:_DETAIL_LIMIT])

        try:
            answer = await step.call(
                vendor,
                f"order:{turn}",
                order,
                returns=returns,
                kind="vendor",
                request=request,
                repeatable=repeatable,
                cost_usd_micros=lambda made: usd_micros if made.job else 0,
                at_most_usd_micros=usd_micros or None,
                save=save,
            )
        except OutcomeUnknown as error:
            if find is None:
                raise
            answer = await find(turn, error)
        if answer.job is not None:
            return answer
        if said:
            raise said[0]
    raise AssertionError("counting has no end")
