"""An upload goes when nothing names it: no run under way, no schedule, no brand kit. Nobody deletes somebody else's."""

from __future__ import annotations

import asyncio
import importlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio
from common.artifacts import Artifacts
from common.errors import NotFound
from PIL import Image
from producer.music import wav_bytes
from testkit.listening import eventually, listening
from testkit.local import local_client
from testkit.people import People, Person
from testkit.plugin import Serving, SettingsFor
from testkit.stack import Stack
from testkit.workshop import Rows

KIT = """\
pack: coast
version: 1.0.0
description: How this house looks.
extends: [brand]
brand:
  colours: ["#0B3D91"]
  film:
    logo: {{upload: "{logo}", place: top_left}}
rules:
  - {{id: coast.rival, severity: review, text: A rival., remedy: Leave it out., phrases: [acmesoft]}}
tests:
  - {{text: "Use acmesoft", expect: [coast.rival]}}
"""


@pytest_asyncio.fixture(scope="module")
async def orchestrator_url(settings_for: SettingsFor) -> AsyncIterator[str]:
    """The orchestrator, listening as long as the module's tests run."""
    async with listening(importlib.import_module("orchestrator.main").app(settings_for("orchestrator"))) as url:
        yield url


@pytest_asyncio.fixture(scope="module")
async def producer(serving: Serving, orchestrator_url: str, compliance_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The producer, which knows both of them."""
    async with serving("producer", orchestrator_url=orchestrator_url, compliance_url=compliance_url) as client:
        yield client


@dataclass
class House:
    """One tenant, and what it brought along."""

    client: httpx.AsyncClient
    creator: Person
    tenant: str
    artifacts: Artifacts

    async def upload(self, data: bytes, *, kind: str = "music") -> str:
        params = {"kind": kind, "title": "A file", "licence": "own"}
        sent = await self.client.post("/v1/uploads", params=params, content=data, headers=self.creator.headers)
        assert sent.status_code == 201, sent.text
        return str(sent.json()["sha256"])

    async def delete(self, sha256: str, *, kind: str = "music") -> httpx.Response:
        return await self.client.delete(f"/v1/uploads/{kind}/{sha256}", headers=self.creator.headers)

    async def listed(self) -> set[str]:
        shown = await self.client.get("/v1/uploads", headers=self.creator.headers)
        return {upload["sha256"] for upload in shown.raise_for_status().json()}

    async def has_bytes(self, sha256: str) -> bool:
        try:
            async for _ in self.artifacts.stream(self.tenant, sha256):
                pass
        except NotFound:
            return False
        return True


@pytest.fixture
async def house(producer: httpx.AsyncClient, people: People, tenant: str, stack: Stack) -> House:
    store = Artifacts((stack.site.data / "artifacts").as_uri())
    return House(producer, await people.join(tenant, "creator"), tenant, store)


def a_tone(hertz: float = 220) -> bytes:
    time = np.arange(48_000 * 2) / 48_000
    return wav_bytes(np.stack([0.2 * np.sin(2 * np.pi * hertz * time)] * 2, axis=1).astype(np.float32))


def a_logo() -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (400, 200), (255, 107, 53, 200)).save(made, "PNG")
    return made.getvalue()


async def test_what_nothing_uses_goes_once_with_its_bytes_and_on_record(
    house: House, people: People, rows: Rows
) -> None:
    sha256 = await house.upload(a_tone())
    other = House(house.client, await people.join(f"{house.tenant}-b", "creator"), f"{house.tenant}-b", house.artifacts)
    theirs = await other.upload(a_tone())
    reviewer = await people.join(house.tenant, "reviewer")
    refused = await house.client.delete(f"/v1/uploads/music/{sha256}", headers=reviewer.headers)
    assert (refused.status_code, theirs) == (403, sha256)
    assert (await house.delete(sha256, kind="footage")).status_code == 404
    twice = await asyncio.gather(house.delete(sha256), house.delete(sha256))
    assert sorted(answer.status_code for answer in twice) == [204, 404]
    assert (await house.delete(sha256)).json()["error"] == "not_found"
    assert (await house.listed(), await house.has_bytes(sha256)) == (set(), False)
    # What somebody else brought is theirs, however alike it is.
    assert (await other.listed(), await other.has_bytes(sha256)) == ({sha256}, True)
    told = "select body from producer.outbox where tenant_id = %s and subject = 'cmd.compliance.audit.v1'"
    entries = b"".join(bytes(row[0]) for row in rows(told, house.tenant))
    assert entries.count(b'"upload.deleted"') == 1
    again = await house.upload(a_tone())
    assert (again, await house.has_bytes(sha256)) == (sha256, True)


async def test_a_run_under_way_and_a_schedule_keep_what_they_name(house: House, orchestrator_url: str) -> None:
    sha256 = await house.upload(a_tone(330))
    asked: dict[str, Any] = {"workflow": "short_video", "input": {"brief": "How tides work", "music": sha256}}
    footage = {"brief": "Tides again", "footage": [{"upload": sha256, "scene": 0}]}
    async with local_client(orchestrator_url) as door:
        headers = house.creator.headers
        started = await door.post("/v1/runs", json=asked, headers=headers)
        hidden = await door.post("/v1/runs", json={**asked, "input": footage, "visibility": "private"}, headers=headers)
        planned = {**asked, "name": "Tides daily", "cron": "0 6 * * *", "timezone": "UTC"}
        schedule = await door.post("/v1/schedules", json=planned, headers=headers)
        assert (started.status_code, hidden.status_code, schedule.status_code) == (202, 202, 201), schedule.text
        run = started.json()["run_id"]
        refused = await house.delete(sha256)
        assert (refused.status_code, refused.json()["error"]) == (409, "upload_in_use")
        used_by = refused.json()["used_by"]
        assert used_by == [f"run {run}", "a private run", "schedule 'Tides daily'"]
        assert hidden.json()["run_id"] not in refused.text
        assert await house.has_bytes(sha256)
        for one in (run, hidden.json()["run_id"]):
            (await door.post(f"/v1/runs/{one}/cancel", headers=headers)).raise_for_status()
        assert (await door.delete(f"/v1/schedules/{schedule.json()['id']}", headers=headers)).status_code == 204
        stranger = await door.get("/v1/artifacts/uses", params={"sha256": sha256}, headers=headers)
        assert stranger.status_code == 403, "what private runs name is nobody's to ask"

        async def deleted() -> int:
            return (await house.delete(sha256)).status_code

        await eventually(deleted, until=lambda status: status == 204, seconds=30)
    assert not await house.has_bytes(sha256)


async def test_a_brand_kit_keeps_its_logo_and_a_run_the_bytes_it_made_something_of(
    house: House, people: People, compliance_url: str, rows: Rows
) -> None:
    sha256 = await house.upload(a_logo(), kind="logo")
    officer = (await people.join(house.tenant, "compliance_officer")).headers
    async with local_client(compliance_url) as compliance:
        kept = await compliance.put("/v1/policies/coast", json={"source": KIT.format(logo=sha256)}, headers=officer)
        assert kept.status_code == 200, kept.text
        refused = await house.delete(sha256, kind="logo")
        assert (refused.status_code, refused.json()["used_by"]) == (409, ["brand kit 'coast'"])
        without = (
            KIT.format(logo=sha256).replace("1.0.0", "1.0.1").replace(f'upload: "{sha256}"', f'upload: "{"0" * 64}"')
        )
        (await compliance.put("/v1/policies/coast", json={"source": without}, headers=officer)).raise_for_status()
    rows(
        "insert into orchestrator.run_artifacts (tenant_id, run_id, sha256, type, name, size, media_type, made_by,"
        " origin, retention_class, step, announced_at) values (%s, gen_random_uuid(), %s, 'brand_asset', 'a logo', 1,"
        " 'image/png', 'test', 'upload', 'run', 'editing', now())",
        house.tenant,
        sha256,
    )
    assert (await house.delete(sha256, kind="logo")).status_code == 204
    assert (await house.listed(), await house.has_bytes(sha256)) == (set(), True)


async def test_nothing_is_deleted_while_nobody_says_what_uses_it(
    serving: Serving, house: House, compliance_url: str
) -> None:
    sha256 = await house.upload(a_tone(440))
    async with serving("producer", orchestrator_url="http://127.0.0.1:9", compliance_url=compliance_url) as client:
        alone = House(client, house.creator, house.tenant, house.artifacts)
        refused = await alone.delete(sha256)
    assert (refused.status_code, refused.json()["error"]) == (503, "unavailable")
    assert (await house.listed(), await house.has_bytes(sha256)) == ({sha256}, True)
