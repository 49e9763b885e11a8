"""`/admin/drills`: what the drills of this installation found, for those who operate it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from common.clock import Clock
from common.db.work import Work
from common.service.pages import STORABLE
from common.service.principal import Principal, Role, governs_platform
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.drills import KEPT, keep_drill, list_drills

Operator = Annotated[Principal, Depends(governs_platform(Role.OPERATOR))]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Milliseconds = Annotated[int, Field(ge=0, le=10**9)]
Line = Annotated[str, Field(max_length=500, pattern=STORABLE)]
_FINDINGS = 20


class DrillResult(BaseModel):
    """What a drill came to. The words are explained in docs/drill.md."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "commit": "7dbf142123fb",
                    "machine": "2 cores",
                    "runs": 200,
                    "kills": 10,
                    "lost": 0,
                    "repeated": 0,
                    "stuck": 0,
                    "audit_problems": 0,
                    "recovery_p50_ms": 800,
                    "recovery_p99_ms": 4100,
                    "took_ms": 61_000,
                    "targets": {"orchestrator": 10},
                }
            ]
        },
    )

    commit: Line = Field(description="Of the clone it was started from; `+changes` when files differed from it.")
    machine: Line
    runs: Count = Field(description="How many went on meanwhile.")
    kills: Count
    lost: Count = Field(description="Runs that did not come to their end.")
    repeated: Count = Field(description="Effects outside that happened more than once.")
    stuck: Count = Field(description="Runs that stood still though there was work to do.")
    audit_problems: Count = Field(description="What the audit chain's own verification complained about.")
    recovery_p50_ms: Milliseconds | None = Field(description="From a kill until every run moves; null when none did.")
    recovery_p99_ms: Milliseconds | None
    took_ms: Milliseconds
    targets: dict[Line, Count] = Field(max_length=50, description="What was killed, and how often.")
    findings: list[Line] = Field(default=[], max_length=_FINDINGS, description="The first of what must not be.")


class DrillAnswer(DrillResult):
    """A drill that was kept."""

    name: str = Field(description="The tenant it ran in.")
    at: datetime = Field(description="When it was over.")
    passed: bool = Field(description="Whether nothing was lost, repeated or stuck, and the audit chain verified.")


def router(*, work: Work, clock: Clock) -> APIRouter:
    """`./greenlight drill` writes these; the page reads them."""
    routes = APIRouter(tags=["drills"])

    @routes.get("/admin/drills", summary="What the last drills found, newest first", responses=refusals(401, 403, 422))
    async def index(_caller: Operator, limit: Annotated[int, Query(ge=1, le=KEPT)] = 10) -> list[DrillAnswer]:
        async with work.system() as tx:
            return [_answer(row["name"], row["at"], row["result"]) for row in await list_drills(tx, limit=limit)]

    @routes.put(
        "/admin/drills/{drill}",
        status_code=204,
        summary="Keep what a drill found. Repeating it changes nothing",
        responses=refusals(401, 403, 422),
    )
    async def keep(
        drill: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")], result: DrillResult, _caller: Operator
    ) -> None:
        async with work.system() as tx:
            await keep_drill(tx, drill, result.model_dump(mode="json"), now=clock())

    return routes


def _answer(name: str, at: datetime, result: dict[str, int]) -> DrillAnswer:
    passed = not any(result[one] for one in ("lost", "repeated", "stuck", "audit_problems"))
    return DrillAnswer.model_validate({**result, "name": name, "at": at, "passed": passed})
