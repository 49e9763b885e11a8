"""A whole video of a script, made by a vendor's own agent instead of by our producer and editor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from common.contracts.message import Capability
from common.contracts.provenance import Source, Untrusted
from common.contracts.values import ArtifactRef, Value

VideoPlatform = Literal["tiktok", "instagram", "youtube_shorts", "youtube", "linkedin"]


class VideoContentInput(Value):
    """What is said, in which voice, how long it lasts and where it is shown."""

    script: Annotated[str, Untrusted(Source.BRIEF)] = Field(min_length=1, max_length=8_000, pattern=r"\S")
    voice_style: Annotated[str, Untrusted(Source.BRIEF)] = Field(default="calm and clear", max_length=200)
    duration_seconds: int = Field(default=30, ge=5, le=600)
    platform: VideoPlatform = "youtube_shorts"


class VideoContent(Value):
    """The video as it was delivered, and measured. Nobody says where its chapters are, so it has none."""

    video: ArtifactRef
    duration_ms: int
    width: int
    height: int
    provider: str
    project_url: str = Field(default="", description="Where people go on with it at the vendor's.")


MakeVideoContent = Capability("producer.make_video_content", VideoContentInput, VideoContent, timeout_ms=600_000)
