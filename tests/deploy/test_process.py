"""`python -m common.service.run`: what a container runs, on real servers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from testkit.stack import Stack
from testkit.studio import until

READY_SECONDS = 60


def test_a_service_serves_until_it_is_told_to_stop(stack: Stack, tmp_path: Path) -> None:
    environment = stack.environment("knowledge")
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-P", "-m", "common.service.run", "knowledge"]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=tmp_path)
    try:
        url = f"http://127.0.0.1:{environment['GREENLIGHT_PORT']}/ready"
        ready = until(lambda: _ready(url, process), seconds=READY_SECONDS, what="the service to be ready")
        assert ready["service"] == "knowledge"
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    assert code in {0, -signal.SIGTERM}
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert "service.started" in [line["event"] for line in lines]


def test_a_missing_setting_is_named_and_no_secret_shown(tmp_path: Path) -> None:
    environment = {"GREENLIGHT_REDIS_URL": "redis://:hunter2@redis:6379/0"}
    command = [sys.executable, "-P", "-m", "common.service.run", "knowledge"]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "database_url" in ended.stderr
    assert "hunter2" not in ended.stderr


def _ready(url: str, process: subprocess.Popen[bytes]) -> dict[str, str] | None:
    """The service's word that it is ready; None while it gives none. Fails when the process has ended."""
    assert process.poll() is None
    try:
        answer = httpx.get(url, trust_env=False, timeout=5)
    except httpx.TransportError:
        return None
    return dict(answer.json()) if answer.status_code == httpx.codes.OK else None
