"""Compute in other processes, also when one of them dies."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from common.compute import ComputePool


def square(number: int) -> int:
    return number * number


def die_once(marker: str, number: int) -> int:
    """The first who comes here is killed, as by the kernel when memory runs out."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return number
    os.kill(os.getpid(), signal.SIGKILL)
    return -1


async def test_calls_survive_the_death_of_a_worker(tmp_path: Path) -> None:
    pool = ComputePool(workers=2)
    try:
        marker = str(tmp_path / "died")
        assert await asyncio.gather(*(pool(die_once, marker, number) for number in range(6))) == list(range(6))
        assert await pool(square, 12) == 144
        with pytest.raises(TypeError, match="positional"):
            await pool(square, number=1)
    finally:
        pool.close()
