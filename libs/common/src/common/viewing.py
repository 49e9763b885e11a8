"""Whom a request is answered for: what is not for them to see is left out of what repositories give."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at what belongs to their tenant."""

    names: tuple[str, ...]
    """As shares name them: `user:ann`, and `role:reviewer` for each role they hold."""
    sees_all: bool
    """Nothing of the tenant is kept from them."""


_now: ContextVar[Viewer | None] = ContextVar("greenlight_viewer", default=None)


@contextmanager
def viewing(viewer: Viewer | None) -> Iterator[None]:
    """Everything inside is done for the viewer; with None for nobody, who sees everything."""
    token = _now.set(viewer)
    try:
        yield
    finally:
        _now.reset(token)


def restricted_viewer() -> Viewer | None:
    """Who looks, if something may have to be kept from them; None in loops and for messages, which see everything."""
    viewer = _now.get()
    return None if viewer is None or viewer.sees_all else viewer
