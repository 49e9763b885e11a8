"""Loopback ports that two stacks on one machine never fight over."""

from __future__ import annotations

import socket
import sys
from random import SystemRandom

from embedded.errors import NoFreePort

PREFERRED_PORTS = {
    "edge": 8000,
    "ideation": 8001,
    "producer": 8002,
    "publisher": 8004,
    "compliance": 8005,
    "knowledge": 8008,
    "orchestrator": 8010,
    "identity": 8020,
    "editor": 8030,
}
"""Where a service listens when nobody else does; the first number of the design's table."""

# Below Linux's range for outgoing connections (32768 and up). A client that keeps trying to reach a server that is
# down may otherwise be given that very port as its own, connect to itself, and keep the server from coming back.
_FREE_RANGE = (20_000, 32_000)
_ATTEMPTS = 200


class Ports:
    """Hands out free ports and keeps them reserved until `release`.

    Between finding a port and the server binding it, another stack could take it. Every stack therefore also holds an
    abstract unix socket named after the port: it lives in the same network namespace and vanishes with its holder.
    """

    def __init__(self) -> None:
        self._reservations: dict[int, socket.socket] = {}

    def take(self, preferred: int | None = None, *, host: str = "127.0.0.1") -> int:
        """The preferred port if it is free, else a free one; 0 prefers none. Raises `NoFreePort`."""
        if preferred and self._reserve(preferred, host):
            return preferred
        random = SystemRandom()
        for _ in range(_ATTEMPTS):
            port = random.randint(*_FREE_RANGE)
            if self._reserve(port, host):
                return port
        raise NoFreePort(f"no free port on {host} after {_ATTEMPTS} attempts between {_FREE_RANGE}.")

    def give_back(self, port: int) -> None:
        """Let others have this port again. Unknown ports are ignored."""
        if held := self._reservations.pop(port, None):
            held.close()

    def release(self) -> None:
        """Give back every port."""
        for port in tuple(self._reservations):
            self.give_back(port)

    def _reserve(self, port: int, host: str) -> bool:
        if port in self._reservations:
            return False
        reservation = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            # Abstract sockets exist on Linux only; elsewhere the bind test below has to do.
            if sys.platform == "linux":
                reservation.bind(f"\0greenlight-port-{port}")
        except OSError:
            reservation.close()
            return False
        if not _can_listen(host, port):
            reservation.close()
            return False
        self._reservations[port] = reservation
        return True


def _can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: a port whose old connections are still in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True
