"""`/v1/designs`: a title card or a thumbnail without a run; and the same as the agent suite before us had it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef, Downgrade, Origin, Sha256, Value
from common.db.work import Work
from common.errors import GreenlightError
from common.service.idempotency import IdempotencyKeyInUse, begin_once, end_once, give_up
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from producer.designs import DesignRequest
from producer.studio import Made, Studio

JPEG = "image/jpeg"
_LOOK_SECONDS = 0.2
"""How often somebody who asked for the same looks whether it is done."""
PREFIX = "/compat/agent-os"
_SEED_SIZES = {"thumbnail": (1280, 720), "title_card": (1080, 1920), "post": (1080, 1080), "story": (1080, 1920)}
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, description="The same key, the same design: 24 h."),
]


class SeedDesign(BaseModel):
    """What clients of the agent suite before us ask of its design agent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"content": "Why tides rise", "design_type": "thumbnail"}]}
    )

    content: str = Field(min_length=1, max_length=140, pattern=r"\S")
    design_type: Literal["thumbnail", "title_card", "post", "story"] = "thumbnail"


class MadeDesign(BaseModel):
    """The picture itself: there is no address at which somebody else keeps it."""

    design_id: Sha256
    design_type: str
    provider: str = Field(description="`local`: our own templates; else the vendor.", examples=["local", "canva"])
    origin: Origin
    media_type: Literal["image/jpeg"] = "image/jpeg"
    image_base64: str
    edit_url: str = Field(description="Where people go on with it at the vendor's; empty for our own.")
    downgrades: tuple[Downgrade, ...] = Field(description="Why it is not the vendor's, where it should have been.")


class _Kept(Value):
    """A design that a repeat is answered with."""

    picture: ArtifactRef
    provider: str
    origin: Origin
    edit_url: str
    downgrades: tuple[Downgrade, ...]
    template_version: int | None = None


PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {JPEG: {}}}}


@dataclass(frozen=True)
class Desk:
    """Where designs are ordered: once under one key, however often that is asked."""

    studio: Studio
    work: Work
    artifacts: Artifacts

    async def order(
        self,
        request: DesignRequest,
        caller: Principal,
        *,
        asked: BaseModel,
        route: str,
        key: str | None,
        template_version: int | None = None,
    ) -> Made:
        """The design; under a key that was used for the same that was `asked`, what it was before.

        Asked twice at once under one key, the second waits for the first. Raises what `begin_once` does where the first
        was cut off while a vendor designed: that is not ordered again.
        """
        if key is None:
            return replace(await self.studio.make(request), template_version=template_version)
        claim = {"principal": caller.user_id, "route": route, "key": key}
        if (before := await self._begin(caller, asked, **claim)) is not None:
            return await self._made_before(caller, _Kept.model_validate(before))
        try:
            made = replace(await self.studio.make(request), template_version=template_version)
        except GreenlightError:
            async with self.work.transaction(caller.tenant) as tx:
                await give_up(tx, **claim)
            raise
        kept = _Kept(
            picture=await self.artifacts.put(caller.tenant, made.picture, media_type=JPEG),
            provider=made.provider,
            origin=made.origin,
            edit_url=made.edit_url,
            downgrades=made.downgrades,
            template_version=template_version,
        )
        async with self.work.transaction(caller.tenant) as tx:
            await end_once(tx, **claim, response=kept.model_dump(mode="json"))
        return made

    async def _begin(self, caller: Principal, asked: BaseModel, **claim: str) -> dict[str, Any] | None:
        """None once the design is ours to make, or what was made under the key."""
        until = time.monotonic() + self.studio.lasts.total_seconds()
        while True:
            try:
                async with self.work.transaction(caller.tenant) as tx:
                    drawn_here = self.studio.designer is None
                    return await begin_once(tx, request=asked, lasts=self.studio.lasts, again=drawn_here, **claim)
            except IdempotencyKeyInUse:
                if time.monotonic() >= until:
                    raise
            await asyncio.sleep(_LOOK_SECONDS)

    async def _made_before(self, caller: Principal, kept: _Kept) -> Made:
        return Made(
            picture=await self.artifacts.get(caller.tenant, kept.picture),
            provider=kept.provider,
            origin=kept.origin,
            edit_url=kept.edit_url,
            downgrades=kept.downgrades,
            template_version=kept.template_version,
        )


def picture_of(made: Made) -> Response:
    """The JPEG itself; who made it is in its headers."""
    told = {"X-Design-Provider": made.provider, "X-Design-Origin": made.origin.value}
    if made.downgrades:
        told["X-Design-Downgrade"] = ", ".join(one.code for one in made.downgrades)
    if made.template_version is not None:
        told["X-Template-Version"] = str(made.template_version)
    return Response(made.picture, media_type=JPEG, headers=told)


def router(*, desk: Desk) -> APIRouter:
    """Routes of the studio."""
    routes = APIRouter(tags=["designs"])

    @routes.post(
        "/v1/designs",
        summary="Make a title card or a thumbnail, without starting a run",
        response_class=Response,
        responses={**PICTURE, **refusals(403, 409, 422, 502, 503)},
    )
    async def design(request: DesignRequest, caller: Creator, key: Key = None) -> Response:
        return picture_of(await desk.order(request, caller, asked=request, route="POST /v1/designs", key=key))

    @routes.post("/create-design", summary="The same for clients of the agent suite", include_in_schema=False)
    @routes.post(
        f"{PREFIX}/create-design",
        summary="The same for clients of the agent suite",
        responses=refusals(403, 409, 422, 502, 503),
    )
    async def create_design(request: SeedDesign, caller: Creator, key: Key = None) -> MadeDesign:
        width, height = _SEED_SIZES[request.design_type]
        wanted = DesignRequest(headline=request.content, width=width, height=height)
        made = await desk.order(wanted, caller, asked=request, route="POST /create-design", key=key)
        return MadeDesign(
            design_id=hashlib.sha256(made.picture).hexdigest(),
            design_type=request.design_type,
            provider=made.provider,
            origin=made.origin,
            image_base64=base64.b64encode(made.picture).decode(),
            edit_url=made.edit_url,
            downgrades=made.downgrades,
        )

    return routes
