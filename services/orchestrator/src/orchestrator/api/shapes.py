"""What the orchestrator's HTTP answers look like."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.contracts.gates import AcceptedDowngrades
from common.contracts.values import Decision, PublicMoney, RunStatus
from common.errors import Invalid
from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.engine.interrupts import Interrupt, interrupts_of
from orchestrator.engine.state import Failure, RunState
from orchestrator.starting import Priority, StartRequest, Visibility


class SeedStart(BaseModel):
    """The body the seeds' clients send to `/v1/runs/start`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"workflow": "short_video", "brief": "How tides work"}]}
    )

    workflow: str | None = Field(default=None, pattern=r"^[a-z0-9_]+$")
    project: str | None = Field(default=None, pattern=r"^[a-z0-9_]+$")
    brief: str = Field(max_length=10_000)
    user_id: str | None = None
    telegram_chat_id: str | None = None
    visibility: Visibility = Visibility.TENANT

    def whole(self) -> StartRequest:
        """The same as a whole start."""
        workflow = self.workflow or self.project or "short_video"
        return StartRequest(workflow=workflow, input={"brief": self.brief}, visibility=self.visibility)


class DecisionRequest(BaseModel):
    """A decision on the gate a run waits at. Who decides is in the token, not here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"approved": True, "comment": "Good."}]})

    interrupt_id: UUID | None = Field(default=None, description="The gate meant; needed only to be safe.")
    approved: bool = True
    comment: str = Field(default="", max_length=4_000)
    data: dict[str, Any] | None = Field(default=None, description="JSON merge patch: approve with these edits.")
    manifest_sha256: str | None = Field(default=None, description="What you saw; another content is refused.")
    accepts_downgrades: AcceptedDowngrades = ()

    @property
    def decision(self) -> Decision:
        """In the airlock's word."""
        return Decision.APPROVED if self.approved else Decision.REJECTED

    def body(self) -> dict[str, Any]:
        """What the airlock is told besides."""
        return self.model_dump(exclude={"interrupt_id", "approved"}, exclude_none=True)


class Comment(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"comment": "Too long; cut the end."}]})

    interrupt_id: UUID | None = None
    comment: str = Field(min_length=1, max_length=4_000)
    manifest_sha256: str | None = Field(default=None, description="What you saw; another content is refused.")

    def body(self) -> dict[str, Any]:
        """What the airlock is told besides."""
        return self.model_dump(exclude={"interrupt_id"}, exclude_none=True)


class RunAnswer(BaseModel):
    """A run, as people see it."""

    run_id: UUID
    workflow: str
    status: str = Field(description="The status, or the name its step gives to it while it waits.")
    state: str = Field(description="The status of the state machine.")
    current_step: str | None
    degraded: bool
    downgrades: list[dict[str, Any]]
    origins: list[str] = Field(description="`offline` where a stand-in made something, and says so.")
    input: dict[str, Any]
    interrupts: list[Interrupt]
    output: Any = Field(description="What the workflow gives, once the run is completed.")
    error: Failure | None
    rejection: str | None
    cost_usd: PublicMoney = Field(description="What its steps and the runs it started have cost so far.")
    unknown_usd: PublicMoney = Field(
        description="Of the cost, what calls may have cost at most whose outcome nobody knows."
    )
    priority: Priority
    session_id: UUID | None
    visibility: Visibility
    parent_run_id: UUID | None = Field(description="The run of which a step started this one.")
    depth: int = Field(description="How many runs are above this one.")
    forked_from: UUID | None
    definition_digest: str = Field(description="The version of the workflow it goes by.")
    created_by: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    last_seq: int
    legal_hold: bool | None = Field(
        default=None, description="Nothing of it may be deleted. Only said of a run that is asked for by its id."
    )


class Started(BaseModel):
    """A run that was started, now or by the same key before."""

    run_id: UUID
    status: str


class HistoryAnswer(BaseModel):
    """One entry of a run's history."""

    seq: int
    type: str
    at: datetime
    data: dict[str, Any]


class ArtifactAnswer(BaseModel):
    """An artifact of a run; its bytes are at `/v1/artifacts/{id}`."""

    id: str
    type: str
    name: str
    size: int
    media_type: str
    step: str
    made_by: str
    origin: str
    licence: str | None
    announced_at: datetime


class AssetAnswer(ArtifactAnswer):
    """The same with the run that has it."""

    run_id: UUID


def started(run_id: UUID, response: Response) -> Started:
    """The answer to a start; its `Location` says where the run is looked at."""
    response.headers["Location"] = f"/v1/runs/{run_id}"
    return Started(run_id=run_id, status=RunStatus.PENDING.value)


def run_answer(row: Any) -> RunAnswer:
    """A row of `runs` for people."""
    state = RunState.model_validate(row["state"])
    return RunAnswer(
        run_id=row["id"],
        workflow=row["workflow"],
        status=row["shown_status"],
        state=row["status"],
        current_step=row["current_step"],
        degraded=bool(state.downgrades),
        downgrades=[downgrade.model_dump(mode="json") for downgrade in state.downgrades],
        origins=state.origins,
        input=row["input"],
        interrupts=interrupts_of(state),
        output=state.output,
        error=state.error,
        rejection=state.rejection,
        cost_usd=Decimal(row["cost_usd_micros"]) / 1_000_000,
        unknown_usd=Decimal(state.unknown_usd_micros) / 1_000_000,
        priority=list(Priority)[row["priority"]],
        session_id=row["session_id"],
        visibility=Visibility.PRIVATE if row["private_of"] else Visibility.TENANT,
        parent_run_id=row["parent_run_id"],
        depth=row["depth"],
        forked_from=row["forked_from_run_id"],
        definition_digest=row["definition_digest"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
        last_seq=state.seq,
    )


def fields_of(written: str | None) -> set[str] | None:
    """The members of `RunAnswer` that are asked for; None for all. Raises `Invalid` for others."""
    if written is None:
        return None
    wanted = {name.strip() for name in written.split(",") if name.strip()}
    if unknown := sorted(wanted - set(RunAnswer.model_fields)):
        raise Invalid(f"A run has no {', '.join(unknown)}; it has {', '.join(sorted(RunAnswer.model_fields))}.")
    if not wanted:
        raise Invalid("'fields' names none.")
    return wanted


def artifact_answer(row: Any) -> ArtifactAnswer:
    """A row of `run_artifacts` for people."""
    return ArtifactAnswer.model_validate({"id": row["sha256"], **row})


def asset_answer(row: Any) -> AssetAnswer:
    """The same, where it is listed beside what other runs made."""
    return AssetAnswer.model_validate({"id": row["sha256"], **row})
