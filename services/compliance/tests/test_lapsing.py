"""What time does at the airlock: leases that end while somebody thinks, holders that are gone, deadlines."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from common.contracts.gates import GateDecided, GateReminded, Review
from common.contracts.values import Decision
from testkit.listening import eventually

LAPSE = "update compliance.airlock_items set claimed_until = now() - interval '1 second' where id = %s"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", "")


async def test_who_thinks_longer_than_their_claim_decides_only_if_nobody_else_has_it(airlock: Any, tamper: Any) -> None:
    ann, ben, eve = [await airlock.people.join(airlock.tenant, "reviewer") for _ in range(3)]
    first, second = [await airlock.open() for _ in range(2)]
    for opened in (first, second):
        url = f"/v1/airlock/items/{opened.item_id}/claim"
        (await airlock.client.put(url, headers=ann.headers, json={})).raise_for_status()
        assert tamper(LAPSE, opened.item_id) == 1
    url = f"/v1/airlock/items/{first.item_id}/claim"
    claims = await asyncio.gather(*(airlock.client.put(url, headers=one.headers, json={}) for one in (ben, eve)))
    assert sorted(answer.status_code for answer in claims) == [200, 409]
    holder, other = (ben, eve) if claims[0].status_code == 200 else (eve, ben)
    for late in (ann, other):
        assert code(await airlock.decide(first.item_id, late, decision="approved")) == (409, "item_claimed")
    # Giving up a claim that is over takes nothing from who has it now.
    released = await airlock.client.delete(url, headers=ann.headers)
    assert code(released) == (409, "item_claimed")
    assert (await airlock.decide(first.item_id, holder, decision="approved")).status_code == 200
    assert (await airlock.decide(second.item_id, ann, decision="approved")).status_code == 200


async def test_a_claim_of_somebody_who_is_gone_keeps_no_reminder_from_the_others(airlock: Any, tamper: Any) -> None:
    gone = await airlock.people.join(airlock.tenant, "reviewer")
    opened = await airlock.open(review=Review(remind_after_ms=3_000))
    url = f"/v1/airlock/items/{opened.item_id}/claim"
    (await airlock.client.put(url, headers=gone.headers, json={})).raise_for_status()
    assert tamper(LAPSE, opened.item_id) == 1

    async def told() -> list[GateReminded]:
        return [event for event in await airlock.told(GateReminded) if event.item_id == opened.item_id]

    (heard,) = await eventually(told, seconds=20)
    assert heard.to == ("reviewer",)


async def test_a_decision_and_a_deadline_that_meet_are_one_end(airlock: Any) -> None:
    """Whoever comes first has it, as often as it is tried; the clock's answer is always no."""
    now, reviewer = datetime.now(UTC), await airlock.person("reviewer")
    # The clock looks four times a second: it comes by while these are decided, one after the other.
    held = [
        await airlock.open({"caption": f"Tide {number}"}, timeout_at=now + timedelta(seconds=1 + number / 8))
        for number in range(16)
    ]
    answers = [await airlock.decide(one.item_id, reviewer, decision="approved") for one in reversed(held)][::-1]

    async def ends() -> list[GateDecided]:
        return list(await airlock.told(GateDecided))

    told = await eventually(ends, until=lambda found: len(found) >= len(held), seconds=20)
    by_item = {event.item_id: event for event in told}
    assert len(told) == len(by_item) == len(held)
    for opened, said in zip(held, answers, strict=True):
        event = by_item[opened.item_id]
        if said.status_code == 200:
            assert (event.decision, event.decided_by) == (Decision.APPROVED, reviewer.user_id)
        else:
            assert (said.status_code, event.decision, event.decided_by) == (409, Decision.REJECTED, "system:timeout")
