"""Files of the feed over HTTP: public, and to be kept no longer than a post may stay."""

from __future__ import annotations

from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef
from common.service import files
from fastapi import Request
from fastapi.responses import Response

_HEADERS = {
    # A post's files never change while it is shown, but it may be taken down.
    "cache-control": "public, max-age=3600",
    "cross-origin-resource-policy": "cross-origin",
}


async def file_response(
    request: Request, artifacts: Artifacts, *, tenant: str, ref: ArtifactRef, media_type: str
) -> Response:
    """The bytes of `ref`, or the part asked for. Raises `NotFound` when the store does not hold them."""
    return await files.file_response(
        request, artifacts, tenant=tenant, ref=ref, media_type=media_type, headers=_HEADERS
    )
