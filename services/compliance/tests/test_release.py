"""Release permits: only for what was approved, byte for byte, once, and never past a stop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest


async def test_an_item_nobody_approved_gets_no_permit(airlock: Any) -> None:
    opened = await airlock.open()
    refused = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert (refused.status_code, refused.json()["error"]) == (409, "not_approved")
    await airlock.decide(opened.item_id, decision="rejected", comment="no")
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "not_approved"
    assert [entry["result"] for entry in await airlock.audit(action="permit.refused")] == ["not_approved"] * 2


@pytest.mark.parametrize("role", ["reviewer", "publisher", "operator", "admin"])
async def test_people_get_no_permits(airlock: Any, role: str) -> None:
    opened = await airlock.approved()
    person = await airlock.person(role)
    body = {"item_id": str(opened.item_id), "manifest_sha256": opened.manifest_sha256}
    assert (await airlock.client.post("/v1/permits", headers=person.headers, json=body)).status_code == 403


async def test_asking_twice_gives_the_same_permit(airlock: Any) -> None:
    opened = await airlock.approved()
    answers = await asyncio.gather(*(airlock.permit(opened.item_id, opened.manifest_sha256) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["permit_id"] for answer in answers}) == 1
    assert (await airlock.item(opened.item_id))["item"]["status"] == "releasing"
    other = await airlock.permit(opened.item_id, opened.manifest_sha256, service="editor")
    assert (other.status_code, other.json()["error"]) == (409, "release_in_flight")


async def finish(airlock: Any, permit: dict[str, Any], outcome: str) -> None:
    url = f"/v1/permits/{permit['permit_id']}/finish"
    answer = await airlock.client.post(url, headers=await airlock.service(), json={"outcome": outcome})
    answer.raise_for_status()


@pytest.mark.feature("M11")
async def test_a_permit_is_worth_nothing_once_the_window_has_closed(airlock: Any, tamper: Any) -> None:
    opened = await airlock.approved()
    given = (await airlock.permit(opened.item_id, opened.manifest_sha256)).raise_for_status().json()
    # Whoever got it was away until the window was over.
    over = "update compliance.airlock_items set content = (content::jsonb || %s::jsonb)::json where id = %s"
    window = '{"window": {"not_after": "2026-01-01T00:00:00Z"}}'
    assert tamper(over, window, opened.item_id) == 1
    late = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert (late.status_code, late.json()["error"]) == (409, "window_closed")
    assert (late.json()["stopped"], late.json()["permit_id"]) == (True, given["permit_id"])
    assert (await airlock.item(opened.item_id))["item"]["status"] == "releasing"
    await finish(airlock, given, "release_failed")
    again = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert again.json()["error"] == "window_closed"
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"
    refused = await airlock.audit(action="permit.refused")
    assert [entry["result"] for entry in refused] == ["window_closed"] * 2


async def test_another_hash_reopens_the_item_and_the_old_approval_is_void(airlock: Any) -> None:
    opened = await airlock.approved()
    refused = await airlock.permit(opened.item_id, "0" * 64)
    assert (refused.status_code, refused.json()["error"]) == (409, "content_changed")
    shown = await airlock.item(opened.item_id)
    assert shown["item"]["status"] == "open"
    assert "look again" in shown["note"].lower()
    assert [event["what"] for event in shown["history"]] == ["opened", "approved", "reopened"]
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "not_approved"
    reopened = await airlock.audit(action="gate.reopened")
    assert reopened[0]["detail"]["changes"][0]["after"] == "0" * 64
    again = await airlock.decide(opened.item_id, decision="approved")
    assert again.status_code == 200
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).status_code == 201


async def test_a_hold_stops_the_release_until_it_is_lifted(airlock: Any) -> None:
    opened = await airlock.approved()
    reviewer, publisher = await airlock.person("reviewer"), await airlock.person("publisher")
    url = f"/v1/airlock/items/{opened.item_id}/hold"
    for reason in ("is the music licensed?", "again"):
        held = await airlock.client.post(url, headers=reviewer.headers, json={"reason": reason})
        assert held.json()["hold"]["reason"] == "is the music licensed?"
    refused = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert (refused.json()["error"], refused.json()["held_by"]) == ("on_hold", reviewer.user_id)
    assert (await airlock.client.delete(url, headers=publisher.headers)).status_code == 403
    officer = await airlock.person("compliance_officer")
    assert (await airlock.client.delete(url, headers=officer.headers)).json()["hold"] is None
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).status_code == 201


async def test_a_hold_that_comes_too_late_says_since_when(airlock: Any) -> None:
    opened = await airlock.approved()
    permit = (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()
    reviewer = await airlock.person("reviewer")
    url = f"/v1/airlock/items/{opened.item_id}"
    late = await airlock.client.post(f"{url}/hold", headers=reviewer.headers, json={"reason": "wait"})
    assert (late.status_code, late.json()["error"]) == (409, "release_in_flight")
    assert late.json()["since"] == permit["granted_at"]
    assert "in flight since" in late.json()["detail"]
    service = await airlock.service("orchestrator")
    withdrawn = await airlock.client.post(f"{url}/withdraw", headers=service, json={})
    assert withdrawn.json()["error"] == "release_in_flight"


async def test_hold_and_release_at_once_one_wins(airlock: Any) -> None:
    reviewer = await airlock.person("reviewer")
    for _ in range(5):
        opened = await airlock.approved()
        url = f"/v1/airlock/items/{opened.item_id}/hold"
        hold, permit = await asyncio.gather(
            airlock.client.post(url, headers=reviewer.headers, json={"reason": "wait"}),
            airlock.permit(opened.item_id, opened.manifest_sha256),
        )
        assert {(hold.status_code, permit.status_code)} <= {(200, 409), (409, 201)}


async def test_the_kill_switch_stops_everything_and_names_what_it_came_too_late_for(airlock: Any) -> None:
    flying, waiting = await airlock.approved(), await airlock.approved()
    await airlock.permit(flying.item_id, flying.manifest_sha256)
    publisher, admin = await airlock.person("publisher"), await airlock.person("admin")
    creator = await airlock.person("creator")
    body = {"reason": "wrong song"}
    assert (await airlock.client.put("/v1/airlock/kill", headers=creator.headers, json=body)).status_code == 403
    stop = (await airlock.client.put("/v1/airlock/kill", headers=publisher.headers, json=body)).json()
    assert (stop["stopped"], stop["by"], stop["reason"]) == (True, publisher.user_id, "wrong song")
    assert stop["in_flight"] == [str(flying.item_id)]
    refused = await airlock.permit(waiting.item_id, waiting.manifest_sha256)
    assert (refused.status_code, refused.json()["error"]) == (409, "on_hold")
    assert (await airlock.client.delete("/v1/airlock/kill", headers=publisher.headers)).status_code == 403
    released = [(await airlock.client.delete("/v1/airlock/kill", headers=admin.headers)).json() for _ in range(2)]
    assert [view["stopped"] for view in released] == [False, False]
    assert (await airlock.permit(waiting.item_id, waiting.manifest_sha256)).status_code == 201
    actions = [entry["action"] for entry in await airlock.audit()]
    assert (actions.count("kill.on"), actions.count("kill.off")) == (1, 1)


async def test_a_finished_release_is_final(airlock: Any) -> None:
    opened = await airlock.approved()
    permit = (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["permit_id"]
    service = await airlock.service()
    url = f"/v1/permits/{permit}/finish"
    done = [await airlock.client.post(url, headers=service, json={"outcome": "released"}) for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json() == done[1].json()
    other = await airlock.client.post(url, headers=service, json={"outcome": "release_failed"})
    assert (other.status_code, other.json()["error"]) == (409, "permit_already_finished")
    again = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert (again.status_code, again.json()["error"]) == (409, "already_released")
    reviewer = await airlock.person("reviewer")
    late = await airlock.client.post(
        f"/v1/airlock/items/{opened.item_id}/hold", headers=reviewer.headers, json={"reason": "x"}
    )
    assert late.json()["error"] == "already_released"


async def test_a_failed_release_may_be_tried_again_with_a_new_permit(airlock: Any) -> None:
    opened = await airlock.approved()
    first = (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["permit_id"]
    body = {"outcome": "release_failed", "detail": "The platform said no."}
    await airlock.client.post(f"/v1/permits/{first}/finish", headers=await airlock.service(), json=body)
    shown = await airlock.item(opened.item_id)
    assert (shown["item"]["status"], shown["note"]) == ("release_failed", "The platform said no.")
    second = await airlock.permit(opened.item_id, opened.manifest_sha256)
    assert second.status_code == 201
    assert second.json()["permit_id"] != first
