"""The fork server: what it forks is like a Python of its own, and ends are told with their codes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from embedded.errors import ProcessExited
from embedded.forking import Forked, ForkServer
from embedded.leftovers import is_running, list_owned

Eventually = Callable[[Callable[[], object]], Awaitable[None]]
_PROGRAM = str(Path(__file__).with_name("stand_in_program.py"))


class Forking:
    """A fork server, and programs of it that report into its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "logs" / "program.log"
        self.server = ForkServer(folder, preload=["statistics", "no.such.module", "embedded.urls:no_such_function"])

    async def fork(self, *arguments: str, **environment: str) -> Forked:
        """One program with these arguments, and nothing in its environment but this."""
        told = {"REPORT": str(self.folder / "report.json"), **environment}
        return await self.server.fork(
            "a-program-with-a-name", [_PROGRAM, *arguments], environment=told, folder=self.folder, log=self.log
        )

    @property
    def report(self) -> dict[str, Any]:
        """What the last one found."""
        found: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return found

    def has_reported(self) -> bool:
        """Whether one has."""
        return (self.folder / "report.json").exists() and bool((self.folder / "report.json").read_text())


@pytest.fixture
async def forking(tmp_path: Path) -> AsyncIterator[Forking]:
    """One that runs."""
    one = Forking(tmp_path)
    await one.server.start()
    yield one
    await one.server.stop()


async def test_a_fork_is_like_a_python_of_its_own(forking: Forking, monkeypatch: pytest.MonkeyPatch) -> None:
    process = await forking.fork("exit", "7", WORD="grüße")
    assert await process.wait() == process.returncode == 7
    report = forking.report
    assert report["arguments"] == ["exit", "7"]
    # The locale is what an interpreter sets for itself when its environment names none.
    assert {name: value for name, value in report["environment"].items() if name != "LC_CTYPE"} == {
        "REPORT": str(forking.folder / "report.json"),
        "WORD": "grüße",
    }
    assert report["folder"] == str(forking.folder)
    assert report["session"] is True
    assert report["name"] == "a-program-with-"
    assert report["descriptors"] == ["0", "1", "2"]
    assert report["imported"] == ["statistics", "embedded.urls"]
    assert report["computed"] == 3
    with pytest.raises(ProcessLookupError):
        process.send_signal(signal.SIGTERM)


async def test_what_cannot_be_imported_early_is_said_and_left_to_who_needs_it(forking: Forking) -> None:
    await (await forking.fork("exit", "0")).wait()
    said = (forking.folder / "logs" / "forkserver.log").read_text()
    assert "No module named 'no'" in said
    assert "no_such_function" in said


async def test_an_error_is_in_the_programs_own_log(forking: Forking) -> None:
    assert await (await forking.fork("raise")).wait() == 1
    assert forking.log.read_text().endswith("ValueError: as it was told\n")
    assert forking.log.stat().st_mode & 0o777 == 0o600


async def test_signals_reach_it_and_their_codes_come_back(forking: Forking, eventually: Eventually) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        (forking.folder / "report.json").unlink(missing_ok=True)
        process = await forking.fork("stay")
        await eventually(forking.has_reported)
        process.send_signal(number)
        # An interrupt is an exception in Python, and the interpreter ends by the same signal.
        assert await process.wait() == -number


async def test_many_at_once_each_have_their_own_end(forking: Forking) -> None:
    processes = await asyncio.gather(*(forking.fork("exit", str(code)) for code in range(12)))
    assert len({process.pid for process in processes}) == 12
    assert [await process.wait() for process in processes] == list(range(12))


async def test_with_the_server_its_programs_end_and_orders_are_refused_until_it_is_back(
    forking: Forking, eventually: Eventually
) -> None:
    process = await forking.fork("stay")
    await eventually(forking.has_reported)
    os.kill(forking.server.pid or 0, signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    assert not is_running(process.pid, born=None)
    with pytest.raises(ProcessExited, match="fork server"):
        await forking.fork("exit", "0")
    await forking.server.start()
    assert await (await forking.fork("exit", "0")).wait() == 0


async def test_who_gave_up_waiting_gets_no_process(forking: Forking, eventually: Eventually) -> None:
    os.kill(forking.server.pid or 0, signal.SIGSTOP)
    order = asyncio.create_task(forking.fork("stay"))
    await asyncio.sleep(0)
    order.cancel()
    with pytest.raises(asyncio.CancelledError):
        await order
    os.kill(forking.server.pid or 0, signal.SIGCONT)
    last = await forking.fork("exit", "0")
    await last.wait()
    await eventually(lambda: list_owned(forking.folder) == [forking.server.pid])
