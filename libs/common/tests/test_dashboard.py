"""The edge serves the dashboard where no service owns the path, and nothing that is outside of its folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from common.service.dashboard import Dashboard
from common.service.edge import Edge

PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Greenlight</title>")
    (folder / "assets" / "app-1a2b.js").write_text("run()")
    (folder / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"run()"))
    (tmp_path / "secrets.json").write_text("{}")
    return folder


def edge(folder: Path | None) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Edge({}, dashboard=Dashboard(folder)))
    return httpx.AsyncClient(transport=transport, base_url="http://edge")


@pytest.mark.feature("A2")
@pytest.mark.parametrize("path", ["/", "/runs/0194", "/airlock", "/sign-in"])
async def test_a_page_somebody_opens_is_the_dashboard_and_is_asked_for_each_time(built: Path, path: str) -> None:
    async with edge(built) as browser:
        answer = await browser.get(path, headers=PAGE)
    assert answer.status_code == 200
    assert "Greenlight" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_assets_are_kept_for_ever_and_come_packed(built: Path, encoding: str) -> None:
    async with edge(built) as browser:
        answer = await browser.get("/assets/app-1a2b.js", headers={"Accept-Encoding": encoding})
    assert answer.text == "run()"
    assert answer.headers.get("content-encoding") == ("gzip" if encoding == "gzip" else None)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_what_is_owned_or_asked_for_by_a_program_is_no_page(built: Path) -> None:
    async with edge(built) as browser:
        assert (await browser.get("/v1/runs", headers=PAGE)).status_code == 404
        assert (await browser.get("/nothing", headers={"Accept": "application/json"})).json()["error"] == "not_found"
        assert (await browser.post("/", headers=PAGE)).status_code == 404


@pytest.mark.parametrize("path", ["/../secrets.json", "/%2e%2e/secrets.json", "/assets/%2e%2e/%2e%2e/secrets.json"])
async def test_nothing_outside_of_the_folder_is_served(built: Path, path: str) -> None:
    async with edge(built) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 404


async def test_a_dashboard_that_was_not_built_says_so(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "nowhere"):
        async with edge(folder) as browser:
            answer = await browser.get("/", headers=PAGE)
        assert answer.status_code == 503
        assert "was not built" in answer.text
