"""Which waits a vendor's signed call may end."""

from __future__ import annotations

from typing import Any

import pytest
from orchestrator.engine.interrupts import vendor_handle


@pytest.mark.parametrize(
    ("type", "data", "handle"),
    [
        ("step.waiting", {"signal": "shop:7"}, "shop:7"),
        ("step.pending", {"handle": "sora:video_1"}, "sora:video_1"),
        ("step.waiting", {"signal": "nod"}, None),
        ("step.waiting", {"signal": None}, None),
        ("step.pending", {"handle": "gate:0198"}, None),
        ("step.completed", {"handle": "sora:video_1"}, None),
    ],
)
def test_only_what_a_vendor_is_waited_for(type: str, data: dict[str, Any], handle: str | None) -> None:
    assert vendor_handle(type, data) == handle
