"""`greenlight test`: rows beside each other, and what failed is run once more, alone, and it says so."""

from __future__ import annotations

import sys
import tempfile
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


def test_rows_run_beside_each_other_and_each_check_speaks_in_one_piece(capfd: pytest.CaptureFixture[str]) -> None:
    def waits(name: str, row: str, *, until: Path, leaves: Path) -> Check:
        # Each waits for a file of the other's: one after the other they would wait for ever.
        says = f"import pathlib,time; pathlib.Path({str(leaves)!r}).touch(); print({name!r}, 'began')\n"
        says += f"while not pathlib.Path({str(until)!r}).exists(): time.sleep(0.01)\nprint({name!r}, 'ended')"
        return Check(name, (sys.executable, "-c", says), row=row)

    with tempfile.TemporaryDirectory() as folder:
        left, right = Path(folder) / "left", Path(folder) / "right"
        code = run_checks(
            [
                waits("one", "a", until=right, leaves=left),
                waits("two", "b", until=left, leaves=right),
                Check("three", (sys.executable, "-c", "raise SystemExit(3)"), "mend it", row="b"),
                Check("last", (sys.executable, "-c", "print('alone')")),
            ]
        )
    said = capfd.readouterr().out
    assert code == 3
    for name in ("one", "two"):
        assert f"— {name}\n{name} began\n{name} ended\n" in said
    assert said.index("— three") < said.index("— last\nalone")
    assert [line.split()[1] for line in said.splitlines() if line.startswith(("✓", "✗"))] == [
        "one",
        "two",
        "three",
        "last",
    ]
