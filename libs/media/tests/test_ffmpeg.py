"""ffmpeg runs: their end, their errors, and that nothing of them is left."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from media.ffmpeg import BITEXACT, FfmpegFailed, ffmpeg_build, run_ffmpeg
from testkit.processes import children

ENDLESS = ["-re", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=30", "-f", "null", "-"]


def clip(target: Path, *, seconds: int = 1) -> list[str]:
    source = f"testsrc2=s=64x64:r=30:d={seconds}"
    return ["-f", "lavfi", "-i", source, "-c:v", "libx264", "-threads", "1", *BITEXACT, str(target)]


async def test_progress_rises_to_one(tmp_path: Path) -> None:
    seen: list[float] = []
    said = await run_ffmpeg(clip(tmp_path / "a.mp4"), total_frames=30, progress=seen.append, timeout_s=30)
    assert "testsrc2" in said
    assert seen[-1] == 1.0
    assert all(earlier <= later for earlier, later in pairwise(seen))


async def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        await run_ffmpeg(clip(tmp_path / name), timeout_s=30)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


async def test_names_are_relative_to_the_folder_it_runs_in(tmp_path: Path) -> None:
    await run_ffmpeg(clip(Path("here.mp4")), timeout_s=30, cwd=tmp_path)
    assert (tmp_path / "here.mp4").stat().st_size > 0


async def test_a_failure_says_why(tmp_path: Path) -> None:
    with pytest.raises(FfmpegFailed, match="No such file or directory"):
        await run_ffmpeg(["-i", str(tmp_path / "missing.mp4"), str(tmp_path / "out.mp4")], timeout_s=30)


async def test_a_late_run_is_killed() -> None:
    with pytest.raises(FfmpegFailed, match=r"not done after 0\.3 s"):
        await run_ffmpeg(ENDLESS, timeout_s=0.3)
    assert children("ffmpeg") == set()


async def test_a_cancelled_run_leaves_no_process() -> None:
    started = asyncio.Event()
    task = asyncio.ensure_future(
        run_ffmpeg(ENDLESS, total_frames=1_000_000, progress=lambda share: started.set(), timeout_s=60)
    )
    await started.wait()
    assert children("ffmpeg")
    task.cancel()
    # A second cancel, while the first is being obeyed, must not make it stop halfway.
    asyncio.get_running_loop().call_soon(lambda: asyncio.get_running_loop().call_soon(task.cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children("ffmpeg") == set()


def test_the_build_has_a_short_stable_name() -> None:
    assert len(ffmpeg_build()) == 16
    assert ffmpeg_build() == ffmpeg_build()
