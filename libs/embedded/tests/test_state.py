"""Secrets, state, ports and pauses: the parts that need no server."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from embedded.backoff import Backoff
from embedded.errors import DataFolderInUse
from embedded.files import exclusive_lock, private_folder, write_atomically
from embedded.leftovers import OWNER_VARIABLE, end_all, find_birth, is_running, list_owned, owner_tag
from embedded.ports import PREFERRED_PORTS, Ports
from embedded.secrets import derive, load_secrets
from embedded.stack import StackPhase, StackState, find_running, is_alive, read_stack, stack_path, write_stack

Eventually = Callable[[Callable[[], object]], Awaitable[None]]


def a_state(*, pid: int, born: int | None, phase: StackPhase = StackPhase.READY) -> StackState:
    """The state of a stack with this supervisor."""
    return StackState(
        version="1",
        phase=phase,
        supervisor_pid=pid,
        supervisor_born=born,
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def test_secrets_are_made_once_and_are_for_their_owner_only(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: load_secrets(tmp_path).model_dump_json(), range(16)))
    assert len(found) == 1
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secrets.json"]


def test_secrets_do_not_show_themselves(tmp_path: Path) -> None:
    secrets = load_secrets(tmp_path)
    assert secrets.master.get_secret_value() not in repr(secrets)
    assert secrets.admin_key.get_secret_value() not in repr(secrets)
    assert json.loads((tmp_path / "secrets.json").read_text())["master"] == secrets.master.get_secret_value()


def test_derived_credentials_differ_by_kind_name_and_secret() -> None:
    derived = {derive(secret, kind, name) for secret in "ab" for kind in ("nats", "database") for name in ("x", "y")}
    assert len(derived) == 8
    assert derive("a", "nats", "x") == derive("a", "nats", "x")
    assert all(len(credential) == 64 and int(credential, 16) for credential in derived)


def test_a_state_is_read_back_and_a_dead_supervisor_is_not_running(tmp_path: Path) -> None:
    alive = a_state(pid=os.getpid(), born=find_birth(os.getpid()))
    write_stack(tmp_path, alive)
    assert read_stack(tmp_path) == alive
    assert find_running(tmp_path) == alive
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not is_alive(a_state(pid=ended.pid, born=None))
    assert not is_alive(None)


@pytest.mark.skipif(sys.platform != "linux", reason="births are read from /proc")
def test_a_reused_pid_is_not_the_supervisor() -> None:
    assert not is_alive(a_state(pid=os.getpid(), born=1))


def test_a_stopped_stack_is_not_running_even_if_its_process_is() -> None:
    assert not is_alive(a_state(pid=os.getpid(), born=None, phase=StackPhase.STOPPED))


@pytest.mark.parametrize("text", ["", "{", '{"version": 3}'])
def test_a_state_that_makes_no_sense_counts_as_none(tmp_path: Path, text: str) -> None:
    stack_path(tmp_path).write_text(text)
    assert read_stack(tmp_path) is None


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("old and longer")
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(private_folder(tmp_path / "inner" / "folder").stat().st_mode) == 0o700


def test_a_lock_is_held_by_one_and_names_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with exclusive_lock(lock), pytest.raises(DataFolderInUse, match=rf"pid {os.getpid()}"), exclusive_lock(lock):
        pytest.fail("two hold the lock")
    with exclusive_lock(lock):
        assert lock.read_text() == f"{os.getpid()}\n"


def test_pauses_double_up_to_two_seconds_and_are_forgotten_after_five_healthy_ones() -> None:
    backoff = Backoff()
    assert [backoff.after(1) for _ in range(6)] == pytest.approx([0.2, 0.4, 0.8, 1.6, 2.0, 2.0])
    assert backoff.after(4.9) == 2.0
    assert backoff.after(5) == pytest.approx(0.2)


def test_a_preferred_port_is_given_if_it_is_free(ports: Ports) -> None:
    free = ports.take()
    ports.give_back(free)
    assert ports.take(free) == free
    assert ports.take(free) != free
    assert ports.take(0) != 0
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        assert ports.take(taken) != taken


@pytest.mark.skipif(sys.platform != "linux", reason="reservations between processes need abstract sockets")
def test_two_stacks_do_not_choose_the_same_port(ports: Ports) -> None:
    mine = ports.take()
    other = Ports()
    assert other.take(mine) != mine
    other.release()
    ports.release()
    assert other.take(mine) == mine
    other.release()


def test_no_two_services_prefer_the_same_port() -> None:
    assert len(set(PREFERRED_PORTS.values())) == len(PREFERRED_PORTS)


@pytest.mark.skipif(sys.platform != "linux", reason="descendants are found in /proc")
async def test_descendants_of_an_app_are_found_however_detached(tmp_path: Path, eventually: Eventually) -> None:
    sleeper = "import time; time.sleep(600)"
    environment = {OWNER_VARIABLE: owner_tag(tmp_path, "editor")}
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", sleeper, env=environment, start_new_session=True)
    # Between fork and exec a child still shows our own environment.
    await eventually(lambda: child.pid in list_owned(tmp_path))
    assert list_owned(tmp_path, name="editor") == [child.pid]
    assert list_owned(tmp_path, name="edit") == []
    assert list_owned(tmp_path.parent) == []
    await end_all([child.pid])
    assert await child.wait() == -9
    assert not is_running(child.pid, born=None)
