"""Clients of the agent suite before us log, look and count as they did; who did it comes from the token."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.feature("A48")
@pytest.mark.feature("A51")
@pytest.mark.parametrize("prefix", ["", "/compat/agent-os"])
async def test_log_query_list_and_count(airlock: Any, prefix: str) -> None:
    creator, officer = await airlock.person("creator"), await airlock.person("compliance_officer")
    body = {
        "event_type": "task_completed",
        "action": "design",
        "resource": "task:7",
        "user_id": "somebody-else",
        "agent_id": "designer",
        "details": {"score": 0.9},
    }
    logged = await airlock.client.post(f"{prefix}/log-event", headers=creator.headers, json=body)
    assert logged.status_code == 201
    [entry] = await airlock.audit(action="logged.task_completed")
    assert (entry["actor"], entry["resource"]) == (creator.user_id, "task:7")
    # What the body says about who it was is what somebody said, and no agent's own word.
    assert "agent" not in entry
    assert entry["detail"]["claimed_user_id"] == "somebody-else"
    assert entry["detail"]["claimed_agent_id"] == "designer"
    # By the client's own name for it, and by ours.
    for event_type in ("task_completed", "logged.task_completed"):
        query = {"event_type": event_type, "user_id": creator.user_id}
        found = (await airlock.client.post(f"{prefix}/query-logs", headers=officer.headers, json=query)).json()
        assert (found["total"], found["logs"][0]["id"]) == (1, logged.json()["event_id"])
        asked = await airlock.client.get(f"{prefix}/audit-logs", headers=officer.headers, params=query)
        assert asked.json() == found
    listed = await airlock.client.get(
        f"{prefix}/audit-logs", headers=officer.headers, params={"user_id": "somebody-else"}
    )
    assert listed.json() == {"logs": [], "total": 0, "next_cursor": None}
    stats = (await airlock.client.get(f"{prefix}/stats", headers=officer.headers)).json()
    assert stats["events_by_type"]["logged.task_completed"] == 1
    assert stats["total_events"] == sum(stats["events_by_type"].values())
    for method, path in (("POST", "query-logs"), ("GET", "audit-logs"), ("GET", "stats")):
        refused = await airlock.client.request(method, f"{prefix}/{path}", headers=creator.headers, json={})
        assert refused.status_code == 403
    for nonsense in ({}, {"event_type": ""}, {"event_type": "a\nb"}, {"event_type": "x" * 500}):
        refused = await airlock.client.post(f"{prefix}/log-event", headers=creator.headers, json=nonsense)
        assert refused.status_code == 422


async def test_pages_follow_each_other_and_each_says_how_many_there_are(airlock: Any) -> None:
    creator, officer = await airlock.person("creator"), await airlock.person("compliance_officer")
    for number in range(5):
        body = {"event_type": "counted", "resource": f"task:{number}"}
        (await airlock.client.post("/log-event", headers=creator.headers, json=body)).raise_for_status()
    seen: list[str] = []
    asked: dict[str, Any] = {"event_type": "counted", "limit": 2}
    for _ in range(3):
        posted = (await airlock.client.post("/query-logs", headers=officer.headers, json=asked)).json()
        listed = (await airlock.client.get("/audit-logs", headers=officer.headers, params=asked)).json()
        assert posted == listed
        assert posted["total"] == 5
        seen += [log["resource"] for log in posted["logs"]]
        asked["cursor"] = posted["next_cursor"]
    assert (asked.pop("cursor"), seen) == (None, [f"task:{number}" for number in range(5)])
    for cursor in ("nonsense", "x" * 501):
        refused = await airlock.client.post("/query-logs", headers=officer.headers, json={"cursor": cursor})
        assert refused.status_code == 422
