"""Starting a whole local stack, waiting for it, and stopping it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from embedded.files import private_folder
from embedded.identity import become
from embedded.leftovers import is_running
from embedded.stack import StackPhase, StackState, find_running, read_stack

from cli.exits import ExitCode
from cli.places import REPOSITORY, shown
from cli.trouble import Trouble

Layout = Literal["one", "each"]
Tick = Callable[[str], None]
READY_SECONDS = 180.0
STOP_SECONDS = 60.0
_IN_USE = 3
_LOG_LINES = 15


class Supervisor:
    """A supervisor that we started as our child."""

    def __init__(self, process: subprocess.Popen[bytes], *, data: Path, log: Path) -> None:
        self._process = process
        self._data = data
        self._log = log

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        return self._process.pid

    def wait_until_ready(self, tick: Tick) -> StackState | None:
        """Its state once it serves; None if another supervisor was first. Raises `Trouble` with the log's end.

        `tick` hears, a few times a second, what is being waited for.
        """
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                if self._process.returncode == _IN_USE:
                    return None
                raise self._failed("The stack could not start.")
            state = read_stack(self._data)
            if state is not None and state.supervisor_pid == self._process.pid:
                if state.phase is StackPhase.READY:
                    return state
                tick(waiting_for(state))
            # Another process tells its state in a file: there is nothing to wait on but the file.
            time.sleep(0.05)
        self.stop()
        raise self._failed(f"The stack was not ready after {READY_SECONDS:.0f} s.")

    def wait(self) -> int:
        """Its exit code once it has ended."""
        return self._process.wait()

    def stop(self) -> None:
        """Stop the stack in order and wait until it has; a second interruption does not cut this short."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            try:
                self._process.wait(max(0.1, deadline - time.monotonic()))
            except KeyboardInterrupt:
                continue
            except subprocess.TimeoutExpired:
                break
            return
        self._process.kill()
        self._process.wait()

    def _failed(self, what: str) -> Trouble:
        state = read_stack(self._data)
        mine = state is not None and state.supervisor_pid == self._process.pid
        reason = state.problem if mine and state is not None and state.problem else _tail(self._log)
        return Trouble(
            f"{what}\n{reason}".strip(),
            exit_code=ExitCode.NO_STACK,
            code="stack_not_started",
            title="The stack did not start",
            stage="start",
            kept=f"the data folder {shown(self._data)}",
            next_step=f"Look at {shown(self._log.parent)}/, or run ./greenlight doctor.",
        )


def start_supervisor(
    data: Path, *, layout: Layout = "one", port: int | None = None, detached: bool, sandbox: bool = False
) -> Supervisor:
    """Start a stack in `data`. Not detached, it stops when we die, however we die."""
    logs = private_folder(private_folder(data) / "logs")
    log = logs / "supervisor.log"
    # -P: the current folder is the user's, and must not be where our imports are found.
    command = [sys.executable, "-P", "-m", "embedded.supervisor", "--data", str(data), "--processes", layout]
    if port is not None:
        command += ["--port", str(port)]
    if sandbox:
        command.append("--sandbox")
    with log.open("ab") as output:
        process = subprocess.Popen(
            become(command, death_signal=None if detached else signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Workflows are found from the repository, wherever the command was typed.
            cwd=REPOSITORY,
            # A Ctrl-C in the terminal is for us; the stack is then stopped in order.
            start_new_session=True,
        )
    return Supervisor(process, data=data, log=log)


def wait_for_other(data: Path, tick: Tick) -> StackState:
    """The state of a stack that somebody else is starting, once it serves. Raises `Trouble` when it ends instead."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        state = find_running(data)
        if state is None or state.phase is StackPhase.STOPPING:
            last = read_stack(data)
            raise Trouble(
                (last.problem if last else None) or "The stack that was starting has stopped.",
                exit_code=ExitCode.NO_STACK,
                code="stack_not_started",
                next_step="Run the same command again.",
            )
        if state.phase is StackPhase.READY:
            return state
        tick(waiting_for(state))
        time.sleep(0.05)
    raise Trouble(
        f"Another stack in {shown(data)} has been starting for {READY_SECONDS:.0f} s.",
        exit_code=ExitCode.NO_STACK,
        code="stack_not_started",
        next_step="Stop it with ./greenlight down, and look at its logs.",
    )


def stop_running(data: Path) -> bool:
    """Stop the stack of a data folder, whoever started it. → False if none ran. Raises `Trouble` if it will not go."""
    state = find_running(data)
    if state is None:
        return False
    os.kill(state.supervisor_pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while is_running(state.supervisor_pid, born=state.supervisor_born):
        if time.monotonic() > deadline:
            raise Trouble(
                f"The stack (pid {state.supervisor_pid}) has not stopped after {STOP_SECONDS:.0f} s.",
                exit_code=ExitCode.NO_STACK,
                code="stack_not_stopped",
                next_step=f"See {shown(data)}/logs/supervisor.log; as a last resort: kill -9 {state.supervisor_pid}",
            )
        time.sleep(0.02)
    return True


def waiting_for(state: StackState) -> str:
    """In a few words what a starting stack is at."""
    pending = [name for name, process in state.processes.items() if process.phase != "ready"]
    if pending:
        return ", ".join(pending)
    return "servers" if not state.processes else "database schemas"


def _tail(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-_LOG_LINES:])
