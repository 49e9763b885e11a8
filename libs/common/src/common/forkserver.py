"""`python -m common.forkserver FD PARENT MODULE[:FUNCTION]…`: imports the modules, and forks programs when told to.

Importing takes seconds of processor time, and every program would spend them again at every start. A fork has it all
at once, and shares the memory. Each message on the socket `FD` is one JSON object; `common.forking` is the other end.
This process starts no thread, connects to nothing and opens no file, so a fork of it starts as clean as a new
interpreter. (The threads that numpy's algebra starts when it is imported are made for forks.)
"""

from __future__ import annotations

import ctypes
import errno
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

MESSAGE_BYTES = 1 << 17
"""The longest message; the kernel keeps messages apart and takes no longer ones than its buffer."""
_OUTPUTS = 2
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Order:
    """A program to run: what follows `python` (`-m MODULE …` or a file and its arguments), and where it finds itself.

    Its standard output and error come with the message, as descriptors.
    """

    number: int
    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    early: bool = False
    """Whether to fork it before everything is preloaded; it then imports by itself what it lacks."""


class _Forks:
    """The processes that were forked here, and the socket on which they are ordered and their ends are told."""

    def __init__(self, control: socket.socket, preloads: Sequence[str]) -> None:
        self._control = control
        self._preloads = deque(preloads)
        self._orders: deque[tuple[Order, list[int]]] = deque()
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> Order | None:
        """Until nobody is left to give orders: None. In a forked process: its order."""
        while True:
            for key, _ in self._selector.select(0 if self._preloads or self._orders else None):
                if key.fileobj is not self._control:
                    self._tell_end(key.fd, key.data)
                    continue
                message, descriptors, *_ = socket.recv_fds(self._control, MESSAGE_BYTES, _OUTPUTS)
                if not message:
                    return None
                self._orders.append((Order(**json.loads(message)), descriptors))
            if self._preloads and not any(order.early for order, _ in self._orders):
                _preload(self._preloads.popleft())
                continue
            for order, outputs in [one for one in self._orders if one[0].early or not self._preloads]:
                self._orders.remove((order, outputs))
                try:
                    pid = self._fork(order, outputs)
                except OSError as error:
                    # No room for one more: that is whoever's who asked, and the others go on.
                    self._tell({"number": order.number, "errno": error.errno or errno.EAGAIN})
                    continue
                if pid == 0:
                    return order

    def _fork(self, order: Order, outputs: Sequence[int]) -> int:
        server = os.getpid()
        # Never looked at by the collector again, here or in the child: a look would write to its pages and copy them.
        gc.freeze()
        try:
            pid = os.fork()
        except OSError:
            for output in outputs:
                os.close(output)
            raise
        if pid == 0:
            _die_with(server)
            for number, output in enumerate(outputs, start=1):
                os.dup2(output, number)
            self._forget()
        for output in outputs:
            os.close(output)
        if pid == 0:
            return 0
        try:
            # The child cannot be reaped by anybody else, so its pid is still its own.
            self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
        except OSError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
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
        """Close what belongs to the server alone, or to orders that are still to come."""
        for _, outputs in self._orders:
            for output in outputs:
                os.close(output)
        for key in list(self._selector.get_map().values()):
            if key.fileobj is not self._control:
                os.close(key.fd)
        self._selector.close()
        self._control.close()


def _die_with(parent: int) -> None:
    """Have the kernel kill us when the *thread* of the `parent` ends that made us. Only Linux knows this."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


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
    descriptor, parent, *preloads = sys.argv[1:]
    # Asked for here and not between fork and exec: a hook there would run in a copy of a process with threads.
    _die_with(int(parent))
    # Collecting while importing finds nothing.
    gc.disable()
    order = _Forks(socket.socket(fileno=int(descriptor)), preloads).serve()
    if order is not None:
        _settle_in(order)
        _run(order.arguments)


if __name__ == "__main__":
    main()
