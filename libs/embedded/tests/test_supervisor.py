"""A whole stack: started, killed piece by piece, stopped, and nothing left of it."""

from __future__ import annotations

import os
import signal
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest
from common.contracts.catalogue import SERVICES
from embedded.errors import DataFolderInUse, StackFailed
from embedded.launch import LaunchedStack, running_stack
from embedded.leftovers import list_at_work_in, list_owned
from embedded.ports import Ports
from embedded.secrets import load_secrets
from embedded.servers import Redis
from embedded.stack import ProcessPhase, StackPhase, StackState, find_running, is_alive, read_stack
from embedded.urls import with_credentials

Eventually = Callable[[Callable[[], object]], Awaitable[None]]
Launch = Callable[..., Awaitable[LaunchedStack]]


def count_starts(data: Path, state: StackState) -> int:
    """How often the stand-in migration ran on this data folder's database."""
    assert state.database_url is not None
    password = load_secrets(data).derive("database", "greenlight")
    with psycopg.connect(with_credentials(state.database_url, user="greenlight", password=password)) as connection:
        row = connection.execute("select count(*) from starts").fetchone()
        assert row is not None
        return int(row[0])


def list_left(data: Path) -> list[int]:
    """Every process that works for a data folder."""
    servers = (("postgres", "postgres"), ("nats", "nats-server"), ("redis", "redis-server"))
    at_work = [pid for folder, program in servers for pid in list_at_work_in(data / folder, program=program)]
    return at_work + list_owned(data)


def answers(url: str) -> bool:
    """Whether the address is served."""
    with urllib.request.urlopen(url, timeout=2) as response:
        return bool(response.status == 200)


async def test_a_stack_comes_up_goes_down_on_sigterm_and_keeps_its_data(tmp_path: Path, start_stack: Launch) -> None:
    stack = await start_stack(tmp_path)
    state = await stack.until_ready()
    assert is_alive(state)
    assert state.edge_url is not None
    assert answers(state.edge_url)
    assert set(state.services) == {*SERVICES, "edge"}
    assert {name: process.phase for name, process in state.processes.items()} == dict.fromkeys(
        ("forkserver", "postgres", "nats", "redis", "apps"), ProcessPhase.READY
    )
    assert "@" not in (tmp_path / "stack.json").read_text()
    assert count_starts(tmp_path, state) == 1
    os.kill(stack.pid or 0, signal.SIGTERM)
    assert await stack.wait() == 0
    assert list_left(tmp_path) == []
    assert find_running(tmp_path) is None
    again = await (await start_stack(tmp_path)).until_ready()
    assert count_starts(tmp_path, again) == 2


async def test_two_stacks_run_side_by_side(tmp_path: Path, start_stack: Launch) -> None:
    folders = (tmp_path / "a", tmp_path / "b")
    stacks = [await start_stack(folder, layout="each") for folder in folders]
    first, second = [await stack.until_ready() for stack in stacks]
    assert set(first.services.values()).isdisjoint(second.services.values())
    assert set(first.processes) == {*SERVICES, "edge", "forkserver", "postgres", "nats", "redis"}
    for folder, state in zip(folders, (first, second), strict=True):
        assert count_starts(folder, state) == 1
        assert all(answers(url) for url in state.services.values())


async def test_whatever_is_killed_comes_back_where_it_was(
    tmp_path: Path, start_stack: Launch, eventually: Eventually
) -> None:
    before = await (await start_stack(tmp_path)).until_ready()
    litter = set(list_owned(tmp_path, name="apps"))
    killed = ("postgres", "nats", "redis", "apps")
    for name in killed:
        os.kill(before.processes[name].pid or 0, signal.SIGKILL)

    def healed() -> bool:
        state = find_running(tmp_path)
        return state is not None and all(
            process.phase is ProcessPhase.READY and process.restarts == 1 and process.last_exit == -signal.SIGKILL
            for process in (state.processes[name] for name in killed)
        )

    await eventually(healed)
    after = find_running(tmp_path)
    assert after is not None
    assert (after.services, after.database_url, after.redis_url, after.nats_url) == (
        (before.services, before.database_url, before.redis_url, before.nats_url)
    )
    assert count_starts(tmp_path, after) == 1
    assert all(answers(url) for url in after.services.values())
    # What the killed app had started did not outlive it, and the new one has its own.
    assert litter.isdisjoint(list_owned(tmp_path, name="apps"))
    assert len(list_owned(tmp_path, name="apps")) == len(litter) == 1


