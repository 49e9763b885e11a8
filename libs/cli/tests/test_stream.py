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
from cli.trouble import Trouble
from pydantic import SecretStr
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
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


@pytest.mark.parametrize(("status", "code"), [(401, "unauthenticated"), (503, "unavailable")])
def test_who_is_let_in_no_more_is_told_at_once_and_others_wait(status: int, code: str) -> None:
    """A server that refuses every handshake, and says why to who asks."""
    asked: list[str] = []

    def answer(_: ServerConnection, request: Request) -> Response:
        asked.append(request.path)
        if request.path == "/ws":
            return Response(403, "Forbidden", Headers())
        problem = json.dumps({"error": code, "detail": "The key was revoked."}).encode()
        headers = Headers({"content-type": "application/problem+json", "content-length": str(len(problem))})
        return Response(status, "No", headers, problem)

    server = serve(lambda _: None, "127.0.0.1", 0, process_request=answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    key = Credential(SecretStr("k"))
    target = Target(f"http://127.0.0.1:{server.socket.getsockname()[1]}", key, key, None, Path())
    frames = watch(target, UUID(RUN_ID))
    try:
        if status == 401:
            with pytest.raises(Trouble, match="The key was revoked"):
                next(frames)
        else:
            lost = next(frames)
            assert lost is not None
            assert lost.type == LOST
        assert asked == ["/ws", "/v1/me"]
    finally:
        frames.close()
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
