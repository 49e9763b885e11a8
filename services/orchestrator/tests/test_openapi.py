"""What the documentation says about every route of the orchestrator: how it refuses, and an example of its body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from orchestrator.main import app
from orchestrator.settings import Settings
from pydantic import SecretStr
from testkit.plugin import SettingsFor
from testkit.routes import routes_of

FOR_EVERYBODY = {"POST /v1/tickets", "POST /v1/webhooks/{vendor}"}
"""Routes that change something, and that no role is needed for."""
MADE_BY_NAME = {"PUT /admin/drills/{drill}"}
"""Routes that make what was not there, under the name the caller gives it."""


@dataclass(frozen=True)
class Documented:
    """The orchestrator's OpenAPI document: its schemas, and `POST /v1/runs` → the operation."""

    schemas: dict[str, Any]
    operations: dict[str, dict[str, Any]]

    def bodies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Operations that take a body, and its schema; that of one that may be left out, too."""
        for name, operation in self.operations.items():
            if "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                [ref] = [one["$ref"] for one in schema.get("anyOf", [schema]) if "$ref" in one]
                yield name, self.schemas[ref.rpartition("/")[2]]


@pytest.fixture
def documented(settings_for: SettingsFor, workflows: Path) -> Documented:
    """Of an app that never runs, so it reaches nothing."""
    settings = settings_for("orchestrator", workflows_dir=str(workflows), redis_url=SecretStr("redis://127.0.0.1:1/0"))
    built = app(Settings.model_validate(settings.model_dump()))
    document = built.openapi()
    return Documented(
        document["components"]["schemas"],
        {
            f"{method} {route.path}": document["paths"][route.path][method.lower()]
            for route in routes_of(built)
            if route.include_in_schema
            for method in route.methods or ()
        },
    )


def test_every_route_says_how_it_refuses(documented: Documented) -> None:
    assert set(documented.schemas["ProblemDocument"]["required"]) >= {"error", "detail", "status"}
    assert {name.split("/")[2].split("?")[0] for name in documented.operations} >= {
        "runs", "workflows", "artifacts", "limits", "budgets", "tasks", "schedules", "services", "webhooks", "tickets",
        "dlq",
    }  # fmt: skip
    for name, operation in documented.operations.items():
        refused = {status: one for status, one in operation["responses"].items() if status >= "4"}
        assert refused, name
        for status, one in refused.items():
            schema = one["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ProblemDocument"}, (name, status)
        assert "422" in refused or not (operation.get("parameters") or "requestBody" in operation), name
        assert "404" in refused or "{" not in name or name in MADE_BY_NAME, name
        assert "403" in refused or name.startswith("GET") or name in FOR_EVERYBODY, name
        assert "409" in refused or not name.startswith("POST") or "/runs/{run_id}/" not in name, name


def test_every_body_has_an_example(documented: Documented) -> None:
    bodies = dict(documented.bodies())
    assert "POST /v1/runs/{run_id}/signals/{name}" in bodies
    for name, model in bodies.items():
        needed = set(model.get("required", ()))
        if "examples" in model:
            [example] = model["examples"]
            assert needed <= set(example) <= set(model["properties"]), name
        else:
            assert needed, name
            assert all(model["properties"][member]["examples"] for member in needed), name
