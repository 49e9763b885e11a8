"""The request that is being answered: what its audit entries say about it, and whether it has left one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from common.contracts.audit import AuditEntry


@dataclass
class Asking:
    """One HTTP request. `recorded` is true once an entry about it has committed; `code` is that of its refusal."""

    request_id: str
    address: str
    recorded: bool = False
    code: str | None = None


_now: ContextVar[Asking | None] = ContextVar("greenlight_asking", default=None)


@contextmanager
def answering(asking: Asking) -> Iterator[None]:
    """Everything inside, tasks begun there included, answers this request."""
    token = _now.set(asking)
    try:
        yield
    finally:
        _now.reset(token)


def current_asking() -> Asking | None:
    """The request that is being answered; None in loops and for messages."""
    return _now.get()


def told_by(entry: AuditEntry) -> AuditEntry:
    """The entry with the request's id and address, where it does not name others."""
    asking = _now.get()
    if asking is None or entry.request_id is not None:
        return entry
    return entry.model_copy(update={"request_id": asking.request_id, "ip": asking.address})
