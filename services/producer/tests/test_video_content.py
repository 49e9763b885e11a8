"""Whole videos by a vendor's agent, ordered over the real bus, with the vendor's sandbox behind real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.contracts.message import Finished, Outcome
from common.contracts.video_content import MakeVideoContent, VideoContent, VideoContentInput
from pydantic import SecretStr
from sandbox.kit.faults import FaultKind
from testkit.orders import Orders
from testkit.plugin import Serving
from testkit.vendors import Sandbox

ORDER = VideoContentInput(script="The sea breathes twice a day.", voice_style="warm", platform="tiktok")
ORDERS = "/descript/v1/jobs/agent"
Making = Callable[..., AbstractAsyncContextManager[None]]
Attempts = Callable[..., Any]


@pytest.fixture
def making(serving: Serving, vendors_box: Sandbox, compliance_url: str) -> Making:
    """`async with making(video_patience_seconds=1):` → a producer that has videos made by Descript."""

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[None]:
        chosen = {
            "video": "descript",
            "video_mode": "sandbox",
            "video_url": f"{vendors_box.url}/descript/v1",
            "video_key": SecretStr(vendors_box.key),
            "video_poll_seconds": 0.05,
            "compliance_url": compliance_url,
            "video_usd_each": Decimal("0.25"),
        }
        async with serving("producer", **(chosen | settings)):
            yield

    return opened


@pytest.fixture
def attempts(orders: Orders, tenant: str) -> Attempts:
    """`await attempts()` → how the last attempt ended: what waits is looked at again, what may pass is tried thrice."""

    async def make(step: UUID | None = None, *, since: int = 1) -> Finished:
        step, failures = step or uuid4(), 0
        for number in range(since, since + 100):
            finished = await orders.order(MakeVideoContent, ORDER, tenant=tenant, step=step, attempt=number)
            if finished.outcome is Outcome.PENDING:
                assert finished.handle is not None
                continue
            failures += 1
            if finished.problem is None or not finished.problem.retryable or failures == 3:
                return finished
        raise AssertionError("it waits for ever")

    return make


@pytest.mark.feature("A33", "A34")
async def test_a_script_becomes_a_video_and_is_ordered_once(
    making: Making, attempts: Attempts, vendors_box: Sandbox
) -> None:
    step = uuid4()
    async with making():
        finished = await attempts(step)
        again = await attempts(step, since=200)
    assert finished.outcome is Outcome.DONE, finished.problem
    video = VideoContent.model_validate(finished.output)
    assert (video.provider, video.width, video.height) == ("descript", 1080, 1920)
    assert abs(video.duration_ms - 6000) < 200
    [record] = finished.artifacts
    assert (record.ref, record.origin.value, record.made_by) == (video.video, "sandbox", "producer/descript")
    assert again.output == finished.output
    assert len(vendors_box.effects("project.created")) == 1
    asked = next(one.body for one in vendors_box.site.ledger.requests if one.path == ORDERS)
    assert ORDER.script in asked["prompt"]
    assert "vertical, 9:16" in asked["prompt"]


Row = tuple[dict[str, Any], tuple[FaultKind, dict[str, Any]] | None, str, int]
MATRIX: dict[str, Row] = {
    "switched off": ({"video": "off"}, None, "vendor_off", 0),
    "no key": ({"video_key": SecretStr("")}, None, "vendor_key_missing", 0),
    "a bad key": ({"video_key": SecretStr("another")}, None, "vendor_auth_failed", 0),
    "not there": ({"video_url": "http://127.0.0.1:9"}, None, "vendor_unavailable", 0),
    "no credit": ({}, (FaultKind.STATUS, {"path": ORDERS, "code": 402}), "vendor_out_of_credit", 0),
    "busy": ({}, (FaultKind.STATUS, {"path": ORDERS, "code": 429, "times": 9}), "vendor_rate_limited", 0),
    "a part of it": ({}, (FaultKind.FAILS, {"path": ORDERS, "reason": "partial"}), "video_failed", 1),
    "not published": ({}, (FaultKind.FAILS, {"path": "*/publish", "reason": "x"}), "video_failed", 1),
    "never done": ({"video_patience_seconds": 0.5}, (FaultKind.STUCK, {"path": ORDERS}), "video_timed_out", 1),
    "no film": ({}, (FaultKind.BAD_FILM, {"path": "*/publish"}), "video_unusable", 1),
    "an answer that was lost": ({}, (FaultKind.DROP_AFTER, {"path": ORDERS}), "outcome_unknown", 1),
}


@pytest.mark.feature("A34")
@pytest.mark.parametrize("row", MATRIX.values(), ids=MATRIX)
async def test_what_fails_says_so_and_nothing_is_made_up_or_ordered_twice(
    making: Making, attempts: Attempts, vendors_box: Sandbox, row: Row
) -> None:
    settings, fault, code, ordered = row
    if fault:
        vendors_box.plant(fault[0], **fault[1])
    async with making(**settings):
        finished = await attempts()
    assert finished.problem is not None
    assert (finished.output, finished.problem.code) == (None, code)
    assert list(finished.artifacts) == []
    assert len(vendors_box.effects("project.created")) == ordered
