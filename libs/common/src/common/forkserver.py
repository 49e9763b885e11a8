"""`python -m embedded.forkserver FD MODULE[:FUNCTION]…`: imports the modules, and forks programs when it is told to.

Importing the services takes seconds of processor time, and every app would spend them again at every start. A fork has
them at once, and shares the memory. Each message on the socket `FD` is one JSON object; `embedded.forking` is the other
end. This process starts no thread, connects to nothing and opens no file, so a fork of it starts as clean as a new
interpreter. (The threads that numpy's algebra starts when it is imported are made for forks.)
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import traceback
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from embedded.identity import Become

MESSAGE_BYTES = 1 << 17
"""The longest message; the kernel keeps messages apart and takes no longer ones than its buffer."""
_PR_SET_NAME = 15
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Order:
    """A program to run: what follows `python` (`-m MODULE …` or a file and its arguments), and where it finds itself.

    `log` takes its output; its folder must exist.
    """

    number: int
    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    log: str
    early: bool = False
    """Whether to fork it before everything is preloaded; it then imports by itself what it lacks."""


class _Forks:
    """The processes that were forked here, and the socket on which they are ordered and their ends are told."""

    def __init__(self, control: socket.socket, preloads: Sequence[str]) -> None:
        self._control = control
        self._preloads = deque(preloads)
        self._orders: deque[Order] = deque()
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> Order | None:
        """Until nobody is left to give orders: None. In a forked process: its order."""
        while True:
            for key, _ in self._selector.select(0 if self._preloads or self._orders else None):
                if key.fileobj is not self._control:
                    self._tell_end(key.fd, key.data)
                    continue
                message = self._control.recv(MESSAGE_BYTES)
                if not message:
                    return None
                self._orders.append(Order(**json.loads(message)))
            if self._preloads and not any(order.early for order in self._orders):
                _preload(self._preloads.popleft())
                continue
            for order in [order for order in self._orders if order.early or not self._preloads]:
                self._orders.remove(order)
                if self._fork(order) == 0:
                    return order

    def _fork(self, order: Order) -> int:
        become = Become(death_signal=signal.SIGKILL, parent=os.getpid())
        # Never looked at by the collector again, here or in the child: a look would write to its pages and copy them.
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            become()
            self._forget()
            return 0
        # The child cannot be reaped by anybody else, so its pid is still its own.
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
        self._tell({"number": order.number, "pid": pid})
        return pid

    def _tell_end(self, descriptor: int, pid: int) -> None:
        self._selector.unregister(descriptor)
        os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        self._tell({"pid": pid, "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, int]) -> None:
        # Whoever asked has gone; the next `recv` says so.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._control.send(json.dumps(message).encode())

    def _forget(self) -> None:
        """Close what belongs to the server alone."""
        for key in list(self._selector.get_map().values()):
            if key.fileobj is not self._control:
                os.close(key.fd)
        self._selector.close()
        self._control.close()


def _preload(what: str) -> None:
    """Import the module, and call what is named behind a colon: it keeps what it has read.

    What cannot be imported is left to whoever needs it, and fails there with its own log.
    """
    module, _, function = what.partition(":")
    try:
        imported = importlib.import_module(module)
        if function:
            getattr(imported, function)()
    except Exception:
        traceback.print_exc()


def _settle_in(order: Order) -> None:
    """Make this fork what a process started by itself would be."""
    os.setsid()
    log = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(order.folder)
    os.environ.clear()  # noqa: TID251 — not read as settings: it is given its own
    os.environ.update(order.environment)  # noqa: TID251
    # What `top` and the kernel's own messages call it.
    _LIBC.prctl(_PR_SET_NAME, order.name.encode()[:15], 0, 0, 0)
    gc.enable()


def _run(arguments: Sequence[str]) -> None:
    """Run it as the interpreter would."""
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(arguments[0], run_name="__main__")


def main() -> None:
    """Serve until the other end is closed; in a fork, be the program that was ordered."""
    # Collecting while importing finds nothing.
    gc.disable()
    order = _Forks(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:]).serve()
    if order is not None:
        _settle_in(order)
        _run(order.arguments)


if __name__ == "__main__":
    main()
