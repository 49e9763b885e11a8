"""A client without an account looks at a film, writes a note and gives the green light, by a link over the edge."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from media.probe import probe
from testkit.browser import Browser
from testkit.studio import Studio, running_studio, until

pytestmark = pytest.mark.journey
REVIEW = {
    "stages": [{"name": "house", "reviewers": ["reviewer"]}, {"name": "client", "reviewers": ["external"]}],
}
"""Somebody of the house looks first, then a person without an account."""


async def film(browser: Browser, place: str) -> httpx.Response:
    """The copy of the film that the player shows, once it is made."""

    def waits(page: httpx.Response) -> bool:
        return 'http-equiv="refresh"' in page.text

    page = await browser.client.get(f"{place}/player/0")
    while waits(page):
        page = await browser.client.get(f"{place}/player/0")
    assert f"{place}/film/0" in page.text
    return await browser.client.get(f"{place}/film/0")


async def test_a_client_gives_the_green_light(tmp_path: Path, own_data: Path) -> None:
    with running_studio(own_data) as studio:
        defined = studio.patiently(lambda: studio.creator.put("/v1/airlock/reviews/publish", json={"review": REVIEW}))
        assert defined.status_code == 200, defined.text
        run_id = studio.start("How tides work", seconds=3)
        studio.wait(run_id, "awaiting_ideation_approval")
        studio.approve(run_id)
        waiting = studio.wait(run_id, "awaiting_publish_approval")
        item_id = waiting["interrupts"][0]["id"]
        body = {"person": "Anna Müller", "may": ["note", "decide"], "uses": 1}
        made = studio.patiently(lambda: studio.reviewer.post(f"/v1/airlock/items/{item_id}/links", json=body))
        assert made.status_code == 201, made.text
        url = made.json()["url"]
        assert url.startswith(str(studio.creator.base_url))
        assert studio.decide(run_id).status_code == 200
        assert studio.run(run_id)["status"] == "awaiting_publish_approval"

        async with (
            httpx.AsyncClient(base_url=studio.creator.base_url, trust_env=False, timeout=60) as client,
            httpx.AsyncClient(base_url=studio.creator.base_url, trust_env=False) as stranger,
        ):
            browser = Browser(client)
            page = await browser.go(url)
            assert page.status_code == 200
            place = page.url.path
            assert (await stranger.get(place)).status_code == 404
            copy = await film(browser, place)
            (original,) = studio.artifacts(run_id)["rendered_video"]
            assert copy.content != studio.download(original)
            (tmp_path / "copy.mp4").write_bytes(copy.content)
            assert probe(tmp_path / "copy.mp4").duration_ms > 1000
            part = await client.get(f"{place}/film/0", headers={"range": "bytes=0-99"})
            assert (part.status_code, part.content) == (206, copy.content[:100])
            assert "Noted" in (await browser.submit("/note", text="Lovely.", at="0:01")).text
            assert "Thank you" in (await browser.submit("/decision", decision="approved", comment="Go.")).text
            assert (await stranger.get(url)).status_code == 404
        done = studio.wait(run_id)
        assert done["status"] == "completed"
        (post,) = studio.posts(run_id)
        assert post["state"] == "public"
        by = [row["decided_by"] for row in studio.reviewer.get(f"/v1/airlock/items/{item_id}").json()["decisions"]]
        assert by[1] == f"external:{place.rsplit('/', 1)[1]}"
        named = until(lambda: entries(studio, "link.decided") or None, seconds=30, what="the decision on record")
        assert named[0]["detail"]["name"] == "Anna Müller"
    assert logs_with(url.rsplit("/", 1)[1], own_data) == []


def entries(studio: Studio, action: str) -> list[dict[str, dict[str, str]]]:
    """The audit entries of an action."""
    found = studio.creator.get("/v1/audit", params={"action": action}).json()["items"]
    return [one["entry"] for one in found]


def logs_with(secret: str, folder: Path) -> list[Path]:
    """The logs in which a secret can be read."""
    logs = list(folder.rglob("*.log"))
    assert logs
    return [path for path in logs if secret in path.read_text(errors="replace")]
