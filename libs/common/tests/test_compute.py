"""Compute in other processes, also when one of them dies."""

from __future__ import annotations

import asyncio
import math
import os
from pathlib import Path

import pytest
from common.compute import ComputePool, pool_of
from testkit.processes import die_once


async def test_calls_survive_the_death_of_a_worker(tmp_path: Path) -> None:
    pool = ComputePool(workers=2)
    try:
        marker = str(tmp_path / "died")
        assert await asyncio.gather(*(pool(die_once, marker, number) for number in range(6))) == list(range(6))
        assert await pool(math.isqrt, 144) == 12
        with pytest.raises(TypeError, match="positional"):
            await pool(die_once, marker=marker, answer=1)
    finally:
        pool.close()


async def test_workers_stay_for_as_long_as_anybody_holds_them() -> None:
    pool = pool_of("a service of this test")
    assert pool_of("a service of this test") is pool
    assert pool_of("another") is not pool
    with pool.held():
        with pool.held():
            first = {await pool(os.getpid) for _ in range(4)}
        assert {await pool(os.getpid) for _ in range(4)} <= first
    with pool.held():
        assert await pool(os.getpid) not in first
