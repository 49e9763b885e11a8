"""Somebody decides in the place of a named person who is away: once, for nobody else, and not for themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.contracts.gates import GateInput, GateOpened, OpenGate, Review, ReviewStage
from common.contracts.message import Outcome
from testkit.listening import eventually
from testkit.people import Person

OWN = "/v1/airlock/stand-in"
POST = {"title": "Tides", "caption": "The moon pulls.", "hashtags": ["#tides"], "platforms": ["local_feed"]}


async def hold(
    airlock: Any, *people: Person, requested_by: str = "the-author", remind_after_ms: int | None = None
) -> UUID:
    """An item that all of these people have to approve. → its id."""
    board = ReviewStage(name="board", any_of=tuple(person.user_id for person in people), quorum="all")
    review = Review(stages=(board,), remind_after_ms=remind_after_ms)
    return await opened(airlock, a_gate(requested_by=requested_by, review=review))


def a_gate(*, requested_by: str = "the-author", review: Review | None = None) -> GateInput:
    """A gate of a workflow."""
    return GateInput(gate="publish", title="T", content=POST, requested_by=requested_by, review=review)


async def opened(airlock: Any, gate: GateInput) -> UUID:
    """The item of a workflow's gate. → its id."""
    finished = await airlock.orders.order(OpenGate, gate, tenant=airlock.tenant, step=uuid4())
    assert finished.outcome is Outcome.DONE, finished.problem
    return GateOpened.model_validate(finished.output).item_id


async def appoint(
    airlock: Any, who: Person, stand_in: Person | str, *, by: Person | None = None, seconds: float = 3600
) -> httpx.Response:
    """Say who stands in for somebody."""
    name = stand_in if isinstance(stand_in, str) else stand_in.user_id
    body = {"stand_in": name, "until": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()}
    url = f"/v1/airlock/stand-ins/{who.user_id}" if by else OWN
    answer: httpx.Response = await airlock.client.put(url, headers=(by or who).headers, json=body)
    return answer


async def creators(airlock: Any, count: int) -> list[Person]:
    """People without a role that decides."""
    return [await airlock.people.join(airlock.tenant, "creator") for _ in range(count)]


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["error"]


@pytest.mark.feature("A55")
async def test_a_stand_in_gives_the_voice_of_the_person_who_is_away(airlock: Any) -> None:
    ann, ben, carl = await creators(airlock, 3)
    item = await hold(airlock, ann, ben)
    assert code(await airlock.decide(item, carl, decision="approved")) == (403, "not_a_reviewer")
    appointed = (await appoint(airlock, ann, carl)).raise_for_status().json()
    assert (appointed["user_id"], appointed["stand_in"], appointed["set_by"]) == (
        (ann.user_id, carl.user_id, ann.user_id)
    )
    claim = await airlock.client.put(f"/v1/airlock/items/{item}/claim", headers=carl.headers, json={})
    assert claim.json()["claim"]["by"] == carl.user_id
    given = (await airlock.decide(item, carl, decision="approved", comment="Fine.")).json()
    assert (given["closes"], given["missing"], given["decided_by"]) == (False, 1, carl.user_id)
    assert (await airlock.decide(item, ben, decision="approved")).json()["closes"] is True
    shown = await airlock.item(item)
    assert [(row["decided_by"], row["in_place_of"]) for row in shown["decisions"]] == [
        (carl.user_id, ann.user_id),
        (ben.user_id, None),
    ]
    [note] = [event["note"] for event in shown["history"] if event["what"] == "agreed"]
    assert note.startswith("In somebody's place. Fine.")
    [entry] = await airlock.audit(action="gate.agreed")
    assert (entry["actor"], entry["detail"]["in_place_of"]) == (carl.user_id, ann.user_id)
    [entry] = await airlock.audit(action="stand_in.appointed")
    assert (entry["resource"], entry["detail"]["stand_in"]) == (f"user:{ann.user_id}", carl.user_id)


async def test_one_person_counts_once_whoever_they_stand_in_for(airlock: Any) -> None:
    ann, ben, carl = await creators(airlock, 3)
    await appoint(airlock, ann, carl)
    await appoint(airlock, ben, carl)
    item = await hold(airlock, ann, ben)
    first = (await airlock.decide(item, carl, decision="approved")).json()
    assert (first["closes"], first["missing"]) == (False, 1)
    assert code(await airlock.decide(item, carl, decision="approved")) == (409, "already_heard")
    # The voice has been given: whose it was has no second one. The other person has theirs.
    assert code(await airlock.decide(item, ann, decision="approved")) == (409, "already_heard")
    assert (await airlock.decide(item, ben, decision="approved")).json()["closes"] is True


