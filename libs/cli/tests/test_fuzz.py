"""`./greenlight dev fuzz`: plays on while all is well; prints the smallest case that is not, and how to repeat it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cli.exits import ExitCode
from orchestrator.kinds.wait import WaitStep
from typer.testing import Result

Greenlight = Callable[..., Result]


def forget(*told: object) -> None:
    """A rule that was forgotten."""


def test_cases_are_played_and_counted(greenlight: Greenlight) -> None:
    result = greenlight("dev", "fuzz", "--minutes", "0", "--seed", "3")
    assert result.exit_code == ExitCode.OK
    assert result.output.startswith("1 workflows, ")


def test_what_is_found_is_printed_with_the_case_that_shows_it(
    greenlight: Greenlight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WaitStep, "look", forget)
    result = greenlight("dev", "fuzz", "--minutes", "1", "--seed", "0")
    assert result.exit_code == ExitCode.RUN_FAILED
    assert '"workflow_name": "fuzzed"' in result.output
    assert "Again: ./greenlight dev fuzz --minutes 0 --seed " in result.output
