"""Descript: its agent makes a project of a prompt; the project is published and its file downloaded.

Its callbacks are not signed, so they are not asked for: jobs are polled. `stopped` is the normal end of a job, and
whether it went well is in its result. The API is in early access; what it says beyond this is ignored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import quote

import httpx
from common.contracts.values import Origin
from pydantic import BaseModel, ConfigDict, Field

from vendors.clips.download import download
from vendors.videos.port import VideoJob, VideoOrder, VideoProgress, VideoStage
from vendors.wire import VendorGone, ask

RESOLUTION = "1080p"


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Begun(_Answer):
    job_id: str = Field(min_length=1, max_length=200)
    project_id: str = Field(min_length=1, max_length=200)
    project_url: str = ""


class _Doing(_Answer):
    label: str = ""
    percent: float = 0


class _Result(_Answer):
    status: Literal["success", "partial", "error"]
    error_message: str = ""
    agent_response: str = ""
    download_url: str = ""
    ai_credits_used: int | None = None


class _Job(_Answer):
    job_state: Literal["queued", "running", "stopped", "cancelled"]
    progress: _Doing | None = None
    result: _Result | None = None


class Descript:
    """One drive. The base address of `client` ends where `/jobs` begins, and it has the token."""

    name = "descript"

    def __init__(self, client: httpx.AsyncClient, *, origin: Origin = Origin.REAL) -> None:
        self.origin = origin
        self._client = client

    async def begin(self, order: VideoOrder) -> VideoJob:
        """See `VideoMaker`. It knows no idempotency key: the same name twice makes two projects."""
        body = {"project_name": order.name, "prompt": order.prompt}
        begun = await ask(
            self._client, "POST", "/jobs/agent", vendor=self.name, returns=_Begun, undoable=False, json=body
        )
        return VideoJob(id=begun.job_id, project=begun.project_id, project_url=begun.project_url)

    async def publish(self, project: str) -> VideoJob:
        """See `VideoMaker`. Nobody but the drive's own people sees it there."""
        body = {"project_id": project, "media_type": "Video", "resolution": RESOLUTION, "access_level": "private"}
        begun = await ask(self._client, "POST", "/jobs/publish", vendor=self.name, returns=_Begun, json=body)
        return VideoJob(id=begun.job_id, project=begun.project_id, project_url=begun.project_url)

    async def check(self, job: VideoJob) -> VideoProgress:
        """See `VideoMaker`."""
        path = f"/jobs/{quote(job.id, safe='')}"
        try:
            found = await ask(self._client, "GET", path, vendor=self.name, returns=_Job)
        except VendorGone as gone:
            return VideoProgress(stage=VideoStage.GONE, detail=gone.detail)
        doing = found.progress or _Doing()
        match found.job_state:
            case "queued":
                return VideoProgress(stage=VideoStage.QUEUED)
            case "running":
                share = min(1.0, max(0.0, doing.percent / 100))
                return VideoProgress(stage=VideoStage.WORKING, share=share, detail=doing.label[:200])
            case "cancelled":
                return VideoProgress(stage=VideoStage.GONE, detail="Somebody cancelled it.")
        return _ended(found.result)

    async def fetch(self, link: str, *, to: Path) -> None:
        """See `VideoMaker`. The file lies with somebody else, whom our token is none of the business of."""
        await download(self._client, link, vendor=self.name, to=to)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _ended(result: _Result | None) -> VideoProgress:
    """A job that stopped. A part of a video is no video."""
    if result is None:
        return VideoProgress(stage=VideoStage.FAILED, detail="It stopped without a result.")
    stage = VideoStage.DONE if result.status == "success" else VideoStage.FAILED
    said = result.error_message or result.agent_response
    told = said if result.status != "partial" else f"Only a part of it was done. {said}"
    return VideoProgress(
        stage=stage, share=1.0, detail=told.strip()[:500], link=result.download_url, credits=result.ai_credits_used
    )
