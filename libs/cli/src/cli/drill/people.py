"""The drill's own tenant: somebody who starts runs, and somebody else who decides about them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from cli.drill.site import Site
from cli.exits import ExitCode
from cli.trouble import Trouble

_AGAIN_SECONDS = 0.2
_PATIENCE_SECONDS = 120.0
_NOT_NOW = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR})


@dataclass
class Person:
    """Somebody of the tenant, who asks again for as long as the stack says "not now"."""

    client: httpx.AsyncClient
    key: str
    not_now: Counter[str] = field(default_factory=Counter)
    """What came instead of an answer, and how often."""

    async def try_once(
        self, method: str, path: str, *, json: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response | None:
        """The answer; None when the stack did not give one just now."""
        sent = {"x-api-key": self.key, **(headers or {})}
        try:
            answer = await self.client.request(method, path, json=json, headers=sent)
        except httpx.TransportError as error:
            self.not_now[type(error).__name__] += 1
            return None
        if answer.status_code in _NOT_NOW or answer.status_code > HTTPStatus.INTERNAL_SERVER_ERROR:
            self.not_now[f"{answer.status_code} {_code(answer)}"] += 1
            return None
        return answer

    async def ask(
        self, method: str, path: str, *, json: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The answer, whatever it says, asked for again and again. Raises `Trouble` when none comes in two minutes."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = await self.try_once(method, path, json=json, headers=headers)
            if answer is not None:
                return answer
            await asyncio.sleep(_AGAIN_SECONDS)
        raise Trouble(
            f"The stack did not answer {method} {path} for {_PATIENCE_SECONDS:.0f} s.",
            exit_code=ExitCode.NO_STACK,
            code="unreachable",
        )

    async def read(self, path: str) -> Any:
        """The body of a GET. Raises `Trouble` when it is refused."""
        answer = await self.ask("GET", path)
        return accepted(answer).json()

    async def read_pages(self, path: str) -> list[dict[str, Any]]:
        """The items of all pages of a list."""
        items: list[dict[str, Any]] = []
        query = "?limit=200"
        while True:
            page = await self.read(f"{path}{query}")
            items += page["items"]
            if not page["next_cursor"]:
                return items
            query = f"?limit=200&cursor={page['next_cursor']}"


@dataclass(frozen=True)
class Crew:
    """Who takes part in a drill."""

    tenant: str
    author: Person
    reviewer: Person


@asynccontextmanager
async def join(site: Site, *, tenant: str) -> AsyncIterator[Crew]:
    """A new tenant with its author and its reviewer."""
    async with httpx.AsyncClient(
        base_url=site.edge_url, timeout=httpx.Timeout(10.0, connect=2.0), trust_env=False
    ) as client:
        platform = Person(client, site.secrets.admin_key.get_secret_value())
        body = {"tenant": tenant, "admin_name": "drill"}
        made = accepted(await platform.ask("POST", "/v1/tenants", json=body))
        author = Person(client, str(made.json()["key"]))
        person = {"user_id": "drill-reviewer", "display_name": "Drill reviewer", "roles": ["reviewer"]}
        accepted(await author.ask("POST", "/v1/users", json=person))
        key = accepted(await author.ask("POST", "/v1/keys", json={"user_id": "drill-reviewer", "name": "drill"}))
        yield Crew(tenant, author, Person(client, str(key.json()["key"])))


def accepted(answer: httpx.Response) -> httpx.Response:
    """The answer. Raises `Trouble` when it is a refusal."""
    if answer.is_error:
        raise Trouble(
            f"{answer.request.method} {answer.request.url.path} was refused: {answer.status_code} {_code(answer)}.",
            exit_code=ExitCode.REFUSED,
            code="drill_refused",
        )
    return answer


def _code(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("error", "")) if isinstance(body, dict) else ""
