"""The doors of the suite, as the speaker would go through them: with their own token, and no other right.

What the supervisor does it does here, over the same HTTP routes that everybody uses. So each call is authenticated,
limited, shielded and put on record like any other; there is nothing that a sentence can do and a request cannot.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
from common.errors import Unavailable
from common.service.principal import Principal
from starlette.types import ASGIApp

_SECONDS = 20.0


class Shut(Exception):
    """A door did not open: what it answered."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


class Doors:
    """One speaker's way to runs, which are here, and to what is held for decisions, which is compliance's."""

    def __init__(
        self, app: ASGIApp, airlock: httpx.AsyncClient, caller: Principal, *, request_id: str, address: str
    ) -> None:
        self._app = app
        self._airlock = airlock
        self._address = address
        self._headers = {"authorization": f"Bearer {caller.token}", "x-request-id": request_id}

    async def runs(self, path: str, **query: Any) -> Any:
        """What a route of runs shows. Raises `Shut`."""
        return await self._here("GET", path, params=query)

    async def do(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Have a route of runs do something; the same `key` does it once. Raises `Shut`."""
        return await self._here("POST", path, json=body, headers={"idempotency-key": key} if key else {})

    async def held(self, path: str, **query: Any) -> Any:
        """What the airlock shows the speaker. Raises `Shut`, and `Unavailable` when compliance does not answer."""
        try:
            answer = await self._airlock.get(f"/v1/airlock{path}", params=query, headers=self._headers)
        except httpx.HTTPError as error:
            raise Unavailable(
                "Compliance does not answer, so nothing can be said about what waits. Ask again."
            ) from error
        return _said(answer)

    async def item(self, item_id: UUID) -> dict[str, Any]:
        """What is held, as the speaker may see it. Raises what `held` does."""
        found: dict[str, Any] = await self.held(f"/items/{item_id}")
        return found

    async def _here(self, method: str, path: str, *, headers: dict[str, str] | None = None, **sent: Any) -> Any:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False, client=(self._address, 0))
        client = httpx.AsyncClient(transport=transport, base_url="http://orchestrator", timeout=_SECONDS)
        async with client:
            # A task of its own has a context of its own: the request inside does not touch that of the one outside.
            asked = client.request(method, path, headers=self._headers | (headers or {}), **sent)
            return _said(await asyncio.create_task(asked))


def _said(answer: httpx.Response) -> Any:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.is_error:
        problem = body if isinstance(body, dict) else {}
        raise Shut(
            answer.status_code, str(problem.get("error", "refused")), str(problem.get("detail", "It was refused."))
        )
    return body
