"""The decision door: who may, once, on exactly what was seen."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from common.artifacts import Artifacts
from common.contracts.gates import BriefCheckInput, CheckBrief, GateDecided, GateInput, OpenGate, VerdictLevel
from common.contracts.message import Outcome
from common.contracts.safety import ContentViolated
from common.contracts.values import Decision
from common.manifest import manifest_sha256
from testkit.plugin import SettingsFor


async def test_of_two_simultaneous_decisions_one_wins_and_the_other_is_told_who(airlock: Any) -> None:
    opened = await airlock.open()
    first, second = await airlock.people.join(airlock.tenant, "reviewer"), await airlock.person("reviewer")
    answers = await asyncio.gather(
        airlock.decide(opened.item_id, first, decision="approved"),
        airlock.decide(opened.item_id, second, decision="rejected", comment="too salty"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert lost["error"] == "gate_already_decided"
    assert (lost["decided_by"], lost["decision"]) == (won["decided_by"], won["decision"])
    assert lost["decided_at"]
    shown = await airlock.item(opened.item_id)
    assert [row["decided_by"] for row in shown["decisions"]] == [won["decided_by"]]


async def test_many_simultaneous_approvals_are_one_decision_and_one_fact(airlock: Any) -> None:
    opened = await airlock.open()
    reviewer = await airlock.person("reviewer")
    answers = await asyncio.gather(*(airlock.decide(opened.item_id, reviewer, decision="approved") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len((await airlock.item(opened.item_id))["decisions"]) == 1


async def test_a_decided_gate_stays_decided(airlock: Any) -> None:
    opened = await airlock.approved()
    again = await airlock.decide(opened.item_id, decision="rejected", comment="changed my mind")
    assert (again.status_code, again.json()["error"]) == (409, "gate_already_decided")
    assert (await airlock.item(opened.item_id))["item"]["status"] == "approved"


async def test_a_repeat_with_the_same_idempotency_key_gets_the_first_answer(airlock: Any) -> None:
    opened = await airlock.open()
    reviewer = await airlock.person("reviewer")
    url = f"/v1/airlock/items/{opened.item_id}/decision"
    headers = {**reviewer.headers, "Idempotency-Key": "click-1"}
    body = {"decision": "approved", "data": {"title": "Tides, explained"}}
    first, second = [await airlock.client.post(url, headers=headers, json=body) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    other = await airlock.client.post(url, headers=headers, json={"decision": "rejected", "comment": "no"})
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")


async def test_authors_cannot_decide_their_own_work_not_even_administrators(airlock: Any) -> None:
    reviewer, admin = await airlock.person("reviewer"), await airlock.person("admin")
    for author in (reviewer, admin):
        opened = await airlock.open(requested_by=author.user_id)
        for body in ({"decision": "approved"}, {"decision": "rejected", "comment": "no"}):
            answer = await airlock.decide(opened.item_id, author, **body)
            assert (answer.status_code, answer.json()["error"]) == (403, "own_work")
        assert (await airlock.item(opened.item_id))["item"]["status"] == "open"
    refused = await airlock.audit(action="gate.decision_refused")
    assert [entry["result"] for entry in refused] == ["own_work"] * 4


async def test_only_the_gates_reviewers_and_administrators_decide(airlock: Any) -> None:
    opened = await airlock.open(reviewers=("publisher",))
    for role in ("creator", "reviewer", "compliance_officer", "operator"):
        answer = await airlock.decide(opened.item_id, await airlock.person(role), decision="approved")
        assert (answer.status_code, answer.json()["error"]) == (403, "not_a_reviewer"), role
    assert (await airlock.decide(opened.item_id, await airlock.person("admin"), decision="approved")).status_code == 200


async def test_services_cannot_decide(airlock: Any) -> None:
    opened = await airlock.open()
    url = f"/v1/airlock/items/{opened.item_id}/decision"
    answer = await airlock.client.post(url, headers=await airlock.service(), json={"decision": "approved"})
    assert (answer.status_code, answer.json()["error"]) == (403, "not_a_reviewer")


async def test_the_actor_is_the_token_and_a_body_cannot_say_otherwise(airlock: Any) -> None:
    opened = await airlock.open()
    answer = await airlock.decide(opened.item_id, decision="approved", decided_by="somebody-else")
    assert answer.status_code == 422
    reviewer = await airlock.person("reviewer")
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["decided_by"] == reviewer.user_id


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "rejected"},
        {"decision": "changes_requested", "comment": "   "},
        {"decision": "rejected", "comment": "no", "data": {"title": "x"}},
        {"decision": "approve"},
        {"decision": "approved", "comment": "\0"},
        {"decision": "approved", "manifest_sha256": "abc"},
    ],
)
async def test_a_decision_that_makes_no_sense_is_refused(airlock: Any, body: dict[str, Any]) -> None:
    opened = await airlock.open()
    assert (await airlock.decide(opened.item_id, **body)).status_code == 422
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_a_decision_on_content_that_was_not_seen_is_refused(airlock: Any) -> None:
    opened = await airlock.open()
    stale = await airlock.decide(opened.item_id, decision="approved", manifest_sha256="0" * 64)
    assert (stale.status_code, stale.json()["error"]) == (409, "content_changed")
    seen = await airlock.decide(opened.item_id, decision="approved", manifest_sha256=opened.manifest_sha256)
    assert seen.status_code == 200


@pytest.mark.feature("A9")
async def test_blocked_content_cannot_be_approved_until_it_is_edited(airlock: Any) -> None:
    opened = await airlock.open({"caption": "How to make a pipe bomb at home", "title": "x"})
    assert opened.verdict.level is VerdictLevel.BLOCKED
    refused = await airlock.decide(opened.item_id, decision="approved")
    assert (refused.status_code, refused.json()["error"]) == (409, "blocked_by_policy")
    assert refused.json()["rules"] == ["dangerous.explosives"]
    worse = await airlock.decide(opened.item_id, decision="approved", data={"title": "how to kill yourself"})
    assert "self_harm.instructions" in worse.json()["rules"]
    # The edit stopped at the door, by the shield; the item's own verdict was told when it was made, and only then.
    told = await airlock.told(ContentViolated)
    assert [event.rules for event in told if event.resource.startswith("airlock_item:")] == [("dangerous.explosives",)]
    edited = await airlock.decide(opened.item_id, decision="approved", data={"caption": "How to make a bath bomb"})
    assert edited.status_code == 200


async def test_an_edit_that_brings_in_something_forbidden_is_not_approved(airlock: Any) -> None:
    opened = await airlock.open()
    refused = await airlock.decide(opened.item_id, decision="approved", data={"caption": "how to build a nail bomb"})
    # The shield at the door may be the first to look.
    assert refused.json()["error"] in {"blocked_by_policy", "content_blocked"}
    shown = await airlock.item(opened.item_id)
    assert shown["item"]["status"] == "open"
    assert shown["content"]["caption"] == "The moon pulls, the sea follows."


async def test_edit_and_approve_changes_content_and_hash_and_tells_both(airlock: Any) -> None:
    run = uuid4()
    opened = await airlock.open(run=run)
    edit = {"title": "Tides, explained", "hashtags": [], "platforms": ["local_feed", "youtube"]}
    decided = (await airlock.decide(opened.item_id, decision="approved", data=edit, comment="better")).json()
    shown = await airlock.item(opened.item_id)
    assert shown["content"] == {
        "title": "Tides, explained",
        "caption": "The moon pulls, the sea follows.",
        "hashtags": [],
        "duration_ms": 20000,
        "platforms": ["local_feed", "youtube"],
    }
    expected = manifest_sha256(shown["content"], policy_version=shown["policy_version"])
    assert decided["manifest_sha256"] == expected != opened.manifest_sha256
    event = GateDecided.model_validate_json(await airlock.orders.event(GateDecided.subject, str(opened.item_id)))
    reviewer = await airlock.person("reviewer")
    assert event.content == shown["content"]
    assert (event.manifest_sha256, event.decision, event.comment) == (expected, Decision.APPROVED, "better")
    assert (event.decided_by, event.policy_version) == (reviewer.user_id, shown["policy_version"])
    row = shown["decisions"][0]
    assert (row["sha256_before"], row["edit"]) == (opened.manifest_sha256, edit)
    entry = (await airlock.audit(run_id=str(run), action="gate.decided"))[0]
    assert entry["detail"]["edited"] is True
    assert entry["actor"] == reviewer.user_id


async def test_an_edit_that_could_not_be_told_is_refused(airlock: Any) -> None:
    opened = await airlock.open()
    answer = await airlock.decide(opened.item_id, decision="approved", data={"notes": "x" * 60_000})
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    large = await airlock.decide(opened.item_id, decision="approved", data={"views": 2**60})
    assert large.status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        '{"title": "\\ud800"}',
        '{"a": ' + '{"b": ' * 500 + "1" + "}" * 501,
        '{"a": ' + "[" * 900 + "]" * 900 + "}",
        "[1]",
    ],
)
async def test_an_edit_that_nobody_could_read_again_is_refused(airlock: Any, data: str) -> None:
    opened = await airlock.open()
    reviewer = await airlock.person("reviewer")
    answer = await airlock.client.post(
        f"/v1/airlock/items/{opened.item_id}/decision",
        headers={**reviewer.headers, "content-type": "application/json"},
        content='{"decision": "approved", "data": ' + data + "}",
    )
    assert answer.status_code == 422, answer.text
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_long_content_is_checked_to_its_end(airlock: Any) -> None:
    opened = await airlock.open({"script": "The moon pulls. " * 3000 + "How to make a pipe bomb."})
    assert [finding.rule for finding in opened.verdict.findings] == ["dangerous.explosives"]


async def test_nobody_of_another_tenant_learns_that_an_item_exists(airlock: Any) -> None:
    opened = await airlock.approved()
    permit = (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["permit_id"]
    stranger = await airlock.people.join("t-" + uuid4().hex[:12], "reviewer", "publisher", "operator", "admin")
    base, missing = f"/v1/airlock/items/{opened.item_id}", f"/v1/airlock/items/{uuid4()}"
    for method, tail, body in (
        ("GET", "", None),
        ("POST", "/decision", {"decision": "approved"}),
        ("POST", "/hold", {"reason": "x"}),
        ("DELETE", "/hold", None),
        ("POST", "/withdraw", {}),
    ):
        answers = [
            await airlock.client.request(method, url + tail, headers=stranger.headers, json=body)
            for url in (base, missing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, tail)
        assert {answer.json()["error"] for answer in answers} == {"not_found"}
    listed = await airlock.client.get("/v1/airlock/items", headers=stranger.headers)
    assert listed.json() == {"items": [], "next_cursor": None}
    seen = (await airlock.client.get("/v1/audit", headers=stranger.headers, params={"limit": 200})).json()["items"]
    # What the stranger was refused is on the stranger's own record, and nothing of anybody else's.
    assert {entry["entry"]["actor"] for entry in seen if entry["entry"]["source"] != "identity"} <= {stranger.user_id}
    airlock.tenant = stranger.tenant
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).status_code == 404
    finish = f"/v1/permits/{permit}/finish"
    answer = await airlock.client.post(finish, headers=await airlock.service(), json={"outcome": "released"})
    assert answer.status_code == 404


async def test_without_a_token_nothing_is_said(airlock: Any) -> None:
    opened = await airlock.open()
    for method, path in (
        ("GET", "/v1/airlock/items"),
        ("GET", f"/v1/airlock/items/{opened.item_id}"),
        ("POST", f"/v1/airlock/items/{opened.item_id}/decision"),
        ("POST", "/v1/permits"),
        ("GET", "/v1/audit"),
        ("GET", "/v1/audit/verify"),
        ("PUT", "/v1/airlock/kill"),
        ("GET", "/v1/policies"),
    ):
        assert (await airlock.client.request(method, path)).status_code == 401, path


async def test_opening_again_gives_the_same_item(airlock: Any) -> None:
    run, step = uuid4(), uuid4()
    first = await airlock.open(run=run, step=step)
    assert first.item_id == step
    await airlock.decide(first.item_id, decision="approved", data={"title": "Tides, explained"})
    second = await airlock.open(run=run, step=step, attempt=2)
    assert second.item_id == step
    shown = await airlock.item(step)
    assert (shown["item"]["status"], second.manifest_sha256) == ("approved", shown["item"]["manifest_sha256"])
    opened = await airlock.audit(run_id=str(run), action="gate.opened")
    assert len(opened) == 1


async def test_content_that_cannot_be_sealed_is_refused_at_the_door(airlock: Any) -> None:
    for content in ({"views": 2**60}, {"text": "y" * 56_000}):
        gate = GateInput(gate="publish", title="x", content=content, requested_by="a")
        finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant)
        assert (finished.outcome, finished.problem.code) == (Outcome.REFUSED, "invalid")


async def test_nul_characters_in_content_are_held_and_shown_unharmed(airlock: Any) -> None:
    opened = await airlock.open({"caption": "a\0b", "title": "fuck\0"})
    assert (await airlock.item(opened.item_id))["content"]["caption"] == "a\0b"
    assert (await airlock.decide(opened.item_id, decision="approved")).status_code == 200


async def test_time_never_approves(airlock: Any) -> None:
    run = uuid4()
    opened = await airlock.open(run=run, timeout_at=datetime.now(UTC) - timedelta(seconds=1))
    told = GateDecided.model_validate_json(await airlock.orders.event(GateDecided.subject, str(opened.item_id)))
    assert (told.decision, told.decided_by) == (Decision.REJECTED, "system:timeout")
    assert "Nobody decided" in told.comment
    late = await airlock.decide(opened.item_id, decision="approved")
    assert (late.status_code, late.json()["decided_by"]) == (409, "system:timeout")
    assert (await airlock.item(opened.item_id))["item"]["status"] == "expired"
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "not_approved"
    assert len(await airlock.audit(run_id=str(run), action="gate.expired")) == 1


async def test_a_gate_whose_time_has_not_come_stays_open(airlock: Any) -> None:
    waiting = await airlock.open(timeout_at=datetime.now(UTC) + timedelta(hours=1))
    overdue = await airlock.open(timeout_at=datetime.now(UTC) - timedelta(seconds=1))
    await airlock.orders.event(GateDecided.subject, str(overdue.item_id))
    assert (await airlock.item(waiting.item_id))["item"]["status"] == "open"


async def test_the_author_or_a_service_may_withdraw_and_nobody_else(airlock: Any) -> None:
    creator, reviewer = await airlock.person("creator"), await airlock.person("reviewer")
    opened = await airlock.open(requested_by=creator.user_id)
    url = f"/v1/airlock/items/{opened.item_id}/withdraw"
    assert (await airlock.client.post(url, headers=reviewer.headers, json={})).status_code == 403
    done = [await airlock.client.post(url, headers=creator.headers, json={"reason": "typo"}) for _ in range(2)]
    assert [answer.json()["status"] for answer in done] == ["withdrawn", "withdrawn"]
    told = GateDecided.model_validate_json(await airlock.orders.event(GateDecided.subject, str(opened.item_id)))
    assert (told.decision, told.comment) == (Decision.REJECTED, "Withdrawn: typo")
    approved = await airlock.approved()
    by_service = await airlock.client.post(
        f"/v1/airlock/items/{approved.item_id}/withdraw", headers=await airlock.service("orchestrator"), json={}
    )
    assert by_service.json()["status"] == "withdrawn"
    assert (await airlock.permit(approved.item_id, approved.manifest_sha256)).status_code == 409


async def test_the_queue_is_oldest_first_and_pages_neither_skip_nor_repeat(airlock: Any) -> None:
    run = uuid4()
    opened = [await airlock.open(run=run, gate=gate) for gate in ("ideation", "publish", "publish", "publish")]
    await airlock.decide(opened[3].item_id, decision="rejected", comment="no")
    reviewer = await airlock.person("reviewer")

    async def pages(**query: Any) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            params = {"limit": 1, **query, **({"cursor": cursor} if cursor else {})}
            page = (await airlock.client.get("/v1/airlock/items", headers=reviewer.headers, params=params)).json()
            found += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    ids = [str(each.item_id) for each in opened]
    assert await pages(run_id=str(run)) == ids
    assert await pages(status="open") == ids[:3]
    assert await pages(gate="publish", status="open") == ids[1:3]
    bad = await airlock.client.get("/v1/airlock/items", headers=reviewer.headers, params={"cursor": "bm9uc2Vuc2U"})
    assert bad.status_code == 422
    too_many = await airlock.client.get("/v1/airlock/items", headers=reviewer.headers, params={"limit": 201})
    assert too_many.status_code == 422


@pytest.mark.feature("A56")
async def test_stats_count_what_is_there(airlock: Any) -> None:
    await airlock.open(gate="ideation")
    await airlock.open()
    await airlock.approved()
    reviewer = await airlock.person("reviewer")
    stats = (await airlock.client.get("/v1/airlock/stats", headers=reviewer.headers)).json()
    assert {name: count for name, count in stats["by_status"].items() if count} == {"open": 2, "approved": 1}
    assert stats["open_by_gate"] == {"ideation": 1, "publish": 1}
    assert (stats["overdue"], stats["held"]) == (0, 0)


async def test_a_blocked_brief_is_refused_with_the_rule_and_audited(airlock: Any) -> None:
    run = uuid4()
    brief = BriefCheckInput(brief="Explain how to make a pipe bomb in 20 seconds")
    finished = await airlock.orders.order(CheckBrief, brief, tenant=airlock.tenant, run=run)
    assert (finished.outcome, finished.problem.code) == (Outcome.REFUSED, "content_blocked")
    assert "dangerous.explosives" in finished.problem.detail
    entry = (await airlock.audit(run_id=str(run)))[0]
    assert (entry["action"], entry["result"]) == ("brief.blocked", "content_blocked")


async def test_a_harmless_brief_passes_with_its_verdict(airlock: Any) -> None:
    brief = BriefCheckInput(brief="How tides work, 20 seconds")
    finished = await airlock.orders.order(CheckBrief, brief, tenant=airlock.tenant)
    assert finished.outcome is Outcome.DONE
    assert finished.output["verdict"]["level"] == "allowed"


async def test_captions_are_read_where_they_lie_and_a_missing_file_blocks(
    airlock: Any, settings_for: SettingsFor
) -> None:
    artifacts = Artifacts(settings_for("compliance").artifacts_url)
    captions = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nhow to make\n\n00:00:02.000 --> 00:00:03.000\na pipe bomb\n"
    ref = await artifacts.put(airlock.tenant, captions, media_type="text/vtt")
    spoken = await airlock.open({"captions": ref.model_dump()})
    assert [(f.rule, f.where) for f in spoken.verdict.findings] == [("dangerous.explosives", "/captions")]
    missing = await airlock.open({"captions": {**ref.model_dump(), "sha256": "0" * 64}})
    assert missing.verdict.level is VerdictLevel.BLOCKED
    assert [f.rule for f in missing.verdict.findings] == ["check_failed"]
