"""No answer grows with a tenant: each route that lists things has a `limit` with a maximum, or needs none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = Path(__file__).parents[2] / "dashboard" / "openapi"
"""What `greenlight dev gen` writes; that it is up to date, CI asks."""
WHY_BOUNDED = {
    "compliance": {
        "/v1/airlock/items/{item_id}": "the newest decisions and history; each has a route with pages",
        "/v1/airlock/items/{item_id}/changes": "of one item and the one before",
        "/v1/airlock/items/{item_id}/rework": "of one film's scenes",
        "/v1/airlock/kill-all": "what is being released at this moment",
        "/v1/airlock/reviews": "one for each gate that an officer defined",
        "/v1/airlock/reviews/{gate}": "the newest versions",
        "/v1/airlock/stand-ins": "at most 200",
        "/v1/airlock/waiting": "a row for each gate and each day",
        "/v1/audit/keys": "the anchors' keys",
        "/v1/audit/verify": "one for each service whose numbers have a gap",
        "/v1/policies": "the rules in force, and a tenant's packs",
        "/v1/policies/{pack}": "a pack's rules; the newest versions and changes",
        "/compat/agent-os/rules": "the rules in force",
        "/compat/agent-os/compliance-rules": "the rules in force",
        "/compat/agent-os/api/v1/airlock/items/{item_id}/feedback": "the newest, so many as notes are shown",
    },
    "identity": {
        "/.well-known/jwks.json": "keys that still sign or verify",
        "/v1/roles": "roles that an admin made",
    },
    "orchestrator": {
        "/compat/agent-os/create-video-content/{video_id}": "of one film",
        "/v1/budgets": "a row a day, of so many days as are asked for",
        "/v1/insights/funnel": "a row for each step of a workflow",
        "/v1/limits": "a row for each kind of limit and what an operator named",
        "/v1/runs/{run_id}": "of one run",
        "/v1/runs/{run_id}/artifacts": "of one run",
        "/v1/runs/{run_id}/estimate": "of one run",
        "/v1/runs/{run_id}/orders": "the newest of one run",
        "/v1/runs/{run_id}/shares": "of one run",
        "/v1/runs/{run_id}/state": "of one run",
        "/v1/runs/{run_id}/tasks": "of one run",
        "/v1/schedules/{schedule_id}": "the newest starts",
        "/v1/services": "our services",
        "/v1/services/queues": "our services' queues",
        "/v1/workflows": "workflow files",
        "/v2/runs/{run_id}": "of one run",
        "/v2/runs/{run_id}/history": "the ends of one run's nodes",
        "/v2/runs/{run_id}/state": "of one run",
    },
    "producer": {
        "/v1/templates": "the room for templates is limited",
        "/v1/templates/{name}/versions": "the room for templates is limited",
        "/v1/uploads": "the newest 200",
    },
}
"""Of each service the routes that list things and have no `limit`: what bounds them."""


@pytest.mark.parametrize("service", sorted(path.stem for path in DOCUMENTS.glob("*.json")))
def test_every_list_is_bounded(service: str) -> None:
    document = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))
    unlimited = {
        path for path, route in document["paths"].items() if _lists(document, route) and not _has_limit(route["get"])
    }
    assert unlimited == set(WHY_BOUNDED.get(service, {}))


def _has_limit(operation: Mapping[str, Any]) -> bool:
    given = {each["name"]: each["schema"] for each in operation.get("parameters", ())}
    return "maximum" in given.get("limit", {})


def _lists(document: Mapping[str, Any], route: Mapping[str, Any]) -> bool:
    """Whether a GET answers with a list of objects, or with one of whose members is such a list."""
    answer = route.get("get", {}).get("responses", {}).get("200", {})
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return False
    members = (member for whole in _meant(document, schema) for member in whole.get("properties", {}).values())
    return any(_is_list(document, each) for each in (schema, *members))


def _is_list(document: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    lists = [each for each in _meant(document, schema) if each.get("type") == "array" and "maxItems" not in each]
    return any(item.get("type") == "object" for each in lists for item in _meant(document, each.get("items", {})))


def _meant(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a schema may stand for, without references and alternatives."""
    if "$ref" in schema:
        yield from _meant(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _meant(document, each)
    else:
        yield schema
