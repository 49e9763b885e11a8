"""The feed's open routes: what is published is public by meaning, and nothing else is served here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from common.artifacts import Artifacts
from common.contracts.values import TENANT_PATTERN
from common.cursors import cut, decode_cursor
from common.db.work import Work
from common.errors import Invalid, NotFound
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from publisher.adapters.local_feed import addresses, atom
from publisher.adapters.local_feed.media import file_response
from publisher.adapters.local_feed.pages import HEADERS, FeedPages
from publisher.repository import FeedEntries, FeedEntry

OPEN_PATH = "/feed/"
Responses = dict[int | str, dict[str, Any]]
_TENANT = re.compile(TENANT_PATTERN)
_MORE = 4
_HTML: Responses = {200: {"content": {"text/html": {}}}, 404: {"content": {"text/html": {}}}}
_XML: Responses = {200: {"content": {atom.MEDIA_TYPE: {}}}}
_BYTES: Responses = {200: {"content": {"video/mp4": {}}}, 206: {"description": "The part asked for."}}


def feed_router(work: Work, artifacts: Artifacts, *, edge_url: str, page_size: int) -> APIRouter:
    """The pages, the Atom feed and the files of every tenant's feed."""
    router = APIRouter(prefix="/feed", tags=["feed"])
    feed = _Feed(work, page_size=page_size)

    @router.get("/{tenant}", include_in_schema=False)
    async def without_slash(tenant: str) -> Response:
        return RedirectResponse(addresses.Addresses("").feed(known_tenant(tenant)), HTTPStatus.PERMANENT_REDIRECT)

    @router.get("/{tenant}/", summary="A tenant's films as a page.", response_class=HTMLResponse, responses=_HTML)
    @router.head("/{tenant}/", include_in_schema=False)
    async def films(tenant: str, before: str | None = Query(default=None, max_length=200)) -> Response:
        tenant = known_tenant(tenant)
        entries, older = await feed.page(tenant, before)
        html = FeedPages(tenant, edge_url=edge_url).feed(entries, older=older, first_page=before is None)
        return HTMLResponse(html, headers=HEADERS)

    @router.get("/{tenant}/atom.xml", summary="A tenant's films as Atom.", response_class=Response, responses=_XML)
    @router.head("/{tenant}/atom.xml", include_in_schema=False)
    async def atom_document(tenant: str, before: str | None = Query(default=None, max_length=200)) -> Response:
        tenant = known_tenant(tenant)
        entries, older = await feed.page(tenant, before)
        document = atom.atom_feed(tenant, entries, edge_url=edge_url, older=older)
        return Response(document, media_type=f"{atom.MEDIA_TYPE}; charset=utf-8", headers={"cache-control": "no-cache"})

    @router.get("/{tenant}/{post_id}", include_in_schema=False)
    async def post_without_slash(tenant: str, post_id: str) -> Response:
        address = addresses.Addresses("").post(known_tenant(tenant), known_post(post_id))
        return RedirectResponse(address, HTTPStatus.PERMANENT_REDIRECT)

    @router.get("/{tenant}/{post_id}/", summary="One film's page.", response_class=HTMLResponse, responses=_HTML)
    @router.head("/{tenant}/{post_id}/", include_in_schema=False)
    async def film(tenant: str, post_id: str) -> Response:
        tenant = known_tenant(tenant)
        pages = FeedPages(tenant, edge_url=edge_url)
        try:
            entry, others = await feed.entry_and_others(tenant, known_post(post_id))
        except NotFound:
            return HTMLResponse(pages.missing(), HTTPStatus.NOT_FOUND, headers=HEADERS)
        return HTMLResponse(pages.post(entry, others=others), headers=HEADERS)

    @router.get("/{tenant}/{post_id}/video.mp4", summary="The film.", response_class=Response, responses=_BYTES)
    @router.head("/{tenant}/{post_id}/video.mp4", include_in_schema=False)
    async def video(request: Request, tenant: str, post_id: str) -> Response:
        entry = await feed.entry(known_tenant(tenant), known_post(post_id))
        ref = entry.content.video
        return await file_response(request, artifacts, tenant=tenant, ref=ref, media_type="video/mp4")

    @router.get("/{tenant}/{post_id}/thumbnail.jpg", summary="The film's still.", response_class=Response)
    @router.head("/{tenant}/{post_id}/thumbnail.jpg", include_in_schema=False)
    async def thumbnail(request: Request, tenant: str, post_id: str) -> Response:
        entry = await feed.entry(known_tenant(tenant), known_post(post_id))
        ref = entry.content.thumbnail
        return await file_response(request, artifacts, tenant=tenant, ref=ref, media_type="image/jpeg")

    @router.get("/{tenant}/{post_id}/captions.vtt", summary="The film's captions.", response_class=Response)
    @router.head("/{tenant}/{post_id}/captions.vtt", include_in_schema=False)
    async def captions(request: Request, tenant: str, post_id: str) -> Response:
        entry = await feed.entry(known_tenant(tenant), known_post(post_id))
        ref = entry.content.captions
        return await file_response(request, artifacts, tenant=tenant, ref=ref, media_type="text/vtt; charset=utf-8")

    return router


class _Feed:
    """What strangers may see of it."""

    def __init__(self, work: Work, *, page_size: int) -> None:
        self._work = work
        self._page_size = page_size

    async def page(self, tenant: str, before: str | None) -> tuple[Sequence[FeedEntry], str | None]:
        try:
            after = decode_cursor(before, datetime, UUID)
        except Invalid as error:
            raise NotFound("There is no such page.") from error
        async with self._work.transaction(tenant) as tx:
            found = await FeedEntries(tx).list_live(limit=self._page_size + 1, after=after)
        return cut(found, limit=self._page_size, key=lambda entry: entry.key)

    async def entry(self, tenant: str, post_id: UUID) -> FeedEntry:
        async with self._work.transaction(tenant) as tx:
            entry = await FeedEntries(tx).find(post_id)
        return _shown(entry)

    async def entry_and_others(self, tenant: str, post_id: UUID) -> tuple[FeedEntry, list[FeedEntry]]:
        async with self._work.transaction(tenant) as tx:
            entry = _shown(await FeedEntries(tx).find(post_id))
            newest = await FeedEntries(tx).list_live(limit=_MORE + 1, after=None)
        return entry, [other for other in newest if other.id != post_id][:_MORE]


def _shown(entry: FeedEntry | None) -> FeedEntry:
    # A film that is staged does not exist for strangers: the same answer as for one that never was.
    if entry is None or entry.live_at is None:
        raise NotFound("There is no such film.")
    return entry


def known_tenant(tenant: str) -> str:
    """A tenant's name as it may be. Raises `NotFound` for anything else, above all for paths."""
    if not _TENANT.fullmatch(tenant) or not tenant.strip("."):
        raise NotFound("There is no such feed.")
    return tenant


def known_post(post_id: str) -> UUID:
    """A post's id in its one spelling. Raises `NotFound` for anything else."""
    try:
        parsed = UUID(post_id)
    except ValueError as error:
        raise NotFound("There is no such film.") from error
    if str(parsed) != post_id:
        raise NotFound("There is no such film.")
    return parsed
