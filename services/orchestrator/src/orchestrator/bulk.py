"""The same action on many runs: each in a transaction of its own, so that one in trouble stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.work import Work
from common.errors import Invalid, NotFound, Rejected
from common.observability.logging import get_logger
from common.service.idempotency import answer_once
from common.service.pages import STORABLE
from common.service.principal import Principal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from orchestrator.control import Action, Control
from orchestrator.engine.migration import MigrationReport
from orchestrator.forking import Forker, ForkRequest
from orchestrator.library import Library
from orchestrator.migrating import RESTING, CannotBeMigrated, MigrateRequest, Migrator
from orchestrator.repository import RunFilter, get_run, list_runs

log = get_logger(__name__)
BULK_LIMIT = 1000
_AT_ONCE = 4
_ROUTE = "POST /v1/runs/bulk"
_UNDER_WAY = tuple(status for status in RunStatus if status not in TERMINAL_STATUSES)
_FITTING: dict[str, Collection[RunStatus]] = {
    Action.PAUSE: (RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING),
    Action.RESUME: (RunStatus.PAUSED,),
    Action.CANCEL: _UNDER_WAY,
    Action.TERMINATE: _UNDER_WAY,
    Action.RETRY: (RunStatus.FAILED,),
    "fork": TERMINAL_STATUSES,
    "migrate": RESTING,
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

    def wanted(self, fitting: Collection[RunStatus], *, moved: Collection[str]) -> RunFilter:
        """The same as a list asks for. Where no run is named, also: `fitting`, the states of runs if none is said, and
        `moved`, the versions of workflows that they are not to go by already."""
        said = self.model_dump(exclude_none=True)
        return RunFilter(**{"status": () if self.ids else fitting, "not_by": () if self.ids else moved} | said)


class BulkRequest(BaseModel):
    """What to do, and with which runs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"action": "cancel", "filter": {"workflow": "short_video"}, "dry_run": True}]},
    )

    action: Action | Literal["fork", "migrate"]
    filter: BulkFilter
    fork: ForkRequest | None = Field(default=None, description="For `fork`, and only for it: what each new run is.")
    dry_run: bool = Field(default=False, description="Only say which runs it would be done to, and what would change.")
    limit: int = Field(default=BULK_LIMIT, ge=1, le=BULK_LIMIT, description="The newest first; ask again for more.")

    @model_validator(mode="after")
    def _says_what_to_fork(self) -> BulkRequest:
        if (self.action == "fork") != (self.fork is not None):
            raise ValueError("`fork` says what forks are to be: the action fork needs it, and no other takes it.")
        return self


class BulkResult(BaseModel):
    """One run."""

    run_id: UUID
    outcome: BulkOutcome
    status: str | None = Field(description="As it shows now; null for a run that is not there.")
    error: str | None = None
    detail: str | None = None
    forked_to: UUID | None = Field(default=None, description="The new run, for `fork`.")
    report: MigrationReport | None = Field(default=None, description="What it changes for the run, for `migrate`.")


class BulkAnswer(BaseModel):
    """What became of each."""

    action: Action | Literal["fork", "migrate"]
    dry_run: bool
    matched: int = Field(description="How many of `results` there are; more may match when `more` says so.")
    counts: dict[BulkOutcome, int]
    more: bool = Field(description="Where runs have to be looked into, as for `degraded`, also when a thousand were.")
    results: list[BulkResult]


