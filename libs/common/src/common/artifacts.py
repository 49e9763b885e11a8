"""Bytes, stored under their own hash and below their tenant, which comes from the scope alone."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import NotFoundError as ObjectNotFound
from obstore.store import LocalStore, ObjectStore, from_url

from common.contracts.values import ArtifactRef
from common.errors import ArtifactDamaged, NotFound
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
        """The bytes, verified. Raises `NotFound`, or `ArtifactDamaged` when they are not what was stored."""
        return b"".join([piece async for piece in self.stream(tenant, ref.sha256)])

    async def fetch(self, tenant: str, ref: ArtifactRef, *, into: Path) -> Path:
        """A verified local file `<sha256>` in the folder `into`; a file that is already there is used again."""
        target = into / ref.sha256
        if not target.exists():
            partial = into / f".{ref.sha256}.{new_id().hex}"
            try:
                with partial.open("wb") as file:
                    async for piece in self.stream(tenant, ref.sha256):
                        await asyncio.to_thread(file.write, piece)
                partial.rename(target)
            finally:
                partial.unlink(missing_ok=True)
        return target

    async def stream(self, tenant: str, sha256: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end` (exclusive), in pieces. Raises `NotFound` before the first piece.

        The whole is verified: its last piece comes only if the hash is right, else `ArtifactDamaged` is raised.
        """
        key = _key(tenant, sha256)
        pieces = self._part(key, start, end) if start or end is not None else self._whole(key, sha256)
        try:
            async for piece in pieces:
                yield piece
        except (FileNotFoundError, ObjectNotFound) as error:
            raise NotFound(f"There is no artifact {sha256}.") from error

    async def discard(self, tenant: str, sha256: str) -> None:
        """Delete the bytes for good. Only for what its service alone refers to; what is gone already is no error."""
        with suppress(FileNotFoundError, ObjectNotFound):
            await obstore.delete_async(self._store, _key(tenant, sha256))

    async def _part(self, key: str, start: int, end: int | None) -> AsyncIterator[bytes]:
        size = (await obstore.head_async(self._store, key))["size"]
        stop = size if end is None else min(end, size)
        for offset in range(start, stop, _CHUNK):
            last = min(offset + _CHUNK, stop)
            yield bytes(await obstore.get_range_async(self._store, key, start=offset, end=last))

    async def _whole(self, key: str, sha256: str) -> AsyncIterator[bytes]:
        digest = hashlib.sha256()
        held = b""
        found = await obstore.get_async(self._store, key)
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            if held:
                yield held
            held = bytes(chunk)
            digest.update(held)
        if digest.hexdigest() != sha256:
            raise ArtifactDamaged(f"Artifact {sha256} is damaged in the store.")
        yield held

    async def _holds(self, tenant: str, ref: ArtifactRef) -> bool:
        try:
            return (await obstore.head_async(self._store, _key(tenant, ref.sha256)))["size"] == ref.size
        except (FileNotFoundError, ObjectNotFound):
            return False


def _key(tenant: str, sha256: str) -> str:
    # The tenant was checked against TENANT_PATTERN at the door; a name of dots alone would still climb.
    if not tenant or not tenant.strip("."):
        raise NotFound(f"There is no tenant {tenant!r}.")
    return f"{tenant}/sha256/{sha256[:2]}/{sha256}"


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
