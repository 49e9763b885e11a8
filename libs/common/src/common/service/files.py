"""Stored files over HTTP: one range at a time, the hash as ETag, and a type that nobody may guess away."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef

_RANGE = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")


@dataclass(frozen=True)
class Span:
    """Bytes from `start` up to `end`, exclusive."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """The range lies outside of the file."""


def read_range(header: str | None, *, size: int) -> Span | None:
    """The one range a header asks for. None for no range, several, or one that cannot be read: then all is sent.

    Raises `Unsatisfiable`.
    """
    match = _RANGE.match(header.strip()) if header else None
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(0, size - int(last)), size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(int(last) + 1, size) if last else size)


async def file_response(
    request: Request,
    artifacts: Artifacts,
    *,
    tenant: str,
    ref: ArtifactRef,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """The bytes of `ref`, or the part asked for. Raises `NotFound` when the store does not hold them.

    `headers` are those of this kind of file, such as who may keep it and for how long.
    """
    tag = f'"{ref.sha256}"'
    answered = {
        **headers,
        "etag": tag,
        "accept-ranges": "bytes",
        "x-content-type-options": "nosniff",
        "content-type": media_type,
    }
    if _names(request.headers.get("if-none-match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=answered)
    if_range = request.headers.get("if-range")
    asked = request.headers.get("range") if if_range in {None, tag} else None
    try:
        span = read_range(asked, size=ref.size)
    except Unsatisfiable:
        answered["content-range"] = f"bytes */{ref.size}"
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=answered)
    status = HTTPStatus.OK
    if span is not None:
        status = HTTPStatus.PARTIAL_CONTENT
        answered["content-range"] = f"bytes {span.start}-{span.end - 1}/{ref.size}"
    sent = span or Span(0, ref.size)
    answered["content-length"] = str(sent.end - sent.start)
    looks_only = request.method == "HEAD"
    end = min(sent.start + 1, sent.end) if looks_only else sent.end
    pieces = artifacts.stream(tenant, ref.sha256, start=sent.start, end=end)
    # The first piece is read before the answer begins, so that a missing file is a 404 and not a broken 200.
    first = await anext(pieces, b"")
    if looks_only:
        return Response(status_code=status, headers=answered)
    return StreamingResponse(_chain(first, pieces), status_code=status, headers=answered)


def _names(header: str | None, tag: str) -> bool:
    return header is not None and any(part.strip().removeprefix("W/") in {tag, "*"} for part in header.split(","))


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
