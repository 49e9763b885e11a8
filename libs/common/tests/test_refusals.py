"""What a refusal says besides its sentence leaves the service as small, plain JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from common.bus.outcomes import EXTRA_LIMIT, small


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        ({}, {}),
        ({"reason": "hate.1", "rules": ("hate.1", "hate.2")}, {"reason": "hate.1", "rules": ["hate.1", "hate.2"]}),
        ({"at": datetime(2026, 11, 21, tzinfo=UTC)}, {"at": "2026-11-21T00:00:00Z"}),
        ({"item": UUID(int=7)}, {"item": "00000000-0000-0000-0000-000000000007"}),
        ({"rate": float("inf")}, {"rate": None}),
        ({"odd": pytest}, {"odd": str(pytest)}),
        ({"zero": "a\x00b", "rule": "r"}, {"rule": "r"}),
        ({"half": "\ud800", "huge": 1 << 80, "rule": "r"}, {"rule": "r"}),
        ({"long": "x" * EXTRA_LIMIT, "rule": "r"}, {"rule": "r"}),
        ({"a": "x" * 1500, "b": "x" * 1500, "c": "x"}, {"a": "x" * 1500, "c": "x"}),
    ],
)
def test_extra_members_are_json_and_few(extra: dict[str, Any], kept: dict[str, Any]) -> None:
    assert small(extra) == kept
