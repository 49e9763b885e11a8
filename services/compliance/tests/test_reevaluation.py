"""A policy that changes looks again at what was approved and has not left: at once, once, and through any crash."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from testkit.listening import eventually

PACK = """\
pack: house
version: {version}
description: What this house does not talk about.
rules:
  - {{id: house.word, severity: {severity}, text: A word of the house., remedy: Another one., phrases: ["{word}"]}}
tests:
  - {{text: "say {word}", expect: [house.word]}}
  - {{text: nothing, expect: none}}
"""
FILM = {
    "title": "How tides work",
    "caption": "The moon pulls, the sea follows.",
    "hashtags": ["#tides", "#AIgenerated"],
    "video": {"kind": "film"},
    "platforms": ["local_feed"],
}
OTHER = {**FILM, "caption": "The sun warms the water."}


async def activate(airlock: Any, *, word: str = "moon", severity: str = "blocking", version: str = "1.0.0") -> str:
    officer = await airlock.person("compliance_officer")
    source = PACK.format(word=word, severity=severity, version=version)
    kept = await airlock.client.put("/v1/policies/house", headers=officer.headers, json={"source": source})
    kept.raise_for_status()
    answer = await airlock.client.post("/v1/policies/house/activate", headers=officer.headers, json={})
    version_now: str = answer.raise_for_status().json()["version"]
    return version_now


async def settled(airlock: Any) -> None:
    officer = await airlock.person("compliance_officer")

    async def done() -> bool:
        shown = await airlock.client.get("/v1/policies", headers=officer.headers)
        return not shown.json()["reevaluating"]

    await eventually(done, seconds=30)


async def status(airlock: Any, opened: Any) -> str:
    shown: str = (await airlock.item(opened.item_id))["item"]["status"]
    return shown


@pytest.mark.feature("A9", "A85")
async def test_what_the_new_policy_refuses_is_open_again_and_the_rest_untouched(airlock: Any) -> None:
    refused, other = await airlock.approved(FILM), await airlock.approved(OTHER)
    began = datetime.now(UTC)
    version = await activate(airlock)
    await settled(airlock)
    shown = await airlock.item(refused.item_id)
    assert shown["item"]["status"] == "open"
    assert (datetime.now(UTC) - began).total_seconds() < 30
    officer = airlock.persons["compliance_officer"].user_id
    assert "house.word" in shown["note"]
    assert officer in shown["note"]
    assert shown["verdict"]["level"] == "blocked"
    assert shown["policy_version"] == version == shown["verdict"]["policy_version"]
    assert (await airlock.permit(refused.item_id, refused.manifest_sha256)).json()["error"] == "not_approved"
    assert (await airlock.decide(refused.item_id, decision="approved")).json()["error"] == "blocked_by_policy"
    assert await status(airlock, other) == "approved"
    assert (await airlock.permit(other.item_id, other.manifest_sha256)).status_code == 201
    reopened = await airlock.audit(action="gate.reopened")
    assert [entry["resource"] for entry in reopened] == [f"airlock_item:{refused.item_id}"]
    assert [change["path"] for change in reopened[0]["detail"]["changes"]] == ["/policy_version"]
    summary = (await airlock.audit(action="policy.reevaluated"))[0]["detail"]
    assert (summary["looked_at"], summary["reopened"]) == (2, 1)


async def test_a_finding_the_reviewer_never_saw_asks_again_and_one_they_saw_does_not(airlock: Any) -> None:
    seen = await airlock.approved({**FILM, "caption": "What the fuck. Moon. #AIgenerated"})
    asked = await airlock.approved(FILM)
    await activate(airlock, severity="review", word="sea")
    await settled(airlock)
    assert (await status(airlock, seen), await status(airlock, asked)) == ("approved", "open")
    await activate(airlock, severity="info", word="moon", version="1.1.0")
    await settled(airlock)
    assert await status(airlock, seen) == "approved"


async def test_no_permit_is_given_between_activation_and_the_second_look(airlock: Any) -> None:
    """However the permit and the activation meet: what the new policy refuses does not leave after it is in force."""
    for number in range(3):
        opened = await airlock.approved({**FILM, "caption": f"The moon, part {number}. word{number}"})
        _, permit = await asyncio.gather(
            activate(airlock, word=f"word{number}", version=f"1.{number}.0"),
            airlock.permit(opened.item_id, opened.manifest_sha256),
        )
        await settled(airlock)
        late = await airlock.permit(opened.item_id, opened.manifest_sha256)
        if permit.status_code == 201:
            assert (late.status_code, late.json()["error"]) == (409, "policy_changed")
            assert late.json()["permit_id"] == permit.json()["permit_id"]
        else:
            assert permit.status_code in {409, 503}
            assert (late.status_code, late.json()["error"]) == (409, "not_approved")


@pytest.mark.feature("M11")
async def test_a_permit_given_before_is_taken_back_by_the_policy_that_refuses(airlock: Any) -> None:
    """Whoever got it was away meanwhile: what it was for is open again as soon as they say that nothing went out."""
    refused, other = await airlock.approved(FILM), await airlock.approved(OTHER)
    given, kept = [(await airlock.permit(one.item_id, one.manifest_sha256)).json() for one in (refused, other)]
    await activate(airlock)
    await settled(airlock)
    late = await airlock.permit(refused.item_id, refused.manifest_sha256)
    assert (late.status_code, late.json()["error"]) == (409, "policy_changed")
    assert (late.json()["stopped"], late.json()["permit_id"]) == (True, given["permit_id"])
    assert (await airlock.permit(other.item_id, other.manifest_sha256)).json()["permit_id"] == kept["permit_id"]
    url = f"/v1/permits/{given['permit_id']}/finish"
    service = await airlock.service()
    await airlock.client.post(url, headers=service, json={"outcome": "release_failed"})
    again = await airlock.permit(refused.item_id, refused.manifest_sha256)
    assert (again.json()["error"], again.json()["status_now"]) == ("not_approved", "open")
    assert "house.word" in (await airlock.item(refused.item_id))["note"]


@pytest.mark.feature("A85")
async def test_what_was_open_when_the_policy_changed_is_not_approved_unseen(airlock: Any) -> None:
    """The reviewer was shown what the old policy says; the new one refuses it."""
    opened, other = await airlock.open(FILM), await airlock.open(OTHER)
    version = await activate(airlock)
    late = await airlock.decide(opened.item_id, decision="approved", manifest_sha256=opened.manifest_sha256)
    assert (late.status_code, late.json()["error"]) == (409, "content_changed")
    shown = await airlock.item(opened.item_id)
    assert (shown["item"]["status"], shown["verdict"]["level"], shown["policy_version"]) == ("open", "blocked", version)
    assert shown["item"]["manifest_sha256"] == late.json()["manifest_sha256"]
    assert [event["what"] for event in shown["history"]] == ["opened", "looked at again"]
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["error"] == "blocked_by_policy"
    [entry] = await airlock.audit(action="gate.rechecked")
    assert entry["detail"]["rules"].count("house.word") == 1
    # Of what the new policy has nothing to say about, the approval counts as it was asked for.
    fine = await airlock.decide(other.item_id, decision="approved", manifest_sha256=other.manifest_sha256)
    assert fine.raise_for_status().json()["manifest_sha256"] == other.manifest_sha256


async def test_what_the_old_policy_refused_and_the_new_one_does_not_can_be_approved(airlock: Any) -> None:
    await activate(airlock)
    opened = await airlock.open(FILM)
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["error"] == "blocked_by_policy"
    officer = await airlock.person("compliance_officer")
    (await airlock.client.post("/v1/policies/house/deactivate", headers=officer.headers)).raise_for_status()
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["error"] == "content_changed"
    assert (await airlock.decide(opened.item_id, decision="approved")).status_code == 200


async def test_approving_while_the_policy_changes_leaves_nothing_approved_that_it_refuses(airlock: Any) -> None:
    for number in range(4):
        opened = await airlock.open({**FILM, "caption": f"The moon, part {number}. word{number}"})
        await asyncio.gather(
            activate(airlock, word=f"word{number}", version=f"1.{number}.0"),
            airlock.decide(opened.item_id, decision="approved"),
        )
        await settled(airlock)
        assert await status(airlock, opened) == "open"


async def test_what_a_service_holds_is_known_again_after_an_edit_and_another_policy(airlock: Any) -> None:
    body = {"key": "film-1", "gate": "publish", "title": "Tides", "content": FILM, "requested_by": "the-author"}
    service = await airlock.service("knowledge")
    first = (await airlock.client.post("/v1/airlock/items", headers=service, json=body)).raise_for_status().json()
    (await airlock.decide(first["id"], decision="approved", data={"title": "Tides, again"})).raise_for_status()
    await activate(airlock)
    await settled(airlock)
    shown = await airlock.item(first["id"])
    assert (shown["item"]["status"], shown["content"]["title"]) == ("open", "Tides, again")
    again = await airlock.client.post("/v1/airlock/items", headers=service, json=body)
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    other = {**body, "content": OTHER}
    refused = await airlock.client.post("/v1/airlock/items", headers=service, json=other)
    assert (refused.status_code, refused.json()["error"]) == (409, "item_differs")


async def test_a_crash_in_the_middle_is_gone_on_with(airlock: Any, stack: Any) -> None:
    """Somebody claimed the work and died: when the claim is over it is done, and nothing of it twice."""
    items = [await airlock.approved(FILM if number % 2 else OTHER) for number in range(6)]
    version = await activate(airlock)
    await settled(airlock)
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        # As it was when one of the six had been looked at: the rest is found by what is missing.
        first = items[0].item_id
        connection.execute("delete from compliance.item_evaluations where item_id <> %s", [first])
        connection.execute(
            "insert into compliance.open_reevaluations (tenant_id, policy_version, asked_at, claimed_until)"
            " values (%s, %s, now(), now() + interval '1 second')",
            [airlock.tenant, version],
        )
    await settled(airlock)
    assert [await status(airlock, item) for item in items] == ["approved", "open"] * 3
    history = (await airlock.item(items[1].item_id))["history"]
    assert [event["what"] for event in history].count("reopened") == 1
    with psycopg.connect(stack.superuser_url) as connection:
        seen = connection.execute(
            "select count(*) from compliance.item_evaluations where tenant_id = %s and policy_version = %s",
            [airlock.tenant, version],
        ).fetchone()
    assert seen == (3,)


async def test_two_changes_at_once_end_with_everything_seen_by_the_last(airlock: Any) -> None:
    opened = await airlock.approved(OTHER)
    await activate(airlock, word="nothingness")
    officer = await airlock.person("compliance_officer")
    post = airlock.client.post
    answers = await asyncio.gather(
        post("/v1/policies/political/activate", headers=officer.headers, json={}),
        post("/v1/policies/copyright/deactivate", headers=officer.headers),
        post("/v1/policies/house/deactivate", headers=officer.headers),
    )
    assert [answer.status_code for answer in answers] == [200] * 3
    await settled(airlock)
    version = (await airlock.client.get("/v1/policies", headers=officer.headers)).json()["version"]
    with psycopg.connect(airlock.stack.superuser_url) as connection:
        row = connection.execute(
            "select policy_version from compliance.item_evaluations where item_id = %s", [opened.item_id]
        ).fetchone()
    assert row == (version,)
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).status_code == 201


async def test_another_tenants_items_are_left_alone(airlock: Any) -> None:
    """The change of one tenant neither looks at nor reopens what is another's."""
    other = replace(airlock, tenant=f"{airlock.tenant}-other", persons={})
    theirs = await other.approved(FILM)
    opened = await airlock.approved(FILM)
    await activate(airlock)
    await settled(airlock)
    assert (await status(airlock, opened), await status(other, theirs)) == ("open", "approved")
    assert (await other.permit(theirs.item_id, theirs.manifest_sha256)).status_code == 201
    with psycopg.connect(airlock.stack.superuser_url) as connection:
        touched = connection.execute(
            "select distinct tenant_id from compliance.item_evaluations union"
            " select tenant_id from compliance.open_reevaluations"
        ).fetchall()
    assert (other.tenant,) not in touched
