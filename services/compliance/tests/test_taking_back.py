"""Items that come back: claims that run out, gates that are called off, approvals that do not hold any more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from common.contracts.gates import Change, GateReopened, GateWithdrawn
from common.db.pool import Pool
from common.db.work import Work
from common.manifest import manifest_sha256
from compliance.differences import COMPARED_ITEMS, differences, shortened
from compliance.domain import ItemStatus
from compliance.errors import NotApproved
from compliance.models import tables
from compliance.reevaluation import ACTOR
from compliance.reopening import reopen
from compliance.repository.items import Items
from testkit.listening import eventually
from testkit.plugin import Serving, SettingsFor

OFFICER = "u-officer"
POST = {"title": "Tides", "caption": "The moon pulls.", "hashtags": ["#AIgenerated"], "platforms": ["local_feed"]}
HOUSE = """\
pack: house
version: 1.0.0
description: What this house does not talk about.
rules:
  - {id: house.moon, severity: blocking, text: The moon., remedy: Another body., phrases: [moon]}
tests:
  - {text: to the moon, expect: [house.moon]}
"""


@pytest.fixture
async def work(settings_for: SettingsFor) -> Any:
    """Compliance's database as its own code sees it."""
    url = settings_for("compliance").database_url.get_secret_value()
    opened = Work(Pool(url, service="compliance"), service="compliance", tables=tables)
    yield opened
    await opened.close()


async def test_an_approval_is_taken_back_with_everything_that_names_it(airlock: Any) -> None:
    run = uuid4()
    opened = await airlock.open(POST, run=run)
    await airlock.decide(opened.item_id, decision="approved")
    officer, policies = await airlock.person("compliance_officer"), "/v1/policies/house"
    (await airlock.client.put(policies, headers=officer.headers, json={"source": HOUSE})).raise_for_status()
    activated = await airlock.client.post(f"{policies}/activate", headers=officer.headers, json={})
    version = activated.raise_for_status().json()["version"]
    told = GateReopened.model_validate_json(await airlock.orders.event(GateReopened.subject, str(opened.item_id)))
    change = Change(path="/policy_version", before=opened.verdict.policy_version, after=version)
    assert (told.actor, told.changes, "house.moon" in told.cause) == (ACTOR, (change,), True)
    assert told.manifest_sha256 == manifest_sha256(POST, policy_version=version) != opened.manifest_sha256
    shown = await airlock.item(opened.item_id)
    assert (shown["item"]["status"], shown["item"]["decided_by"], shown["note"]) == ("open", None, told.cause)
    assert shown["verdict"]["level"] == "blocked"
    [entry] = await airlock.audit(run_id=str(run), action="gate.reopened")
    assert (entry["actor"], entry["detail"]["changes"][0]["path"]) == (ACTOR, "/policy_version")
    refused = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert (refused.json()["error"], refused.json()["status_now"]) == ("not_approved", "open")
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["error"] == "blocked_by_policy"
    # The policy in force is asked, not the one it was opened again under: that said no, and this says it no more.
    (await airlock.client.post(f"{policies}/deactivate", headers=officer.headers)).raise_for_status()
    renewed = await airlock.decide(opened.item_id, decision="approved")
    assert renewed.json()["error"] == "content_changed"
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["status"] == "approved"


async def test_what_is_not_approved_is_not_taken_back_and_nothing_is_told(airlock: Any, work: Work) -> None:
    opened = await airlock.approved()
    await airlock.permit(opened.item_id, opened.manifest_sha256)
    async with work.transaction(airlock.tenant) as tx:
        item = await Items(tx).get(opened.item_id, lock=True)
        with pytest.raises(NotApproved):
            await reopen(tx, item, cause="Too late.", actor=OFFICER, changes=[], now=datetime.now(UTC))
    assert (await airlock.item(opened.item_id))["item"]["status"] == "releasing"
    assert await airlock.audit(action="gate.reopened") == []


async def test_a_claim_runs_out_by_itself(airlock: Any, serving: Serving) -> None:
    opened = await airlock.open()
    url = f"/v1/airlock/items/{opened.item_id}/claim"
    ann, ben = [await airlock.people.join(airlock.tenant, "reviewer") for _ in range(2)]
    async with serving("compliance", claim_seconds=0.2) as client:
        assert (await client.put(url, headers=ann.headers, json={})).status_code == 200

        async def decided() -> int:
            return int((await airlock.decide(opened.item_id, ben, decision="approved")).status_code)

        assert await eventually(decided, until=lambda status: status == 200, seconds=20) == 200


async def withdraw(airlock: Any, item_id: Any, run: Any) -> None:
    """What the orchestrator tells when a run is cancelled."""
    fact = GateWithdrawn(item_id=item_id, reason="The run was cancelled.", actor=f"run:{run}")
    await airlock.orders.tell(fact, tenant=airlock.tenant, run=run)


async def status_of(airlock: Any, item_id: Any, wanted: str) -> None:
    """Waits until the item has that status."""

    async def status() -> str:
        return str((await airlock.item(item_id))["item"]["status"])

    assert await eventually(status, until=lambda value: value == wanted, seconds=20) == wanted


async def test_a_cancelled_run_takes_its_items_back(airlock: Any) -> None:
    run = uuid4()
    waiting, approved = await airlock.open(run=run), await airlock.approved()
    for item in (waiting, approved):
        await withdraw(airlock, item.item_id, run)
        await status_of(airlock, item.item_id, "withdrawn")
    assert (await airlock.decide(waiting.item_id, decision="approved")).status_code == 409
    assert (await airlock.permit(approved.item_id, approved.manifest_sha256)).json()["error"] == "not_approved"
    entries = await airlock.audit(action="gate.withdrawn")
    assert [entry["actor"] for entry in entries] == [f"run:{run}"] * 2


