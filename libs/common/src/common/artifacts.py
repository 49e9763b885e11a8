"""Bytes, stored under their own hash and below their tenant, which comes from the scope alone."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import NotFoundError as ObjectNotFound
from obstore.store import LocalStore, ObjectStore, from_url

from common.contracts.values import ArtifactRef
from common.errors import NotFound, Unavailable
from common.ids import new_id

_CHUNK = 1 << 20


class Artifacts:
    """A content-addressed store on a local folder or, by URL, on S3, GCS or Azure."""

    def __init__(self, url: str) -> None:
        self._root = Path(urlsplit(url).path) if url.startswith("file://") else None
        if self._root:
            self._root.mkdir(parents=True, exist_ok=True)
        self._store: ObjectStore = LocalStore(self._root) if self._root else from_url(url)

    async def put(self, tenant: str, data: bytes, *, media_type: str) -> ArtifactRef:
        """Store bytes; storing the same again changes nothing. → their reference."""
        ref = ArtifactRef(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)
        if not await self._holds(tenant, ref):
            await obstore.put_async(self._store, _key(tenant, ref.sha256), data)
        return ref

    async def put_file(self, tenant: str, path: Path, *, media_type: str) -> ArtifactRef:
        """Store a file's bytes. → their reference."""
        sha256 = await asyncio.to_thread(_hash_file, path)
        size = (await asyncio.to_thread(path.stat)).st_size
        ref = ArtifactRef(sha256=sha256, size=size, media_type=media_type)
        if not await self._holds(tenant, ref):
            await obstore.put_async(self._store, _key(tenant, sha256), path)
        return ref

    async def get(self, tenant: str, ref: ArtifactRef) -> bytes:
        """The bytes, verified. Raises `NotFound`, or `Unavailable` when they are not what was stored."""
        chunks = [chunk async for chunk in self.stream(tenant, ref.sha256)]
        data = b"".join(chunks)
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise Unavailable(f"artifact {ref.sha256} is damaged in the store")
        return data

    async def fetch(self, tenant: str, ref: ArtifactRef, *, into: Path) -> Path:
        """A verified local file `<sha256>` in the folder `into`; a file that is already there is used again."""
        target = into / ref.sha256
        if not target.exists():
            partial = into / f".{ref.sha256}.{new_id().hex}"
            digest = hashlib.sha256()
            with partial.open("wb") as file:
                async for chunk in self.stream(tenant, ref.sha256):
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
            if digest.hexdigest() != ref.sha256:
                partial.unlink()
                raise Unavailable(f"artifact {ref.sha256} is damaged in the store")
            partial.rename(target)
        return target

    async def stream(self, tenant: str, sha256: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end` (exclusive), in pieces. Raises `NotFound` before the first piece."""
        key = _key(tenant, sha256)
        try:
            if start or end is not None:
                size = (await obstore.head_async(self._store, key))["size"]
                stop = size if end is None else min(end, size)
                for offset in range(start, stop, _CHUNK):
                    piece = await obstore.get_range_async(
                        self._store, key, start=offset, end=min(offset + _CHUNK, stop)
                    )
                    yield bytes(piece)
            else:
                found = await obstore.get_async(self._store, key)
                async for chunk in found.stream(min_chunk_size=_CHUNK):
                    yield bytes(chunk)
        except (FileNotFoundError, ObjectNotFound) as error:
            raise NotFound(f"there is no artifact {sha256}") from error

    async def _holds(self, tenant: str, ref: ArtifactRef) -> bool:
        try:
            return (await obstore.head_async(self._store, _key(tenant, ref.sha256)))["size"] == ref.size
        except (FileNotFoundError, ObjectNotFound):
            return False


def _key(tenant: str, sha256: str) -> str:
    # The tenant was checked against TENANT_PATTERN at the door; a name of dots alone would still climb.
    if not tenant or not tenant.strip("."):
        raise NotFound(f"there is no tenant {tenant!r}")
    return f"{tenant}/sha256/{sha256[:2]}/{sha256}"


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
