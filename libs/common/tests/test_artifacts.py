"""The content-addressed store, on a real folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from common.artifacts import Artifacts
from common.contracts.values import ArtifactRef
from common.errors import NotFound, Unavailable

TEXT = b"The moon pulls the sea."
LARGE = bytes(range(256)) * (10 * 1024)


def file_of(folder: Path, tenant: str, ref: ArtifactRef) -> Path:
    return folder / "artifacts" / tenant / "sha256" / ref.sha256[:2] / ref.sha256


async def collect(got: bytearray, store: Artifacts, ref: ArtifactRef) -> None:
    async for piece in store.stream("t", ref.sha256):
        got += piece


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def read(store: Artifacts, tenant: str, ref: ArtifactRef, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in store.stream(tenant, ref.sha256, start=start, end=end)])


async def test_the_same_bytes_are_stored_once(artifacts: Artifacts, tmp_path: Path) -> None:
    first = await artifacts.put("t", TEXT, media_type="text/plain")
    path = file_of(tmp_path, "t", first)
    written = path.stat().st_mtime_ns
    second = await artifacts.put("t", TEXT, media_type="text/plain")
    assert (first, path.stat().st_mtime_ns) == (second, written)
    assert first.sha256 == hashlib.sha256(TEXT).hexdigest()


async def test_a_file_and_its_bytes_are_the_same_artifact(artifacts: Artifacts, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(LARGE)
    from_file = await artifacts.put_file("t", path, media_type="video/mp4")
    assert from_file == await artifacts.put("t", LARGE, media_type="video/mp4")
    assert await artifacts.get("t", from_file) == LARGE


async def test_half_a_file_in_the_store_is_written_again(artifacts: Artifacts, tmp_path: Path) -> None:
    ref = await artifacts.put("t", TEXT, media_type="text/plain")
    file_of(tmp_path, "t", ref).write_bytes(TEXT[:5])
    await artifacts.put("t", TEXT, media_type="text/plain")
    assert await artifacts.get("t", ref) == TEXT


@pytest.mark.parametrize("content", [TEXT, LARGE], ids=["small", "several pieces"])
async def test_a_flipped_byte_is_noticed(artifacts: Artifacts, tmp_path: Path, content: bytes) -> None:
    ref = await artifacts.put("t", content, media_type="text/plain")
    path = file_of(tmp_path, "t", ref)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (tmp_path / "into").mkdir()
    with pytest.raises(Unavailable, match="damaged"):
        await artifacts.get("t", ref)
    with pytest.raises(Unavailable, match="damaged"):
        await artifacts.fetch("t", ref, into=tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []
    # A reader that streams gets no complete body either: the last piece never comes.
    got = bytearray()
    with pytest.raises(Unavailable, match="damaged"):
        await collect(got, artifacts, ref)
    assert len(got) < len(content)


async def test_another_tenant_has_no_such_artifact(artifacts: Artifacts) -> None:
    ref = await artifacts.put("t", TEXT, media_type="text/plain")
    with pytest.raises(NotFound):
        await artifacts.get("other", ref)
    with pytest.raises(NotFound):
        await read(artifacts, "other", ref, 1, 2)


@pytest.mark.parametrize("tenant", ["", ".", "..", "..."])
async def test_a_tenant_of_dots_reaches_nothing(artifacts: Artifacts, tmp_path: Path, tenant: str) -> None:
    ref = ArtifactRef(sha256="0" * 64, size=1, media_type="text/plain")
    with pytest.raises(NotFound):
        await artifacts.put(tenant, TEXT, media_type="text/plain")
    with pytest.raises(NotFound):
        await artifacts.get(tenant, ref)
    assert files_below(tmp_path) == []


@pytest.mark.parametrize(
    ("start", "end"), [(0, 1), (5, 9), (0, 10**9), (len(LARGE) - 1, None), (2**20 - 1, 2**20 + 1), (len(LARGE), None)]
)
async def test_a_part_is_that_part(artifacts: Artifacts, start: int, end: int | None) -> None:
    ref = await artifacts.put("t", LARGE, media_type="text/plain")
    assert await read(artifacts, "t", ref, start, end) == LARGE[start:end]


async def test_an_empty_artifact_is_one_too(artifacts: Artifacts) -> None:
    ref = await artifacts.put("t", b"", media_type="text/plain")
    assert (ref.size, await artifacts.get("t", ref)) == (0, b"")


async def test_a_fetched_file_is_used_again(artifacts: Artifacts, tmp_path: Path) -> None:
    ref = await artifacts.put("t", TEXT, media_type="text/plain")
    into = tmp_path / "into"
    into.mkdir()
    path = await artifacts.fetch("t", ref, into=into)
    file_of(tmp_path, "t", ref).unlink()
    assert await artifacts.fetch("t", ref, into=into) == path
    assert path.read_bytes() == TEXT
