"""What names a file that somebody brought along: runs under way, schedules, and what runs have made of it."""

from __future__ import annotations

from uuid import UUID

from common.contracts.values import TERMINAL_STATUSES
from common.db.work import Transaction
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.sql import cast

from orchestrator.models import run_artifacts, runs, schedules

SHOWN = 10
_ANYWHERE = cast("$.** ? (@ == $sha256)", JSONPATH)


class Uses(BaseModel):
    """What of the tenant's names these bytes; at most the first ten of each, private runs without their ids."""

    runs: list[UUID] = Field(description="Runs under way whose input names them, the newest first.")
    private_runs: int = Field(description="How many of those are private.")
    schedules: list[str] = Field(description="Schedules whose runs would name them.")
    is_kept: bool = Field(description="Whether a run, over or not, has them among its artifacts.")


async def uses_of(tx: Transaction, sha256: str) -> Uses:
    """Who names the bytes now. It looks at private runs as well: they would miss the file like any other."""
    under_way = runs.c.status.not_in([status.value for status in TERMINAL_STATUSES])
    named = (
        await tx.session.execute(
            select(runs.c.id, runs.c.private_of)
            .where(runs.c.tenant_id == tx.tenant, under_way, _names(runs.c.input, sha256))
            .order_by(runs.c.created_at.desc())
            .limit(SHOWN)
        )
    ).all()
    planned = await tx.session.execute(
        select(schedules.c.name)
        .where(schedules.c.tenant_id == tx.tenant, _names(schedules.c.input, sha256))
        .order_by(schedules.c.name)
        .limit(SHOWN)
    )
    is_kept = await tx.session.execute(
        select(exists().where(run_artifacts.c.tenant_id == tx.tenant, run_artifacts.c.sha256 == sha256))
    )
    return Uses(
        runs=[run.id for run in named if run.private_of is None],
        private_runs=sum(run.private_of is not None for run in named),
        schedules=list(planned.scalars()),
        is_kept=bool(is_kept.scalar_one()),
    )


def _names(input: ColumnElement[object], sha256: str) -> ColumnElement[bool]:
    return func.jsonb_path_exists(input, _ANYWHERE, func.jsonb_build_object("sha256", sha256))
