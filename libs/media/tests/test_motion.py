"""Eases begin at nothing, end at all, and hold outside."""

from __future__ import annotations

import pytest
from media.motion import Ease, in_out_cubic, linear, mix, out_back, out_cubic, out_quint, ramp, smooth, swing


@pytest.mark.parametrize("ease", [linear, smooth, out_cubic, out_quint, in_out_cubic, out_back])
def test_an_ease_goes_from_nothing_to_all(ease: Ease) -> None:
    assert ease(0) == ease(-3) == pytest.approx(0)
    assert ease(1) == ease(9) == pytest.approx(1)
    assert max(ease(step / 50) for step in range(51)) <= 1.11


def test_ramps_begin_on_time() -> None:
    assert ramp(0.9, start=1, duration=2) == 0
    assert ramp(2, start=1, duration=2) == pytest.approx(0.5)
    assert ramp(5, start=1, duration=0) == 1


def test_swings_come_back() -> None:
    assert swing(0.5, period=2) == pytest.approx(1)
    assert swing(2.5, period=2) == pytest.approx(1)
    assert mix(2, 4, 0.25) == 2.5
