"""Values that more than one message carries."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NewType
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

TenantId = NewType("TenantId", str)
RunId = NewType("RunId", UUID)
StepId = NewType("StepId", UUID)

PLATFORM_TENANT = "default"
"""The installation's own tenant, whose administrators govern the whole of it."""
TENANT_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SAFE_INTEGER = 2**53 - 1
"""The largest whole number that is the same for every reader of JSON."""
Micros = Annotated[int, Field(ge=0, description="Millionths of a US dollar.")]
JsonObject = dict[str, Any]


class Value(BaseModel):
    """A frozen value inside a message. Readers ignore fields they do not know, so old code reads new messages."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Money(Value):
    """An amount in micro-dollars. JSON for people shows it as a decimal string (see `PublicMoney`)."""

    usd_micros: Micros = 0

    @property
    def usd(self) -> Decimal:
        """The amount in dollars, exact."""
        return Decimal(self.usd_micros) / 1_000_000


PublicMoney = Annotated[Decimal, PlainSerializer(lambda usd: f"{usd:.6f}", return_type=str)]


class ArtifactType(StrEnum):
    """What an artifact is for. The names are those the seeds' clients know."""

    IDEAS = "ideas"
    SCRIPT = "script"
    VOICE = "voice"
    MUSIC = "music"
    VIDEO_CLIP = "video_clip"
    CLIP_MANIFEST = "clip_manifest"
    RENDERED_VIDEO = "rendered_video"
    THUMBNAIL = "thumbnail"
    CAPTIONS = "captions"
    PUBLISHED_URL = "published_url"
    TIMELINE = "timeline"
    PREVIEW = "preview"
    CONTACT_SHEET = "contact_sheet"
    WAVEFORM = "waveform"
    SCREENPLAY = "screenplay"


class ArtifactRef(Value):
    """The address of bytes: their hash is their name, so a reference can never point at something else."""

    sha256: Sha256
    size: int = Field(ge=0, description="Bytes.")
    media_type: str


class Origin(StrEnum):
    """Who made the bytes: a vendor for real, a stand-in that says so, or a person."""

    REAL = "real"
    SANDBOX = "sandbox"
    OFFLINE = "offline"
    UPLOAD = "upload"


class ArtifactRecord(Value):
    """One artifact as the service that made it announces it; the orchestrator projects these."""

    ref: ArtifactRef
    type: ArtifactType
    name: str = Field(description="A file name for people, never used as a path.")
    made_by: str = Field(description="Service and adapter, such as `producer/storyboard`.")
    origin: Origin
    licence: str | None = None
    retention_class: str = "run"


class Downgrade(Value):
    """A typed, visible fallback. A run that carries one is `degraded`."""

    code: str
    detail: str
    stage: str


class RunStatus(StrEnum):
    """What a run is doing. `degraded` is a flag beside it, never a status."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


TERMINAL_STATUSES = frozenset({RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.REJECTED, RunStatus.CANCELLED})


class Problem(Value):
    """Why something could not be done: a code for machines, a sentence for people."""

    code: str
    detail: str
    retryable: bool = False
    retry_after_ms: int | None = None
    extra: JsonObject = Field(default_factory=dict, description="What else a refusal says, such as `rules`. Small.")


class Role(StrEnum):
    """What a person may do. Agents hold none of these; `service` is for our own services alone."""

    CREATOR = "creator"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    COMPLIANCE_OFFICER = "compliance_officer"
    OPERATOR = "operator"
    ADMIN = "admin"
    SERVICE = "service"


class Decision(StrEnum):
    """What a person said at a gate."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
