"""Who looks at what: claims, stages and quorums, the queue and its clock, and content that services hold themselves."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common import testing_points
from common.contracts.gates import (
    Escalation,
    GateDecided,
    GateInput,
    GateOpened,
    GateReminded,
    OpenGate,
    Priority,
    Review,
    ReviewStage,
)
from common.contracts.message import Outcome
from common.contracts.values import Decision
from common.service.pages import Page
from compliance.api.shapes import ItemSummary
from testkit.listening import eventually
from testkit.people import Person
from testkit.plugin import Serving

POST = {"title": "Tides", "caption": "The moon pulls.", "hashtags": ["#tides"], "platforms": ["local_feed"]}


async def hold(airlock: Any, *, review: Review | None = None, **asked: Any) -> GateOpened:
    """An item opened by a workflow's gate."""
    values: dict[str, Any] = {"gate": "publish", "title": "Tides", "content": POST, "requested_by": "the-author"}
    gate = GateInput(**{**values, **asked}, review=review or Review())
    finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant, step=uuid4())
    assert finished.outcome is Outcome.DONE, finished.problem
    return GateOpened.model_validate(finished.output)


async def submit(airlock: Any, key: str, **body: Any) -> httpx.Response:
    """An item that a service holds by itself."""
    values = {"key": key, "gate": "publish", "title": "Tides", "content": POST, "requested_by": "the-author"}
    headers = await airlock.service("knowledge")
    answer: httpx.Response = await airlock.client.post("/v1/airlock/items", headers=headers, json={**values, **body})
    return answer


async def people(airlock: Any, count: int, role: str = "reviewer") -> list[Person]:
    """Some new people with a role."""
    return [await airlock.people.join(airlock.tenant, role) for _ in range(count)]


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["error"]


INTERNAL = ReviewStage(name="internal", reviewers=("reviewer",), quorum=2)


