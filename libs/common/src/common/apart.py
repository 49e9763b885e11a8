"""Doing the same for many, such as tenants, each apart from the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from common.observability.logging import get_logger

log = get_logger(__name__)


async def for_each(names: Iterable[str], act: Callable[[str], Awaitable[object]], *, what: str) -> None:
    """Act for every one, also when it fails for one: what is broken there must not stop it for all behind.

    A failure is logged with `what` was to be done; whoever calls this comes again.
    """
    for name in names:
        try:
            await act(name)
        except Exception as error:
            log.exception("loop.left_behind", what=what, of=name, error=repr(error))
