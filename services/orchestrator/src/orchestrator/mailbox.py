"""Frames on their way to sockets: each is written down once for all sockets, and waits in their mailboxes."""

from __future__ import annotations

import asyncio
from typing import Any, Self

import orjson
from common.clock import rfc3339, utc_now
from common.contracts.outward import Protocol, translated

BEHIND = 1 << 19
"""So many characters may wait for a reader: seconds of the busiest studio, and a bound on what a stuck one costs."""
_ROOM = BEHIND // 4


class Frame:
    """One frame of the outward stream. Sockets share it, so nobody changes what it says."""

    __slots__ = ("_texts", "size", "value")

    def __init__(self, value: dict[str, Any], *, text: str | None = None) -> None:
        text = text or orjson.dumps(value).decode()
        self.value = value
        self.size = len(text)
        self._texts: dict[Protocol, str | None] = {Protocol.GREENLIGHT: text}

    @classmethod
    def heard(cls, message: bytes) -> Self:
        """A frame as it came from the bus. Raises `ValueError` for what is no JSON."""
        return cls(orjson.loads(message), text=message.decode())

    def text(self, protocol: Protocol) -> str | None:
        """The frame in the words of a protocol. → None for what the protocol has no word for."""
        if protocol not in self._texts:
            told = translated(self.value, protocol)
            self._texts[protocol] = None if told is None else orjson.dumps(told).decode()
        return self._texts[protocol]


def say(type: str, data: dict[str, Any], *, run_id: str | None = None) -> Frame:
    """A frame that is no entry of a history."""
    at = rfc3339(utc_now())
    return Frame({"v": 1, "type": type, "run_id": run_id, "seq": None, "after_seq": None, "at": at, "data": data})


class Mailbox:
    """What waits for one reader. It never holds more than `BEHIND` characters and one frame."""

    def __init__(self) -> None:
        self._waiting: list[Frame] = []
        self._size = 0
        self._something = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, frame: Frame) -> bool:
        """Keep a frame for the reader. → False when too much waits already; then it is not kept."""
        if self._size > BEHIND:
            return False
        self._waiting.append(frame)
        self._size += frame.size
        self._something.set()
        if self._size > _ROOM:
            self._room.clear()
        return True

    async def take(self) -> list[Frame]:
        """All that waits, in order; at least one frame, for which this waits."""
        await self._something.wait()
        taken, self._waiting, self._size = self._waiting, [], 0
        self._something.clear()
        self._room.set()
        return taken

    async def room(self) -> None:
        """Wait until so little is left that a replay may go on."""
        await self._room.wait()
