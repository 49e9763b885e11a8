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
    assert (entry["actor"], entry["agent"], entry["resource"]) == (creator.user_id, "designer", "task:7")
    assert entry["detail"]["claimed_user_id"] == "somebody-else"
    query = {"event_type": "logged.task_completed", "user_id": creator.user_id}
    found = (await airlock.client.post(f"{prefix}/query-logs", headers=officer.headers, json=query)).json()
    assert (found["total"], found["logs"][0]["id"]) == (1, logged.json()["event_id"])
    listed = await airlock.client.get(
        f"{prefix}/audit-logs", headers=officer.headers, params={"user_id": "somebody-else"}
    )
    assert listed.json() == {"logs": [], "total": 0}
    stats = (await airlock.client.get(f"{prefix}/stats", headers=officer.headers)).json()
    assert stats["events_by_type"]["logged.task_completed"] == 1
    assert stats["total_events"] == sum(stats["events_by_type"].values())
    for method, path in (("POST", "query-logs"), ("GET", "audit-logs"), ("GET", "stats")):
        refused = await airlock.client.request(method, f"{prefix}/{path}", headers=creator.headers, json={})
        assert refused.status_code == 403
    for nonsense in ({}, {"event_type": ""}, {"event_type": "a\nb"}, {"event_type": "x" * 500}):
        refused = await airlock.client.post(f"{prefix}/log-event", headers=creator.headers, json=nonsense)
        assert refused.status_code == 422
