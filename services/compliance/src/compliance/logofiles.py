"""A brand kit's logo, as it was uploaded."""

from __future__ import annotations

from common.artifacts import Artifacts

LOGO_BYTES = 8 << 20
"""More than any logo that may be uploaded has; another artifact is not read to its end."""


async def read_logo(artifacts: Artifacts, tenant: str, sha256: str) -> bytes:
    """Its bytes; of what has more than `LOGO_BYTES` the first ones, which are more than that. Raises `NotFound`."""
    data = b""
    async for piece in artifacts.stream(tenant, sha256):
        data += piece
        if len(data) > LOGO_BYTES:
            break
    return data
