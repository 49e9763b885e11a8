"""What we need from whoever makes footage: it costs money and takes minutes, so it comes in parts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from common.contracts.values import Origin, Value
from common.errors import VendorRefused, VendorUnavailable
from pydantic import Field

FILM_LIMIT = 512 * 1024 * 1024
"""Bytes of one downloaded clip; twelve seconds at 1080x1920 are a tenth of it."""


class ClipBlocked(VendorRefused):
    """The vendor's own moderation does not let the prompt, or what came of it, through."""


class ClipFailed(VendorRefused):
    """The vendor took the order and could not make the clip."""


class ClipTooLarge(VendorRefused):
    """The vendor's file has no end that we would wait for."""


class ClipCutOff(VendorUnavailable):
    """The download broke off; it can be begun anew."""


class ClipRequest(Value):
    """What a clip should show, and how long and large it is wanted. Adapters choose the nearest that they can."""

    prompt: str = Field(min_length=1, max_length=4_000)
    seconds: float = Field(gt=0)
    width: int = Field(ge=2)
    height: int = Field(ge=2)
    seed: int = Field(default=0, ge=0)
    subject: str = Field(default="", max_length=200, description="What it shows in a few words, best ones first.")


class Quote(Value):
    """What an adapter would order for a request, and what that costs at most."""

    model: str
    seconds: int
    width: int
    height: int
    usd_micros: int = Field(ge=0)


class ClipJob(Value):
    """An order that the vendor has taken."""

    id: str = Field(min_length=1, max_length=200)
    quote: Quote
    submitted_at: datetime
    link: str = Field(default="", description="Where its file is, for a vendor that says so at once.")
    credit: str = Field(default="", description="Who has to be named for it.")


class ClipStage(StrEnum):
    """Where a job is. The last three are final."""

    QUEUED = "queued"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"
    """The vendor does not know it any more: it was deleted, or has expired."""


class ClipProgress(Value):
    """What a look showed."""

    stage: ClipStage
    share: float = Field(default=0.0, ge=0, le=1)
    blocked: bool = False
    """Of a failed one: whether moderation was the reason."""
    detail: str = ""
    cost_usd_micros: int | None = None
    """What the vendor says it cost, if it does."""


class ClipMaker(Protocol):
    """A vendor of footage. Only `begin` costs money, and it is never repeated by an adapter."""

    @property
    def name(self) -> str:
        """The adapter's name, as artifacts' records and people see it."""

    @property
    def origin(self) -> Origin:
        """Whether a vendor films for real, or a stand-in that says so."""

    @property
    def licence(self) -> str:
        """Under which terms its footage may be used, in a sentence."""

    @property
    def repeatable(self) -> bool:
        """Whether an order whose end nobody knows may simply be made again: it costs nothing and leaves nothing."""

    def quote(self, request: ClipRequest) -> Quote:
        """What would be ordered, and what it costs at most. Asks nobody."""

    async def begin(self, request: ClipRequest, *, key: str) -> ClipJob:
        """Order a clip, once unless that is `repeatable`. `key` is passed on to vendors that honour one.

        Raises `OutcomeUnknown` when it may have been taken and nobody said so; any other error means it was not:
        `VendorUnavailable` and `VendorRateLimited` (later, perhaps), `ClipBlocked`, `VendorRefused`,
        `VendorAuthFailed`, `VendorOff`.
        """

    async def find(self, request: ClipRequest, *, since: datetime) -> tuple[ClipJob, ...]:
        """The jobs there are for exactly this request, ordered since then; for an order whose outcome is unknown.

        Empty as well for a vendor that cannot be asked.
        """

    async def check(self, job: ClipJob) -> ClipProgress:
        """Look only; safe at any time. What is final stays so. Raises `VendorUnavailable` when nothing was seen."""

    async def fetch(self, job: ClipJob, *, to: Path) -> None:
        """Write the vendor's file to `to`, whole or not at all. What it really is, is for the caller to find out."""

    async def forget(self, job: ClipJob) -> None:
        """Delete it at the vendor, where the vendor can. What is gone already is no error."""

    async def close(self) -> None:
        """Close the connections."""
