"""Every request that changes something, or is refused, leaves an audit entry: those that left none themselves get one.

Written in the background, so that no answer waits for it; what is not written yet when the service stops is written
then. Refusals of one kind are merged: the first is written at once, those that follow within a minute as one with
their number, so that whoever is refused a thousand times a second cannot fill the disk.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.asking import Asking, answering
from common.clock import Clock, rfc3339
from common.contracts.audit import AuditEntry
from common.contracts.edge import shown_path
from common.db.work import Transaction, Work
from common.observability.logging import get_logger
from common.observability.metrics import AUDIT_PENDING
from common.service.principal import Principal

log = get_logger(__name__)
ANONYMOUS = "anonymous"
NOBODYS_TENANT = "default"
"""Where refusals of strangers are kept: the tenant of the installation's own administrators."""
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REFUSED = frozenset({400, 401, 403, 404, 409, 429})
"""Of writes. Of reads those in `DENIED`; what could not be understood (422) is no refusal."""
DENIED = frozenset({401, 403, 429})
SILENT = frozenset({"/v1/tokens", "/v1/tickets", "/v1/runs/estimate"})
"""Writes whose success is no news: a key's exchange changes nothing but when it was last used, a ticket opens a socket
that its holder could have opened with their token, and an estimate is a question."""
NOT_ABLE = frozenset({1011, 1012, 1013})
"""Close codes by which a server says that it broke, starts again or has no room: nobody was refused."""
MERGE_SECONDS = 60.0
FLUSH_SECONDS = 0.2
KINDS_AT_MOST = 500
"""Kinds of refusals told apart in a minute; what is beyond is merged by tenant."""
PENDING_AT_MOST = 5_000
_BATCH = 200
_PATHS_SHOWN = 5
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_CODES = {400: "refused", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 409: "conflict"}

Append = Callable[[Transaction, Sequence[AuditEntry]], Awaitable[None]]
_Kind = tuple[str, str, str, str, str]


@dataclass
class _Refusals:
    """Those of one kind since the last entry about them."""

    last_entry_at: float
    first: AuditEntry
    count: int = 0
    last_at: datetime | None = None
    paths: set[str] = field(default_factory=set)


async def tell(tx: Transaction, entries: Sequence[AuditEntry]) -> None:
    """Put entries into the outbox, for compliance."""
    for entry in entries:
        tx.audit(entry)


