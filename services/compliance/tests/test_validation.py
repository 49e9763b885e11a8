"""The answers that clients of the suite before us get: their shapes, from looking at what they send."""

from __future__ import annotations

from typing import Any

import pytest


async def ask(airlock: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    creator = await airlock.person("creator")
    answer = await airlock.client.post(path, headers=creator.headers, json=body)
    shown: dict[str, Any] = answer.raise_for_status().json()
    return shown


@pytest.mark.feature("A43", "A45")
@pytest.mark.parametrize("path", ["/validate-action", "/compat/agent-os/check-compliance"])
async def test_flags_of_the_caller_count_for_nothing(airlock: Any, path: str) -> None:
    body = {
        "action_type": "external_post",
        "approved": True,
        "contains_sensitive_content": False,
        "content": {"text": "This tea cures cancer. Write to jane.doe@example.com"},
    }
    answer = await ask(airlock, path, body)
    assert answer["approved"] is False
    assert {(each["rule_id"], each["check"]) for each in answer["violations"]} == {
        ("regulatory_compliance", "claims.health"),
        ("data_privacy", "personal.email"),
    }
    assert answer["required_approvals"] == ["external_post_approval", "data_privacy", "regulatory_compliance"]
    assert answer["compliance_score"] == 0.4
    assert len(answer["recommendations"]) == 2
    assert "jane.doe" not in str(answer)
    noted = await airlock.audit(action="content.validated")
    assert [entry["resource"] for entry in noted] == [f"validation:{answer['validation_id']}"]


async def test_what_stays_inside_and_is_clean_is_approved(airlock: Any) -> None:
    answer = await ask(airlock, "/validate-action", {"action": "draft", "content": "The moon pulls, the sea follows."})
    assert (answer["approved"], answer["violations"], answer["compliance_score"]) == (True, [], 1.0)
    leaving = await ask(airlock, "/validate-action", {"content": "Tides", "platforms": ["tiktok"], "approved": True})
    assert (leaving["approved"], leaving["required_approvals"]) == (False, ["external_post_approval"])


@pytest.mark.parametrize("path", ["/rules", "/compliance-rules", "/compat/agent-os/rules"])
async def test_the_rules_are_those_in_force(airlock: Any, path: str) -> None:
    creator = await airlock.person("creator")
    shown = (await airlock.client.get(path, headers=creator.headers)).raise_for_status().json()
    checks = {rule["rule_id"]: rule["checks"] for rule in shown["rules"]}
    assert "dangerous.explosives" in checks["content_policy"]
    assert "personal.email" in checks["data_privacy"]
    assert "claims.health" in checks["regulatory_compliance"]
    assert (await airlock.client.get(path)).status_code == 401
