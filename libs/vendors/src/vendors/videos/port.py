"""What we need from whoever makes a whole video of a script. It costs money and takes minutes, so it comes in parts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from common.contracts.values import Origin, Value
from common.errors import VendorRefused
from pydantic import Field


class VideoFailed(VendorRefused):
    """The vendor took the order and could not make the video, or only a part of it."""


class VideoOrder(Value):
    """What is to be made, in words for the vendor's agent."""

    name: str = Field(min_length=1, max_length=200, description="Under which the vendor lists it.")
    prompt: str = Field(min_length=1, max_length=20_000)


class VideoJob(Value):
    """Something that the vendor is doing to a project."""

    id: str = Field(min_length=1, max_length=200)
    project: str = Field(min_length=1, max_length=200)
    project_url: str = ""


class VideoStage(StrEnum):
    """Where a job is. The last three are final."""

    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"
    """The vendor does not know it any more, or somebody cancelled it."""


class VideoProgress(Value):
    """What a look showed."""

    stage: VideoStage
    share: float = Field(default=0.0, ge=0, le=1)
    detail: str = ""
    link: str = Field(default="", description="Of something published: where its file is, for some hours.")
    credits: int | None = Field(default=None, description="What it took of what we have bought there, if it says so.")


class VideoMaker(Protocol):
    """A vendor of videos. Only `begin` costs, and no adapter repeats it."""

    @property
    def name(self) -> str:
        """The adapter's name, as artifacts' records and people see it."""

    @property
    def origin(self) -> Origin:
        """Whether a vendor works for real, or a stand-in that says so."""

    async def begin(self, order: VideoOrder) -> VideoJob:
        """Order a video, once. Raises `OutcomeUnknown` when it may have been taken and nobody said so; any other error
        means that it was not."""

    async def publish(self, project: str) -> VideoJob:
        """Have a project's file made. Doing it again is harmless: the vendor has one file of a project."""

    async def check(self, job: VideoJob) -> VideoProgress:
        """Look only. Raises `VendorUnavailable` when nothing was seen."""

    async def fetch(self, link: str, *, to: Path) -> None:
        """Write the file to `to`, whole or not at all. What it really is, is for the caller to find out."""

    async def close(self) -> None:
        """Close the connections."""
