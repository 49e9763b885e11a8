"""`/v1/templates`: designs with gaps, kept in versions, and filled in by name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.db.work import Transaction
from common.errors import NotFound
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from producer.api.designs import PICTURE, Desk, Key, picture_of
from producer.designs import DesignRequest
from producer.templates import records
from producer.templates.filling import filled, gaps_in

PATH = "/v1/templates"
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="Such as `guest-evening`.")]
Version = Annotated[int | None, Query(ge=1, le=2_147_483_647, description="Without it, the newest.")]


class TemplateView(BaseModel):
    """One version of a template, and the gaps that have to be filled."""

    name: str
    version: int
    gaps: tuple[str, ...]
    design: DesignRequest
    saved_at: datetime


class Filling(BaseModel):
    """What is put into the gaps."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"values": {"guest": "Ada"}}]})

    values: dict[str, Annotated[str, Field(max_length=400)]] = Field(default={}, max_length=40)


class _Asked(Filling):
    """What a repeat has to ask for as well."""

    version: int | None
    """None: whichever was the newest."""


def router(*, desk: Desk, clock: Clock) -> APIRouter:
    """Routes of templates."""
    routes = APIRouter(tags=["designs"])

    def note(tx: Transaction, action: str, name: str, caller: Principal, **detail: int) -> None:
        entry = AuditEntry(
            actor=caller.user_id, action=action, resource=f"template:{name}", detail=dict(detail), at=clock()
        )
        tx.audit(entry)

    @routes.get(PATH, summary="All templates, each as it is now")
    async def templates(caller: Creator) -> list[TemplateView]:
        async with desk.work.transaction(caller.tenant) as tx:
            return [_view(one) for one in await records.list_newest(tx)]

    @routes.get(f"{PATH}/{{name}}", summary="A template, as it is or was", responses=refusals(404, 422))
    async def template(name: Name, caller: Creator, version: Version = None) -> TemplateView:
        async with desk.work.transaction(caller.tenant) as tx:
            return _view(await records.get(tx, name, version=version))

    @routes.get(f"{PATH}/{{name}}/versions", summary="A template's versions, newest first", responses=refusals(422))
    async def template_versions(name: Name, caller: Creator) -> list[TemplateView]:
        async with desk.work.transaction(caller.tenant) as tx:
            return [_view(one) for one in await records.list_versions(tx, name)]

    @routes.put(
        f"{PATH}/{{name}}",
        status_code=201,
        summary="Save a template; what is different becomes its next version",
        responses={
            200: {"model": TemplateView, "description": "It is like that already."},
            **refusals(403, 413, 422),
        },
    )
    async def save_template(name: Name, design: DesignRequest, caller: Creator, response: Response) -> TemplateView:
        async with desk.work.transaction(caller.tenant) as tx:
            kept, is_new = await records.save(tx, name, design)
            if is_new:
                note(tx, "template.saved", name, caller, version=kept.version)
        response.status_code = 201 if is_new else 200
        return _view(kept)

    @routes.delete(
        f"{PATH}/{{name}}",
        status_code=204,
        summary="Delete a template with all its versions",
        responses=refusals(403, 404, 422),
    )
    async def delete_template(name: Name, caller: Creator) -> None:
        async with desk.work.transaction(caller.tenant) as tx:
            versions = await records.remove(tx, name)
            if not versions:
                raise NotFound(f"There is no template {name!r}.")
            note(tx, "template.deleted", name, caller, versions=versions)

    @routes.post(
        f"{PATH}/{{name}}/render",
        summary="Make a design of a template",
        response_class=Response,
        responses={**PICTURE, **refusals(403, 404, 409, 422, 502, 503)},
    )
    async def render_template(
        name: Name, filling: Filling, caller: Creator, version: Version = None, key: Key = None
    ) -> Response:
        async with desk.work.transaction(caller.tenant) as tx:
            found = await records.get(tx, name, version=version)
        design = filled(found.design, filling.values)
        route = f"POST {PATH}/{name}/render"
        asked = _Asked(values=filling.values, version=version)
        return picture_of(
            await desk.order(design, caller, asked=asked, route=route, key=key, template_version=found.version)
        )

    return routes


def _view(one: records.Template) -> TemplateView:
    return TemplateView(
        name=one.name, version=one.version, gaps=gaps_in(one.design), design=one.design, saved_at=one.saved_at
    )