@pytest.mark.feature("A55")
async def test_two_reviewers_race_two_hundred_times_and_each_time_one_decides(airlock: Any) -> None:
    first, second = await people(airlock, 2)
    service = await airlock.service("knowledge")

    async def race(number: int) -> None:
        body = {"key": f"race-{number}", "gate": "g", "title": "t", "content": {"n": number}, "requested_by": "a"}
        made = await airlock.client.post("/v1/airlock/items", headers=service, json=body)
        item = made.raise_for_status().json()["id"]
        answers = await asyncio.gather(
            airlock.decide(item, first, decision="approved"),
            airlock.decide(item, second, decision="rejected", comment="no"),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        lost = next(answer.json() for answer in answers if answer.status_code == 409)
        assert (lost["decided_by"], lost["decision"]) == (won["decided_by"], won["decision"])
        shown = await airlock.item(item)
        assert [row["decided_by"] for row in shown["decisions"]] == [won["decided_by"]]

    for start in range(0, 200, 10):
        await asyncio.gather(*(race(number) for number in range(start, start + 10)))


async def test_a_claim_keeps_others_from_deciding_until_it_is_over(airlock: Any, serving: Serving) -> None:
    opened = await hold(airlock)
    url = f"/v1/airlock/items/{opened.item_id}/claim"
    ann, ben = await people(airlock, 2)
    claimed = await airlock.client.put(url, headers=ann.headers, json={})
    assert claimed.json()["claim"]["by"] == ann.user_id
    again = await airlock.client.put(url, headers=ann.headers, json={})
    assert again.json()["claim"]["until"] >= claimed.json()["claim"]["until"]
    for refused in (
        await airlock.client.put(url, headers=ben.headers, json={}),
        await airlock.client.put(url, headers=ben.headers, json={"take_over": True}),
        await airlock.client.delete(url, headers=ben.headers),
        await airlock.decide(opened.item_id, ben, decision="approved"),
    ):
        assert code(refused) == (409, "item_claimed")
        assert refused.json()["claimed_by"] == ann.user_id
    assert (await airlock.client.delete(url, headers=ann.headers)).json()["claim"] is None
    assert (await airlock.decide(opened.item_id, ben, decision="approved")).status_code == 200
    what = [event["what"] for event in (await airlock.item(opened.item_id))["history"]]
    assert what == ["opened", "claimed", "claim released", "approved"]


async def test_an_administrator_takes_a_claim_over_and_says_so(airlock: Any) -> None:
    opened = await hold(airlock)
    url = f"/v1/airlock/items/{opened.item_id}/claim"
    ann, admin = await airlock.person("reviewer"), await airlock.person("admin")
    await airlock.client.put(url, headers=ann.headers, json={})
    assert code(await airlock.decide(opened.item_id, admin, decision="approved")) == (409, "item_claimed")
    taken = await airlock.client.put(url, headers=admin.headers, json={"take_over": True})
    assert taken.json()["claim"]["by"] == admin.user_id
    assert code(await airlock.decide(opened.item_id, ann, decision="approved")) == (409, "item_claimed")
    entries = await airlock.audit(action="item.claimed")
    assert [entry["detail"]["from"] for entry in entries] == [None, ann.user_id]


async def test_only_who_may_decide_may_claim(airlock: Any) -> None:
    ann = await airlock.person("reviewer")
    opened = await hold(airlock, requested_by=ann.user_id)
    url = f"/v1/airlock/items/{opened.item_id}/claim"
    assert code(await airlock.client.put(url, headers=ann.headers, json={})) == (403, "own_work")
    creator = await airlock.person("creator")
    assert code(await airlock.client.put(url, headers=creator.headers, json={})) == (403, "not_a_reviewer")
    service = await airlock.service()
    assert code(await airlock.client.put(url, headers=service, json={})) == (403, "not_a_reviewer")


async def test_of_two_who_claim_at_once_one_has_it(airlock: Any) -> None:
    opened = await hold(airlock)
    url = f"/v1/airlock/items/{opened.item_id}/claim"
    both = await people(airlock, 2)
    answers = await asyncio.gather(*(airlock.client.put(url, headers=one.headers, json={}) for one in both))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_quorum_counts_each_person_once_and_only_then_tells_the_run(airlock: Any) -> None:
    opened = await hold(airlock, review=Review(stages=(INTERNAL,)))
    ann, ben = await people(airlock, 2)
    first = (await airlock.decide(opened.item_id, ann, decision="approved")).json()
    assert (first["closes"], first["status"], first["stage"], first["missing"]) == (False, "open", "internal", 1)
    assert code(await airlock.decide(opened.item_id, ann, decision="approved")) == (409, "already_heard")
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "not_approved"
    second = (await airlock.decide(opened.item_id, ben, decision="approved")).json()
    assert (second["closes"], second["status"]) == (True, "approved")
    told = GateDecided.model_validate_json(await airlock.orders.event(GateDecided.subject, str(opened.item_id)))
    assert (told.decision, told.decided_by) == (Decision.APPROVED, ben.user_id)
    assert sum(str(opened.item_id).encode() in body for _, body in airlock.orders.events) == 1
    rows = (await airlock.item(opened.item_id))["decisions"]
    assert [(row["decided_by"], row["closes"], row["stage"]) for row in rows] == [
        (ann.user_id, False, "internal"),
        (ben.user_id, True, "internal"),
    ]
    assert len(await airlock.audit(action="gate.agreed")) == 1


async def test_a_raced_quorum_of_two_is_closed_once_by_two_of_six(airlock: Any) -> None:
    opened = await hold(airlock, review=Review(stages=(INTERNAL,)))
    six = await people(airlock, 6)
    answers = await asyncio.gather(*(airlock.decide(opened.item_id, one, decision="approved") for one in six))
    good = [answer.json() for answer in answers if answer.status_code == 200]
    assert sorted(answer["closes"] for answer in good) == [False, True]
    assert [code(answer)[1] for answer in answers if answer.status_code != 200] == ["gate_already_decided"] * 4


async def test_one_who_says_no_ends_it_whoever_agreed_before(airlock: Any) -> None:
    opened = await hold(airlock, review=Review(stages=(INTERNAL,)))
    ann, ben = await people(airlock, 2)
    await airlock.decide(opened.item_id, ann, decision="approved")
    no = (await airlock.decide(opened.item_id, ben, decision="rejected", comment="too salty")).json()
    assert (no["closes"], no["status"]) == (True, "rejected")


async def test_stages_follow_each_other_and_one_person_counts_in_one_of_them(airlock: Any) -> None:
    client = await airlock.person("publisher")
    ann = await airlock.person("reviewer")
    admin = await airlock.person("admin")
    stages = (
        ReviewStage(name="internal", reviewers=("reviewer",)),
        ReviewStage(name="client", any_of=(client.user_id, ann.user_id)),
    )
    opened = await hold(airlock, review=Review(stages=stages))
    assert code(await airlock.decide(opened.item_id, client, decision="approved")) == (403, "not_a_reviewer")
    inside = (await airlock.decide(opened.item_id, ann, decision="approved")).json()
    assert (inside["closes"], inside["stage"], inside["missing"]) == (False, "client", 1)
    assert code(await airlock.decide(opened.item_id, ann, decision="approved")) == (409, "already_heard")
    shown = (await airlock.item(opened.item_id))["item"]["stage"]
    assert (shown["name"], shown["number"], shown["of"]) == ("client", 2, 2)
    assert (await airlock.decide(opened.item_id, client, decision="approved")).json()["status"] == "approved"
    assert admin.user_id not in shown["any_of"]


async def test_everybody_who_is_named_has_to_agree_and_an_administrator_is_nobody_of_them(airlock: Any) -> None:
    ann, ben = await people(airlock, 2, "creator")
    admin = await airlock.person("admin")
    stage = ReviewStage(name="client", any_of=(ann.user_id, ben.user_id), quorum="all")
    opened = await hold(airlock, review=Review(stages=(stage,)))
    for person, missing in ((admin, 2), (ann, 1)):
        assert (await airlock.decide(opened.item_id, person, decision="approved")).json()["missing"] == missing
    assert (await airlock.decide(opened.item_id, ben, decision="approved")).json()["status"] == "approved"


async def test_an_edit_at_a_later_stage_begins_again_with_what_was_made_of_it(airlock: Any) -> None:
    client, ann = await airlock.person("publisher"), await airlock.person("reviewer")
    stages = (
        ReviewStage(name="internal", reviewers=("reviewer",)),
        ReviewStage(name="client", any_of=(client.user_id,)),
    )
    opened = await hold(airlock, review=Review(stages=stages))
    await airlock.decide(opened.item_id, ann, decision="approved")
    edit = {"caption": "The moon pulls, and how."}
    edited = (await airlock.decide(opened.item_id, client, decision="approved", data=edit)).json()
    assert (edited["closes"], edited["stage"], edited["missing"]) == (False, "internal", 1)
    assert edited["manifest_sha256"] != opened.manifest_sha256
    stale = await airlock.decide(opened.item_id, ann, decision="approved", manifest_sha256=opened.manifest_sha256)
    assert code(stale) == (409, "content_changed")
    assert (await airlock.decide(opened.item_id, ann, decision="approved")).json()["stage"] == "client"
    final = (await airlock.decide(opened.item_id, client, decision="approved")).json()
    assert (final["status"], final["manifest_sha256"]) == ("approved", edited["manifest_sha256"])
    assert (await airlock.item(opened.item_id))["content"]["caption"] == edit["caption"]


async def test_the_author_never_counts_and_neither_does_a_service(airlock: Any) -> None:
    ann = await airlock.person("reviewer")
    stage = ReviewStage(name="all", reviewers=("reviewer",), any_of=(ann.user_id,), quorum=2)
    opened = await hold(airlock, requested_by=ann.user_id, review=Review(stages=(stage,)))
    assert code(await airlock.decide(opened.item_id, ann, decision="approved")) == (403, "own_work")
    url = f"/v1/airlock/items/{opened.item_id}/decision"
    service = await airlock.client.post(url, headers=await airlock.service(), json={"decision": "approved"})
    assert code(service) == (403, "not_a_reviewer")


async def test_a_gate_says_for_which_decisions_it_wants_a_reason(airlock: Any) -> None:
    none = await hold(airlock, review=Review(require_reason=()))
    assert (await airlock.decide(none.item_id, decision="rejected")).status_code == 200
    approval = await hold(airlock, review=Review(require_reason=(Decision.APPROVED,)))
    assert code(await airlock.decide(approval.item_id, decision="approved")) == (422, "reason_required")
    assert (await airlock.decide(approval.item_id, decision="approved", comment="fine")).status_code == 200


async def test_a_tenants_review_counts_where_the_workflow_says_nothing(airlock: Any) -> None:
    officer, reviewer = await airlock.person("compliance_officer"), await airlock.person("reviewer")
    url = "/v1/airlock/reviews/publish"
    stages = [{"name": "two", "reviewers": ["reviewer"], "quorum": 2}]
    body = {"review": {"stages": stages, "due_after_ms": 60_000}, "version": 0}
    assert code(await airlock.client.put(url, headers=reviewer.headers, json=body))[0] == 403
    made = [await airlock.client.put(url, headers=officer.headers, json={**body, "version": n}) for n in (0, 1)]
    assert [answer.json()["version"] for answer in made] == [1, 1]
    late = await airlock.client.put(url, headers=officer.headers, json=body)
    assert (*code(late), late.json()["version"]) == (409, "version_changed", 1)
    silent = await airlock.item((await hold(airlock)).item_id)
    assert (silent["item"]["stage"]["name"], silent["review_version"]) == ("two", 1)
    said = await hold(airlock, review=Review(stages=(ReviewStage(name="one", reviewers=("reviewer",)),)))
    assert (await airlock.decide(said.item_id, reviewer, decision="approved")).json()["status"] == "approved"
    stranger = await airlock.people.join("somebody-else", "reviewer")
    other = await airlock.client.get("/v1/airlock/reviews", headers=stranger.headers)
    assert other.json() == []
    [entry] = await airlock.audit(action="review.defined")
    assert (entry["detail"]["version"], entry["detail"]["before"]) == (1, None)


@pytest.mark.parametrize(
    "stage",
    [
        {"name": "nobody"},
        {"name": "ghost", "reviewers": ["boss"]},
        {"name": "robots", "reviewers": ["service"]},
        {"name": "many", "any_of": ["u"], "quorum": 2},
        {"name": "everybody", "reviewers": ["reviewer"], "quorum": "all"},
        {"name": "none", "reviewers": ["reviewer"], "quorum": 0},
    ],
)
async def test_a_review_that_nobody_could_pass_is_refused(airlock: Any, stage: dict[str, Any]) -> None:
    officer = await airlock.person("compliance_officer")
    body = {"review": {"stages": [stage]}}
    refused = await airlock.client.put("/v1/airlock/reviews/publish", headers=officer.headers, json=body)
    assert refused.status_code == 422
    gone = await airlock.client.get("/v1/airlock/reviews/publish", headers=officer.headers)
    assert gone.status_code == 404


async def test_who_is_called_when_nobody_decides_may_decide_then(airlock: Any) -> None:
    boss = await airlock.person("creator")
    to = ("publisher", boss.user_id)
    patient = await hold(airlock, review=Review(escalate=Escalation(after_ms=3_600_000, to=to)))
    assert code(await airlock.decide(patient.item_id, boss, decision="approved")) == (403, "not_a_reviewer")
    opened = await hold(airlock, review=Review(remind_after_ms=1, escalate=Escalation(after_ms=400, to=to)))

    async def said() -> list[GateReminded]:
        return [event for event in await airlock.told(GateReminded) if event.item_id == opened.item_id]

    heard = await eventually(said, until=lambda found: len(found) == 2, seconds=20)
    by_kind = {one.escalated: set(one.to) for one in heard}
    assert by_kind[True] == set(to)
    assert "reviewer" in by_kind[False]
    shown = (await airlock.item(opened.item_id))["item"]
    assert (shown["status"], shown["escalated"], shown["reminded"]) == ("open", True, True)
    assert shown["priority"] == "high"
    query = {"reminded": True}
    told = await airlock.client.get("/v1/airlock/items", headers=boss.headers, params=query)
    assert [item["id"] for item in told.json()["items"]] == [str(opened.item_id)]
    assert (await airlock.decide(opened.item_id, boss, decision="approved")).status_code == 200
    assert len(await airlock.audit(action="gate.reminded")) == len(await airlock.audit(action="gate.escalated")) == 1


async def test_the_queue_has_three_orders_and_pages_that_neither_skip_nor_repeat(airlock: Any) -> None:
    wanted = [
        ("calm", Priority.LOW, 50_000),
        ("hot", Priority.URGENT, 90_000),
        ("next", Priority.MEDIUM, 10_000),
        ("blocked", Priority.MEDIUM, 70_000),
    ]
    ids: dict[str, str] = {}
    for name, priority, due in wanted:
        caption = "How to make a pipe bomb at home" if name == "blocked" else "Bees."
        opened = await hold(
            airlock,
            gate="ideation",
            content={"caption": caption, "title": name},
            priority=priority,
            review=Review(due_after_ms=due),
        )
        ids[str(opened.item_id)] = name
    reviewer = await airlock.person("reviewer")

    async def pages(order: str) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            params = {"limit": 1, "order": order, "status": "open", **({"cursor": cursor} if cursor else {})}
            page = (await airlock.client.get("/v1/airlock/items", headers=reviewer.headers, params=params)).json()
            found += [ids[item["id"]] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    assert await pages("age") == ["calm", "hot", "next", "blocked"]
    assert await pages("due") == ["next", "calm", "blocked", "hot"]
    assert await pages("risk") == ["hot", "blocked", "next", "calm"]
    foreign = {"order": "risk", "cursor": "bm9uc2Vuc2U"}
    answer = await airlock.client.get("/v1/airlock/items", headers=reviewer.headers, params=foreign)
    assert answer.status_code == 422


async def test_a_list_says_of_an_item_what_its_own_page_says_in_the_form_that_is_documented(airlock: Any) -> None:
    names = ("plain", "claimed", "held", "decided")
    ids = {name: (await hold(airlock, review=Review(stages=(INTERNAL,)))).item_id for name in names}
    officer, reviewer = await airlock.person("compliance_officer"), await airlock.person("reviewer")
    for method, path, who, body in (
        ("PUT", f"{ids['claimed']}/claim", reviewer, {}),
        ("POST", f"{ids['held']}/hold", officer, {"reason": "wait"}),
        ("POST", f"{ids['decided']}/decision", reviewer, {"decision": "rejected", "comment": "no"}),
    ):
        answer = await airlock.client.request(method, f"/v1/airlock/items/{path}", headers=who.headers, json=body)
        assert answer.is_success, answer.text
    answer = await airlock.client.get("/v1/airlock/items", headers=reviewer.headers)
    shown = answer.json()
    assert Page[ItemSummary].model_validate_json(answer.content).model_dump(mode="json") == shown
    assert [item["id"] for item in shown["items"]] == [str(ids[name]) for name in names]
    for item in shown["items"]:
        alone = (await airlock.item(item["id"]))["item"]
        moving = {"age_ms": item["age_ms"], "heat": item["heat"]}
        assert alone | moving == item


async def test_items_are_assigned_and_pressed_and_found_by_that(airlock: Any) -> None:
    opened = await hold(airlock)
    await hold(airlock)
    reviewer = await airlock.person("reviewer")
    url = f"/v1/airlock/items/{opened.item_id}"
    body = {"assigned_to": reviewer.user_id, "priority": "urgent"}
    changed = [await airlock.client.patch(url, headers=reviewer.headers, json=body) for _ in range(2)]
    assert [answer.json()["priority"] for answer in changed] == ["urgent", "urgent"]
    params = {"assigned_to": reviewer.user_id}
    mine = await airlock.client.get("/v1/airlock/items", headers=reviewer.headers, params=params)
    assert [item["id"] for item in mine.json()["items"]] == [str(opened.item_id)]
    creator = await airlock.person("creator")
    assert (await airlock.client.patch(url, headers=creator.headers, json=body)).status_code == 403
    assert len(await airlock.audit(action="item.arranged")) == 1


async def test_many_are_decided_each_for_itself(airlock: Any) -> None:
    good, stale, blocked = (
        await hold(airlock),
        await hold(airlock),
        await hold(airlock, content={"caption": "How to make a pipe bomb at home", "title": "x"}),
    )
    decided = await airlock.approved()
    unknown = str(uuid4())
    items = [
        {"item_id": str(good.item_id), "manifest_sha256": good.manifest_sha256},
        {"item_id": str(stale.item_id), "manifest_sha256": "0" * 64},
        {"item_id": str(blocked.item_id), "manifest_sha256": blocked.manifest_sha256},
        {"item_id": str(decided.item_id), "manifest_sha256": decided.manifest_sha256},
        {"item_id": unknown, "manifest_sha256": "0" * 64},
    ]
    reviewer = await airlock.person("reviewer")
    headers = {**reviewer.headers, "Idempotency-Key": "bulk-1"}
    url = "/v1/airlock/items/bulk-decision"
    body = {"decision": "approved", "items": items}
    answers = [(await airlock.client.post(url, headers=headers, json=body)).json() for _ in range(2)]
    for result in answers:
        assert (result["decided"], result["refused"]) == (1, 4)
        assert [row["item_id"] for row in result["items"]] == [item["item_id"] for item in items]
        assert [row["refused"] and row["refused"]["error"] for row in result["items"]] == [
            None,
            "content_changed",
            "blocked_by_policy",
            "gate_already_decided",
            "not_found",
        ]
    assert answers[0]["items"][0] == answers[1]["items"][0]
    twice = {"decision": "approved", "items": [items[0], items[0]]}
    assert (await airlock.client.post(url, headers=headers, json=twice)).status_code == 422


async def test_a_service_holds_content_of_its_own_under_a_key(airlock: Any) -> None:
    first, again = [await submit(airlock, "moodboard-1", content_type="image") for _ in range(2)]
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    assert (first.json()["run_id"], first.json()["content_type"]) == (None, "image")
    other = await submit(airlock, "moodboard-1", content={"title": "another"})
    assert (*code(other), other.json()["item_id"]) == (409, "item_differs", first.json()["id"])
    assert (await airlock.decide(first.json()["id"], decision="approved", data={"title": "Tides!"})).status_code == 200
    assert (await submit(airlock, "moodboard-1")).json()["status"] == "approved"
    following = await submit(airlock, "moodboard-2", supersedes=first.json()["id"], content={**POST, "title": "New"})
    shown = await airlock.item(following.json()["id"])
    assert shown["item"]["revision"] == 2
    assert [(change["path"], change["before"], change["after"]) for change in shown["changes"]] == [
        ("/title", "Tides!", "New")
    ]
    reviewer = await airlock.person("reviewer")
    body = {"key": "k", "gate": "g", "title": "t", "content": {}, "requested_by": "a"}
    assert (await airlock.client.post("/v1/airlock/items", headers=reviewer.headers, json=body)).status_code == 403


@pytest.mark.feature("A86")
async def test_the_next_visit_of_a_gate_knows_the_one_before(airlock: Any) -> None:
    run = uuid4()

    async def visit(title: str) -> UUID:
        gate = GateInput(
            gate="publish", place="agree", title="x", content={"title": title}, requested_by="a", review=Review()
        )
        finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant, run=run, step=uuid4())
        return GateOpened.model_validate(finished.output).item_id

    first = await visit("Bees")
    await airlock.decide(first, decision="changes_requested", comment="wasps")
    shown = await airlock.item(await visit("Wasps"))
    assert (shown["item"]["revision"], shown["supersedes"]) == (2, str(first))
    assert [change["path"] for change in shown["changes"]] == ["/title"]


async def test_an_item_says_what_a_no_would_cost_and_how_its_like_went(airlock: Any) -> None:
    alone = await hold(airlock, content_type="post", spent_usd_micros=1_250_000, redo_usd_micros=400_000)
    shown = (await airlock.item(alone.item_id))["economics"]
    assert (shown["spent_usd"], shown["lost_if_rejected_usd"]) == ("1.250000", "1.250000")
    assert shown["redone_if_changed_usd"] == "0.400000"
    assert (shown["similar_decided"], shown["similar_approval_rate"]) == (None, None)
    for decision in ("approved", "approved", "rejected"):
        other = await hold(airlock, content_type="post")
        await airlock.decide(other.item_id, decision=decision, comment="so")
    again = (await airlock.item(alone.item_id))["economics"]
    assert again["similar_decided"] == 3
    assert again["similar_approval_rate"] == pytest.approx(2 / 3)
    risky = await hold(airlock, content={"caption": "How to make a pipe bomb at home", "title": "x"})
    [risk, *_] = (await airlock.item(risky.item_id))["economics"]["risks"]
    assert (risk["rule"], risk["severity"], bool(risk["quote"])) == ("dangerous.explosives", "blocking", True)


async def test_where_the_run_has_no_way_back_nobody_ends_it_by_asking_for_changes(airlock: Any) -> None:
    opened = await hold(airlock, takes_changes=False)
    assert (await airlock.item(opened.item_id))["takes_changes"] is False
    refused = await airlock.decide(opened.item_id, decision="changes_requested", comment="shorter")
    assert code(refused) == (409, "changes_not_taken")
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"
    assert (await airlock.decide(opened.item_id, decision="approved")).status_code == 200


async def test_a_named_client_may_stop_what_is_theirs(airlock: Any) -> None:
    client, stranger = await people(airlock, 2, "creator")
    review = Review(stages=(ReviewStage(name="client", any_of=(client.user_id,)),))
    opened = await hold(airlock, review=review)
    await airlock.decide(opened.item_id, client, decision="approved")
    url = f"/v1/airlock/items/{opened.item_id}/hold"
    assert (await airlock.client.post(url, headers=stranger.headers, json={"reason": "x"})).status_code == 403
    assert (await airlock.client.post(url, headers=client.headers, json={"reason": "wait"})).status_code == 200
    assert (await airlock.permit(opened.item_id, opened.manifest_sha256)).json()["error"] == "on_hold"


async def test_a_clients_hold_and_a_running_publish_race_and_one_wins(airlock: Any) -> None:
    client = await airlock.person("creator")
    review = Review(stages=(ReviewStage(name="client", any_of=(client.user_id,)),))
    for _ in range(20):
        opened = await hold(airlock, review=review)
        await airlock.decide(opened.item_id, client, decision="approved")
        url = f"/v1/airlock/items/{opened.item_id}/hold"
        held, permit = await asyncio.gather(
            airlock.client.post(url, headers=client.headers, json={"reason": "wait"}),
            airlock.permit(opened.item_id, opened.manifest_sha256),
        )
        assert (held.status_code, permit.status_code) in {(200, 409), (409, 201)}
        status = (await airlock.item(opened.item_id))["item"]["status"]
        assert status == ("approved" if held.status_code == 200 else "releasing")


async def test_what_dies_between_a_decision_and_its_event_loses_neither(airlock: Any) -> None:
    opened = await hold(airlock)
    reviewer = await airlock.person("reviewer")
    url = f"/v1/airlock/items/{opened.item_id}/decision"
    headers = {**reviewer.headers, "Idempotency-Key": "click"}

    def die() -> None:
        raise RuntimeError("killed after the commit")

    testing_points.arm("compliance.after_commit", die)
    try:
        died = await airlock.client.post(url, headers=headers, json={"decision": "approved"})
    finally:
        testing_points.disarm("compliance.after_commit")
    assert died.status_code == 500
    again = await airlock.client.post(url, headers=headers, json={"decision": "approved"})
    assert (again.status_code, again.json()["status"]) == (200, "approved")
    told = GateDecided.model_validate_json(await airlock.orders.event(GateDecided.subject, str(opened.item_id)))
    assert told.decision is Decision.APPROVED
    assert len((await airlock.item(opened.item_id))["decisions"]) == 1
