"""A client for the length of a command, and the stack under it if there is none yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.client import Client
from cli.settings import Settings
from cli.target import reach


@contextmanager
def connected(settings: Settings, *, quiet: bool = False) -> Iterator[Client]:
    """The stack that is there, or one of our own until the block ends. Quiet: not a word about starting it."""
    with reach(settings, quiet=quiet) as target, Client(target) as client:
        yield client
