"""A run as it happens, over the WebSocket: history first, then live, without gaps across dropped connections."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from cli.answers import Frame
from cli.client import Client, unreachable
from cli.target import Target
from cli.trouble import Trouble

TICK_SECONDS = 0.125
LOST, FOUND = "connection.lost", "connection.found"
"""Frames of our own: the stack cannot be heard, and it can again."""
BOUNDARY = "replay.boundary"
"""The stack's: everything before it is the past, told once more."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 3.0
_PATIENCE_SECONDS = 60.0
_ASK_SECONDS = 2.0


def watch(target: Target, run_id: UUID) -> Generator[Frame | None, None, None]:
    """Frames of a run for as long as they are wanted; None at least eight times a second, so that a view can move.

    A dropped connection is taken up again after the last `seq` seen. Raises `Trouble` after a minute without one, and
    at once for somebody who is let in no more.
    """
    seq, pause, silent_since, lost = 0, _FIRST_PAUSE, time.monotonic(), False
    while True:
        try:
            with _subscribed(target, run_id, from_seq=seq) as socket:
                if lost:
                    yield Frame(type=FOUND)
                pause, lost = _FIRST_PAUSE, False
                for frame in _frames(socket):
                    if frame is not None and frame.seq is not None:
                        seq = max(seq, frame.seq)
                    silent_since = time.monotonic()
                    yield frame
        except (OSError, WebSocketException, TimeoutError) as error:
            # A refused handshake says no reason: an orchestrator that is just being restarted has one, too.
            if isinstance(error, InvalidStatus):
                _must_be_let_in(target)
            if time.monotonic() - silent_since > _PATIENCE_SECONDS:
                raise unreachable(target.url, error) from error
        if not lost:
            yield Frame(type=LOST)
        lost = True
        yield from _pause(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _must_be_let_in(target: Target) -> None:
    """Raises `Trouble` when the stack knows the caller no more. One that does not answer says nothing about them."""
    try:
        with Client(target, seconds=_ASK_SECONDS) as client:
            client.ask("GET", "/v1/me")
    except Trouble as trouble:
        if trouble.code == "unauthenticated":
            raise


@contextmanager
def _subscribed(target: Target, run_id: UUID, *, from_seq: int) -> Iterator[ClientConnection]:
    local = urlsplit(target.url).hostname in {"127.0.0.1", "localhost", "::1"}
    with connect(
        "ws" + target.url.removeprefix("http") + "/ws",
        additional_headers=target.author.headers,
        open_timeout=5,
        close_timeout=1,
        proxy=None if local else True,
    ) as socket:
        socket.send(json.dumps({"op": "subscribe", "run_id": str(run_id), "from_seq": from_seq}))
        yield socket


def _frames(socket: ClientConnection) -> Iterator[Frame | None]:
    while True:
        try:
            message = socket.recv(timeout=TICK_SECONDS)
        except TimeoutError:
            yield None
            continue
        try:
            yield Frame.model_validate_json(message)
        except ValidationError:
            # A frame of a later release that we cannot read; the next read of the run's state makes up for it.
            yield None


def _pause(seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(TICK_SECONDS)
        yield None
