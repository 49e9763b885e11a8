"""HTTP in: a script or a design without a run, for trying things out."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Annotated, Literal

from common.compute import ComputePool
from common.contracts.production import ProductionInput, Script
from common.contracts.values import Downgrade, Money, Origin, PublicMoney, Sha256
from common.service.principal import Principal, Role, requires
from common.service.shielding import said_to
from common.shield import Guard
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field
from vendors.text_model import WRITE_SCRIPT, Directly, TextModel, TextRequest

from producer.designs import DesignRequest, draw_design


class Preview(BaseModel):
    """A script nobody decided about yet; nothing is stored, and its length is not measured."""

    script: Script
    origin: Origin
    model: str
    cost_usd: PublicMoney
    notes: tuple[Downgrade, ...]


class SeedDesign(BaseModel):
    """What clients of the agent suite before us ask of its design agent."""

    content: str = Field(min_length=1, max_length=140, pattern=r"\S")
    design_type: Literal["thumbnail", "title_card", "post", "story"] = "thumbnail"


class MadeDesign(BaseModel):
    """The picture itself: there is no address at which somebody else keeps it."""

    design_id: Sha256
    design_type: str
    provider: Literal["local"] = "local"
    media_type: Literal["image/jpeg"] = "image/jpeg"
    image_base64: str


_SEED_SIZES = {"thumbnail": (1280, 720), "title_card": (1080, 1920), "post": (1080, 1080), "story": (1080, 1920)}


def router(*, writer: TextModel, guard: Guard, compute: ComputePool, scratch: Path) -> APIRouter:
    """Routes of the producer."""
    routes = APIRouter(tags=["scripts"])

    @routes.post("/v1/scripts", summary="Write a script for an idea, without starting a run")
    async def write(idea: ProductionInput, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]) -> Preview:
        written = await writer.write(TextRequest(WRITE_SCRIPT, Script, idea), asking=Directly(caller.tenant))
        await guard.pass_through(written.value.model_dump(mode="json"), said_to(caller, by="POST /v1/scripts"))
        return Preview(
            script=written.value,
            origin=written.origin,
            model=written.model,
            notes=written.notes,
            cost_usd=Money(usd_micros=written.cost_usd_micros).usd,
        )

    @routes.post(
        "/v1/designs",
        summary="Draw a title card or a thumbnail, without starting a run",
        response_class=Response,
        responses={200: {"content": {"image/jpeg": {}}}},
    )
    async def design(request: DesignRequest, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]) -> Response:
        image = await draw_design(request, compute=compute, scratch=scratch)
        return Response(image, media_type="image/jpeg")

    @routes.post("/create-design", summary="The same for clients of the agent suite", include_in_schema=False)
    @routes.post("/compat/agent-os/create-design", summary="The same for clients of the agent suite")
    async def create_design(
        request: SeedDesign, caller: Annotated[Principal, Depends(requires(Role.CREATOR))]
    ) -> MadeDesign:
        width, height = _SEED_SIZES[request.design_type]
        wanted = DesignRequest(headline=request.content, width=width, height=height)
        image = await draw_design(wanted, compute=compute, scratch=scratch)
        return MadeDesign(
            design_id=hashlib.sha256(image).hexdigest(),
            design_type=request.design_type,
            image_base64=base64.b64encode(image).decode(),
        )

    return routes
