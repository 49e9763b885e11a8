"""A composed suite that runs: how to reach it, and how to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cli.compose.engine import Composition
from cli.compose.queries import Prometheus
from cli.exits import ExitCode
from cli.target import Target
from cli.trouble import Trouble

T = TypeVar("T")
_EVERY_SECONDS = 0.25


@dataclass(frozen=True)
class ComposedSite:
    """The project, its edge with two people's keys, and its Prometheus."""

    composition: Composition
    target: Target
    prometheus: Prometheus


def until(look: Callable[[], T | None], *, seconds: float, what: str, missing: Callable[[], str] = lambda: "that") -> T:
    """The first thing `look` returns that is not None.

    Raises `Trouble` that says what was waited for, and what of it is still missing.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(_EVERY_SECONDS)
    raise broken(f"Waited {seconds:g} s for {what}; still missing: {missing()}")


def broken(cause: str) -> Trouble:
    """What to raise when the suite does not do what it promises."""
    return Trouble(cause, exit_code=ExitCode.RUN_FAILED, code="compose_test_failed", title="The composed suite failed")
