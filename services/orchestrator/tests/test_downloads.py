"""`/v1/artifacts`: what runs made, and the one door for its bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType, Origin
from orchestrator.api.artifacts import RangeNotSatisfiable, is_known, read_range
from testkit.engine import Engine, think

BYTES = bytes(range(256)) * 9000


async def film(input: IdeationInput, step: Step) -> IdeationOutput:
    await step.keep(
        BYTES, type=ArtifactType.RENDERED_VIDEO, name="a film.mp4", media_type="video/mp4", made_by="test",
        origin=Origin.OFFLINE,
    )  # fmt: skip
    return await think(input, step)


async def a_film(engine: Engine) -> str:
    """The id of an artifact of a run that is done."""
    async with engine.on_duty(film):
        run_id = await engine.start()
        await engine.shows(run_id, "completed")
    [artifact] = (await engine.get(f"/v1/runs/{run_id}/artifacts")).json()
    assert (artifact["name"], artifact["type"], artifact["size"]) == ("a film.mp4", "rendered_video", len(BYTES))
    assert (artifact["step"], artifact["origin"]) == ("think", "offline")
    return str(artifact["id"])


async def test_the_bytes_come_whole_and_in_ranges(engine: Engine) -> None:
    path = f"/v1/artifacts/{await a_film(engine)}"
    whole = await engine.get(path)
    assert (whole.status_code, whole.content == BYTES) == (200, True)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in whole.headers or whole.headers["content-encoding"] == "identity"
    size = len(BYTES)
    for wanted, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=-7", size - 7, size),
        (f"bytes=-{size * 2}", 0, size),
        ("bytes=1048570-", 1048570, size),
        (f"bytes=3-{size * 9}", 3, size),
    ):
        part = await engine.get(path, Range=wanted)
        assert (part.status_code, part.content == BYTES[start:end]) == (206, True), wanted
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    for wanted in (f"bytes={size}-", "bytes=-0", "bytes=9-5"):
        beyond = await engine.get(path, Range=wanted)
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}"), wanted
        assert beyond.json()["error"] == "range_not_satisfiable"
    for wanted in ("bytes=0-1,5-9", "lines=1-2", "bytes=a-b"):
        assert (await engine.get(path, Range=wanted)).status_code == 200, wanted


async def test_what_the_caller_has_is_not_sent(engine: Engine) -> None:
    path = f"/v1/artifacts/{await a_film(engine)}"
    etag = (await engine.get(path)).headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        same = await engine.get(path, **{"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag), known
    assert (await engine.get(path, **{"If-None-Match": '"x"'})).status_code == 200
    assert (await engine.get(path, **{"If-Range": etag, "Range": "bytes=0-0"})).status_code == 206
    assert (await engine.get(path, **{"If-Range": '"x"', "Range": "bytes=0-0"})).status_code == 200


async def test_only_the_tenant_that_made_it_has_it(engine: Engine) -> None:
    sha256 = await a_film(engine)
    for answer in (
        await engine.get(f"/v1/artifacts/{sha256}", tenant=f"{engine.tenant}-b"),
        await engine.get(f"/v1/artifacts/{'0' * 64}"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    for wrong in ("x", sha256.upper(), sha256 + "0", "..%2f..%2fetc%2fpasswd"):
        assert (await engine.get(f"/v1/artifacts/{wrong}")).status_code in {404, 422}
    assert (await engine.client.get(f"/v1/artifacts/{sha256}")).status_code == 401


async def makes_three(input: IdeationInput, step: Step) -> IdeationOutput:
    for name, media_type, licence, origin in (
        ("Rain.wav", "audio/wav", "CC BY 4.0", Origin.UPLOAD),
        ("poster.png", "image/png", None, Origin.REAL),
        ("script.json", "application/json", None, Origin.OFFLINE),
    ):
        await step.keep(
            name.encode(), type=ArtifactType.IDEAS, name=name, media_type=media_type, made_by="a test", origin=origin,
            licence=licence,
        )  # fmt: skip
    return await think(input, step)


async def test_what_runs_made_is_found_by_kind_origin_and_words(engine: Engine) -> None:
    async with engine.on_duty(makes_three):
        runs = [await engine.start() for _ in range(2)]
        for run_id in runs:
            await engine.shows(run_id, "completed")

    async def names(**wanted: str) -> list[str]:
        answer = await engine.get(f"/v1/artifacts?{urlencode(wanted)}")
        assert answer.status_code == 200, answer.text
        return sorted(one["name"] for one in answer.json()["items"])

    assert await names(kind="sound") == ["Rain.wav"] * 2
    assert await names(kind="text") == ["script.json"] * 2
    assert await names(kind="film") == []
    assert await names(origin="real") == await names(q="POSTER") == ["poster.png"] * 2
    assert await names(q="cc by", kind="sound", origin="upload") == ["Rain.wav"] * 2
    assert await names(q="%") == await names(q="_") == []
    paged, cursor = list[tuple[str, str]](), ""
    while cursor is not None:
        page = (await engine.get(f"/v1/artifacts?limit=4{cursor and f'&cursor={cursor}'}")).json()
        paged += [(one["run_id"], one["name"]) for one in page["items"]]
        cursor = page["next_cursor"]
    assert len(paged) == len(set(paged)) == 6
    assert {run for run, _ in paged} == {str(run_id) for run_id in runs}
    assert (await engine.get("/v1/artifacts", tenant=f"{engine.tenant}-b")).json()["items"] == []
    for wrong in ("kind=smell", "origin=nowhere", "cursor=x", "q=%00"):
        assert (await engine.get(f"/v1/artifacts?{wrong}")).status_code == 422, wrong


async def test_bytes_that_are_gone_or_damaged_are_no_200(engine: Engine) -> None:
    sha256 = await a_film(engine)
    file = Path(engine.stack.site.data, "artifacts", engine.tenant, "sha256", sha256[:2], sha256)
    write(file, b"\xff" + BYTES[1:])
    # The size was promised before the last piece could be checked, so all that is left is to break off.
    with pytest.raises(httpx.RemoteProtocolError):
        await engine.get(f"/v1/artifacts/{sha256}")
    write(file, None)
    gone = await engine.get(f"/v1/artifacts/{sha256}")
    assert (gone.status_code, gone.json()["error"]) == (404, "not_found")
    assert (await engine.get(f"/v1/artifacts/{sha256}", Range="bytes=0-1")).status_code == 404


def write(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, None), ("", None), ("bytes=-", None), ("bytes=0-3", (0, 4)), ("bytes=-3", (7, 10)), ("bytes=4-", (4, 10))],
)
def test_ranges_are_read(header: str | None, expected: Any) -> None:
    assert read_range(header, 10) == expected


def test_nothing_of_nothing_can_be_had() -> None:
    with pytest.raises(RangeNotSatisfiable):
        read_range("bytes=0-", 0)


def test_no_header_knows_nothing() -> None:
    assert not is_known(None, '"a"')
    assert not is_known('"b", "c"', '"a"')
