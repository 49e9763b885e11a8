"""The repository's checks: first what takes seconds, then the tests in lanes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Lock

from rich.text import Text

from cli.locks import EXTRAS
from cli.output import GREEN, QUIET, RED, console, span
from cli.places import REPOSITORY

_BIN = Path(sys.executable).parent
_TESTS_FAILED, _NOTHING_COLLECTED = 1, 5
_FEW = 5
"""As many failures may be the machine's; more are the code's."""
_PYTHON, _PAGE, _UNITS = "python", "page", "page units"
_PRINTING = Lock()
_SOURCES = ("libs", "services", "tests", "bench", "docs/examples")
_JOURNEYS = "tests/journeys"
"""All of them are here (tests/architecture says so), so that their workers need not look everywhere."""


@dataclass(frozen=True)
class Check:
    """A program that says yes with exit code 0."""

    name: str
    command: tuple[str, ...]
    mend: str = ""
    """What to run when it says no."""
    empty_is_fine: bool = False
    """Whether a lane without a single test is no failure."""
    alone: tuple[str, ...] = ()
    """How the few tests that failed are run once more, with nothing beside them."""
    row: str = ""
    """Those of a row take one core and seconds: they run in their order beside those of other rows, before all else."""


@dataclass(frozen=True)
class Ended:
    """How a check went."""

    check: Check
    code: int
    seconds: float
    only_alone: tuple[str, ...] = ()
    """Tests that passed only the second time."""


def static_checks(paths: Sequence[str] = ()) -> list[Check]:
    """Lint, format, architecture and types: for the whole repository, or for some paths of it."""
    chosen = tuple(paths) or tuple(name for name in _SOURCES if (REPOSITORY / name).is_dir())
    checks = [
        Check("lint", (_tool("ruff"), "check", "--quiet", *chosen), "ruff check --fix", row=_PYTHON),
        Check("format", (_tool("ruff"), "format", "--quiet", "--check", *chosen), "ruff format", row=_PYTHON),
    ]
    if not paths:
        imports = (_tool("lint-imports"), "--no-cache")
        checks.append(Check("architecture", imports, "see CONTRIBUTING.md", row=_PYTHON))
    checks.append(Check("types", (_tool("mypy"), "--no-error-summary", *chosen), row=_PYTHON))
    return checks


def extras() -> Check:
    """The libraries of operators' own agents, which only tests of them need: no second time does it install anything.

    Without dependencies, because the lock holds them all, and takes versions that one library would not.
    """
    install = (_tool("uv"), "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes", "--no-deps")
    command = (*install, "-r", EXTRAS)
    return Check("extras", command, "the tests of operators' own agents were skipped", row=_PYTHON)


def dashboard_checks(npm: tuple[str, ...]) -> list[Check]:
    """The dashboard's: types, lint, whether its client is the services', its units, and what people do with it."""
    script = (*npm, "--prefix", "dashboard", "run", "--silent")
    return [
        Check("page types", (*script, "types"), row=_PAGE),
        Check("page lint", (*script, "lint"), row=_PAGE),
        Check("page client", (*script, "gen:check"), "npm --prefix dashboard run gen", row=_PAGE),
        Check("page units", (*script, "test"), row=_UNITS),
        Check("page journeys", (sys.executable, "-P", "-m", "cli.dashboard_journeys")),
    ]


def remotion_checks(npm: tuple[str, ...]) -> list[Check]:
    """The Remotion worker's, which is built by then. Its films are drawn by the editor's own tests."""
    script = (*npm, "--prefix", "services/editor/remotion", "run", "--silent")
    return [Check("remotion units", (*script, "test"), row=_UNITS)]


def pytest_lanes(paths: Sequence[str], *, expression: str | None) -> list[Check]:
    """The tests. Most of them wait for something real more than they compute, so there is a worker more than cores;
    those that start a stack of their own have a core each, so that none starves.

    Each worker begins with a stretch of the tests and takes over others' at the end, so that what runs for a module's
    tests is mostly started once.
    """
    cores = os.cpu_count() or 1
    pytest = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--durations=10",
        "--dist=worksteal",
        *(("-k", expression) if expression else ()),
    )
    again = ("--last-failed", "--last-failed-no-failures=none", "-n", "0")
    lanes = (("tests", "not journey", paths, cores + 1), ("journeys", "journey", paths or [_JOURNEYS], cores))
    return [
        Check(
            name,
            (*pytest, *where, "-m", chosen, "-n", str(workers)),
            empty_is_fine=True,
            alone=(*pytest, *where, "-m", chosen, *again),
        )
        for name, chosen, where, workers in lanes
    ]


def run_checks(checks: Sequence[Check]) -> int:
    """Run them all, rows first, and say how each went. → the exit code of the first that failed, or 0.

    On a busy machine a test may starve. A few that failed are run once more, alone; which of them passed only then is
    said, because such a test is to be mended.
    """
    names = dict.fromkeys(check.row for check in checks if check.row)
    rows = [[check for check in checks if check.row == name] for name in names]
    with ThreadPoolExecutor(max(1, len(rows))) as beside:
        ended = [*chain(*beside.map(partial(_run_row, aloud=len(rows) == 1), rows))]
    ended += [_run(check) for check in checks if not check.row]
    console().print()
    for one in ended:
        mark, style = ("✓", GREEN) if one.code == 0 else ("✗", RED)
        line = Text(f"{mark} ", style=style).append(f"{one.check.name:<14}", style="default")
        line.append(f"{span(one.seconds):>9}", style=QUIET)
        if one.code and one.check.mend:
            line.append(f"   mend: {one.check.mend}", style="default")
        console().print(line)
        for name in one.only_alone:
            console().print(Text(f"  passed only when run alone: {name}", style=RED))
    return next((one.code for one in ended if one.code), 0)


def _run_row(row: Sequence[Check], *, aloud: bool) -> list[Ended]:
    """Run the checks of a row. Unless it is `aloud`, what one says is printed in one piece, once it has ended."""
    if aloud:
        return [_run(check) for check in row]
    ended: list[Ended] = []
    for check in row:
        began = time.monotonic()
        said = subprocess.run(check.command, cwd=REPOSITORY, check=False, capture_output=True, text=True)
        with _PRINTING:
            console().print(Text(f"— {check.name}", style=QUIET))
            console().print(Text.from_ansi(said.stdout + said.stderr), end="")
        ended.append(Ended(check, said.returncode, time.monotonic() - began))
    return ended


def _run(check: Check) -> Ended:
    console().print(Text(f"— {check.name}", style=QUIET))
    began = time.monotonic()
    # The tools draw on the terminal themselves, and a Ctrl-C reaches them as it reaches us.
    code = subprocess.run(check.command, cwd=REPOSITORY, check=False).returncode
    if check.empty_is_fine and code == _NOTHING_COLLECTED:
        code = 0
    only_alone: tuple[str, ...] = ()
    if code == _TESTS_FAILED and check.alone and 0 < len(failed := _last_failed()) <= _FEW:
        console().print(Text(f"— {check.name} that failed, alone", style=QUIET))
        code = subprocess.run(check.alone, cwd=REPOSITORY, check=False).returncode
        only_alone = () if code else failed
    return Ended(check, code, time.monotonic() - began, only_alone)


def _last_failed() -> tuple[str, ...]:
    """The tests of the newest run that failed."""
    try:
        return tuple(json.loads((REPOSITORY / ".pytest_cache/v/cache/lastfailed").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ()


def _tool(name: str) -> str:
    return str(_BIN / name)
