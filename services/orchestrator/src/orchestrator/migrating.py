"""Moving a run to the version of its workflow that is started now."""

from __future__ import annotations

from uuid import UUID

from common.clock import Clock
from common.contracts.values import RunStatus
from common.db.work import Work
from common.errors import Conflict
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.engine.happenings import Migrated
from orchestrator.engine.migration import MigrationReport, compare
from orchestrator.engine.state import RunState
from orchestrator.library import Library
from orchestrator.models import runs
from orchestrator.repository import lock_run
from orchestrator.transitions import Happened, Transitions

RESTING = frozenset({RunStatus.WAITING, RunStatus.PAUSED, RunStatus.FAILED})
"""Only a run in such a state can be moved."""
_HINTS = {
    RunStatus.PENDING: "It has hardly begun; pause it first.",
    RunStatus.RUNNING: "Pause it first.",
}


class CannotBeMigrated(Conflict):
    """The run cannot go on by the other definition; `report` says why."""


class MigrateRequest(BaseModel):
    """Whether only to say what would be."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = Field(default=False, description="Change nothing, and refuse nothing: only report.")


class MigrationAnswer(BaseModel):
    """What moving the run would change, or has changed."""

    run_id: UUID
    applied: bool = Field(description="False for a dry run, and for a run that goes by that version already.")
    report: MigrationReport


class Migrator:
    """Migrates runs, one at a time and only when somebody asks."""

    def __init__(
        self, work: Work, library: Library, transitions: Transitions, announcer: Announcer, *, clock: Clock
    ) -> None:
        self._work = work
        self._library = library
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def migrate(self, run_id: UUID, request: MigrateRequest, caller: Principal) -> MigrationAnswer:
        """Move a run that waits, is paused or has failed. A repeat changes nothing.

        Raises `NotFound`, also for a workflow that cannot be started now, and `CannotBeMigrated` with the report.
        """
        now = self._clock()
        async with self._work.transaction(caller.tenant) as tx:
            row = await lock_run(tx, run_id)
            old = await self._library.definition(tx, row["definition_digest"])
            new = self._library.get(row["workflow"])
            report = _report(compare(old, new, RunState.model_validate(row["state"])), RunStatus(row["status"]))
            answer = MigrationAnswer(run_id=run_id, applied=False, report=report)
            if request.dry_run or (report.possible and old.digest == new.digest):
                return answer
            if not report.possible:
                raise CannotBeMigrated(" ".join(report.obstacles), report=report.model_dump(mode="json"))
            # Before the happening, so that the run is shown by what its steps say now.
            await tx.session.execute(update(runs).where(runs.c.id == run_id).values(definition_digest=new.digest))
            moved = Migrated(at=now, by=caller.user_id, from_digest=old.digest, to_digest=new.digest)
            aftermath = await self._transitions.apply(tx, [Happened(run_id, moved)])
            detail = {"from_digest": old.digest, "to_digest": new.digest}
            hashes = {"before_sha256": old.digest, "after_sha256": new.digest}
            tx.audit(run_entry("run.migrated", run_id, actor=caller.user_id, at=now, detail=detail, **hashes))
        await self._announcer.tell(aftermath)
        return answer.model_copy(update={"applied": True})


def _report(report: MigrationReport, status: RunStatus) -> MigrationReport:
    """The same, with what stands against it besides: only a run that rests can be moved."""
    if status in RESTING:
        return report
    said = f"The run is {status.value}. {_HINTS.get(status, 'It is over.')}"
    return report.model_copy(update={"possible": False, "obstacles": [said, *report.obstacles]})
