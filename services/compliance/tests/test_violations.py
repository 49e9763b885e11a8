"""What the airlock's checks block is told once a verdict, with rules, places and remedies, and counted."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from common.contracts.gates import BriefCheckInput, CheckBrief
from common.contracts.message import Outcome
from common.contracts.safety import ContentViolated, Side
from common.observability.metrics import exposition
from testkit.listening import eventually

HOUSE = """\
pack: house
version: 1.0.0
description: What this house does not talk about.
rules:
  - {id: house.word, severity: blocking, text: A word of the house., remedy: Another one., phrases: [moon]}
tests:
  - {text: say moon, expect: [house.word]}
"""
TOLD = 'greenlight_violations_total{rule="house.word",service="compliance"}'
FILM = {
    "title": "How tides work",
    "caption": "The moon pulls, the sea follows.",
    "hashtags": ["#tides", "#AIgenerated"],
    "video": {"kind": "film"},
    "platforms": ["local_feed"],
}


def counted() -> float:
    """How often the house's word was counted in this process."""
    lines = exposition("compliance").decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(TOLD))


@pytest.mark.feature("A47", "A76", "M13")
async def test_each_new_verdict_that_blocks_is_told_and_counted_once(airlock: Any) -> None:
    before = counted()
    approved, clean = await airlock.approved(FILM), await airlock.open({**FILM, "caption": "The sea follows."})
    officer, reviewer = await airlock.person("compliance_officer"), await airlock.person("reviewer")
    await airlock.client.put("/v1/policies/house", headers=officer.headers, json={"source": HOUSE})
    answer = await airlock.client.post("/v1/policies/house/activate", headers=officer.headers, json={})
    answer.raise_for_status()

    async def told() -> list[ContentViolated]:
        return [event for event in await airlock.told(ContentViolated) if "house.word" in event.rules]

    # What was approved is looked at anew.
    [reopened] = await eventually(told, until=bool, seconds=30)
    assert reopened.resource == f"airlock_item:{approved.item_id}"
    [found] = reopened.findings
    assert (found.rule, found.severity, found.where, found.remedy) == (
        "house.word",
        "blocking",
        "/caption",
        "Another one.",
    )
    assert "pulls" not in reopened.model_dump_json()
    # Nobody looked anew: the verdict is the one that was told.
    refused = await airlock.decide(approved.item_id, decision="approved")
    assert refused.json()["error"] == "blocked_by_policy"
    assert len(await told()) == 1
    edit = {"data": {"caption": "The moon, again."}, "decision": "approved"}
    assert (await airlock.decide(clean.item_id, reviewer, **edit)).json()["error"] == "blocked_by_policy"
    edited = (await told())[-1]
    assert (edited.side, edited.actor) == (Side.REQUEST, reviewer.user_id)
    held = await airlock.open({**FILM, "title": "The moon"}, step=(step := uuid4()))
    # The command again is the same item, and no second verdict.
    assert (await airlock.open({**FILM, "title": "The moon"}, step=step, attempt=2)).item_id == held.item_id
    brief = BriefCheckInput(brief="All about the moon")
    finished = await airlock.orders.order(CheckBrief, brief, tenant=airlock.tenant, run=uuid4())
    assert finished.outcome is Outcome.REFUSED
    assert [event.resource for event in await told()] == [
        f"airlock_item:{approved.item_id}",
        f"airlock_item:{clean.item_id}",
        f"airlock_item:{held.item_id}",
        CheckBrief.name,
    ]
    assert counted() - before == 4
