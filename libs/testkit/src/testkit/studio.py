"""A whole studio for journeys: every service, started as a user would, and the people who use it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from embedded.environment import Site, site_of
from embedded.identity import become
from embedded.stack import StackPhase, StackState, read_stack

T = TypeVar("T")
ROOT = Path(__file__).parents[4]
TERMINAL = frozenset({"completed", "failed", "rejected", "cancelled"})
PREVIEW = {"GREENLIGHT_RENDER_SCALE": "0.25"}
"""Journeys film 270×480."""


@dataclass
class Studio:
    """A running stack, as its creator and its reviewer see it."""

    data: Path
    process: subprocess.Popen[bytes]
    creator: httpx.Client
    reviewer: httpx.Client

    @property
    def state(self) -> StackState:
        """What `stack.json` says now."""
        state = read_stack(self.data)
        if state is None:
            raise RuntimeError(f"{self.data} has no stack")
        return state

    @property
    def site(self) -> Site:
        """Addresses and secrets of the stack."""
        return site_of(self.data)

    def pid(self, process: str) -> int:
        """The process id of a server, a service, or `apps`."""
        found = self.state.processes[process].pid
        if found is None:
            raise RuntimeError(f"{process} does not run")
        return found

    def start(
        self, brief: str = "Why bees dance", *, seconds: int = 3, budget_usd: str | None = None, **extra: Any
    ) -> str:
        """Start a short film. → the run's id."""
        asked = {"brief": brief, "target_seconds": seconds, **extra}
        body = {"workflow": "short_video", "input": asked, "budget_usd": budget_usd}
        answer = self.patiently(lambda: self.creator.post("/v1/runs", json=body))
        if answer.status_code != 202:
            raise AssertionError(answer.text)
        return str(answer.json()["run_id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """The run now."""
        return dict(self._get(f"/v1/runs/{run_id}").json())

    def wait(self, run_id: str, *statuses: str, seconds: float = 120) -> dict[str, Any]:
        """The run, once it shows one of `statuses`. Fails when it ends otherwise, with its error."""
        wanted = statuses or ("completed",)

        def look() -> dict[str, Any] | None:
            run = self.run(run_id)
            if run["status"] in wanted:
                return run
            if run["state"] in TERMINAL:
                raise AssertionError(f"the run is {run['status']}: {run['error'] or run['rejection']}")
            return None

        return until(look, seconds=seconds, what=f"run {run_id} to be {' or '.join(wanted)}")

    def decide(self, run_id: str, verb: str = "approve", **body: Any) -> httpx.Response:
        """Decide as the reviewer at the gate the run waits at; approve with all that it fell back to."""
        if verb == "approve":
            body.setdefault("approved", True)
            body.setdefault("accepts_downgrades", sorted({one["code"] for one in self.run(run_id)["downgrades"]}))
        return self.patiently(lambda: self.reviewer.post(f"/v1/runs/{run_id}/{verb}", json=body))

    def approve(self, run_id: str) -> None:
        """Approve at the gate the run waits at. One whose answer was lost, and is refused the second time, counts."""
        answer = self.decide(run_id)
        if answer.status_code != 200 and answer.json().get("error") != "gate_already_decided":
            raise AssertionError(answer.text)

    def approve_all(self, run_id: str, *, seconds: float = 120) -> dict[str, Any]:
        """Approve at both gates. → the completed run."""
        for gate in ("awaiting_ideation_approval", "awaiting_publish_approval"):
            self.wait(run_id, gate, seconds=seconds)
            self.approve(run_id)
        return self.wait(run_id, seconds=seconds)

    def artifacts(self, run_id: str) -> dict[str, set[str]]:
        """What the run made: type → hashes."""
        made: dict[str, set[str]] = {}
        for artifact in self._get(f"/v1/runs/{run_id}/artifacts").json():
            made.setdefault(artifact["type"], set()).add(artifact["id"])
        return made

    def download(self, sha256: str) -> bytes:
        """The bytes of an artifact."""
        return self._get(f"/v1/artifacts/{sha256}").content

    def posts(self, run_id: str) -> list[dict[str, Any]]:
        """The posts of a run."""
        posts: list[dict[str, Any]] = self._get(f"/v1/posts?run_id={run_id}").json()["items"]
        return posts

    def forget_films(self) -> None:
        """Empty the library, so that a brief is answered as if it were the first."""
        for film in self._get("/v1/library?limit=200").json()["items"]:
            path = f"/v1/library/{film['id']}"
            self.patiently(partial(self.creator.delete, path)).raise_for_status()

    def _get(self, path: str) -> httpx.Response:
        answer = self.patiently(lambda: self.creator.get(path))
        answer.raise_for_status()
        return answer

    def patiently(self, ask: Callable[[], httpx.Response], *, seconds: float = 60) -> httpx.Response:
        """Ask again while the stack is being healed: only what says "not now" is asked again."""

        def once() -> httpx.Response | None:
            try:
                answer = ask()
            except httpx.TransportError:
                return None
            return None if answer.status_code in {502, 503} else answer

        return until(once, seconds=seconds, what="the stack to answer")


def until(look: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """The first thing `look` returns that is not None. Raises `TimeoutError` naming `what` was waited for."""
    deadline = time.monotonic() + seconds
    while (began := time.monotonic()) < deadline:
        found = look()
        if found is not None:
            return found
        # Whoever asks a service takes time of what the service is asked to do: a quarter of it at most.
        time.sleep(min(0.25, max(0.05, 3 * (time.monotonic() - began))))
    raise TimeoutError(f"waited {seconds:g} s for {what}")


@contextmanager
def running_studio(
    data: Path, *, processes: str = "one", environment: Mapping[str, str] | None = None, sandbox: bool = False
) -> Iterator[Studio]:
    """A whole stack in `data`, with previews instead of full-size films unless `environment` says otherwise.

    `sandbox`: with the sandbox of vendors, which then film and speak.
    """
    data.mkdir(parents=True, exist_ok=True)
    log = (data / "supervisor.log").open("ab")
    command = [sys.executable, "-P", "-m", "embedded.supervisor", "--data", str(data), "--processes", processes]
    variables = os.environ | PREVIEW | {"GREENLIGHT_WORKFLOWS_DIR": str(ROOT / "workflows")} | dict(environment or {})  # noqa: TID251
    process = subprocess.Popen(
        become([*command, "--port", "0", *(["--sandbox"] if sandbox else [])], death_signal=signal.SIGTERM),
        stdout=log,
        stderr=log,
        env=variables,
        start_new_session=True,
    )
    try:
        state = until(lambda: _ready(data, process), seconds=150, what=f"the stack in {data}")
        secrets = site_of(data).secrets
        edge = str(state.edge_url)
        with (
            httpx.Client(base_url=edge, timeout=30, trust_env=False) as creator,
            httpx.Client(base_url=edge, timeout=30, trust_env=False) as reviewer,
        ):
            creator.headers["x-api-key"] = secrets.admin_key.get_secret_value()
            reviewer.headers["x-api-key"] = secrets.reviewer_key.get_secret_value()
            yield Studio(data, process, creator, reviewer)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def join(studio: Studio, tenant: str | None = None) -> httpx.Client:
    """The admin of a new tenant."""
    name = tenant or f"t-{uuid4().hex[:10]}"
    made = studio.creator.post("/v1/tenants", json={"tenant": name, "admin_name": "admin"})
    made.raise_for_status()
    client = httpx.Client(base_url=studio.creator.base_url, timeout=30, trust_env=False)
    client.headers["x-api-key"] = made.json()["key"]
    return client


def _ready(data: Path, process: subprocess.Popen[bytes]) -> StackState | None:
    state = read_stack(data)
    if state and state.phase is StackPhase.READY and state.supervisor_pid == process.pid:
        return state
    if process.poll() is not None:
        raise RuntimeError(f"the stack ended: {(data / 'supervisor.log').read_text()[-3000:]}")
    return None
