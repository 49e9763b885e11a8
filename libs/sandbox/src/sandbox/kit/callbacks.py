"""Calling back: signed as the vendor signs, at least once, and again while nobody answers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr

from sandbox.kit.clock import Clock
from sandbox.kit.faults import FaultKind
from sandbox.kit.jobs import Job
from sandbox.kit.ledger import Ledger

_PAUSES = (0.0, 1.0, 5.0, 30.0, 120.0)
_OLD = 3_600.0


class Listener(BaseModel):
    """Somebody who wants to be called, and the secret that the calls are signed with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    secret: SecretStr


Sign = Callable[[str, float, bytes, str], dict[str, str]]
"""`sign(delivery id, time, body, secret)` → the headers."""


class Callbacks:
    """Makes the calls of all vendors, in the background. Only this machine is called."""

    def __init__(self, clock: Clock, ledger: Ledger) -> None:
        self._clock = clock
        self._ledger = ledger
        self._tasks: set[asyncio.Task[None]] = set()
        self._client = httpx.AsyncClient(timeout=10.0, trust_env=False)

    def follow(self, job: Job, listener: Listener | None, body: Callable[[], bytes], sign: Sign) -> None:
        """Call when the job has ended, as its faults say."""
        if listener is None or job.has(FaultKind.NO_WEBHOOK) or job.has(FaultKind.STUCK):
            return
        if not is_local(listener.url):
            self._ledger.note(self._clock.now(), "webhook.not_sent", url=listener.url, reason="not this machine")
            return
        task = asyncio.create_task(self._call(job, listener, body, sign))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def first_call(self, job: Job) -> None:
        """Return once the first call about a job was made, for a vendor that calls before it answers."""
        called: asyncio.Event = job.more.setdefault("called", asyncio.Event())
        await called.wait()

    async def close(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _call(self, job: Job, listener: Listener, body: Callable[[], bytes], sign: Sign) -> None:
        late = job.has(FaultKind.LATE_WEBHOOK)
        await self._clock.until(job.ends + (late.delay_ms / 1000 if late else 0))
        said, delivery = body(), uuid4().hex
        times = 2 if job.has(FaultKind.DUPLICATE_WEBHOOK) else 1
        for _ in range(times):
            await self._deliver(job, listener, delivery, said, sign)

    async def _deliver(self, job: Job, listener: Listener, delivery: str, body: bytes, sign: Sign) -> None:
        secret = listener.secret.get_secret_value()
        if job.has(FaultKind.WRONG_SIGNATURE):
            secret = base64.b64encode(b"another secret altogether").decode()
        for pause in _PAUSES:
            await self._clock.until(self._clock.now() + pause)
            # Whoever checks the time has a clock of their own, not this one.
            at = time.time() - (_OLD if job.has(FaultKind.OLD_TIMESTAMP) else 0)
            status = await self._post(listener.url, body, sign(delivery, at, body, secret))
            self._ledger.note(self._clock.now(), "webhook.sent", job=job.id, status=status, delivery=delivery)
            job.more.setdefault("called", asyncio.Event()).set()
            if status is not None and 200 <= status < 300:
                return

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        try:
            answer = await self._client.post(url, content=body, headers=headers | {"content-type": "application/json"})
        except httpx.HTTPError:
            return None
        return answer.status_code


def is_local(url: str) -> bool:
    """Whether an address is on this machine: the sandbox talks to nobody else."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def standard_webhooks(delivery: str, at: float, body: bytes, secret: str) -> dict[str, str]:
    """As Standard Webhooks sign, which OpenAI uses."""
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    head = f"wh_{delivery}.{int(at)}.".encode()
    digest = base64.b64encode(hmac.digest(key, head + body, "sha256")).decode()
    return {"webhook-id": f"wh_{delivery}", "webhook-timestamp": str(int(at)), "webhook-signature": f"v1,{digest}"}


def comma_signed(delivery: str, at: float, body: bytes, secret: str) -> dict[str, str]:
    """As OpenRouter signs: time and body joined by a comma."""
    digest = hmac.new(secret.encode(), f"{int(at)},".encode() + body, hashlib.sha256).hexdigest()
    return {"x-openrouter-signature": f"t={int(at)},v1={digest}", "x-openrouter-idempotency-key": delivery}
