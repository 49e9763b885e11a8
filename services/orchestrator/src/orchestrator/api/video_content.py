"""`/create-video-content` as the agent suite before us had it: a script becomes a whole video, by a run.

On this service's own port the path is as it was; at the edge it is under `/compat/agent-os`.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from common.contracts.values import RunStatus
from common.contracts.video_content import VideoContent, VideoPlatform
from common.db.work import Work
from common.errors import NotFound
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.api.outlines import state_answer
from orchestrator.api.shapes import run_answer
from orchestrator.engine.state import Failure
from orchestrator.library import Library
from orchestrator.repository import get_run
from orchestrator.starting import Starter, StartRequest

PREFIX = "/compat/agent-os"
WORKFLOW = "video_content"
_STEP = "video"
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Caller = Annotated[Principal, Depends(current_principal)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class VideoRequest(BaseModel):
    """What clients of the agent suite before us ask of its video agent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "script": "The sea breathes twice a day. The moon pulls it.",
                    "voice_style": "warm and calm",
                    "duration": 20,
                    "platform": "tiktok",
                }
            ]
        }
    )

    script: str = Field(min_length=1, max_length=8_000, pattern=r"\S")
    voice_style: str = Field(default="calm and clear", max_length=200)
    duration: int = Field(default=30, ge=5, le=600, description="Seconds.")
    platform: VideoPlatform = "youtube_shorts"


class Video(BaseModel):
    """A video that is being made, or is there."""

    video_id: UUID = Field(description="The run that makes it.")
    status: str
    url: str | None = Field(description="Where its bytes are, once it is completed; below this origin.")
    duration: float | None = Field(description="Seconds, as measured.")
    transcript: str = Field(description="What was to be read.")
    chapters: list[dict[str, Any]] = Field(description="Always empty: nobody says where they would be.")
    provider: str | None
    error: Failure | None


def router(*, work: Work, library: Library, starter: Starter) -> APIRouter:
    """The two routes."""
    routes = APIRouter(tags=["agent suite"])

    @routes.post("/create-video-content", status_code=202, include_in_schema=False)
    @routes.post(
        f"{PREFIX}/create-video-content",
        status_code=202,
        summary="Have a vendor make a whole video of a script",
        responses=refusals(403, 404, 422, 429),
    )
    async def create(request: VideoRequest, caller: Creator, key: Key = None) -> Video:
        given = request.model_dump(exclude={"duration"}) | {"duration_seconds": request.duration}
        run_id = await starter.start(StartRequest(workflow=WORKFLOW, input=given), caller, key=key)
        return _shown(run_id, RunStatus.PENDING.value, request.script)

    @routes.get("/create-video-content/{video_id}", include_in_schema=False)
    @routes.get(
        f"{PREFIX}/create-video-content/{{video_id}}",
        summary="A video, and how far it is",
        responses=refusals(404, 422),
    )
    async def show(video_id: UUID, caller: Caller) -> Video:
        async with work.transaction(caller.tenant) as tx:
            row = await get_run(tx, video_id)
            if row["workflow"] != WORKFLOW:
                raise NotFound(f"There is no video {video_id}.")
            state = state_answer(row, await library.definition(tx, row["definition_digest"]))
        run = run_answer(row)
        output = next((step.output for step in state.steps if step.id == _STEP), None)
        made = VideoContent.model_validate(output) if output is not None else None
        return _shown(video_id, run.status, str(run.input.get("script", "")), made=made, error=run.error)

    return routes


def _shown(
    run_id: UUID, status: str, script: str, *, made: VideoContent | None = None, error: Failure | None = None
) -> Video:
    return Video(
        video_id=run_id,
        status=status,
        url=f"/v1/artifacts/{made.video.sha256}" if made else None,
        duration=made.duration_ms / 1000 if made else None,
        transcript=script,
        chapters=[],
        provider=made.provider if made else None,
        error=error,
    )
