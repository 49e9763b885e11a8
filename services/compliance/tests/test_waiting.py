"""How long gates wait for people: from the items as they are, and of nobody else's."""

from __future__ import annotations

from typing import Any


async def waiting(airlock: Any, **query: Any) -> dict[str, Any]:
    reviewer = await airlock.person("reviewer")
    answer = await airlock.client.get("/v1/airlock/waiting", headers=reviewer.headers, params=query)
    shown: dict[str, Any] = answer.raise_for_status().json()
    return shown


async def test_waits_are_those_of_the_items(airlock: Any, tamper: Any) -> None:
    assert (await waiting(airlock))["gates"] == []
    minutes = (1, 2, 3, 4, 60)
    for waited in minutes:
        opened = await airlock.approved()
        tamper(
            "update compliance.airlock_items set opened_at = decided_at - %s * interval '1 minute' where id = %s",
            waited,
            opened.item_id,
        )
    rejected = await airlock.open(gate="ideation")
    (await airlock.decide(rejected.item_id, decision="rejected", comment="no")).raise_for_status()
    still = await airlock.open(gate="ideation")
    found = await waiting(airlock)
    [ideas, publish] = found["gates"]
    assert (ideas["gate"], ideas["decided"], ideas["open"]) == ("ideation", 1, 1)
    assert ideas["oldest_open_at"] == (await airlock.item(still.item_id))["item"]["opened_at"]
    assert (publish["decided"], publish["median_ms"], publish["longest_ms"]) == (5, 3 * 60_000, 60 * 60_000)
    assert publish["ninth_ms"] == int((4 + 0.6 * 56) * 60_000)
    assert [day["decided"] for day in found["days"]] == [6]


async def test_what_was_decided_before_the_period_is_left_out(airlock: Any, tamper: Any) -> None:
    opened = await airlock.approved()
    tamper(
        "update compliance.airlock_items set opened_at = opened_at - interval '2 days',"
        " decided_at = decided_at - interval '2 days' where id = %s",
        opened.item_id,
    )
    assert (await waiting(airlock, days=2))["gates"] == []
    assert [gate["decided"] for gate in (await waiting(airlock, days=3))["gates"]] == [1]
    reviewer = await airlock.person("reviewer")
    refused = await airlock.client.get("/v1/airlock/waiting", headers=reviewer.headers, params={"days": 0})
    assert refused.status_code == 422


async def test_others_gates_are_not_counted(airlock: Any) -> None:
    await airlock.approved()
    stranger = await airlock.people.join(f"{airlock.tenant}-other", "reviewer")
    answer = await airlock.client.get("/v1/airlock/waiting", headers=stranger.headers)
    assert (answer.json()["gates"], answer.json()["days"]) == ([], [])
