"""The same action on many runs: each in a transaction of its own, so that one in trouble stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.work import Work
from common.errors import Invalid, NotFound, Rejected
from common.observability.logging import get_logger
from common.service.pages import STORABLE
from common.service.principal import Principal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from orchestrator.control import Action, Control
from orchestrator.repository import RunFilter, list_runs

log = get_logger(__name__)
BULK_LIMIT = 1000
_AT_ONCE = 4
_UNDER_WAY = tuple(status for status in RunStatus if status not in TERMINAL_STATUSES)
_FITTING = {
    Action.PAUSE: (RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING),
    Action.RESUME: (RunStatus.PAUSED,),
    Action.CANCEL: _UNDER_WAY,
    Action.TERMINATE: _UNDER_WAY,
    Action.RETRY: (RunStatus.FAILED,),
}


class BulkOutcome(StrEnum):
    """What became of one run."""

    WOULD = "would"
    """Nothing, because it was a dry run."""
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """It was so before."""
    REFUSED = "refused"


class BulkFilter(BaseModel):
    """Which runs; all that is said has to hold."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] | None = Field(default=None, min_length=1, max_length=BULK_LIMIT)
    status: list[RunStatus] | None = Field(
        default=None, min_length=1, description="Without it, and without `ids`: those the action makes sense for."
    )
    workflow: str | None = Field(default=None, min_length=1, max_length=200, pattern=STORABLE)
    created_before: AwareDatetime | None = None
    created_after: AwareDatetime | None = None
    created_by: str | None = Field(default=None, max_length=200, pattern=STORABLE)
    session_id: UUID | None = None
    degraded: bool | None = None
    min_seconds: float | None = Field(default=None, ge=0, le=1e9, description="From a run's start to its end, or now.")
    max_seconds: float | None = Field(default=None, ge=0, le=1e9)

    def wanted(self, fitting: Collection[RunStatus]) -> RunFilter:
        """The same as a list asks for; `fitting`: the states of runs where neither these nor any run are named."""
        said = self.model_dump(exclude_none=True)
        return RunFilter(**{"status": () if self.ids else fitting} | said)


class BulkRequest(BaseModel):
    """What to do, and with which runs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"action": "cancel", "filter": {"workflow": "short_video"}, "dry_run": True}]},
    )

    action: Action
    filter: BulkFilter
    dry_run: bool = Field(default=False, description="Only say which runs it would be done to.")
    limit: int = Field(default=BULK_LIMIT, ge=1, le=BULK_LIMIT, description="The newest first; ask again for more.")


class BulkResult(BaseModel):
    """One run."""

    run_id: UUID
    outcome: BulkOutcome
    status: str | None = Field(description="As it shows now; null for a run that is not there.")
    error: str | None = None
    detail: str | None = None


class BulkAnswer(BaseModel):
    """What became of each."""

    action: Action
    dry_run: bool
    matched: int = Field(description="How many of `results` there are; more may match when `more` says so.")
    counts: dict[BulkOutcome, int]
    more: bool = Field(description="Where runs have to be looked into, as for `degraded`, also when a thousand were.")
    results: list[BulkResult]


class Bulk:
    """Steers many runs."""

    def __init__(self, work: Work, control: Control) -> None:
        self._work = work
        self._control = control

    async def steer(self, request: BulkRequest, caller: Principal) -> BulkAnswer:
        """Do it to each. Repeating the whole is harmless: what was done already is `unchanged`, or matches no more.

        Raises `Invalid` for a filter that says nothing.
        """
        found, more = await self._find(request, caller)
        if request.dry_run:
            told = [
                BulkResult(run_id=row["id"], outcome=BulkOutcome.WOULD, status=row["shown_status"]) for row in found
            ]
        else:
            busy = asyncio.Semaphore(_AT_ONCE)
            told = await asyncio.gather(*(self._steer(row, request.action, caller, busy) for row in found))
        told += _missing(request, {row["id"] for row in found}, more=more)
        counts = {outcome: sum(one.outcome is outcome for one in told) for outcome in BulkOutcome}
        return BulkAnswer(
            action=request.action, dry_run=request.dry_run, matched=len(told), counts=counts, more=more, results=told
        )

    async def _find(self, request: BulkRequest, caller: Principal) -> tuple[Sequence[Any], bool]:
        asked = request.filter
        if not asked.model_dump(exclude_none=True):
            raise Invalid(f"The filter is empty; say which runs, by {', '.join(BulkFilter.model_fields)}.")
        wanted = asked.wanted(_FITTING[request.action])
        async with self._work.transaction(caller.tenant) as tx:
            found = await list_runs(tx, wanted, limit=request.limit)
        return found.rows, found.following is not None

    async def _steer(self, row: Any, action: Action, caller: Principal, busy: asyncio.Semaphore) -> BulkResult:
        async with busy:
            try:
                after, changed = await self._control.steer(row["id"], caller, action)
            except Rejected as error:
                return BulkResult(
                    run_id=row["id"],
                    outcome=BulkOutcome.REFUSED,
                    status=error.extra.get("status_now", row["shown_status"]),
                    error=error.code,
                    detail=error.detail,
                )
            except Exception as error:
                log.exception("bulk.broke", run_id=str(row["id"]), error=repr(error))
                return BulkResult(
                    run_id=row["id"],
                    outcome=BulkOutcome.REFUSED,
                    status=row["shown_status"],
                    error="internal_error",
                    detail="It could not be done; the log has the details.",
                )
        outcome = BulkOutcome.CHANGED if changed else BulkOutcome.UNCHANGED
        return BulkResult(run_id=row["id"], outcome=outcome, status=after["shown_status"])


def _missing(request: BulkRequest, found: set[UUID], *, more: bool) -> list[BulkResult]:
    """Runs that were named and are not there, or not as the rest of the filter says."""
    if more or not request.filter.ids:
        return []
    error = NotFound("There is no such run, or the rest of the filter does not hold for it.")
    return [
        BulkResult(run_id=one, outcome=BulkOutcome.REFUSED, status=None, error=error.code, detail=error.detail)
        for one in dict.fromkeys(request.filter.ids)
        if one not in found
    ]
