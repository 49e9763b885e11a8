"""Designs without a run: real pictures, of the size and about the thing that was asked for."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from common import http
from PIL import Image
from pydantic import SecretStr
from sandbox.canva import PREFIX
from sandbox.kit.faults import FaultKind
from sandbox.kit.grants import ACCESS_SECONDS
from testkit.listening import eventually
from testkit.people import People
from testkit.plugin import Serving
from testkit.vendors import Sandbox
from testkit.workshop import Rows

ASKED = {"headline": "Why tides rise", "emphasis": ["tides"], "width": 360, "height": 640}


@pytest.mark.feature("A28")
async def test_a_design_is_a_picture_of_what_was_asked_for(serving: Serving, people: People, tenant: str) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")
    async with serving("producer") as client:
        answers = [
            await client.post("/v1/designs", json=ASKED | change, headers=creator.headers)
            for change in ({}, {}, {"headline": "Bread"}, {"template": "quote"}, {"width": 640, "height": 360})
        ]
        refused = await client.post("/v1/designs", json=ASKED, headers=reviewer.headers)
        told: dict[str, Any] = {"content": "Why tides rise", "design_type": "post"}
        seeds = await client.post("/create-design", json=told, headers=creator.headers)
        wrong = await client.post("/v1/designs", json=ASKED | {"template": "none"}, headers=creator.headers)
        lacking = await client.post("/v1/designs", json=ASKED | {"headline": "ไทย rise"}, headers=creator.headers)
    assert [answer.status_code for answer in answers] == [200] * 5
    assert (refused.status_code, wrong.status_code) == (403, 422)
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}
    same, again, *others = [answer.content for answer in answers]
    assert same == again
    assert len({same, *others}) == 4
    pictures = [Image.open(io.BytesIO(content)) for content in (same, *others)]
    assert [picture.size for picture in pictures] == [(360, 640)] * 3 + [(640, 360)]
    assert min(np.asarray(picture.convert("L")).std() for picture in pictures) > 20, "there is nothing on it"

    assert "x-design-downgrade" not in answers[0].headers
    assert (lacking.status_code, lacking.headers["x-design-downgrade"]) == (200, "letters_left_out")
    made = seeds.json()
    image = base64.b64decode(made["image_base64"])
    assert (seeds.status_code, made["provider"], made["design_type"]) == (200, "local", "post")
    assert (made["origin"], made["downgrades"]) == ("offline", [])
    assert answers[0].headers["x-design-provider"] == "local"
    assert made["design_id"] == hashlib.sha256(image).hexdigest()
    assert Image.open(io.BytesIO(image)).size == (1080, 1080)


Designing = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
SEED = {"content": "Why tides rise", "design_type": "thumbnail"}


@pytest.fixture
def designing(serving: Serving, vendors_box: Sandbox) -> Designing:
    """`async with designing(design_fallback="local") as client:` → a producer that designs with Canva."""
    consent = vendors_box.consent()

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
        chosen = {
            "design": "canva",
            "design_mode": "sandbox",
            "design_url": f"{vendors_box.url}/canva/rest",
            "design_client_id": "us",
            "design_client_secret": SecretStr(vendors_box.key),
            "design_refresh_token": consent,
            "design_template": "sandbox-poster",
            "design_poll_seconds": 0.05,
        }
        async with serving("producer", **(chosen | settings)) as client:
            yield client

    return opened


@pytest.mark.feature("A28", "A29")
async def test_a_design_is_the_vendors_and_made_once_for_a_key(
    designing: Designing, people: People, vendors_box: Sandbox, tenant: str
) -> None:
    creator, stranger = await people.join(tenant, "creator"), await people.join(f"{tenant}-2", "creator")
    asked = {"headline": f"Tides {uuid4().hex[:6]}", "width": 360, "height": 640}
    keyed = {"Idempotency-Key": uuid4().hex}
    async with designing() as client:
        first = await client.post("/v1/designs", json=asked, headers=creator.headers | keyed)
        again = await client.post("/v1/designs", json=asked, headers=creator.headers | keyed)
        other = await client.post("/v1/designs", json=asked | {"kicker": "x"}, headers=creator.headers | keyed)
        theirs = await client.post("/v1/designs", json=asked | {"kicker": "x"}, headers=stranger.headers | keyed)
        seeds = await client.post("/compat/agent-os/create-design", json=SEED, headers=creator.headers)
    assert (first.status_code, first.headers["x-design-provider"]) == (200, "canva"), first.text
    assert (first.headers["x-design-origin"], "x-design-downgrade" in first.headers) == ("sandbox", False)
    assert Image.open(io.BytesIO(first.content)).size == (360, 640)
    assert (again.content, again.headers["x-design-provider"]) == (first.content, "canva")
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
    assert theirs.status_code == 200
    made = seeds.json()
    assert (made["provider"], made["origin"], made["downgrades"]) == ("canva", "sandbox", [])
    assert made["edit_url"].startswith(vendors_box.url)
    assert Image.open(io.BytesIO(base64.b64decode(made["image_base64"]))).size == (1280, 720)
    assert len(vendors_box.effects("design.created")) == 3


@pytest.mark.feature("A29")
async def test_a_design_that_is_asked_for_twice_at_once_is_made_once(
    designing: Designing, people: People, vendors_box: Sandbox, tenant: str
) -> None:
    creator = await people.join(tenant, "creator")
    asked, keyed = {"headline": "Tides", "width": 360, "height": 640}, {"Idempotency-Key": uuid4().hex}
    async with designing() as client:

        async def ask() -> httpx.Response:
            return await client.post("/v1/designs", json=asked, headers=creator.headers | keyed)

        answers = await asyncio.gather(*(ask() for _ in range(3)))
        assert [one.status_code for one in answers] == [200] * 3
        assert len({one.content for one in answers}) == 1
        assert len(vendors_box.effects("design.created")) == 1
        # A vendor's no is nobody's design: the same key may ask again.
        keyed["Idempotency-Key"] = uuid4().hex
        vendors_box.plant(FaultKind.STATUS, code=503, method="POST", times=1)
        assert (await ask()).status_code == 503
        assert (await ask()).status_code == 200
    assert len(vendors_box.effects("design.created")) == 2


@pytest.mark.feature("A29")
async def test_a_design_that_was_cut_off_is_not_ordered_again(
    designing: Designing, people: People, vendors_box: Sandbox, tenant: str, rows: Rows
) -> None:
    creator = await people.join(tenant, "creator")
    asked, keyed = {"headline": "Tides", "width": 360, "height": 640}, {"Idempotency-Key": uuid4().hex}
    cut_off = (
        "update producer.idempotency_keys set status = 102, response = '{}', created_at = now() - interval '1 hour'"
        " where tenant_id = %s returning 1"
    )
    async with designing() as client:
        assert (await client.post("/v1/designs", json=asked, headers=creator.headers | keyed)).status_code == 200
        assert rows(cut_off, tenant) == [(1,)]
        again = await client.post("/v1/designs", json=asked, headers=creator.headers | keyed)
    assert (again.status_code, again.json()["error"]) == (409, "idempotent_outcome_unknown")
    assert len(vendors_box.effects("design.created")) == 1
    # What we draw ourselves costs nothing and is the same again.
    async with designing(design="local") as client:
        again = await client.post("/v1/designs", json=asked, headers=creator.headers | keyed)
    assert (again.status_code, again.headers["x-design-provider"]) == (200, "local")


@pytest.mark.feature("A29")
async def test_access_that_ends_is_renewed_and_access_that_is_over_is_said(
    designing: Designing, people: People, vendors_box: Sandbox, tenant: str
) -> None:
    creator = await people.join(tenant, "creator")
    asked = {"headline": "Tides", "width": 360, "height": 640}
    consent = vendors_box.consent()
    async with designing(design_refresh_token=consent) as client:

        async def ask() -> httpx.Response:
            return await client.post("/v1/designs", json=asked, headers=creator.headers)

        assert (await ask()).status_code == 200
        vendors_box.site.clock.advance(ACCESS_SECONDS + 1)
        assert (await ask()).status_code == 200
        assert len(vendors_box.effects("access.renewed")) == 2
        # Somebody else shows the first token, which was spent: the vendor ends all that came of it.
        form = {"grant_type": "refresh_token", "refresh_token": consent.get_secret_value()}
        async with http.client(base_url=vendors_box.url) as thief:
            shown = await thief.post(f"{PREFIX}/oauth/token", data=form, auth=("us", vendors_box.key))
        assert shown.json()["error"] == "invalid_grant"
        for _ in range(2):
            over = await ask()
            assert (over.status_code, over.json()["error"]) == (502, "vendor_disconnected")
            assert "GREENLIGHT_DESIGN_REFRESH_TOKEN" in over.json()["detail"]
        assert len(vendors_box.effects("access.refused")) == 2, "theirs, and ours once"

        async def notices() -> Any:
            ready = await client.get("/ready")
            assert ready.status_code == 200, "films need no designs"
            return ready.json().get("notices", {})

        told = await eventually(notices, until=lambda seen: "design" in seen)
        assert "connect it again" in told["design"]


Row = tuple[dict[str, Any], tuple[FaultKind, dict[str, Any]] | None, int, str]
MATRIX: dict[str, Row] = {
    "switched off": ({"design": "off"}, None, 502, "vendor_off"),
    "no client": ({"design_client_id": ""}, None, 502, "vendor_key_missing"),
    "no secret": ({"design_client_secret": SecretStr("")}, None, 502, "vendor_key_missing"),
    "no consent": ({"design_refresh_token": SecretStr("")}, None, 502, "vendor_key_missing"),
    "a bad secret": ({"design_client_secret": SecretStr("another")}, None, 502, "vendor_auth_failed"),
    "consent of nobody": ({"design_refresh_token": SecretStr("nobodys")}, None, 502, "vendor_disconnected"),
    "not there": ({"design_url": "http://127.0.0.1:9"}, None, 503, "vendor_unavailable"),
    "busy": ({}, (FaultKind.STATUS, {"code": 429, "times": 9}), 503, "vendor_rate_limited"),
    "unpaid": ({}, (FaultKind.FAILS, {"path": "*/autofills", "reason": "quota_exceeded"}), 502, "vendor_out_of_credit"),
    "failed": ({}, (FaultKind.FAILS, {"path": "*/autofills", "reason": "create_design_error"}), 502, "design_failed"),
    "never done": ({"design_patience_seconds": 0.2}, (FaultKind.STUCK, {"path": "*fills"}), 503, "vendor_unavailable"),
    "no such template": ({"design_template": "nobodys"}, None, 502, "vendor_gone"),
    "no picture": ({}, (FaultKind.BAD_FILM, {"path": "*/exports"}), 502, "design_unusable"),
}  # fmt: skip


@pytest.mark.feature("A28", "A29")
@pytest.mark.parametrize("row", MATRIX.values(), ids=MATRIX)
async def test_what_fails_says_so_and_only_where_it_is_allowed_our_own_templates_are_used(
    designing: Designing, people: People, vendors_box: Sandbox, tenant: str, row: Row
) -> None:
    settings, fault, status, code = row
    creator = await people.join(tenant, "creator")
    for fallback in ("none", "local"):
        vendors_box.site.faults.clear()
        if fault:
            vendors_box.plant(fault[0], **fault[1])
        async with designing(design_fallback=fallback, **settings) as client:
            answer = await client.post("/create-design", json=SEED, headers=creator.headers)
        said = answer.json()
        if fallback == "none":
            assert (answer.status_code, said["error"]) == (status, code)
            assert "image_base64" not in said
        else:
            assert (answer.status_code, said["provider"], said["origin"]) == (200, "local", "offline")
            assert [one["code"] for one in said["downgrades"]] == ["design_drawn"]
            assert Image.open(io.BytesIO(base64.b64decode(said["image_base64"]))).size == (1280, 720)