async def test_who_may_decide_as_themselves_stands_in_for_nobody(airlock: Any) -> None:
    ann, ben = await creators(airlock, 2)
    await appoint(airlock, ann, ben)
    item = await hold(airlock, ann, ben)
    given = (await airlock.decide(item, ben, decision="approved")).json()
    assert (given["closes"], given["missing"]) == (False, 1)
    assert (await airlock.item(item))["decisions"][0]["in_place_of"] is None
    assert code(await airlock.decide(item, ben, decision="approved")) == (409, "already_heard")


async def test_an_author_is_nobodys_stand_in_and_has_none(airlock: Any) -> None:
    ann, ben, author = await creators(airlock, 3)
    await appoint(airlock, ann, author)
    await appoint(airlock, author, ben)
    item = await hold(airlock, ann, author, requested_by=author.user_id)
    assert code(await airlock.decide(item, author, decision="approved")) == (403, "own_work")
    assert code(await airlock.decide(item, ben, decision="approved")) == (403, "not_a_reviewer")
    only_for_ann = await hold(airlock, ann, requested_by=author.user_id)
    assert code(await airlock.decide(only_for_ann, author, decision="approved")) == (403, "not_a_reviewer")


async def test_an_author_who_may_appoint_for_others_chooses_nobody_for_their_own_work(airlock: Any) -> None:
    ann, ben = await creators(airlock, 2)
    officer = await airlock.people.join(airlock.tenant, "compliance_officer")
    another = await airlock.people.join(airlock.tenant, "compliance_officer")
    assert code(await appoint(airlock, ann, officer, by=officer)) == (403, "forbidden")
    await appoint(airlock, ann, ben, by=officer)
    item = await hold(airlock, ann, requested_by=officer.user_id)
    assert code(await airlock.decide(item, ben, decision="approved")) == (403, "not_a_reviewer")
    others = await hold(airlock, ann)
    assert (await airlock.decide(others, ben, decision="approved")).json()["closes"] is True
    await appoint(airlock, ann, ben, by=another)
    assert (await airlock.decide(item, ben, decision="approved")).json()["closes"] is True


@pytest.mark.parametrize("role", ["admin", "reviewer"])
async def test_a_stand_in_who_could_decide_by_role_speaks_for_who_is_named(airlock: Any, role: str) -> None:
    ann, ben = await creators(airlock, 2)
    carl = await airlock.people.join(airlock.tenant, role)
    await appoint(airlock, ann, carl)
    names = (ann.user_id, ben.user_id)
    board = ReviewStage(name="board", reviewers=("reviewer",), any_of=names, quorum="all")
    item = await opened(airlock, a_gate(review=Review(stages=(board,))))
    assert (await airlock.decide(item, carl, decision="approved")).json()["missing"] == 1
    assert (await airlock.decide(item, ben, decision="approved")).json()["closes"] is True


async def test_who_spoke_for_somebody_may_themselves_be_spoken_for_later(airlock: Any) -> None:
    ann, eve, carl = await creators(airlock, 3)
    stages = tuple(ReviewStage(name=who.user_id, any_of=(who.user_id,)) for who in (ann, eve))
    item = await opened(airlock, a_gate(review=Review(stages=stages)))
    await appoint(airlock, ann, eve)
    assert (await airlock.decide(item, eve, decision="approved")).json()["stage"] == eve.user_id
    assert code(await airlock.decide(item, eve, decision="approved")) == (409, "already_heard")
    await appoint(airlock, eve, carl)
    assert (await airlock.decide(item, carl, decision="approved")).json()["closes"] is True


async def test_a_role_has_no_stand_in(airlock: Any) -> None:
    reviewer, carl = await airlock.person("reviewer"), await airlock.person("creator")
    await appoint(airlock, reviewer, carl)
    item = await opened(airlock, a_gate())
    assert code(await airlock.decide(item, carl, decision="approved")) == (403, "not_a_reviewer")