async def test_a_killed_supervisor_takes_everything_with_it(
    tmp_path: Path, start_stack: Launch, eventually: Eventually
) -> None:
    stack = await start_stack(tmp_path, layout="each")
    state = await stack.until_ready()
    os.kill(stack.pid or 0, signal.SIGKILL)
    await stack.wait()
    await eventually(lambda: list_left(tmp_path) == [])
    assert read_stack(tmp_path) == state
    assert find_running(tmp_path) is None
    again = await (await start_stack(tmp_path)).until_ready()
    assert count_starts(tmp_path, again) == 2


async def test_a_start_right_after_a_kill_finds_its_way(tmp_path: Path, start_stack: Launch) -> None:
    stack = await start_stack(tmp_path)
    state = await stack.until_ready()
    os.kill(stack.pid or 0, signal.SIGKILL)
    again = await (await start_stack(tmp_path)).until_ready()
    assert count_starts(tmp_path, again) == 2
    assert again.supervisor_pid != state.supervisor_pid
    # The detached child of the killed app, which no signal reached, was found and ended.
    ours = {again.processes[name].pid for name in ("forkserver", "apps")}
    assert set(list_owned(tmp_path)) == ours | set(list_owned(tmp_path, name="apps"))


async def test_a_second_supervisor_is_refused_and_attaching_is_not(tmp_path: Path, start_stack: Launch) -> None:
    first = await start_stack(tmp_path)
    ours = await first.until_ready()
    second = await start_stack(tmp_path)
    with pytest.raises(DataFolderInUse, match="in use by another supervisor"):
        await second.until_ready()
    assert await second.wait() == 3
    assert f"(pid {first.pid})" in (tmp_path / "logs" / "supervisor.log").read_text()
    async with running_stack(tmp_path) as state:
        assert state == ours
    assert find_running(tmp_path) == ours


async def test_an_outside_redis_replaces_our_own(
    tmp_path: Path, start_stack: Launch, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = Redis(tmp_path / "outside", ports=ports, password="secret")
    await outside.start()
    monkeypatch.setenv("GREENLIGHT_REDIS_URL", outside.url)
    state = await (await start_stack(tmp_path / "data")).until_ready()
    assert state.redis_url == outside.url.replace(":secret@", "")
    assert "redis" not in state.processes
    assert not (tmp_path / "data" / "redis").exists()
    await outside.stop()


async def test_a_stop_in_the_middle_of_a_start_leaves_nothing(
    tmp_path: Path, start_stack: Launch, eventually: Eventually
) -> None:
    stack = await start_stack(tmp_path)
    await eventually((tmp_path / "postgres.new").exists)
    await stack.stop()
    assert list_left(tmp_path) == []
    state = read_stack(tmp_path)
    assert state is not None
    assert state.phase is StackPhase.STOPPED


async def test_a_stack_that_cannot_run_says_why(
    tmp_path: Path, start_stack: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_PROBLEM", "no such column")
    stack = await start_stack(tmp_path)
    with pytest.raises(StackFailed, match=r"migrate ended with 1.*\n.*no such column"):
        await stack.until_ready()
    assert list_left(tmp_path) == []
    assert not is_alive(read_stack(tmp_path))


async def test_without_a_fork_server_every_app_is_a_python_of_its_own(
    tmp_path: Path, start_stack: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_WITHOUT_FORKS", "1")
    state = await (await start_stack(tmp_path)).until_ready()
    assert set(state.processes) == {"postgres", "nats", "redis", "apps"}
    assert state.processes["apps"].pid in list_owned(tmp_path, name="apps")
    assert all(answers(url) for url in state.services.values())


async def test_when_the_fork_server_is_killed_its_apps_die_and_all_come_back(
    tmp_path: Path, start_stack: Launch, eventually: Eventually
) -> None:
    before = await (await start_stack(tmp_path, layout="each")).until_ready()
    os.kill(before.processes["forkserver"].pid or 0, signal.SIGKILL)

    def healed() -> bool:
        state = find_running(tmp_path)
        return state is not None and all(
            state.processes[name].phase is ProcessPhase.READY
            and state.processes[name].last_exit == -signal.SIGKILL
            and state.processes[name].pid != before.processes[name].pid
            for name in (*SERVICES, "edge", "forkserver")
        )

    await eventually(healed)
    after = find_running(tmp_path)
    assert after is not None
    assert all(answers(url) for url in after.services.values())
    assert [after.processes[name].restarts for name in ("postgres", "nats", "redis")] == [0, 0, 0]
