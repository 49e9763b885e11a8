"""`greenlight test`: what failed is run once more, alone, and it says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cli import lanes
from cli.lanes import Check, run_checks

STARVES = """
from pathlib import Path

def test_starves():
    first = not Path("was-here").exists()
    Path("was-here").touch()
    assert not first

def test_broken():
    assert {fine}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository."""
    monkeypatch.setattr(lanes, "REPOSITORY", tmp_path)
    return tmp_path


def lane(folder: Path, *, fine: bool) -> Check:
    """A lane of two tests, of which one fails the first time; the other does each time unless it is `fine`."""
    (folder / "test_two.py").write_text(STARVES.format(fine=fine))
    pytest_here = (sys.executable, "-m", "pytest", "-q", "-p", "no:greenlight", "-p", "no:xdist", "test_two.py")
    return Check("tests", pytest_here, alone=(*pytest_here, "--last-failed", "--last-failed-no-failures=none"))


def test_what_starved_passes_alone_and_is_named(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_checks([lane(folder, fine=True)]) == 0
    said = capfd.readouterr().out
    assert "passed only when run alone: test_two.py::test_starves" in said
    assert "1 passed, 1 deselected" in said


def test_what_is_broken_stays_broken(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_checks([lane(folder, fine=False)]) == 1
    assert "passed only" not in capfd.readouterr().out


def test_many_failures_are_no_chance(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_FEW", 1)
    assert run_checks([lane(folder, fine=False)]) == 1
    assert (folder / "was-here").exists()
