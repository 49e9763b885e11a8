"""What a run fell back to is accepted by name, by everybody whose approval counts, or it is not approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from common.contracts.gates import Review, ReviewStage
from common.contracts.values import Downgrade
from testkit.browser import Browser

DRAWN = Downgrade(code="clip_drawn", detail="Shot 2 is drawn by the storyboard.", stage="production")
DRAWN_TOO = Downgrade(code="clip_drawn", detail="Shot 4 is drawn by the storyboard.", stage="production")
VOICE = Downgrade(code="voice_stand_in", detail="The draft voice speaks, not Ella & Co.", stage="production")
DEGRADED = (DRAWN, DRAWN_TOO, VOICE)
CODES = ["clip_drawn", "voice_stand_in"]
TWO = Review(stages=(ReviewStage(name="internal", reviewers=("reviewer",), quorum=2),))
CLIENT = Review(stages=(ReviewStage(name="client", reviewers=("reviewer", "external")),))


def left_out(answer: httpx.Response) -> list[str]:
    """What an approval should have accepted, too."""
    body = answer.json()
    assert (answer.status_code, body["error"]) == (422, "downgrades_not_accepted"), body
    assert all(one["detail"] in body["detail"] for one in body["downgrades"])
    return [one["detail"] for one in body["downgrades"]]


@pytest.mark.parametrize("edit", [{}, {"data": {"title": "Tides, drawn"}}])
async def test_an_approval_accepts_every_downgrade_by_name_and_that_is_kept(airlock: Any, edit: dict[str, Any]) -> None:
    opened = await airlock.open(downgrades=DEGRADED)
    approves = {"decision": "approved", **edit}
    assert left_out(await airlock.decide(opened.item_id, **approves)) == [one.detail for one in DEGRADED]
    some = await airlock.decide(opened.item_id, **approves, accepts_downgrades=["clip_drawn"])
    assert left_out(some) == [VOICE.detail]
    held = await airlock.item(opened.item_id)
    assert (held["item"]["status"], held["decisions"]) == ("open", [])
    decided = await airlock.decide(opened.item_id, **approves, accepts_downgrades=[*reversed(CODES), CODES[0]])
    assert decided.json()["status"] == "approved"
    shown = await airlock.item(opened.item_id)
    assert [row["accepted_downgrades"] for row in shown["decisions"]] == [CODES]
    assert shown["history"][-1]["note"] == "Accepts clip_drawn, voice_stand_in."
    (entry,) = await airlock.audit(action="gate.decided")
    assert entry["detail"]["accepted_downgrades"] == CODES


@pytest.mark.parametrize("decision", ["rejected", "changes_requested"])
async def test_saying_no_accepts_nothing(airlock: Any, decision: str) -> None:
    opened = await airlock.open(downgrades=DEGRADED)
    no = {"decision": decision, "comment": "Not with that voice."}
    assert (await airlock.decide(opened.item_id, **no, accepts_downgrades=CODES)).status_code == 422
    assert (await airlock.decide(opened.item_id, **no)).json()["status"] == decision
    (row,) = (await airlock.item(opened.item_id))["decisions"]
    assert row["accepted_downgrades"] == []


@pytest.mark.parametrize("codes", [["no_sources"], [*CODES, "no_sources"], [""], ["x" * 201], "clip_drawn", [None]])
async def test_what_the_item_does_not_show_cannot_be_accepted(airlock: Any, codes: Any) -> None:
    opened = await airlock.open(downgrades=DEGRADED)
    answer = await airlock.decide(opened.item_id, decision="approved", accepts_downgrades=codes)
    assert answer.status_code == 422
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"


async def test_a_repeat_gets_the_first_answer_and_a_refusal_keeps_no_key(airlock: Any) -> None:
    opened = await airlock.open(downgrades=(VOICE,))
    reviewer = await airlock.person("reviewer")
    url = f"/v1/airlock/items/{opened.item_id}/decision"
    headers = {**reviewer.headers, "Idempotency-Key": "one"}
    left_out(await airlock.client.post(url, headers=headers, json={"decision": "approved"}))
    whole = {"decision": "approved", "accepts_downgrades": ["voice_stand_in"]}
    first, second = [await airlock.client.post(url, headers=headers, json=whole) for _ in range(2)]
    assert (first.status_code, first.json()) == (200, second.json())


async def test_of_many_items_each_is_accepted_by_itself(airlock: Any) -> None:
    plain, silent, said = [await airlock.open(downgrades=lost) for lost in ((), (VOICE,), (VOICE,))]
    reviewer = await airlock.person("reviewer")
    items = [{"item_id": str(one.item_id), "manifest_sha256": one.manifest_sha256} for one in (plain, silent)]
    items.append(
        {
            "item_id": str(said.item_id),
            "manifest_sha256": said.manifest_sha256,
            "accepts_downgrades": ["voice_stand_in"],
        }
    )
    url = "/v1/airlock/items/bulk-decision"
    answer = await airlock.client.post(url, headers=reviewer.headers, json={"decision": "approved", "items": items})
    outcomes = answer.raise_for_status().json()["items"]
    assert [one["decided"] is not None for one in outcomes] == [True, False, True]
    refused = outcomes[1]["refused"]
    assert (refused["error"], VOICE.detail in refused["detail"]) == ("downgrades_not_accepted", True)


async def test_each_voice_of_a_quorum_accepts_for_itself(airlock: Any) -> None:
    opened = await airlock.open(downgrades=(VOICE,), review=TWO)
    ann, ben = [await airlock.people.join(airlock.tenant, "reviewer") for _ in range(2)]
    yes = {"decision": "approved", "accepts_downgrades": ["voice_stand_in"]}
    assert (await airlock.decide(opened.item_id, ann, **yes)).json()["closes"] is False
    left_out(await airlock.decide(opened.item_id, ben, decision="approved"))
    assert (await airlock.decide(opened.item_id, ben, **yes)).json()["closes"] is True
    rows = (await airlock.item(opened.item_id))["decisions"]
    assert [row["accepted_downgrades"] for row in rows] == [["voice_stand_in"]] * 2
    agreed, decided = [(await airlock.audit(action=f"gate.{what}"))[0] for what in ("agreed", "decided")]
    assert agreed["detail"]["accepted_downgrades"] == decided["detail"]["accepted_downgrades"] == ["voice_stand_in"]


async def test_a_guest_ticks_each_and_a_refusal_keeps_what_was_typed(
    airlock: Any, browser: Callable[[], Browser]
) -> None:
    opened = await airlock.open(downgrades=DEGRADED, review=CLIENT)
    reviewer = await airlock.person("reviewer")
    links = f"/v1/airlock/items/{opened.item_id}/links"
    made = await airlock.client.post(links, headers=reviewer.headers, json={"person": "Anna", "may": ["decide"]})
    visitor = browser()
    page = await visitor.go("/review/" + made.raise_for_status().json()["url"].split("/review/")[1])
    assert "The draft voice speaks, not Ella &amp; Co." in page.text
    assert [f'name="accepts" value="{code}" required>' in page.text for code in CODES] == [True, True]
    answer = await visitor.submit("/decision", decision="approved", comment="Fine <by> me.", accepts=["clip_drawn"])
    assert (answer.status_code, "Tick each point that you accept" in answer.text) == (422, True)
    assert 'value="clip_drawn" required checked>' in answer.text
    assert 'value="voice_stand_in" required>' in answer.text
    assert ">Fine &lt;by&gt; me.</textarea>" in answer.text
    assert (await airlock.item(opened.item_id))["item"]["status"] == "open"
    visitor.page = answer
    again = visitor.form("/decision", decision="approved")
    assert "Thank you" in (await visitor.send(again, accepts=CODES)).text
    (row,) = (await airlock.item(opened.item_id))["decisions"]
    assert (row["accepted_downgrades"], row["decided_by"][:9]) == (CODES, "external:")


async def test_older_clients_accept_by_name_too(airlock: Any) -> None:
    opened = await airlock.open(downgrades=(VOICE,))
    reviewer = await airlock.person("reviewer")
    url = f"/api/v1/airlock/items/{opened.item_id}"
    left_out(await airlock.client.put(url, headers=reviewer.headers, json={"status": "approved"}))
    whole = {"status": "approved", "accepts_downgrades": ["voice_stand_in"]}
    (await airlock.client.put(url, headers=reviewer.headers, json=whole)).raise_for_status()
    assert (await airlock.item(opened.item_id))["item"]["status"] == "approved"
