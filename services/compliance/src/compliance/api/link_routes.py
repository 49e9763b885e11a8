"""`/v1/airlock/items/{id}/links`: letting people without an account see one item."""

from __future__ import annotations

from uuid import UUID

from common.clock import Clock
from common.cursors import decode_cursor
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Response

from compliance.api.link_shapes import LinkBody, LinkView, NewLink, link_view
from compliance.guests import OPEN_PATH
from compliance.links import ReviewLinks

shares = requires(Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER)


def router(links: ReviewLinks, *, edge_url: str, clock: Clock) -> APIRouter:
    """The routes of links, for those who may look at the item and answer for it."""
    routes = APIRouter(prefix="/v1/airlock/items/{item_id}/links", tags=["links"])

    @routes.post(
        "",
        status_code=201,
        summary="Make a link for somebody without an account. Each call makes another one; its address is shown once.",
        responses=refusals(403, 404, 409, 422),
    )
    async def make(item_id: UUID, body: LinkBody, answer: Response, principal: Principal = Depends(shares)) -> NewLink:
        link, token = await links.make(item_id, body.order(), principal=principal)
        answer.headers["Cache-Control"] = "no-store"
        return NewLink(link=link_view(link, now=clock()), url=f"{edge_url.rstrip('/')}{OPEN_PATH}{token}")

    @routes.get("", summary="An item's links, the newest first.", responses=refusals(404))
    async def list_links(
        item_id: UUID, limit: Limit = 50, cursor: Cursor = None, principal: Principal = Depends(shares)
    ) -> Page[LinkView]:
        after = decode_cursor(cursor, UUID)
        found = await links.list_before(item_id, after[0] if after else None, limit=limit + 1, principal=principal)
        return page_of(found, limit=limit, view=lambda link: link_view(link, now=clock()), key=lambda link: (link.id,))

    @routes.delete("/{link_id}", summary="Revoke a link, at once and for good.", responses=refusals(404))
    async def revoke(item_id: UUID, link_id: UUID, principal: Principal = Depends(shares)) -> LinkView:
        return link_view(await links.revoke(item_id, link_id, principal=principal), now=clock())

    return routes
