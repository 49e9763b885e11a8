"""Folders for work under way: whose process lives keeps its own, and what the dead left behind goes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.scratch import Scratch

HOLD = """
import pathlib, sys
from common.scratch import Scratch
scratch = Scratch(pathlib.Path(sys.argv[1]))
(scratch.path / "cut-1").mkdir()
(scratch.path / "cut-1" / "film.mp4").write_bytes(b"half a film")
print(scratch.path, flush=True)
sys.stdin.read()
"""


@contextmanager
def another(root: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that is at work in a folder of its own."""
    command = [sys.executable, "-c", HOLD, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_process_left_behind_goes_with_the_next_one(tmp_path: Path) -> None:
    with another(tmp_path) as (process, theirs), another(tmp_path) as (_, alive):
        process.kill()
        process.wait()
        assert (theirs / "cut-1" / "film.mp4").exists()
        mine = Scratch(tmp_path)
        assert mine.path.is_dir()
        assert not theirs.exists()
        assert (alive / "cut-1" / "film.mp4").read_bytes() == b"half a film"
        asyncio.run(mine.close())
        assert {found.stem for found in tmp_path.iterdir()} == {alive.name}


def test_two_of_one_process_keep_out_of_each_others_way(tmp_path: Path) -> None:
    one, two = Scratch(tmp_path), Scratch(tmp_path)
    assert one.path.is_dir()
    assert two.path.is_dir()
    assert one.path != two.path
    for scratch in (one, two, one):
        asyncio.run(scratch.close())
    assert list(tmp_path.iterdir()) == []


def test_who_never_works_makes_no_folder(tmp_path: Path) -> None:
    asyncio.run(Scratch(tmp_path / "none").close())
    assert list(tmp_path.iterdir()) == []