class Bulk:
    """Steers, forks and migrates many runs."""

    def __init__(self, work: Work, control: Control, forker: Forker, migrator: Migrator, library: Library) -> None:
        self._work = work
        self._control = control
        self._forker = forker
        self._migrator = migrator
        self._library = library

    async def do(self, request: BulkRequest, caller: Principal, *, key: str | None) -> BulkAnswer:
        """Do it to each. Repeating the whole is harmless: what was done already is `unchanged`, or matches no more.

        The same `key` finds the same runs, and forks each once; a fork needs one, since a run that was forked can be
        forked again. Raises `Invalid` for a filter that says nothing, and for a fork without a key.
        """
        found, more = await self._find(request, caller, key)
        busy = asyncio.Semaphore(_AT_ONCE)
        told = await asyncio.gather(*(self._try(row, request, caller, key, busy) for row in found))
        told += _missing(request, {row["id"] for row in found}, more=more)
        counts = {outcome: sum(one.outcome is outcome for one in told) for outcome in BulkOutcome}
        return BulkAnswer(
            action=request.action, dry_run=request.dry_run, matched=len(told), counts=counts, more=more, results=told
        )

    async def _find(self, request: BulkRequest, caller: Principal, key: str | None) -> tuple[Sequence[Any], bool]:
        asked = request.filter
        if not asked.model_dump(exclude_none=True):
            raise Invalid(f"The filter is empty; say which runs, by {', '.join(BulkFilter.model_fields)}.")
        if request.action == "fork" and key is None and not request.dry_run:
            raise Invalid("Say an Idempotency-Key: without it a repeat would fork every run once more.")
        moved = [one.digest for one in self._library.current.values()] if request.action == "migrate" else []
        wanted = asked.wanted(_FITTING[request.action], moved=moved)
        async with self._work.transaction(caller.tenant) as tx:
            found = await list_runs(tx, wanted, limit=request.limit)
            more = found.following is not None
            if key is None or request.dry_run:
                return found.rows, more
            first = {"runs": [str(row["id"]) for row in found.rows], "more": more}
            stored = await answer_once(
                tx, principal=caller.user_id, route=_ROUTE, key=key, request=request, response=first
            )
            if stored is None:
                return found.rows, more
            again = await list_runs(tx, RunFilter(ids=[UUID(one) for one in stored["runs"]]), limit=BULK_LIMIT)
            return again.rows if stored["runs"] else [], stored["more"]

    async def _try(
        self, row: Any, request: BulkRequest, caller: Principal, key: str | None, busy: asyncio.Semaphore
    ) -> BulkResult:
        async with busy:
            try:
                return await self._do(row, request, caller, key)
            except Rejected as error:
                status, code, detail = error.extra.get("status_now", row["shown_status"]), error.code, error.detail
            except Exception as error:
                log.exception("bulk.broke", run_id=str(row["id"]), error=repr(error))
                status, code = row["shown_status"], "internal_error"
                detail = "It could not be done; the log has the details."
        return BulkResult(run_id=row["id"], outcome=BulkOutcome.REFUSED, status=status, error=code, detail=detail)

    async def _do(self, row: Any, request: BulkRequest, caller: Principal, key: str | None) -> BulkResult:
        if request.fork is not None:
            return await self._fork(row, request.fork, caller, key=None if request.dry_run else key)
        if request.action == "migrate":
            return await self._migrate(row, caller, dry_run=request.dry_run)
        if request.dry_run:
            return BulkResult(run_id=row["id"], outcome=BulkOutcome.WOULD, status=row["shown_status"])
        after, changed = await self._control.steer(row["id"], caller, Action(request.action))
        return BulkResult(run_id=row["id"], outcome=_outcome(changed=changed), status=after["shown_status"])

    async def _fork(self, row: Any, request: ForkRequest, caller: Principal, *, key: str | None) -> BulkResult:
        told = BulkResult(run_id=row["id"], outcome=BulkOutcome.WOULD, status=row["shown_status"])
        if key is None:
            await self._forker.check(row["id"], request, caller)
            return told
        # A key that somebody used to fork one of them by itself is another.
        forked, made = await self._forker.fork(row["id"], request, caller, key=f"bulk:{key}")
        return told.model_copy(update={"outcome": _outcome(changed=made), "forked_to": forked})

    async def _migrate(self, row: Any, caller: Principal, *, dry_run: bool) -> BulkResult:
        answer = await self._migrator.migrate(row["id"], MigrateRequest(dry_run=dry_run), caller)
        report = answer.report
        if not report.possible:
            raise CannotBeMigrated(" ".join(report.obstacles))
        would = dry_run and report.from_digest != report.to_digest
        async with self._work.transaction(caller.tenant) as tx:
            status = (await get_run(tx, row["id"]))["shown_status"]
        outcome = BulkOutcome.WOULD if would else _outcome(changed=answer.applied)
        return BulkResult(run_id=row["id"], outcome=outcome, status=status, report=report)


def _outcome(*, changed: bool) -> BulkOutcome:
    return BulkOutcome.CHANGED if changed else BulkOutcome.UNCHANGED


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
