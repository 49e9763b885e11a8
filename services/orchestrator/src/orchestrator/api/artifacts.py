"""`/v1/artifacts`: what runs made, and the one door for its bytes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from common.artifacts import Artifacts
from common.contracts.values import Origin, Sha256
from common.cursors import decode_cursor
from common.db.work import Work
from common.errors import Invalid
from common.service.pages import Cursor, Limit, Page, Word, page_of
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import answer_for, refusals
from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response, StreamingResponse

from orchestrator.api.shapes import AssetAnswer, asset_answer
from orchestrator.assets import AssetFilter, AssetKind, asset_key, list_assets
from orchestrator.repository import get_artifact
from orchestrator.uses import Uses, uses_of

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


class RangeNotSatisfiable(Invalid):
    """The range lies outside of the artifact."""

    status = 416


def router(*, work: Work, artifacts: Artifacts) -> APIRouter:
    """Bytes by their hash, for tenants that have a run that made them; with ranges, and an ETag that never lies."""
    routes = APIRouter(tags=["artifacts"])

    @routes.get("/v1/artifacts", summary="What your tenant's runs made, newest first", responses=refusals(422))
    async def index(
        *,
        caller: Annotated[Principal, Depends(current_principal)],
        kind: AssetKind | None = None,
        origin: Origin | None = None,
        q: Word = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[AssetAnswer]:
        after = decode_cursor(cursor, datetime, UUID, str, str)
        async with work.transaction(caller.tenant) as tx:
            found = await list_assets(tx, AssetFilter(kind, origin, q), limit=limit + 1, after=after)
        return page_of(found, limit=limit, view=asset_answer, key=asset_key)

    # Before the route with a hash in it.
    @routes.get(
        "/v1/artifacts/uses",
        summary="What names these bytes, before whoever has them deletes them",
        responses=refusals(403, 422),
    )
    async def uses(sha256: Sha256, caller: Annotated[Principal, Depends(requires(Role.SERVICE))]) -> Uses:
        async with work.transaction(caller.tenant) as tx:
            return await uses_of(tx, sha256)

    @routes.get(
        "/v1/artifacts/{sha256}",
        summary="The bytes of an artifact",
        response_class=StreamingResponse,
        responses=refusals(404, 416, 422),
    )
    async def download(
        sha256: Sha256,
        caller: Annotated[Principal, Depends(current_principal)],
        range: Annotated[str | None, Header()] = None,
        if_none_match: Annotated[str | None, Header()] = None,
        if_range: Annotated[str | None, Header()] = None,
    ) -> Response:
        async with work.transaction(caller.tenant) as tx:
            row = await get_artifact(tx, sha256)
        headers, size = _headers(row), row["size"]
        if is_known(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        try:
            span = read_range(range, size) if if_range in {None, headers["ETag"]} else None
        except RangeNotSatisfiable as error:
            refusal = answer_for(error)
            refusal.headers["Content-Range"] = f"bytes */{size}"
            return refusal
        start, end = span or (0, size)
        pieces = artifacts.stream(caller.tenant, sha256, **({"start": start, "end": end} if span else {}))
        # The first piece before the answer: bytes that are gone are a 404 and not a 200 that breaks off.
        body = _with_first(await anext(pieces, b""), pieces)
        headers["Content-Length"] = str(end - start)
        if span:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return StreamingResponse(body, status_code=206 if span else 200, media_type=row["media_type"], headers=headers)

    return routes


async def _with_first(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece


def is_known(header: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names the tag, alone, in a list, as a weak one, or by `*` (RFC 9110, section 13.1.2)."""
    named = {tag.strip().removeprefix("W/") for tag in (header or "").split(",")}
    return etag in named or "*" in named


def _headers(row: Any) -> dict[str, str]:
    return {
        "ETag": f'"{row["sha256"]}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Encoding": "identity",
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
    }


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """One byte range as (start, end), end exclusive; None for the whole. Several ranges are served as the whole.

    Raises `RangeNotSatisfiable` (RFC 9110, section 14.1.2).
    """
    match = _RANGE.match(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
    if start >= size or start >= end:
        raise RangeNotSatisfiable(f"The artifact has {size} bytes.")
    return start, end
