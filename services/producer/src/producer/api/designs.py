"""`/v1/designs`: a title card or a thumbnail without a run; and the same as the agent suite before us had it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef, Downgrade, Origin, Sha256, Value
from common.db.work import Work
from common.service.idempotency import answer_once, answered
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from producer.designs import DesignRequest
from producer.studio import Made, Studio

JPEG = "image/jpeg"
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


PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {JPEG: {}}}}


@dataclass(frozen=True)
class Desk:
    """Where designs are ordered: once under one key, however often that is asked."""

    studio: Studio
    work: Work
    artifacts: Artifacts

    async def order(
        self, request: DesignRequest, caller: Principal, *, asked: BaseModel, route: str, key: str | None
    ) -> Made:
        """The design; under a key that was used for the same that was `asked`, what it was before."""
        if key is None:
            return await self.studio.make(request)
        claim = {"principal": caller.user_id, "route": route, "key": key}
        async with self.work.transaction(caller.tenant) as tx:
            before = await answered(tx, request=asked, **claim)
        if before is None:
            made = await self.studio.make(request)
            ref = await self.artifacts.put(caller.tenant, made.picture, media_type=JPEG)
            kept = _Kept(
                picture=ref,
                provider=made.provider,
                origin=made.origin,
                edit_url=made.edit_url,
                downgrades=made.downgrades,
            )
            async with self.work.transaction(caller.tenant) as tx:
                response = kept.model_dump(mode="json")
                before = await answer_once(tx, request=asked, response=response, **claim)
            if before is None:
                return made
        stored = _Kept.model_validate(before)
        return Made(
            picture=await self.artifacts.get(caller.tenant, stored.picture),
            provider=stored.provider,
            origin=stored.origin,
            edit_url=stored.edit_url,
            downgrades=stored.downgrades,
        )


def picture_of(made: Made) -> Response:
    """The JPEG itself; who made it is in its headers."""
    told = {"X-Design-Provider": made.provider, "X-Design-Origin": made.origin.value}
    if made.downgrades:
        told["X-Design-Downgrade"] = ", ".join(one.code for one in made.downgrades)
    return Response(made.picture, media_type=JPEG, headers=told)


def router(*, desk: Desk) -> APIRouter:
    """Routes of the studio."""
    routes = APIRouter(tags=["designs"])

    @routes.post(
        "/v1/designs",
        summary="Make a title card or a thumbnail, without starting a run",
        response_class=Response,
        responses={**PICTURE, **refusals(403, 422, 502, 503)},
    )
    async def design(request: DesignRequest, caller: Creator, key: Key = None) -> Response:
        return picture_of(await desk.order(request, caller, asked=request, route="POST /v1/designs", key=key))

    @routes.post("/create-design", summary="The same for clients of the agent suite", include_in_schema=False)
    @routes.post(
        f"{PREFIX}/create-design",
        summary="The same for clients of the agent suite",
        responses=refusals(403, 422, 502, 503),
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
