"""The repository's checks: first what takes seconds, then the tests in lanes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from cli.locks import EXTRAS
from cli.output import GREEN, QUIET, RED, console, span
from cli.places import REPOSITORY

_BIN = Path(sys.executable).parent
_NOTHING_COLLECTED = 5
_SOURCES = ("libs", "services", "tests")


@dataclass(frozen=True)
class Check:
    """A program that says yes with exit code 0."""

    name: str
    command: tuple[str, ...]
    mend: str = ""
    """What to run when it says no."""
    empty_is_fine: bool = False
    """Whether a lane without a single test is no failure."""


@dataclass(frozen=True)
class Ended:
    """How a check went."""

    check: Check
    code: int
    seconds: float


def static_checks(paths: Sequence[str] = ()) -> list[Check]:
    """Lint, format, architecture and types: for the whole repository, or for some paths of it."""
    chosen = tuple(paths) or tuple(name for name in _SOURCES if (REPOSITORY / name).is_dir())
    checks = [
        Check("lint", (_tool("ruff"), "check", "--quiet", *chosen), "ruff check --fix"),
        Check("format", (_tool("ruff"), "format", "--quiet", "--check", *chosen), "ruff format"),
    ]
    if not paths:
        checks.append(Check("architecture", (_tool("lint-imports"), "--no-cache"), "see CONTRIBUTING.md"))
    checks.append(Check("types", (_tool("mypy"), "--no-error-summary", *chosen)))
    return checks


def extras() -> Check:
    """The libraries of operators' own agents, which only tests of them need: no second time does it install anything.

    Without dependencies, because the lock holds them all, and takes versions that one library would not.
    """
    install = (_tool("uv"), "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes", "--no-deps")
    return Check("extras", (*install, "-r", EXTRAS), "the tests of operators' own agents were skipped")


def pytest_lanes(paths: Sequence[str], *, expression: str | None) -> list[Check]:
    """The tests: those that start a stack of their own run beside few others, so that none starves."""
    cores = os.cpu_count() or 1
    pytest = (sys.executable, "-m", "pytest", "-q", "--durations=10", *paths)
    chosen = ("-k", expression) if expression else ()
    return [
        Check("tests", (*pytest, *chosen, "-m", "not journey", "-n", str(cores)), empty_is_fine=True),
        Check("journeys", (*pytest, *chosen, "-m", "journey", "-n", str(max(1, cores // 2))), empty_is_fine=True),
    ]


def run_checks(checks: Sequence[Check]) -> int:
    """Run them all, one after another, and say how each went. → the exit code of the first that failed, or 0."""
    ended = [_run(check) for check in checks]
    console().print()
    for one in ended:
        mark, style = ("✓", GREEN) if one.code == 0 else ("✗", RED)
        line = Text(f"{mark} ", style=style).append(f"{one.check.name:<14}", style="default")
        line.append(f"{span(one.seconds):>9}", style=QUIET)
        if one.code and one.check.mend:
            line.append(f"   mend: {one.check.mend}", style="default")
        console().print(line)
    return next((one.code for one in ended if one.code), 0)


def _run(check: Check) -> Ended:
    console().print(Text(f"— {check.name}", style=QUIET))
    began = time.monotonic()
    # The tools draw on the terminal themselves, and a Ctrl-C reaches them as it reaches us.
    code = subprocess.run(check.command, cwd=REPOSITORY, check=False).returncode
    if check.empty_is_fine and code == _NOTHING_COLLECTED:
        code = 0
    return Ended(check, code, time.monotonic() - began)


def _tool(name: str) -> str:
    return str(_BIN / name)
