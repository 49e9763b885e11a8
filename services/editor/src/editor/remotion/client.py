"""Asking the worker over HTTP. Only `begin` changes anything there, and a repeat of it with the same key does not."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import httpx
from common import http
from common.contracts.values import Value
from common.errors import GreenlightError, VendorAuthFailed, VendorRefused, VendorUnavailable
from pydantic import BaseModel, ValidationError

from editor.remotion.drawing import Drawing
from editor.remotion.worker import Worker

_ANSWER_SECONDS = 20.0


class Stage(StrEnum):
    """Where a render is. The last three are final."""

    QUEUED = "queued"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"
    """The worker does not know it: another one took the order, and ended."""


class Progress(Value):
    """What a look showed. `crashed`: of a failed one, whether the same order may do better."""

    stage: Stage
    share: float = 0.0
    detail: str = ""
    crashed: bool = False


class _Error(BaseModel):
    code: str
    message: str


class _Render(BaseModel):
    id: str
    state: Stage
    progress: float
    error: _Error | None = None


def render_id(key: str) -> str:
    """Return the id that the worker gives the render of a key. It names the folder, which has to be there before."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


class RemotionClient:
    """Talks to a worker, wherever it answers at that moment."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def begin(self, drawing: Drawing, *, key: str, run_id: UUID) -> Progress:
        """Order a render whose files lie ready. The same key is the same render, and one that failed begins anew.

        Raises `VendorRefused`, `VendorUnavailable`, and what `Worker.address` does.
        """
        order = {"key": key, "run_id": str(run_id), "drawing": drawing.model_dump(mode="json")}
        async with self._asking() as client:
            return _read(await client.post("/renders", json=order))

    async def check(self, id: str) -> Progress:
        """Look only; safe at any time."""
        async with self._asking() as client:
            return _read(await client.get(f"/renders/{id}"))

    async def fetch(self, id: str, *, to: Path) -> None:
        """Write the film to `to`, whole or not at all."""
        partial = to.with_name(f".{to.name}.partial")
        async with self._asking() as client, client.stream("GET", f"/renders/{id}/content") as answer:
            if not answer.is_success:
                await answer.aread()
                raise _refusal(answer)
            with partial.open("wb") as file:
                async for piece in answer.aiter_bytes():
                    await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(partial.replace, to)

    async def forget(self, id: str) -> None:
        """Stop it if it runs, and drop what came of it. What is gone already is no error."""
        async with self._asking() as client:
            answer = await client.delete(f"/renders/{id}")
        if not answer.is_success and answer.status_code != httpx.codes.NOT_FOUND:
            raise _refusal(answer)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[httpx.AsyncClient]:
        address = await self._worker.address()
        async with http.client(base_url=address.url, timeout_seconds=_ANSWER_SECONDS) as client:
            client.headers["authorization"] = f"Bearer {address.token}"
            try:
                yield client
            except httpx.HTTPError as error:
                raise VendorUnavailable(f"The Remotion worker did not answer: {type(error).__name__}.") from error


def _read(answer: httpx.Response) -> Progress:
    if answer.status_code == httpx.codes.NOT_FOUND:
        return Progress(stage=Stage.GONE)
    if not answer.is_success:
        raise _refusal(answer)
    try:
        render = _Render.model_validate_json(answer.content)
    except ValidationError as error:
        raise VendorUnavailable("The Remotion worker answered what is not understood.") from error
    said = render.error
    crashed = said is not None and said.code in {"stalled", "browser"}
    return Progress(
        stage=render.state, share=render.progress, detail=said.message[:500] if said else "", crashed=crashed
    )


def _refusal(answer: httpx.Response) -> GreenlightError:
    said = f"The Remotion worker answered {answer.status_code}: {answer.text[:300]}"
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return VendorAuthFailed(said)
    return VendorRefused(said) if answer.is_client_error else VendorUnavailable(said)
