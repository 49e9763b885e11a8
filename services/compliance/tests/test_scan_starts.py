"""How scans are started: as forks of a process that imported the scanners, or each by itself, with the same facts."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from compliance.scanners.facts import PictureFacts, Scanner
from compliance.scanners.running import ColdStart, Runner, ScanFailed, WarmStart
from PIL import Image


@pytest.fixture
def still(tmp_path: Path) -> Path:
    """A picture of one colour."""
    path = tmp_path / "still.png"
    Image.new("RGB", (64, 64), (10, 90, 120)).save(path)
    return path


@pytest.fixture
async def warm() -> AsyncIterator[WarmStart]:
    """Forks."""
    start = WarmStart()
    yield start
    await start.close()


def server_of(start: WarmStart) -> int:
    """The process its scans are forked from."""
    assert start._forks.pid is not None
    return start._forks.pid


def environment_of(pid: int) -> dict[str, str]:
    """What it was started with."""
    variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(variable.split("=", 1) for variable in variables if variable)


async def test_both_ways_find_the_same_and_refuse_the_same(still: Path, warm: WarmStart, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"no picture at all")
    said = []
    for start in (ColdStart(), warm):
        runner = Runner(timeout_seconds=60, niceness=0, start=start)
        facts = await runner.scan(Scanner.PICTURE, still)
        assert isinstance(facts, PictureFacts)
        with pytest.raises(ScanFailed, match="cannot be read") as refused:
            await runner.scan(Scanner.PICTURE, broken)
        said.append((facts, await runner.scan(Scanner.TAGS, still), str(refused.value)))
    assert said[0] == said[1]
    assert said[0][0].colours[0].hex == "#0a5a78"


async def test_all_at_once_are_forked_from_one_process_which_knows_nothing_of_ours(
    still: Path, warm: WarmStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_SECRET", "a password")
    runner = Runner(timeout_seconds=60, niceness=0, start=warm)
    facts = await asyncio.gather(*(runner.scan(Scanner.TAGS, still) for _ in range(6)))
    assert len(facts) == 6
    first = server_of(warm)
    await runner.scan(Scanner.TAGS, still)
    assert server_of(warm) == first
    assert environment_of(first).keys() <= {"PATH", "LANG", "LC_CTYPE"}


async def test_a_killed_one_is_started_again(still: Path, warm: WarmStart) -> None:
    runner = Runner(timeout_seconds=60, niceness=0, start=warm)
    await runner.scan(Scanner.TAGS, still)
    first = server_of(warm)
    os.kill(first, signal.SIGSTOP)
    scan = asyncio.create_task(runner.scan(Scanner.TAGS, still))
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)
    # It had been ordered and was never begun, so it is ordered once more.
    await scan
    assert server_of(warm) != first


async def test_nothing_is_left_when_it_is_given_up(still: Path, warm: WarmStart) -> None:
    runner = Runner(timeout_seconds=60, niceness=0, start=warm)
    await runner.scan(Scanner.TAGS, still)
    server = server_of(warm)
    await warm.close()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
    # Whoever asks again after all is served.
    await runner.scan(Scanner.TAGS, still)
