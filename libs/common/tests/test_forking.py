"""The fork server: what it forks is like a Python of its own, and ends are told with their codes."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from common.forking import Forked, ForkServer, ForkServerGone

Eventually = Callable[[Callable[[], object]], Awaitable[None]]
_PROGRAM = str(Path(__file__).with_name("stand_in_program.py"))


class Forking:
    """A fork server, and programs of it that report into its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "program.log"
        preload = ["statistics", "no.such.module", "common.ids:no_such_function"]
        self.server = ForkServer("forks", preload=preload, environment={}, log=folder / "server.log")

    async def fork(self, *arguments: str, **environment: str) -> Forked:
        """One program with these arguments, and nothing in its environment but this."""
        told = {"REPORT": str(self.folder / "report.json"), **environment}
        with self.log.open("ab") as log:
            return await self.server.fork(
                "a-program-with-a-name",
                [_PROGRAM, *arguments],
                environment=told,
                folder=self.folder,
                outputs=(log.fileno(), log.fileno()),
            )

    @property
    def report(self) -> dict[str, Any]:
        """What the last one found."""
        found: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return found

    def has_reported(self) -> bool:
        """Whether one has."""
        return (self.folder / "report.json").exists() and bool((self.folder / "report.json").read_text())


def has_ended(pid: int) -> bool:
    """Whether the process is gone, or waits only to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def first_free(pid: int) -> int:
    """The number that its next descriptor would have."""
    taken = {int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    return min(set(range(len(taken) + 1)) - taken)


def children_of(pid: int | None) -> list[str]:
    """Its children's pids."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.fixture
def eventually() -> Eventually:
    """Waits until a condition holds."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            # Processes tell nobody here when they change, so there is no event to wait for.
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    return wait


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
    assert report["imported"] == ["statistics", "common.ids"]
    assert report["computed"] == 3
    with pytest.raises(ProcessLookupError):
        process.send_signal(signal.SIGTERM)


async def test_what_cannot_be_imported_early_is_said_and_left_to_who_needs_it(forking: Forking) -> None:
    await (await forking.fork("exit", "0")).wait()
    said = (forking.folder / "server.log").read_text()
    assert "No module named 'no'" in said
    assert "no_such_function" in said


async def test_an_error_is_in_the_programs_own_log(forking: Forking) -> None:
    assert await (await forking.fork("raise")).wait() == 1
    assert forking.log.read_text().endswith("ValueError: as it was told\n")


async def test_signals_reach_it_and_their_codes_come_back(forking: Forking, eventually: Eventually) -> None:
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGKILL):
        (forking.folder / "report.json").unlink(missing_ok=True)
        process = await forking.fork("stay")
        await eventually(forking.has_reported)
        process.send_signal(number)
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
    assert has_ended(process.pid)
    with pytest.raises(ForkServerGone, match="forks is not running"):
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
    # What was ordered first was forked first; by now it has been told to end.
    await (await forking.fork("exit", "0")).wait()
    await eventually(lambda: children_of(forking.server.pid) == [])


async def test_a_program_that_ended_before_its_order_was_given_up_harms_nobody(forking: Forking) -> None:
    os.kill(forking.server.pid or 0, signal.SIGSTOP)
    order = asyncio.create_task(forking.fork("exit", "0"))
    await asyncio.sleep(0)
    order.cancel()
    with pytest.raises(asyncio.CancelledError):
        await order
    os.kill(forking.server.pid or 0, signal.SIGCONT)
    # Nothing is heard meanwhile: that it was forked and that it ended come in one breath.
    while not forking.has_reported() or children_of(forking.server.pid):
        time.sleep(0.01)  # noqa: ASYNC251
    assert await (await forking.fork("exit", "3")).wait() == 3


async def test_more_orders_than_the_kernel_keeps_wait_for_their_turn(forking: Forking) -> None:
    os.kill(forking.server.pid or 0, signal.SIGSTOP)
    orders = [asyncio.create_task(forking.fork("exit", str(code), PAD="x" * 60_000)) for code in range(8)]
    for _ in orders:
        await asyncio.sleep(0)
    os.kill(forking.server.pid or 0, signal.SIGCONT)
    assert [await (await order).wait() for order in orders] == list(range(8))
    with pytest.raises(ValueError, match="too large"):
        await forking.fork("exit", "0", PAD="x" * 200_000)


async def test_where_there_is_no_room_for_one_more_the_others_go_on(forking: Forking, eventually: Eventually) -> None:
    staying = await forking.fork("stay")
    await eventually(forking.has_reported)
    server = forking.server.pid or 0
    most = resource.prlimit(server, resource.RLIMIT_NOFILE)
    resource.prlimit(server, resource.RLIMIT_NOFILE, (first_free(server), most[1]))
    with pytest.raises(OSError, match="Too many open files"):
        await forking.server.fork("one-more", [_PROGRAM, "exit", "0"], environment={}, folder=forking.folder)
    resource.prlimit(server, resource.RLIMIT_NOFILE, most)
    assert children_of(server) == [str(staying.pid)]
    assert await (await forking.fork("exit", "0")).wait() == 0
    assert staying.returncode is None
