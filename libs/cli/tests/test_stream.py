"""The stream across dropped connections, against a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cli.stream import FOUND, LOST, watch
from cli.target import Credential, Target
from pydantic import SecretStr
from websockets.sync.server import Server, ServerConnection, serve

RUN_ID = "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f"
NOW = "2026-11-21T08:00:00Z"


@pytest.fixture
def dropping() -> Iterator[tuple[Server, list[int]]]:
    """A server that tells two entries of the history after `from_seq`, then hangs up."""
    asked: list[int] = []

    def tell(socket: ServerConnection) -> None:
        operation = json.loads(socket.recv())
        asked.append(operation["from_seq"])
        for seq in (operation["from_seq"] + 1, operation["from_seq"] + 2):
            socket.send(json.dumps({"v": 1, "type": "x", "run_id": RUN_ID, "seq": seq, "at": NOW, "data": {}}))
        socket.send("not a frame")

    server = serve(tell, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server, asked
    server.shutdown()
    thread.join()


def test_a_dropped_stream_goes_on_where_it_stopped(dropping: tuple[Server, list[int]]) -> None:
    server, asked = dropping
    port = server.socket.getsockname()[1]
    key = Credential(SecretStr("k"))
    target = Target(f"http://127.0.0.1:{port}", key, key, None, Path())
    frames = watch(target, UUID(RUN_ID))
    seen: list[str | int] = []
    while len([one for one in seen if isinstance(one, int)]) < 6:
        frame = next(frames)
        if frame is not None:
            seen.append(frame.seq or frame.type)
    frames.close()
    assert seen == [1, 2, LOST, FOUND, 3, 4, LOST, FOUND, 5, 6]
    assert asked == [0, 2, 4]
