"""A stack with stand-ins for the apps, and waiting on conditions."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from embedded.launch import LaunchedStack, launch
from embedded.ports import Ports

Eventually = Callable[[Callable[[], object]], Awaitable[None]]
Launch = Callable[..., Awaitable[LaunchedStack]]
_STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_stack.py")))


@pytest.fixture
def eventually() -> Eventually:
    """Waits until a condition holds; an `OSError` while asking counts as not yet."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            # Processes tell nobody here when they change, so there is no event to wait for.
            while not _holds(condition):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    return wait


def _holds(condition: Callable[[], object]) -> bool:
    try:
        return bool(condition())
    except OSError:
        return False


@pytest.fixture
def ports() -> Iterator[Ports]:
    """Ports that are free again after the test."""
    chosen = Ports()
    yield chosen
    chosen.release()


@pytest.fixture
async def start_stack() -> AsyncIterator[Launch]:
    """Starts supervisors of stand-in stacks; whatever still runs after the test is stopped."""
    launched: list[LaunchedStack] = []

    async def start(data: Path, **options: object) -> LaunchedStack:
        stack = await launch(data, command=_STAND_IN, **options)  # type: ignore[arg-type]  # handed through as they are
        launched.append(stack)
        return stack

    yield start
    for stack in launched:
        await stack.stop()