async def test_standing_in_ends_with_its_time_and_when_somebody_says_so(airlock: Any) -> None:
    ann, carl, dora = await creators(airlock, 3)
    item = await hold(airlock, ann)
    await appoint(airlock, ann, carl, seconds=0.4)

    async def in_force(who: Person) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = (await airlock.client.get("/v1/airlock/stand-ins", headers=who.headers)).json()
        return answer

    async def is_over() -> bool:
        return await in_force(ann) == []

    await eventually(is_over)
    assert code(await airlock.decide(item, carl, decision="approved")) == (403, "not_a_reviewer")
    await appoint(airlock, ann, carl)
    await appoint(airlock, ann, dora)
    [row] = await in_force(carl)
    assert (row["user_id"], row["stand_in"]) == (ann.user_id, dora.user_id)
    assert code(await airlock.decide(item, carl, decision="approved")) == (403, "not_a_reviewer")
    for _ in range(2):
        assert (await airlock.client.delete(OWN, headers=ann.headers)).status_code == 204
    assert code(await airlock.decide(item, dora, decision="approved")) == (403, "not_a_reviewer")
    assert len(await airlock.audit(action="stand_in.ended")) == 1


async def test_everybody_appoints_for_themselves_and_officers_for_all(airlock: Any) -> None:
    ann, ben = await creators(airlock, 2)
    officer, service = await airlock.person("compliance_officer"), await airlock.service("knowledge")
    assert code(await appoint(airlock, ann, ben, by=ben)) == (403, "forbidden")
    body = {"stand_in": ben.user_id, "until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    assert code(await airlock.client.put(OWN, headers=service, json=body)) == (403, "forbidden")
    assert (await appoint(airlock, ann, ben, by=officer)).json()["set_by"] == officer.user_id
    theirs = f"/v1/airlock/stand-ins/{ann.user_id}"
    assert code(await airlock.client.delete(theirs, headers=ben.headers)) == (403, "forbidden")
    assert (await airlock.client.delete(theirs, headers=officer.headers)).status_code == 204
    assert (await airlock.client.get("/v1/airlock/stand-ins", headers=ann.headers)).json() == []


async def test_what_is_no_standing_in_is_refused(airlock: Any) -> None:
    [ann] = await creators(airlock, 1)
    assert code(await appoint(airlock, ann, ann)) == (422, "invalid")
    assert code(await appoint(airlock, ann, "ben", seconds=-1)) == (422, "invalid")
    assert code(await appoint(airlock, ann, "ben", seconds=91 * 86_400)) == (422, "invalid")
    timeless = {"stand_in": "ben", "until": "2026-12-01T00:00:00"}
    assert (await airlock.client.put(OWN, headers=ann.headers, json=timeless)).status_code == 422


async def test_another_tenant_knows_of_none(airlock: Any) -> None:
    [ann] = await creators(airlock, 1)
    await appoint(airlock, ann, "ben")
    stranger = await airlock.people.join(f"{airlock.tenant}-2", "admin")
    assert (await airlock.client.get("/v1/airlock/stand-ins", headers=stranger.headers)).json() == []
    theirs = f"/v1/airlock/stand-ins/{ann.user_id}"
    assert (await airlock.client.delete(theirs, headers=stranger.headers)).status_code == 204
    assert len((await airlock.client.get("/v1/airlock/stand-ins", headers=ann.headers)).json()) == 1


async def test_who_stands_in_is_reminded_too(airlock: Any) -> None:
    ann, carl = await creators(airlock, 2)
    await appoint(airlock, ann, carl)
    item = await hold(airlock, ann, remind_after_ms=200)

    async def reminded() -> list[str]:
        history = (await airlock.item(item))["history"]
        return [event["note"] for event in history if event["what"] == "reminded"]

    async def is_reminded() -> bool:
        return bool(await reminded())

    await eventually(is_reminded)
    assert await reminded() == [f"Told {ann.user_id}, {carl.user_id}."]


async def test_who_is_forgotten_is_nobodys_stand_in_and_has_none(quick: Any) -> None:
    ann, carl = await creators(quick, 2)
    await appoint(quick, ann, carl)
    await appoint(quick, carl, ann)
    item = await hold(quick, ann)
    assert (await quick.decide(item, carl, decision="approved")).json()["closes"] is True
    await quick.settled()
    await quick.erased((await quick.erase(ann.user_id)).raise_for_status().json()["id"])
    [decision] = (await quick.item(item))["decisions"]
    assert (decision["decided_by"], decision["in_place_of"]) == (carl.user_id, "erased")
    [left] = (await quick.client.get("/v1/airlock/stand-ins", headers=carl.headers)).json()
    assert (left["user_id"], left["stand_in"]) == (carl.user_id, "erased")
    assert (await quick.verify())["ok"]
