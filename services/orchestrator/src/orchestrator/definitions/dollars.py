"""Amounts of money as authors write them: dollars."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orchestrator.definitions.expressions import ExpressionFailed

_TOO_MUCH = 1_000_000
"""Dollars; a budget is less, too."""


def micros(dollars: Any) -> int:
    """Dollars in micro-dollars. Raises `ExpressionFailed` for what is no amount, or one of a million and more."""
    try:
        amount = Decimal(str(dollars))
        fits = 0 <= amount < _TOO_MUCH
    except ArithmeticError:
        fits = False
    if not fits:
        raise ExpressionFailed(f"{dollars!r} is no amount of dollars below {_TOO_MUCH:,}")
    return int((amount * 1_000_000).to_integral_value())
