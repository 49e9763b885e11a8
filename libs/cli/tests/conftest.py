"""The command line as somebody runs it, and a small stack's API on a real port."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cli.main import app
from cli.output import console, notes
from typer.testing import CliRunner, Result

Invoke = Callable[..., Result]
RUN_ID = "0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f"
NOW = "2026-11-21T08:00:00Z"


@pytest.fixture
def greenlight(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Invoke]:
    """`greenlight("status", "--json")` → its result; the local stack's folder is empty and nothing points elsewhere."""
    for name in ("GREENLIGHT_URL", "GREENLIGHT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path / "data"))
    runner = CliRunner()

    def invoke(*arguments: str) -> Result:
        # The consoles remember the streams they were made for, and the runner makes new ones each time.
        console.cache_clear()
        notes.cache_clear()
        return runner.invoke(app, list(arguments))

    yield invoke
    console.cache_clear()
    notes.cache_clear()


@dataclass
class SmallApi:
    """Answers by method and path, and what was asked."""

    url: str = ""
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)

    def answer(self, method: str, path: str, body: Any, *, status: int = 200) -> None:
        """From now on this path answers so; bytes go out as they are, anything else as JSON."""
        self.answers[method, path] = (status, body)

    def run(self, **changes: Any) -> dict[str, Any]:
        """A run as the orchestrator answers it."""
        return {
            "run_id": RUN_ID,
            "workflow": "short_video",
            "status": "running",
            "state": "running",
            "current_step": "ideation",
            "degraded": False,
            "downgrades": [],
            "origins": ["offline"],
            "input": {"brief": "How tides work"},
            "interrupts": [],
            "error": None,
            "rejection": None,
            "cost_usd": "0.000000",
            "created_by": "admin",
            "created_at": NOW,
            "updated_at": NOW,
            "finished_at": None,
            "last_seq": 3,
        } | changes

    def artifact(self, content: bytes, **changes: Any) -> dict[str, Any]:
        """An artifact as the orchestrator answers it."""
        return {
            "id": hashlib.sha256(content).hexdigest(),
            "type": "rendered_video",
            "name": "film.mp4",
            "size": len(content),
            "media_type": "video/mp4",
            "step": "editing",
            "made_by": "editor/ffmpeg",
            "origin": "offline",
            "licence": None,
            "announced_at": NOW,
        } | changes

    def refuse(self, method: str, path: str, status: int, error: str, detail: str, **extra: Any) -> None:
        """From now on this path answers with a problem document."""
        self.answer(method, path, {"status": status, "error": error, "detail": detail, **extra}, status=status)


@pytest.fixture
def api(greenlight: Invoke, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallApi]:
    """A stack's API with one run in it; the commands are pointed at it."""
    small = SmallApi()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body_sent = self.rfile.read(length)
            is_json = "json" in self.headers.get("content-type", "")
            sent = json.loads(body_sent) if is_json and length else body_sent or None
            path = self.path.split("?")[0]
            small.asked.append((self.command, self.path, dict(self.headers), sent))
            missing = {"status": 404, "error": "not_found", "detail": f"There is no {path}."}
            status, body = small.answers.get((self.command, path), (404, missing))
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _reply  # noqa: N815 — the names http.server looks for

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    small.url = f"http://127.0.0.1:{server.server_port}"
    small.answer("GET", "/v1/runs", {"items": [small.run()], "next_cursor": None})
    small.answer("GET", f"/v1/runs/{RUN_ID}", small.run())
    small.answer("GET", f"/v1/runs/{RUN_ID}/state", {"run_id": RUN_ID, "status": "running", "steps": []})
    small.answer("GET", f"/v1/runs/{RUN_ID}/artifacts", [])
    monkeypatch.setenv("GREENLIGHT_URL", small.url)
    monkeypatch.setenv("GREENLIGHT_TOKEN", "gl_some_key")
    yield small
    server.shutdown()
    server.server_close()
    thread.join()
