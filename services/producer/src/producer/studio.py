"""Who designs, as the settings say, and what is done where they cannot."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import assert_never

from common import http
from common.clock import Clock
from common.compute import ComputePool
from common.contracts.values import Downgrade, Origin
from common.db.work import Work
from common.errors import (
    GreenlightError,
    Permanent,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from common.observability.logging import get_logger
from PIL import Image, UnidentifiedImageError
from vendors.design.canva import Canva
from vendors.design.port import Designer, DesignOrder
from vendors.oauth import TokenDoor
from vendors.wire import VendorKeyMissing, VendorOff

from producer.access.renewed import RenewedAccess
from producer.designs import DesignRequest, draw_design
from producer.errors import DesignUnusable
from producer.letters import letters_left_out
from producer.settings import Settings

log = get_logger(__name__)
LOCAL = "local"
_ANSWER_SECONDS = 30.0
_RENEWAL_SECONDS = 15.0
"""How long a renewal of our access may take. Somebody waits for it, and the database holds a row."""
_NO = (VendorRefused, VendorAuthFailed, VendorRateLimited, VendorUnavailable, VendorOff, DesignUnusable)


@dataclass(frozen=True)
class Made:
    """A design as a JPEG, by whom it was made, and what had to be given up for it."""

    picture: bytes
    provider: str
    origin: Origin
    downgrades: tuple[Downgrade, ...] = ()
    edit_url: str = ""
    template_version: int | None = None
    """Which version of a template it is, if it is of one."""


@dataclass(frozen=True)
class Studio:
    """Our own templates, and the vendor that designs in their place."""

    draw: Callable[[DesignRequest], Awaitable[bytes]]
    compute: ComputePool
    designer: Designer | None = None
    missing: Permanent | None = None
    """Why the vendor that was chosen cannot be asked at all."""
    may_fall_back: bool = False
    access: RenewedAccess | None = None
    """How that vendor lets us in."""
    lasts: timedelta = timedelta(minutes=1)
    """How long a design takes at most; after that it was cut off."""

    async def make(self, request: DesignRequest) -> Made:
        """The design. Raises what the vendor's refusal means; where that is allowed, our own and a downgrade."""
        if self.designer is None and self.missing is None:
            return await self._drawn(request)
        try:
            return await self._order(request)
        except _NO as error:
            if not self.may_fall_back:
                raise
            return await self._stand_in(request, error)

    async def close(self) -> None:
        """Close the vendor's connections."""
        if self.designer is not None:
            await self.designer.close()
        if self.access is not None:
            await self.access.close()

    async def notice(self) -> str | None:
        """What an operator should know of the vendor; None when all is well."""
        return await self.access.notice() if self.access else None

    async def _order(self, request: DesignRequest) -> Made:
        if self.designer is None:
            raise self.missing or VendorOff("Nobody designs.")
        said = {"headline": request.headline, "kicker": request.kicker, "detail": request.detail}
        words = {name: text for name, text in said.items() if text.strip()}
        order = DesignOrder(title=request.headline, words=words, width=request.width, height=request.height)
        made = await self.designer.design(order)
        if not await self.compute(is_jpeg, made.picture):
            raise DesignUnusable(f"{self.designer.name} delivered something that is no JPEG for design {made.id}.")
        return Made(made.picture, self.designer.name, self.designer.origin, edit_url=made.edit_url)

    async def _stand_in(self, request: DesignRequest, error: GreenlightError) -> Made:
        log.warning("design.fell_back", code=error.code)
        said = f"The design is drawn with our own templates: {error.detail}"
        lost = Downgrade(code="design_drawn", detail=said[:500], stage="design")
        return await self._drawn(request, lost)

    async def _drawn(self, request: DesignRequest, *lost: Downgrade) -> Made:
        """Our own design, with what it lacks besides what is `lost` already."""
        letters = letters_left_out((request.headline, request.kicker, request.detail), stage="design")
        return Made(await self.draw(request), LOCAL, Origin.OFFLINE, downgrades=(*lost, *letters))


def studio_of(settings: Settings, *, work: Work, compute: ComputePool, scratch: Path, clock: Clock) -> Studio:
    """The studio. Nobody is asked yet; whoever has it closes it."""

    async def draw(request: DesignRequest) -> bytes:
        return await draw_design(request, compute=compute, scratch=scratch)

    designer: Designer | None = None
    access: RenewedAccess | None = None
    missing: Permanent | None = None
    match settings.design:
        case "local":
            pass
        case "off":
            missing = VendorOff("Designing is switched off (GREENLIGHT_DESIGN=off).")
        case "canva" if lacking := settings.design_lacks:
            missing = VendorKeyMissing(f"{lacking} is not set.")
        case "canva":
            access = _access(settings, work=work, clock=clock)
            designer = _canva(settings, access)
        case _:
            assert_never(settings.design)
    # Two jobs of a design, what is asked and fetched around them, and a renewal that waits for another process's.
    seconds = 2 * settings.design_patience_seconds + 4 * _ANSWER_SECONDS + 2 * _RENEWAL_SECONDS
    return Studio(
        draw,
        compute,
        designer,
        missing,
        may_fall_back=settings.design_fallback == LOCAL,
        access=access,
        lasts=timedelta(seconds=seconds),
    )


def is_jpeg(picture: bytes) -> bool:
    """Whether these bytes can be decoded as a JPEG, to their last line."""
    try:
        with Image.open(io.BytesIO(picture), formats=["JPEG"]) as image:
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return False
    return True


def _access(settings: Settings, *, work: Work, clock: Clock) -> RenewedAccess:
    door = TokenDoor(
        http.client(base_url=settings.design_url, timeout_seconds=_RENEWAL_SECONDS),
        vendor=Canva.name,
        path="/v1/oauth/token",
        client_id=settings.design_client_id,
        client_secret=settings.design_client_secret,
        patience_seconds=_RENEWAL_SECONDS,
    )
    return RenewedAccess(
        work,
        door,
        client_id=settings.design_client_id,
        client_secret=settings.design_client_secret,
        first=settings.design_refresh_token,
        clock=clock,
    )


def _canva(settings: Settings, access: RenewedAccess) -> Canva:
    return Canva(
        http.client(base_url=settings.design_url, timeout_seconds=_ANSWER_SECONDS),
        access=access,
        template=settings.design_template,
        poll_seconds=settings.design_poll_seconds,
        patience_seconds=settings.design_patience_seconds,
        origin=Origin.SANDBOX if settings.design_mode == "sandbox" else Origin.REAL,
    )