class Recorder:
    """Writes entries about requests, in the background. `append` puts them on record inside a transaction."""

    def __init__(self, work: Work, *, clock: Clock, append: Append = tell) -> None:
        self._work = work
        self._clock = clock
        self._append = append
        self._pending: list[tuple[str, AuditEntry]] = []
        self._refusals: dict[_Kind, _Refusals] = {}
        self._writing = asyncio.Lock()

    def note(self, tenant: str, entry: AuditEntry) -> None:
        """Write it soon."""
        self._pending.append((tenant, entry))
        self._gauge()

    def note_refusal(self, tenant: str, entry: AuditEntry) -> None:
        """Write it soon, or merged with others of its kind within a minute."""
        kind = (tenant, entry.actor, entry.result, entry.resource, entry.ip or "")
        if kind not in self._refusals and len(self._refusals) >= KINDS_AT_MOST:
            kind = (tenant, "others", entry.result, "", "")
        known = self._refusals.get(kind)
        if known is None:
            self._refusals[kind] = _Refusals(time.monotonic(), entry)
            self.note(tenant, entry)
            return
        known.count += 1
        known.last_at = entry.at
        if len(known.paths) < _PATHS_SHOWN:
            known.paths.add(entry.resource)

    async def run(self) -> None:
        """Write what has come, for ever."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.write()

    async def room(self) -> None:
        """Wait until there is room for more, when the database is slower than the requests."""
        if len(self._pending) >= PENDING_AT_MOST:
            await self.write()

    async def close(self) -> None:
        """Write all of it, those that were being merged as well."""
        self._merge(older_than=0)
        await self.write()

    async def write(self) -> None:
        """Write what is pending. What cannot be written now stays."""
        self._merge(older_than=MERGE_SECONDS)
        async with self._writing:
            while self._pending:
                tenant = self._pending[0][0]
                batch = [entry for owner, entry in self._pending if owner == tenant][:_BATCH]
                # It stays pending until it has committed: who is stopped in between finds it there.
                async with self._work.transaction(tenant, in_loop=True) as tx:
                    await self._append(tx, batch)
                written = {id(entry) for entry in batch}
                self._pending = [held for held in self._pending if id(held[1]) not in written]
                self._gauge()

    def _merge(self, *, older_than: float) -> None:
        now = time.monotonic()
        for kind, known in list(self._refusals.items()):
            if now - known.last_entry_at < older_than:
                continue
            del self._refusals[kind]
            if known.count:
                self._pending.append((kind[0], _merged(known, kind)))

    def _gauge(self) -> None:
        AUDIT_PENDING.labels(self._work.service).set(len(self._pending))


class Recorded:
    """The middleware: sees how each request went, and notes what nothing else has put on record."""

    def __init__(self, app: ASGIApp, *, recorder: Recorder, service: str, clock: Clock) -> None:
        self._app = app
        self._recorder = recorder
        self._service = service
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._see_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asking = Asking(request_id=str(scope.get("request_id", "")), address=address_of(scope))
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with answering(asking):
            await self._app(scope, receive, answer)
        if not asking.recorded and self._is_news(scope, status):
            await self._note(scope, asking, status)

    async def _see_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket that is closed before it was accepted was refused, unless we ourselves were not able."""
        accepted, refusal = False, None

        async def answer(message: Message) -> None:
            nonlocal accepted, refusal
            accepted = accepted or message["type"] == "websocket.accept"
            if message["type"] == "websocket.close" and not accepted and message.get("code") not in NOT_ABLE:
                refusal = str(message.get("reason") or "refused")
            await send(message)

        asking = Asking(request_id=str(scope.get("request_id", "")), address=address_of(scope))
        with answering(asking):
            await self._app(scope, receive, answer)
        if refusal is not None:
            self._refused(scope, asking, refusal, method="WEBSOCKET")

    def _is_news(self, scope: Scope, status: int) -> bool:
        changing = scope["method"] in CHANGING
        if status < 400:
            return changing and _route(scope) not in SILENT and "principal" in scope
        return status in (REFUSED if changing else DENIED)

    async def _note(self, scope: Scope, asking: Asking, status: int) -> None:
        method = scope["method"]
        if status >= 400:
            code = asking.code or _CODES.get(status, "refused")
            self._refused(scope, asking, code, method=method, status=status)
            return
        tenant, entry = self._entry(scope, asking, "request.done", "ok", method=method, status=status)
        await self._recorder.room()
        self._recorder.note(tenant, entry)

    def _refused(self, scope: Scope, asking: Asking, code: str, *, method: str, **detail: int) -> None:
        self._recorder.note_refusal(*self._entry(scope, asking, "request.refused", code, method=method, **detail))

    def _entry(
        self, scope: Scope, asking: Asking, action: str, result: str, *, method: str, **detail: int
    ) -> tuple[str, AuditEntry]:
        """Whose entry it is, and what it says."""
        tenant, actor = _who(scope)
        path = shown_path(scope["path"])
        entry = AuditEntry(
            actor=_word(actor),
            action=action,
            # A stranger chooses the path, and may choose another one each time.
            resource=_word(f"{method} {path}" if tenant else f"service:{self._service}"),
            result=_word(result),
            detail={"method": method, "path": _word(path), **detail},
            at=self._clock(),
            request_id=asking.request_id or None,
            ip=_word(asking.address)[:64],
        )
        return tenant or NOBODYS_TENANT, entry


def address_of(scope: Scope) -> str:
    """The address a request came from."""
    return str((scope.get("client") or ("unknown",))[0])


def _who(scope: Scope) -> tuple[str | None, str]:
    """Tenant and actor, as far as they were verified. An expired token still says truly whose it was."""
    principal = HTTPConnection(scope).scope.get("principal") or scope.get("expired_principal")
    if isinstance(principal, Principal):
        return principal.tenant, principal.user_id
    return None, ANONYMOUS


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", ""))


def _merged(known: _Refusals, kind: _Kind) -> AuditEntry:
    first = known.first
    detail = {
        **first.detail,
        "count": known.count,
        "last_at": rfc3339(known.last_at or first.at),
        "resources": sorted(known.paths),
    }
    return first.model_copy(update={"detail": detail, "actor": kind[1], "at": known.last_at or first.at})


def _word(text: str) -> str:
    """The text as an entry takes it: short, and without control characters."""
    return _UNSAFE.sub("?", text)[:200] or "?"