async def test_what_is_called_off_before_it_is_open_is_never_open(airlock: Any, work: Work) -> None:
    run, step = uuid4(), uuid4()
    await withdraw(airlock, step, run)

    async def remembered() -> bool:
        async with work.transaction(airlock.tenant) as tx:
            rows = await tx.run("select 1 from compliance.withdrawn_early where item_id = %(item)s", {"item": step})
        return bool(rows)

    await eventually(remembered, seconds=20)
    opened = await airlock.open(run=run, step=step)
    assert (await airlock.item(opened.item_id))["item"]["status"] == "withdrawn"


async def test_what_is_on_its_way_out_is_not_taken_back(airlock: Any) -> None:
    run = uuid4()
    opened = await airlock.approved()
    permit = (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["permit_id"]
    await withdraw(airlock, opened.item_id, run)

    async def noted() -> bool:
        history = (await airlock.item(opened.item_id))["history"]
        return any(event["what"] == "withdrawal came too late" for event in history)

    await eventually(noted, seconds=20)
    body = {"outcome": "released"}
    done = await airlock.client.post(f"/v1/permits/{permit}/finish", headers=await airlock.service(), json=body)
    assert done.status_code == 200


async def test_somebody_else_s_run_takes_nothing_back(airlock: Any) -> None:
    opened = await airlock.open()
    tenant, airlock.tenant = airlock.tenant, "another-tenant"
    await withdraw(airlock, opened.item_id, uuid4())
    airlock.tenant = tenant
    marker = await airlock.open()
    await withdraw(airlock, marker.item_id, uuid4())
    await status_of(airlock, marker.item_id, "withdrawn")
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


MOVES = {
    ItemStatus.OPEN: {"decision", "withdraw", "hold", "claim"},
    ItemStatus.APPROVED: {"withdraw", "hold", "permit"},
    ItemStatus.CHANGES_REQUESTED: set(),
    ItemStatus.REJECTED: set(),
    ItemStatus.EXPIRED: set(),
    ItemStatus.WITHDRAWN: {"withdraw"},
    ItemStatus.RELEASING: {"permit"},
    ItemStatus.RELEASED: set(),
    ItemStatus.RELEASE_FAILED: {"withdraw", "hold", "permit"},
}
"""What may be done to an item in each status; asking for a live permit or a withdrawal again changes nothing."""


@pytest.mark.feature("A55")
@pytest.mark.parametrize("status", ItemStatus)
async def test_what_a_status_does_not_allow_is_a_conflict(airlock: Any, tamper: Any, status: ItemStatus) -> None:
    async def attempt(move: str) -> int:
        opened = await airlock.approved() if status is not ItemStatus.OPEN else await airlock.open()
        item = f"/v1/airlock/items/{opened.item_id}"
        if status is ItemStatus.RELEASING:
            await airlock.permit(opened.item_id, opened.manifest_sha256)
        elif status not in {ItemStatus.OPEN, ItemStatus.APPROVED}:
            tamper("update compliance.airlock_items set status = %s where id = %s", status.value, opened.item_id)
        reviewer = await airlock.person("reviewer")
        post = airlock.client.post
        match move:
            case "decision":
                answer = await airlock.decide(opened.item_id, decision="approved")
            case "withdraw":
                answer = await post(f"{item}/withdraw", headers=await airlock.service("orchestrator"), json={})
            case "hold":
                answer = await post(f"{item}/hold", headers=reviewer.headers, json={"reason": "x"})
            case "claim":
                answer = await airlock.client.put(f"{item}/claim", headers=reviewer.headers, json={})
            case _:
                answer = await airlock.permit(opened.item_id, opened.manifest_sha256)
        return int(answer.status_code)

    for move in ("decision", "withdraw", "hold", "claim", "permit"):
        status_code = await attempt(move)
        assert status_code in ({200, 201} if move in MOVES[status] else {409}), (status, move)


def test_differences_name_every_value_and_nothing_else() -> None:
    before = {"title": "a", "tags": ["x", "y", "z"], "video": {"sha256": "1", "size": 1}, "gone": None, "n": 1}
    after = {"title": "a", "tags": ["x", "z", "w"], "video": {"sha256": "2", "size": 1}, "new/~": {}, "n": 1.0}
    found = [(change.path, change.kind.value, change.before, change.after) for change in differences(before, after)]
    assert found == [
        ("/gone", "removed", None, None),
        ("/new~1~0", "added", None, {}),
        ("/tags/1", "removed", "y", None),
        ("/tags/2", "added", None, "w"),
        ("/video/sha256", "changed", "1", "2"),
    ]
    assert differences(before, dict(reversed(before.items()))) == []
    assert [change.path for change in differences({"n": 1}, {"n": True})] == ["/n"]


def test_long_lists_and_long_values_are_compared_and_shown_shortened() -> None:
    many = [str(number) for number in range(COMPARED_ITEMS * 50)]
    [change] = differences({"tags": many}, {"tags": [*many, "last"]})
    assert change.path == f"/tags/{len(many)}"
    shown = shortened(differences({"a": {}}, {"a": {str(number): "x" * 5_000 for number in range(200)}}))
    assert len(shown) == 40
    assert all(len(change.after) == 401 for change in shown)


async def test_items_are_taken_back_while_they_are_decided(airlock: Any) -> None:
    run = uuid4()
    opened = [await airlock.open(run=run) for _ in range(8)]
    decisions = [airlock.decide(item.item_id, decision="approved") for item in opened]
    await asyncio.gather(*decisions, *(withdraw(airlock, item.item_id, run) for item in opened))
    for item in opened:
        # Whoever came first: in the end nothing of a cancelled run may go out.
        await status_of(airlock, item.item_id, "withdrawn")
